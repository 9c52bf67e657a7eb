"""Compiled files of the shipped nodepacks, kept beside them as Python keeps its own.

What is kept is known by a digest of all that it was made from, not by the time of the source: that misses a second edit
within one second. Where nothing can be written, or it is not wanted, files are compiled each time.
"""

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Iterable
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import Final

_DIGEST_LENGTH: Final = 32
Write = Callable[[str, bytes], object]


def compiled(path: str, made_from: Iterable[bytes], make: Callable[[], CodeType], write: Write) -> CodeType:
    """The code of the file at ``path``: what was kept if it was made from the same, else what ``make`` returns.

    That is then kept with ``write``, which puts a file in place whole or not at all.
    """
    digest = _digest([MAGIC_NUMBER, os.fsencode(path), *made_from])
    place = cache_from_source(path, optimization="psynapse")
    try:
        kept = Path(place).read_bytes()
        if kept.startswith(digest):
            return marshal.loads(kept[_DIGEST_LENGTH:])  # noqa: S302 -- as trusted as the source beside it
    except (OSError, ValueError, EOFError, TypeError):
        # There is none, or what is there is damaged.
        pass
    code = make()
    if not sys.dont_write_bytecode:
        write(place, digest + marshal.dumps(code))
    return code


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST_LENGTH)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()
