"""Long texts in pieces and lines."""

import itertools
import re
import textwrap
from collections.abc import Iterator, Mapping

# A sentence ends where a capital, a digit or a quotation mark follows: not after "e.g. this".
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(¿¡]?[^\W_a-zà-öø-ÿ])")
_PARTS: Mapping[str, str] = {
    "paragraphs": r"(?:(?!\n[ \t]*\n).)+\s*|\s+",
    "lines": r"[^\n]*\n|[^\n]+",
    "words": r"\S+\s*|\s+",
    "characters": r".",
}


def sentences(text: str) -> list[str]:
    """The sentences, without spaces around them."""
    return [sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip())]


def chunks(text: str, size: int, overlap: int, at: str) -> list[str]:
    """Pieces of at most ``size`` characters, each repeating ``overlap`` of the one before. Raises ValueError."""
    if overlap >= size:
        raise ValueError(f"an overlap of {overlap} leaves no room in pieces of {size} characters; make it smaller")
    pieces = list(_packed(_parts(text, at), size - overlap))
    if not overlap:
        return pieces
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece))
    return [text[max(start - overlap, 0) : end] for start, end in itertools.pairwise(starts)]


def _parts(text: str, at: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(_PARTS[at], text, re.DOTALL))


def _packed(parts: Iterator[str], size: int) -> Iterator[str]:
    piece: list[str] = []
    length = 0
    for part in parts:
        if piece and length + len(part) > size:
            yield "".join(piece)
            piece, length = [], 0
        whole = len(part) - len(part) % size if len(part) > size else 0
        yield from (part[start : start + size] for start in range(0, whole, size))
        if rest := part[whole:]:
            piece.append(rest)
            length += len(rest)
    if piece:
        yield "".join(piece)


def wrapped(text: str, width: int) -> str:
    """No line longer than ``width``, as far as words allow; line ends stay."""
    wrapper = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)
    return "\n".join(wrapper.fill(line) for line in text.splitlines())


def indented(text: str, prefix: str, first_line: bool) -> str:
    """``prefix`` before each line that is not empty, the first one only if wanted."""
    first, _, _ = text.partition("\n")
    result = textwrap.indent(text, prefix)
    return result if first_line or not first.strip() else result.removeprefix(prefix)


def shortened(text: str, length: int, ending: str) -> str:
    """At most ``length`` characters, the ending included. Raises ValueError for an ending that is longer."""
    if len(text) <= length:
        return text
    room = length - len(ending)
    if room < 0:
        raise ValueError(f"the ending {ending!r} alone is longer than {length} characters; allow more")
    head = text[:room]
    if not text[room].isspace():
        head = re.sub(r"(?<=\S)\s+\S*\Z", "", head)
    return head.rstrip() + ending
