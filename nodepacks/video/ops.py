"""Video files as frames, pictures and arrays, and back. Needs PyAV.

What takes frames takes an array of time, height, width and colour, a list of images, or the path of a video file.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import reading
from pydantic import Field

import psynapse
from psynapse.catalog import frames, video_files

_Seconds = Annotated[float, Field(ge=0, le=1_000_000)]


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


def video_details(
    path: Path,
) -> psynapse.AnnotatedDict[Literal["width", "height", "frame_rate", "seconds", "frames", "codec", "has_sound"]]:
    """What is known of a video file: size, frames a second, length in seconds, and whether it has sound.

    ``frames`` is an estimate where the file does not say it.
    """
    return psynapse.AnnotatedDict(reading.details(path))


def video_frame(path: Path, second: _Seconds = 0.0) -> Any:
    """The picture that a video shows at a moment, as an image; the last one when the video is shorter."""
    return reading.frame_at(path, second)


def video_thumbnails(
    path: Path,
    count: Annotated[int, Field(ge=1, le=1000)] = 9,
    longest_edge: Annotated[int, Field(ge=1, le=10_000, description="In pixels")] = 320,
) -> list[Any]:
    """Small pictures from all over a video, at equal distances, as a list of images for ``image_grid``."""
    return reading.thumbnails(path, count, longest_edge)


def images_to_video(images: Annotated[list[Any], Field(strict=False)]) -> Any:
    """A list of images of the same size as one array of time, height, width and colour."""
    return reading.stacked(images)
