"""Text in capitals and small letters."""

import re
from collections.abc import Callable, Mapping

_CASES: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    # str.title would write "Don'T".
    "title": lambda text: re.sub(r"\S+", lambda word: word[0].capitalize(), text),
    "sentence": str.capitalize,
}


def changed(text: str, mode: str) -> str:
    """The text written as ``mode`` says."""
    return _CASES[mode](text)
