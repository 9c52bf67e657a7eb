"""The programs that packages bring: text files that begin with the path of the Python that runs them."""

import os
import stat
from pathlib import Path
from typing import Final

_LONGEST: Final = 127
"""So many bytes of a first line does every kernel read."""


def run_by(python: Path, folder: Path, *, instead_of: Path) -> None:
    """Have the programs in ``folder`` run by ``python`` that uv wrote for another one. Raises OSError."""
    if not folder.is_dir():
        return
    # uv may know the same interpreter by each of its names.
    others = {instead_of, *instead_of.parent.glob("python*")}
    heads = tuple(sorted(map(_head, others), key=len, reverse=True))
    for file in folder.iterdir():
        if file.is_file() and not file.is_symlink():
            _replace(file, heads, _head(python))


def _replace(file: Path, heads: tuple[bytes, ...], head: bytes) -> None:
    with file.open("rb") as program:
        start = program.read(max(map(len, heads)))
    found = next((one for one in heads if start.startswith(one)), None)
    if found is not None:
        content, mode = file.read_bytes(), stat.S_IMODE(file.stat().st_mode)
        # Not into the same file: it may be linked to one in uv's cache.
        file.unlink()
        file.write_bytes(head + content.removeprefix(found))
        file.chmod(mode)


def _head(python: Path) -> bytes:
    """What uv puts before a program: the path of its Python, or what has a shell find that (uv's ``format_shebang``).

    What follows on the same line is the program's own.
    """
    path = os.fsencode(python)
    line = b"#!" + path
    if len(line) < _LONGEST and b" " not in path:
        return line
    quoted = b"'" + path.replace(b"'", b"'\"'\"'") + b"'"
    return b"#!/bin/sh\n'''exec' " + quoted + b' "$0" "$@"\n' + b"' '''"
