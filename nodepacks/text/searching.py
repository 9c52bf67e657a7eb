"""What a text contains."""

import re
from collections.abc import Mapping
from typing import Any

_KINDS: Mapping[str, str] = {
    "emails": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "links": r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]",
    "numbers": r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w|\.\d)",
    "dates": r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b",
    "hashtags": r"(?<!\w)#\w+",
    "words": r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*",
}
_MOST_DIGITS = 4000


def compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    """The pattern, ready. Raises ValueError for what is none."""
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern[:200]!r} is not a regular expression: {error}") from None


def rows(pattern: re.Pattern[str], text: str) -> list[dict[str, Any]]:
    """One row for each match."""
    names = {index: name for name, index in pattern.groupindex.items()}
    columns = [names.get(index, f"group_{index}") for index in range(1, pattern.groups + 1)]
    return [
        {"start": match.start(), "end": match.end(), "match": match[0]}
        | dict(zip(columns, match.groups(), strict=True))
        for match in pattern.finditer(text)
    ]


def extracted(text: str, what: str) -> list[Any]:
    """Everything of that kind, in order."""
    found = re.findall(_KINDS[what], text)
    return [_number(one) for one in found] if what == "numbers" else found


def _number(digits: str) -> int | float:
    return int(digits) if digits.lstrip("+-").isdecimal() and len(digits) < _MOST_DIGITS else float(digits)
