"""Many image files, one after the other."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import files
import shaping

Report = Callable[[float, float, str], None]


class Options(NamedTuple):
    """What becomes of each image."""

    longest_edge: int
    kind: str
    quality: int
    skip: bool


def converted(paths: Sequence[Path], folder: Path, options: Options, report: Report) -> list[Path]:
    """The paths of the copies. Raises OSError, or ValueError for what is no image and for two of one name."""
    folder = folder.expanduser()
    targets = {path: folder / f"{path.stem}.{options.kind}" for path in paths}
    _check(targets)
    folder.mkdir(parents=True, exist_ok=True)
    done: list[Path] = []
    for number, (path, target) in enumerate(targets.items()):
        report(number, len(targets), path.name)
        done += _convert(path, target, options)
    report(1, 1, f"{len(done):,} images converted")
    return done


def _check(targets: dict[Path, Path]) -> None:
    names: dict[Path, Path] = {}
    for path, target in targets.items():
        if names.setdefault(target, path) != path:
            raise ValueError(f"{names[target]} and {path} would both become {target.name}; rename one")
        if target.absolute() == path.expanduser().absolute():
            raise ValueError(f"{path} would be replaced by its copy; choose another folder")


def _convert(path: Path, target: Path, options: Options) -> list[Path]:
    try:
        image = files.opened(path)
    except (OSError, ValueError):
        if options.skip:
            return []
        raise
    if options.longest_edge and max(image.size) > options.longest_edge:
        image = shaping.resized(image, options.longest_edge, options.longest_edge, "inside", "white")
    return [files.saved(image, target, options.quality, replace=True)]
