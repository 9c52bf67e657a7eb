"""What takes long with videos, and says how far it is."""

from pathlib import Path
from typing import Annotated, Any

import reading
import writing
from pydantic import Field

import psynapse

_Edge = Annotated[int, Field(ge=0, le=10_000, description="In pixels; 0 keeps the size")]


class ReadFrames:
    """The frames of a video file as an array, only every so many of them, and smaller ones if wanted."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self,
        path: Path,
        every: Annotated[int, Field(ge=1, le=1_000_000)] = 1,
        longest_edge: _Edge = 0,
        most: Annotated[int, Field(ge=1, le=100_000, description="Frames at most")] = 1000,
    ) -> Any:
        """An array of time, height, width and colour from 0 to 255. Each frame of HD takes 6 MB of memory."""
        choice = reading.Choice(every, longest_edge, most)
        return reading.frames(path, choice, self._progress_reporter.update)


@psynapse.node(cache=False)
class WriteVideo:
    """Write frames to a video file and pass on its path; the ending says of which kind, such as .mp4."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self,
        video: Any,
        path: Path,
        frame_rate: Annotated[float, Field(gt=0, le=1000, description="Frames a second")] = 24.0,
        replace: bool = True,
    ) -> Path:
        """Until it is complete, the file has another name; all frames become as large as the first."""
        return writing.written(video, path, frame_rate, self._progress_reporter.update, replace=replace)
