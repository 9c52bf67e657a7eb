"""Files and folders that are still there, whole, after the power failed."""

import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from psynapse.engine.private_files import written_whole

# The disk takes many of them at once: a thousand files one after the other would take eight times as long.
_AT_ONCE: Final = 16
# For so few it does not pay to start threads.
_FEW: Final = 32


def write_durably(path: Path, text: str) -> None:
    """Put ``text`` in place of the file at ``path``, for its owner alone. Raises OSError; it is as it was then."""
    with written_whole(path) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    settle([path.parent])


def settle(paths: Iterable[Path]) -> None:
    """Make sure that these files' contents, and the names in these folders, are on the disk. Raises OSError.

    Windows cannot be told to do that for folders; it does nothing there.
    """
    if sys.platform == "win32":
        return
    wanted = list(paths)
    if len(wanted) <= _FEW:
        for path in wanted:
            _settle_one(path)
        return
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(_settle_one, wanted))


def files_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Every file below ``folder``; links are not followed, and are not files. Raises OSError."""
    for entry in _entries_below(folder):
        if entry.is_file(follow_symlinks=False):
            yield entry


def settle_tree(folder: Path) -> None:
    """Make sure that everything below ``folder`` is on the disk, and that it is there itself. Raises OSError."""
    below = (Path(entry) for entry in _entries_below(folder) if not entry.is_symlink())
    settle([*below, folder, folder.parent])


def _entries_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from _entries_below(Path(entry))


def _settle_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
