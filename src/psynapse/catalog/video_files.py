"""Video files, by way of PyAV where it is installed."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any

from psynapse.errors import ConversionError

_HINT = "install the package av"


def read_video(path: Path) -> Iterator[Any]:
    """The frames of a video file as arrays (H, W, 3) from 0 to 255.

    Raises ConversionError when it is no video, or PyAV is not installed.
    """
    av = _av()
    if not path.is_file():
        raise ConversionError(f"there is no file {str(path)[:200]!r}", port="path", hint="give its whole path")
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                yield frame.to_ndarray(format="rgb24")
    except (av.error.FFmpegError, IndexError) as error:
        raise ConversionError(f"{path.name} is no video that can be read", hint="try another file") from error


def read_frames(path: Path, start: int, count: int) -> Any:
    """``count`` frames of a video file from ``start`` on, or all for 0, as one array (T, H, W, 3) from 0 to 255.

    Raises ConversionError when there are none.
    """
    pictures = list(islice(read_video(path), start, start + count if count else None))
    if not pictures:
        message = f"{path.name} has no frames from number {start:,} on"
        raise ConversionError(message, port="start", hint="begin earlier")
    return import_module("numpy").stack(pictures)


def write_video(path: Path, frames: Iterable[Any], *, frame_rate: float = 24.0) -> None:
    """Write frames (H, W, 3) from 0 to 255 to a video file of the kind its suffix names.

    All become as large as the first, whose odd height or width loses a row or column: the codec wants even ones. Raises
    ConversionError without PyAV, without frames, and when there can be no such file.
    """
    av = _av()
    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise ConversionError("there are no frames to write", port="video", hint="connect a video")
    try:
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=Fraction(frame_rate).limit_denominator(1001))
            height, width = (max(2, size // 2 * 2) for size in first.shape[:2])
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for frame in chain([first], rest):
                picture = av.VideoFrame.from_ndarray(frame.copy(), format="rgb24")
                container.mux(stream.encode(picture.reformat(width, height)))
            container.mux(stream.encode())
    except (av.error.FFmpegError, OSError, ValueError) as error:
        hint = "give a path in a folder that is there, ending in .mp4"
        raise ConversionError(f"{path.name} cannot be written: {error}", port="path", hint=hint) from error


def _av() -> Any:
    try:
        return import_module("av")
    except ImportError as error:
        raise ConversionError("video files need PyAV", hint=_HINT) from error
