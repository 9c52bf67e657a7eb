"""Cutting out the copies of all edges that earlier editors send inside every node, before anything is parsed.

They are nearly all of such a body: 127 MB for 1,000 nodes, of which 300 kB count. No copy is looked at twice: they are
the same bytes, so the first is measured, and the others are only compared with it.
"""

import re
from collections.abc import Iterator
from typing import Final

from psynapse.server.parsing import parse

_FEWEST: Final = 3
"""With fewer there is nothing to gain."""

_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
# The next bracket, or the next string and whether it is a key.
_TOKEN: Final = re.compile(rb'[^"{}\[\]]*+(?:(' + _STRING + rb")(\s*+:)?+|([{}\[\]]))", re.DOTALL)
_SQUARE: Final = re.compile(rb'(?:[^"\[\]]++|' + _STRING + rb")*+([\[\]])", re.DOTALL)
_LIST_FOLLOWS: Final = re.compile(rb"\s*+\[")
_ZERO_FOLLOWS: Final = re.compile(rb"\s*+0\s*+[,}]")

# How an open object or list is reached: what it is, and the key it stands under.
_WORKFLOW: Final = [b"{", b'{"workflow"']
_DATA: Final = [b'["nodes"', b"{", b'{"data"']
_ROOTS: Final = ([b"{"], _WORKFLOW)
_WITH_COPIES: Final = tuple([*root, *_DATA] for root in _ROOTS)


class _Unsure(Exception):
    """It had better be parsed as it is."""


def without_copies(body: bytes) -> bytes:
    """The same JSON, with empty lists in place of ``data.edges`` of the nodes of a workflow of version 0.

    What is not JSON stays so. Bodies that are not plainly of that kind come back as they are.
    """
    if body.count(b'"edges"') < _FEWEST:
        return body
    try:
        return b"".join(_Cut(body).pieces())
    except _Unsure:
        return body


class _Cut:
    """One way through a body. ``pieces`` are what is left of it."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._open: list[bytes] = []
        self._copy = b""
        self._copy_depth = -1

    def pieces(self) -> Iterator[bytes]:
        body, opened, key, kept, at = self._body, self._open, b"", 0, 0
        while token := _TOKEN.match(body, at):
            at = token.end()
            string, colon, bracket = token.groups()
            if colon:
                key = string
                if start := self._list_of_copies(key, at):
                    yield body[kept:start]
                    yield b"[]"
                    kept = at = self._end_of_copy(start)
            elif bracket in {b"{", b"["}:
                opened.append(bracket + key)
                key = b""
            elif bracket:
                if not opened:
                    raise _Unsure
                opened.pop()
                key = b""
        yield body[kept:]

    def _list_of_copies(self, key: bytes, at: int) -> int:
        """Where the list begins that is the value of ``key``, if that is a copy of all edges; else 0."""
        if key == b'"edges"' and self._open in _WITH_COPIES:
            found = _LIST_FOLLOWS.match(self._body, at)
            return found.end() - 1 if found else 0
        if self._open in _ROOTS and (b"\\" in key or (key == b'"version"' and not _ZERO_FOLLOWS.match(self._body, at))):
            raise _Unsure
        return 0

    def _end_of_copy(self, start: int) -> int:
        depth = len(self._open)
        if self._copy and depth == self._copy_depth and self._body.startswith(self._copy, start):
            return start + len(self._copy)
        end = self._end_of_list(start)
        self._copy, self._copy_depth = self._body[start:end], depth
        try:
            # As deep as it stood: what is nested too deeply is refused, also where it does not count.
            parse(b"[" * depth + self._copy + b"]" * depth)
        except ValueError as error:
            raise _Unsure from error
        return end

    def _end_of_list(self, at: int) -> int:
        depth = 0
        while found := _SQUARE.match(self._body, at):
            at = found.end()
            depth += 1 if found[1] == b"[" else -1
            if not depth:
                return at
        raise _Unsure
