"""Files that only their owner can read and that are there whole or not at all."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

UNFINISHED: Final = ".part"
"""How the names of files end that are being written, or that a process left behind when it was killed."""


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, for the owner alone. Raises OSError."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def written_whole(path: Path) -> Generator[BinaryIO]:
    """A file to write, in place of ``path`` once it is closed; nothing is left of it when that fails.

    Its folder has to be there. Raises OSError.
    """
    descriptor, name = tempfile.mkstemp(suffix=UNFINISHED, dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
