"""What is in a video file."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from psynapse.catalog import frames as values

Report = Callable[[float, float, str], None]
_COMMAND = 'pip install "psynapse[video]"'

# Importing them takes a while: that waits until a node uses them.
if missing := [package for module, package in (("av", "PyAV"), ("numpy", "NumPy")) if find_spec(module) is None]:
    raise ImportError(f"the nodes for videos need {' and '.join(missing)}; add them with: {_COMMAND}")


class Choice(NamedTuple):
    """Which frames, and how large."""

    every: int
    longest_edge: int
    most: int


def av() -> Any:
    """PyAV, which takes a while to import. Raises ImportError that says how to add it."""
    try:
        return import_module("av")
    except ImportError as error:
        raise ImportError(f"video files need PyAV; add it with: {_COMMAND}") from error


@contextmanager
def _opened(path: Path) -> Generator[tuple[Any, Any]]:
    """The file and its pictures. Raises OSError, or ValueError for what is no video."""
    path = path.expanduser()
    library = av()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the path of a video in it")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path} (looked in {Path.cwd()}); check the path")
    try:
        with library.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError(f"{path} has sound but no pictures; give a video file")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            yield container, stream
    except library.error.FFmpegError as error:
        raise ValueError(f"{path} is no video that can be read: {error.strerror or error}") from None


def _length(container: Any, stream: Any) -> float:
    """In seconds; 0 where nothing says it."""
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    return container.duration / av().time_base if container.duration else 0.0


def _count(container: Any, stream: Any) -> int:
    return stream.frames or round(_length(container, stream) * float(stream.average_rate or 0))


def details(path: Path) -> dict[str, Any]:
    """What is known of it."""
    with _opened(path) as (container, stream):
        return {
            "width": stream.codec_context.width,
            "height": stream.codec_context.height,
            "frame_rate": float(stream.average_rate or 0),
            "seconds": _length(container, stream),
            "frames": _count(container, stream),
            "codec": stream.codec_context.name,
            "has_sound": bool(container.streams.audio),
        }


def frame_at(path: Path, second: float) -> Any:
    """The image at that moment. Raises ValueError for a video without pictures."""
    with _opened(path) as (container, stream):
        return _picture_at(container, stream, second, path)


def _picture_at(container: Any, stream: Any, second: float, path: Path) -> Any:
    # Videos can only be entered at certain frames; from there one reads on.
    start = stream.start_time or 0
    container.seek(start + int(second / stream.time_base), stream=stream)
    last = None
    for frame in container.decode(stream):
        last = frame
        if frame.time is None or frame.time + 1e-6 >= second + float(start * stream.time_base):
            break
    if last is None:
        container.seek(start, stream=stream)
        *_, last = [None, *container.decode(stream)]
    if last is None:
        raise ValueError(f"{path} has no pictures")
    return last.to_image()


def thumbnails(path: Path, count: int, longest_edge: int) -> list[Any]:
    """Images from all over it."""
    with _opened(path) as (container, stream):
        step = _length(container, stream) / count
        found = [_picture_at(container, stream, (number + 0.5) * step, path) for number in range(count)]
    for image in found:
        image.thumbnail((longest_edge, longest_edge))
    return found


def frames(path: Path, choice: Choice, report: Report) -> Any:
    """The array. Raises ValueError when there are no frames."""
    with _opened(path) as (container, stream):
        total = min(_count(container, stream) // choice.every, choice.most)
        chosen = islice(container.decode(stream), 0, choice.every * choice.most, choice.every)
        found = list(_reported(chosen, choice, total, report))
    if not found:
        raise ValueError(f"{path} has no pictures")
    return import_module("numpy").stack(found)


def _reported(chosen: Iterator[Any], choice: Choice, total: int, report: Report) -> Iterator[Any]:
    for number, frame in enumerate(chosen, start=1):
        width, height = _size(frame.width, frame.height, choice.longest_edge)
        yield frame.to_ndarray(format="rgb24", width=width, height=height)
        report(number, max(total, number), f"{number:,} of about {max(total, number):,} frames")


def _size(width: int, height: int, longest_edge: int) -> tuple[int, int]:
    scale = min(1.0, longest_edge / max(width, height)) if longest_edge else 1.0
    return max(1, round(width * scale)), max(1, round(height * scale))


def stacked(images: Sequence[Any]) -> Any:
    """The array. Raises ValueError for no images, and for different sizes."""
    if not images:
        raise ValueError("there are no images; connect a list of at least one")
    pictures = list(values.pictures_of(list(images)))
    sizes = {(picture.shape[1], picture.shape[0]) for picture in pictures}
    if len(sizes) > 1:
        shown = " and ".join(f"{width} x {height}" for width, height in sorted(sizes))
        raise ValueError(f"the images have different sizes: {shown}; resize them first")
    return import_module("numpy").stack(pictures)
