"""Files that are there as they were or as they are to be, also after the power failed."""

import os
import stat
import sys
from pathlib import Path

from psynapse.engine.private_files import written_whole


def write_durably(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put ``content`` in place of the file at ``path``, whose folder is there.

    A new file is for its owner alone, and with ``private`` so is one that was there.

    Raises OSError; the file is as it was then.
    """
    with written_whole(path) as file:
        if not private:
            _keep_mode(path, file.fileno())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    settle_folder(path.parent)


def settle_folder(folder: Path) -> None:
    """Make sure that what was renamed in ``folder`` stays so. Windows has no way to say that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_mode(path: Path, descriptor: int) -> None:
    if sys.platform == "win32":
        return
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return
    os.fchmod(descriptor, mode)
