"""Video files as arrays and back, for pipelines of node packages and for whatever takes frames. Needs PyAV."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

import psynapse
from psynapse.catalog import frames, video_files


def read_video(
    path: Path,
    start: Annotated[int, Field(ge=0, description="How many frames to leave out at the beginning")] = 0,
    count: Annotated[int, Field(ge=0, description="How many frames to read; 0 for all")] = 0,
) -> Any:
    """The frames of a video file, as an array of time, height, width and colour from 0 to 255."""
    return video_files.read_frames(path.expanduser(), start, count)


@psynapse.node(cache=False)
def save_video(
    video: Any, path: Path, frame_rate: Annotated[float, Field(gt=0, le=1000, description="Frames a second")] = 24.0
) -> str:
    """Write frames to a video file and return its whole path; the ending says of which kind, such as .mp4."""
    target = path.expanduser().absolute()
    video_files.write_video(target, frames.pictures_of(video), frame_rate=frame_rate)
    return str(target)
