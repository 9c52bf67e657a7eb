"""The same text in another form."""

import base64
import binascii
import hashlib
import html
import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

# Letters that Unicode does not take apart into a letter and an accent.
_SPELLED = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "ł": "l", "Ł": "L"}
)


def without_accents(text: str) -> str:
    """Latin letters without their marks; marks that are letters of their own in other scripts stay."""
    parts = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    kept = (char for char in parts if not 0x300 <= ord(char) <= 0x36F)  # noqa: PLR2004 -- Unicode's combining marks
    return unicodedata.normalize("NFC", "".join(kept))


def slug(text: str, separator: str) -> str:
    """Letters and digits, everything else as one separator."""
    words = re.findall(r"[^\W_]+", without_accents(text).lower())
    return separator.join(words)


def encoded(text: str, to: str) -> str:
    """The text in that form."""
    return _ENCODERS[to](text)


def decoded(text: str, source: str) -> str:
    """The text that was encoded. Raises ValueError when that is not its form."""
    try:
        return _DECODERS[source](text)
    except (binascii.Error, ValueError):
        raise ValueError(f"{text[:60]!r} is not text in the form {source}; choose the form it was encoded in") from None


def fingerprint(text: str, method: str) -> str:
    """Hexadecimal digits."""
    content = text.encode("utf-8", "surrogatepass")
    if method == "crc32":
        return f"{zlib.crc32(content):08x}"
    return hashlib.new(method, content, usedforsecurity=False).hexdigest()


def _from_base64(text: str) -> str:
    # Addresses have their own alphabet for it, and often leave out the padding.
    plain = "".join(text.split()).replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()


_ENCODERS: Mapping[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "url": lambda text: quote(text, safe=""),
    "html": html.escape,
    "hex": lambda text: text.encode().hex(),
}
_DECODERS: Mapping[str, Callable[[str], str]] = {
    "base64": _from_base64,
    "url": lambda text: unquote(text, errors="strict"),
    "html": html.unescape,
    "hex": lambda text: bytes.fromhex(text).decode(),
}
