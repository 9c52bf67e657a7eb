"""Taking a distribution over from another generation as it is there: nothing is fetched, built or stored twice."""

import contextlib
import os
import shutil
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from psynapse.environments.overlay import Overlay
from psynapse.environments.record import recorded_files

# The programs that uv writes on Windows name their Python inside a binary.
_BINARY_SCRIPTS: Final = frozenset({".exe"})


def take_over(distribution: Distribution, source: Overlay, target: Overlay, *, copy: bool) -> bool:
    """Put the files of an installed distribution into another overlay: links to them, or copies.

    False, and nothing is done, when it is not there as it was installed: its record is missing, lists files that are
    not there or that are elsewhere. Raises OSError.
    """
    files = _files_of(distribution, source)
    if not files:
        return False
    for file in files:
        place = target.folder / file.relative_to(source.folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        # Two distributions may bring the same file; where they do so lawfully, it is the same.
        with contextlib.suppress(FileExistsError):
            if file.parent == source.scripts:
                _write_script(file, place, source, target)
            elif copy:
                copy_file(file, place)
            else:
                link_file(file, place)
    return True


def _files_of(distribution: Distribution, source: Overlay) -> list[Path]:
    """All files of a distribution; none unless all can be taken over."""
    files = [
        Path(os.path.normpath(source.site / name))
        for name, _ in recorded_files(distribution)
        if "__pycache__" not in name.parts
    ]
    if all(_is_movable(file, source) for file in files):
        return files
    return []


def _is_movable(file: Path, source: Overlay) -> bool:
    return file.is_relative_to(source.folder) and file.is_file() and file.suffix not in _BINARY_SCRIPTS


def _write_script(file: Path, place: Path, source: Overlay, target: Overlay) -> None:
    """Scripts begin with the path of the Python that runs them."""
    content = file.read_bytes()
    if content.startswith(b"#!"):
        content = content.replace(os.fsencode(source.folder) + b"/", os.fsencode(target.folder) + b"/")
    with place.open("xb") as script:
        script.write(content)
    shutil.copymode(file, place)


def copy_file(file: Path, place: Path) -> None:
    """Copy a file with its times and mode. Raises OSError, also when there is one."""
    if place.exists():
        raise FileExistsError(place)
    shutil.copy2(file, place)


def link_file(file: Path, place: Path) -> None:
    """Make another name for a file, or a copy where that cannot be. Raises OSError, also when there is one."""
    try:
        os.link(file, place)
    except FileExistsError:
        raise
    except OSError:
        # Another device, a file system without links, or more of them than it can have.
        copy_file(file, place)
