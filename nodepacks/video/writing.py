"""Frames to video files, whole or not at all."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import reading

from psynapse.catalog import frames as values
from psynapse.catalog import video_files


def written(video: Any, path: Path, frame_rate: float, report: reading.Report, *, replace: bool) -> Path:
    """The path. Raises OSError, ImportError, or ConversionError for what is no video."""
    reading.av()
    path = path.expanduser().absolute()
    if path.exists() and not replace:
        raise FileExistsError(f"there is a {path} already; choose another name, or switch replace on")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}; make it first, or check the path")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".video-") as folder:
        unfinished = Path(folder, path.name)
        pictures = _reported(values.pictures_of(video), values.length_of(video) or 0, report)
        video_files.write_video(unfinished, pictures, frame_rate=frame_rate)
        return unfinished.replace(path)


def _reported(pictures: Iterator[Any], total: int, report: reading.Report) -> Iterator[Any]:
    for number, picture in enumerate(pictures, start=1):
        yield picture
        report(number, max(total, number), f"{number:,} of {max(total, number):,} frames")
