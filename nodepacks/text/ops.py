"""Texts: fill them in, cut them up, search them, compare them, and turn them into other forms."""

from typing import Annotated, Any, Literal

import comparing
import cutting
import forms
import merging
import searching
from pydantic import Field

import psynapse

# A plain list hint lets anything pass, and a text would then be taken for a list of its letters.
_Texts = Annotated[list[str], Field(strict=False)]
_Rows = Annotated[list[dict[str, Any]], Field(strict=False)]
_Width = Annotated[int, Field(ge=1, le=10_000)]


def merge_letters(template: str, rows: _Rows) -> list[str]:
    """Write one text for each row of a table, such as a letter for each customer: ``Dear {name}, you owe {sum:.2f}``.

    Names in braces are column names, ``{{`` writes a brace. Raises LookupError naming the row that lacks a column.
    """
    return merging.letters(template, rows)


def number_lines(text: str, start: int = 1, separator: str = ": ") -> str:
    """Put a number before every line of a text."""
    return merging.numbered(text, start, separator)


def split_lines(text: str, trim: bool = True, skip_empty: bool = True) -> list[str]:
    """The lines of a text as a list, without spaces at their ends and without empty ones unless you want them."""
    lines = [line.strip() if trim else line for line in text.splitlines()]
    return [line for line in lines if line.strip()] if skip_empty else lines


def split_sentences(text: str) -> list[str]:
    """The sentences of a text as a list: it is cut after ``.``, ``!`` and ``?`` where a new sentence seems to begin."""
    return cutting.sentences(text)


def split_chunks(
    text: str,
    size: Annotated[int, Field(ge=1, le=1_000_000, description="Most characters in a piece")] = 1000,
    overlap: Annotated[int, Field(ge=0, description="Characters that a piece repeats of the one before")] = 0,
    at: Literal["paragraphs", "lines", "words", "characters"] = "words",
) -> list[str]:
    """Cut a long text into pieces, as language models and embeddings need them, between words or larger parts.

    A single part longer than ``size`` is cut all the same. Without an overlap the pieces together are the whole text.
    """
    return cutting.chunks(text, size, overlap, at)


def find_matches(pattern: str, text: str, ignore_case: bool = False) -> list[dict[str, Any]]:
    r"""Every match of a regular expression as a row: where it is, the match itself and its groups.

    Named groups such as ``(?P<year>\d{4})`` become columns of that name, others ``group_1``, ``group_2`` and so on.
    """
    return searching.rows(searching.compiled(pattern, ignore_case), text)


def count_matches(pattern: str, text: str, ignore_case: bool = False) -> int:
    """How often a regular expression matches in a text."""
    return sum(1 for _ in searching.compiled(pattern, ignore_case).finditer(text))


def matches_pattern(pattern: str, text: str, whole: bool = False, ignore_case: bool = False) -> bool:
    """True when a regular expression matches somewhere in a text, or, with ``whole``, the text from start to end."""
    found = searching.compiled(pattern, ignore_case)
    return bool(found.fullmatch(text) if whole else found.search(text))


def extract_from_text(
    text: str, what: Literal["emails", "links", "numbers", "dates", "hashtags", "words"] = "emails"
) -> list[Any]:
    """Everything of one kind that a text contains, in order: e-mail addresses, links, numbers, dates like 2024-03-18.

    Numbers come as numbers, everything else as text.
    """
    return searching.extracted(text, what)


def diff_texts(old: str, new: str, context: Annotated[int, Field(ge=0, le=1000)] = 3) -> str:
    """What changed from one text to another, line by line: ``-`` went away, ``+`` came in. Empty when nothing did.

    ``context`` is how many unchanged lines are shown around each change.
    """
    return comparing.difference(old, new, context)


def text_similarity(first: str, second: str, ignore_case: bool = True) -> float:
    """How alike two texts are, from 0 for nothing in common to 1 for the same. Texts up to 20,000 characters."""
    return comparing.similarity(first, second, ignore_case)


def closest_texts(
    text: str,
    candidates: _Texts,
    count: Annotated[int, Field(ge=1, le=1000)] = 3,
    at_least: Annotated[float, Field(ge=0, le=1)] = 0.0,
) -> list[dict[str, Any]]:
    """The texts of a list that are most like a given one, as rows of text and similarity, the best first.

    Finds what somebody misspelled. Each text may have up to 20,000 characters.
    """
    return comparing.closest(text, candidates, count, at_least)


def wrap_text(text: str, width: _Width = 72) -> str:
    """Break long lines so that none is longer than ``width``; a word that is longer stays whole."""
    return cutting.wrapped(text, width)


def indent_text(text: str, prefix: str = "    ", first_line: bool = True) -> str:
    """Put spaces, or any other text such as ``> ``, before every line that is not empty."""
    return cutting.indented(text, prefix, first_line)


def pad_text(
    text: str,
    width: _Width = 20,
    align: Literal["left", "right", "center"] = "left",
    fill: Annotated[str, Field(min_length=1, max_length=1)] = " ",
) -> str:
    """Fill a text up to a width, so that columns line up; a longer text stays as it is."""
    return {"left": str.ljust, "right": str.rjust, "center": str.center}[align](text, width, fill)


def shorten_text(text: str, length: _Width = 80, ending: str = "…") -> str:
    """The beginning of a text, cut between words and with an ending that shows it; a short text stays as it is."""
    return cutting.shortened(text, length, ending)


def text_statistics(
    text: str,
) -> psynapse.AnnotatedDict[Literal["characters", "words", "sentences", "lines", "reading_minutes"]]:
    """Count the parts of a text, and estimate how many minutes reading it takes at 200 words a minute."""
    words = len(text.split())
    return psynapse.AnnotatedDict(
        characters=len(text),
        words=words,
        sentences=len(cutting.sentences(text)),
        lines=len(text.splitlines()),
        reading_minutes=words / 200,
    )


def plain_letters(text: str) -> str:
    """A text without accents: ``é`` becomes ``e``, ``ü`` becomes ``u``. Letters of other scripts stay."""
    return forms.without_accents(text)


def slugify(text: str, separator: Literal["-", "_"] = "-") -> str:
    """A text as a file name or a part of a web address: small letters and digits with dashes in between."""
    return forms.slug(text, separator)


def encode_text(text: str, to: Literal["base64", "url", "html", "hex"] = "base64") -> str:
    """Write a text in a form in which it travels safely inside a web address, a page or a message."""
    return forms.encoded(text, to)


def decode_text(text: str, source: Literal["base64", "url", "html", "hex"] = "base64") -> str:
    """Read a text that was encoded. Raises ValueError when it is not in that form."""
    return forms.decoded(text, source)


def hash_text(text: str, method: Literal["sha256", "sha512", "md5", "crc32"] = "sha256") -> str:
    """A short fingerprint of a text, as hexadecimal digits: equal texts have equal ones. Not for passwords."""
    return forms.fingerprint(text, method)
