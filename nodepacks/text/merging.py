"""Texts from templates and rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[{}]")


def letters(template: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The template filled in for each row. Raises LookupError or ValueError that say which row is wrong."""
    return [_filled(template, row, number) for number, row in enumerate(rows, start=1)]


def _filled(template: str, row: Mapping[str, Any], number: int) -> str:
    # str.format would let a template reach into the values: {name.__class__}.
    def value(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        if match[1] is None:
            raise ValueError(f"the template has a single {match[0]} at character {match.start() + 1}; write it twice")
        return _shown(row, match[1].strip(), match[2] or "", number)

    return _FIELD.sub(value, template)


def _shown(row: Mapping[str, Any], name: str, form: str, number: int) -> str:
    if name not in row:
        raise LookupError(f"row {number} has no column {name!r}; it has {', '.join(map(str, row)) or 'none'}")
    try:
        return format(row[name], form)
    except (ValueError, TypeError):
        raise ValueError(f"row {number}: {row[name]!r} in column {name!r} cannot be written as {form!r}") from None


def numbered(text: str, start: int, separator: str) -> str:
    """The lines with numbers as wide as the largest."""
    lines = text.splitlines()
    width = len(str(start + len(lines) - 1))
    return "\n".join(f"{number:>{width}}{separator}{line}" for number, line in enumerate(lines, start))
