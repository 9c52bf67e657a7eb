"""What no log may hold: values that are known to be secret, and what looks as if it were."""

import re
from typing import Final
from urllib.parse import quote

_INSTEAD: Final = "[redacted]"
_SHORTEST_SECRET: Final = 8
"""Shorter values are ordinary words."""
_MOST_SECRETS: Final = 1_000
_NAMED: Final = r"(?:token|api[-_]?key|password|passwd|secret|authorization)"
_LIKELY: Final = (
    # Credentials in an address. The user of Git over SSH is none.
    (re.compile(r"(?<=://)(?!git@)[^/\s@\"']{1,400}(?=@)"), _INSTEAD),
    (
        re.compile(rf"(?i)(\b{_NAMED}|_{_NAMED})(['\"]?\s?[=:]\s?['\"]?)(?:(bearer|basic) )?[^\s\"'&,;)]+"),
        rf"\1\2{_INSTEAD}",
    ),
    (re.compile(r"\bBearer [\w.~+/=-]{8,}"), f"Bearer {_INSTEAD}"),
)
_known: Final[dict[str, None]] = {}


def hide(value: str) -> None:
    """Keep a value out of every log of this process from now on. Of very many, the last thousand are remembered."""
    if len(value) < _SHORTEST_SECRET:
        return
    for form in (value, quote(value, safe="")):
        _known.pop(form, None)
        _known[form] = None
    while len(_known) > 2 * _MOST_SECRETS:
        _known.pop(next(iter(_known)), None)


def redacted(text: str) -> str:
    """The text without what is to be hidden, and without what looks like credentials."""
    # A secret may be part of another one.
    for secret in sorted((secret for secret in list(_known) if secret in text), key=len, reverse=True):
        text = text.replace(secret, _INSTEAD)
    for pattern, instead in _LIKELY:
        text = pattern.sub(instead, text)
    return text
