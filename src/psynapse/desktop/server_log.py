"""What the server has said: the last lines at hand, all of it in a file that does not grow for ever."""

import logging
from collections import deque
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

_FILE_BYTES: Final = 2 << 20
_OLDER_FILES: Final = 3
_AT_HAND: Final = 1_000
LONGEST_LINE: Final = 16_384


class ServerLog:
    """Lines of text, from any thread. A disk that is full or a folder that is gone loses the file, not the server."""

    def __init__(self, path: Path, secrets: Sequence[str] = ()) -> None:
        self.path = path
        self._secrets = tuple(secret for secret in secrets if secret)
        self._lines: deque[str] = deque(maxlen=_AT_HAND)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = _QuietFile(
            path, maxBytes=_FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", errors="replace", delay=True
        )

    def write(self, line: str) -> None:
        """Add a line, without the secrets that may be in it."""
        for secret in self._secrets:
            line = line.replace(secret, "…")
        line = line.rstrip("\r\n")[:LONGEST_LINE]
        self._lines.append(line)
        self._file.handle(logging.makeLogRecord({"msg": "%s", "args": (line,)}))

    def tail(self, count: int) -> tuple[str, ...]:
        """The last lines, oldest first; at most 1,000 are kept at hand."""
        return tuple(self._lines)[-count:] if count > 0 else ()

    def close(self) -> None:
        """Close the file; what is written afterwards opens it again."""
        self._file.close()


class _QuietFile(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the name logging calls
        """A line that cannot be written is still at hand."""
