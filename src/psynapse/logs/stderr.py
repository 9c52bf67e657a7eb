"""The log on the terminal, or wherever the standard error output of the process goes."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psynapse.logs.redaction import redacted

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d{3}) ([A-Z]{4,8}) ([\w.-]{1,200}): (.*)")


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """What a line of the log says. ``at`` is in seconds since 1970, ``level`` a number of ``logging``."""

    at: float
    level: int
    source: str
    text: str


class RedactingFormatter(logging.Formatter):
    """Writes records without secrets, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return redacted(super().format(record))


def log_to_stderr() -> None:
    """Write everything from INFO on to stderr, unless somebody has said where the log goes."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def read_line(line: str) -> WrittenLine | None:
    """What a line says that was written so; None for another one: the rest of a traceback, a word of the start."""
    found = _LINE.fullmatch(line)
    if not found:
        return None
    second, millisecond, name, source, text = found.groups()
    level = logging.getLevelNamesMapping().get(name)
    try:
        at = datetime.fromisoformat(second).astimezone().timestamp() + int(millisecond) / 1000
    except (ValueError, OverflowError, OSError):
        return None
    return WrittenLine(at, level, source, text) if level else None
