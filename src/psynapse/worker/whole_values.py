"""The whole values of a run's targets, on their way from its worker to who asked for them.

They travel as JSON text and in pieces. A server that parses, copies or writes hundreds of megabytes in one go answers
nobody else meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads

PIECE: Final = 1 << 18
"""Bytes, of which a piece has no more."""


class WholeValues(Mapping[str, Json]):
    """Values by node, each in pieces of its JSON text. To look at one is to parse it; ``pieces`` passes it on."""

    def __init__(self, texts: Mapping[str, Sequence[bytes]] | None = None) -> None:
        self._texts = dict(texts or {})

    def __getitem__(self, node: str) -> Json:
        return loads(b"".join(self._texts[node]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def pieces(self, node: str) -> Sequence[bytes]:
        """The JSON text of a node's value; null's where there is none."""
        return self._texts.get(node, (b"null",))


def to_pieces(values: Mapping[str, Json]) -> tuple[list[tuple[str, int]], list[bytes]]:
    """The nodes with the number of their pieces, and all pieces."""
    counts: list[tuple[str, int]] = []
    pieces: list[bytes] = []
    for node, value in values.items():
        own = cut(dumps(value))
        counts.append((node, len(own)))
        pieces += own
    return counts, pieces


def from_pieces(counts: Sequence[tuple[str, int]], pieces: Sequence[bytes]) -> WholeValues:
    """What ``to_pieces`` was given."""
    ends = accumulate(count for _, count in counts)
    return WholeValues({node: pieces[end - count : end] for (node, count), end in zip(counts, ends, strict=True)})


def cut(text: bytes) -> list[bytes]:
    """A text in pieces."""
    if len(text) <= PIECE:
        return [text]
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
