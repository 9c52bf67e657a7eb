"""Pieces of Markdown, made so that no text of a docstring or a default can break out of its table or line."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

_ACTIVE: Final = re.compile(r"([\\`*{}\[\]<>|#&]|(?<![^\W_])_|_(?![^\W_]))")
_BREAKING: Final = frozenset("`|")
_DOUBLE_TICKS: Final = re.compile(r"``(.+?)``", re.DOTALL)
_LONGEST_VALUE: Final = 80


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown already. Without rows it is nothing."""
    lines = [_row(cells) for cells in rows]
    return "\n".join([_row(headings), _row(["---"] * len(headings)), *lines, ""]) if lines else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"


def code(text: str) -> str:
    """The text as code on one line, or nothing for nothing."""
    line = " ".join(text.split())
    if not line:
        return ""
    if not set(line) & _BREAKING:
        return f"`{line}`"
    # A bar ends a cell, but to some renderers not in code: only an entity is the same to all of them.
    return f"<code>{_escaped(line)}</code>"


def value(json_value: object) -> str:
    """A JSON value as code on one line, cut where it gets long."""
    text = json.dumps(json_value, ensure_ascii=False)
    return code(text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…")


def prose(docstring: str) -> str:
    """The text of a docstring, whose code is in double backticks; everything else is shown as it was written."""
    pieces = _DOUBLE_TICKS.split(docstring)
    return "".join(code(piece) if number % 2 else _quiet(piece) for number, piece in enumerate(pieces))


def _quiet(text: str) -> str:
    """Nothing in it means anything to Markdown, but single backticks, which mean in a docstring what they do here."""
    pieces = re.split(r"(`[^`\n]+`)", text)
    return "".join(piece if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    """Each sign that Markdown or HTML takes for its own as an entity, which no renderer takes for anything else."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[1])};", text)


def first_line(docstring: str) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(docstring.strip().split("\n\n", 1)[0].split())
