"""Fingerprints of files."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from finding import existing_file

_PIECE = 1 << 20


def fingerprint(path: Path, method: str, report: Callable[[float, float, str], None]) -> str:
    """Hexadecimal digits. Raises OSError."""
    path = existing_file(path)
    size, done = path.stat().st_size, 0
    digest = hashlib.new(method, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            done += len(piece)
            report(done, size, f"{done:,} of {size:,} bytes")
    return digest.hexdigest()
