"""The code blocks of a Markdown page, and what the page says about each.

A block is written to a file when the paragraph before it ends in "save … as `NAME`:". A comment
``<!-- not run: WHY -->`` next to it leaves it out; ``<!-- findings: CODE … -->`` before a workflow says that it is
wrong, and how.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)(`{3,})([\w+-]*) *$")
_COMMENT = re.compile(r"^ *<!-- ([a-z ]+): (.+) -->$")
_SAVED = re.compile(r"\b[Ss]ave\b[^.:]*\bas `([^`]+)`[^.`]*:$")
_INDENTED = re.compile(r"^ {4,}\S")
_LIST_ITEM = re.compile(r"^ *(?:[-*]|\d+\.) ")


@dataclass(frozen=True)
class Block:
    """One block: where it begins, its language and text, and what is said about it."""

    line: int
    language: str
    text: str
    saved_as: str = ""
    not_run: str = ""
    findings: tuple[str, ...] = ()


class UnclearPage(Exception):
    """A page has code that cannot be told from text, or that does not end."""


def blocks_of(page: Path) -> list[Block]:
    """Every block of the page, in order. Raises UnclearPage."""
    lines = page.read_text(encoding="utf-8").splitlines()
    found = [_block(lines, start, end) for start, end in _fences(lines)]
    _refuse_indented(page, lines, {number for start, end in _fences(lines) for number in range(start, end + 1)})
    return found


def _fences(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each block, counted from 0."""
    start, fence = -1, ""
    for number, line in enumerate(lines):
        if start < 0 and (opening := _FENCE.match(line)):
            start, fence = number, opening[2]
        elif start >= 0 and line.strip() == fence:
            yield start, number
            start = -1
    if start >= 0:
        raise UnclearPage(f"the block in line {start + 1} does not end")


def _block(lines: list[str], start: int, end: int) -> Block:
    opening = _FENCE.match(lines[start])
    assert opening is not None
    indent = len(opening[1])
    text = "\n".join(line[indent:] for line in lines[start + 1 : end]) + "\n"
    before = _before(lines, start)
    comments = dict(_comments([*before, *lines[end + 1 : end + 2]]))
    prose = " ".join(line.strip() for line in before if not _COMMENT.match(line))
    saved = _SAVED.search(prose)
    return Block(
        start + 1,
        opening[3],
        text,
        saved[1] if saved else "",
        comments.get("not run", ""),
        tuple(comments.get("findings", "").split()),
    )


def _before(lines: list[str], start: int) -> list[str]:
    """The paragraph before a block, and a comment between the two."""
    found: list[str] = []
    for line in reversed(lines[:start]):
        if not line.strip():
            if any(not _COMMENT.match(one) for one in found):
                break
            continue
        if line.lstrip().startswith("```"):
            break
        found.insert(0, line)
    return found


def _comments(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if comment := _COMMENT.match(line):
            yield comment[1], comment[2]


def _refuse_indented(page: Path, lines: list[str], fenced: set[int]) -> None:
    """Code by indentation has no language, and nobody sees that it is not run."""
    in_list = False
    for number, line in enumerate(lines):
        if line and not line.startswith(" "):
            in_list = bool(_LIST_ITEM.match(line))
        follows_gap = number > 0 and not lines[number - 1].strip()
        if number not in fenced and follows_gap and not in_list and _INDENTED.match(line):
            raise UnclearPage(f"{page.name}:{number + 1} has a block by indentation; use a fence")
