"""What a check of the installation finds."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line about one thing, what to do about it, and further lines where one does not suffice."""

    level: Level
    message: str
    hint: str = ""
    details: tuple[str, ...] = ()


def ok(message: str, *details: str) -> Finding:
    """All is well, and this is how it is."""
    return Finding("ok", message, "", details)


def warning(message: str, hint: str, *details: str) -> Finding:
    """Something works less well than it could."""
    return Finding("warning", message, hint, details)


def problem(message: str, hint: str, *details: str) -> Finding:
    """Something does not work."""
    return Finding("problem", message, hint, details)
