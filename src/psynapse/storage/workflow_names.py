"""What a workflow can be called: something that is a file name on every system, and means no other folder."""

import re
import unicodedata
from typing import Final

from psynapse.errors import PsynapseError

LONGEST: Final = 100
# With what is put before and behind it, file systems take 255 bytes.
_MOST_BYTES: Final = 200
_PUNCTUATION: Final = frozenset(" -_.()")
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_RULE: Final = "use 1 to 100 letters, digits, spaces and the characters - _ . ( )"


class UnusableName(PsynapseError):
    """A workflow cannot be called that."""

    code = "unusable-name"


def checked_name(name: str) -> str:
    """The name in its composed form. Raises UnusableName, which says what is wrong with it."""
    name = unicodedata.normalize("NFC", name)
    if problem := _problem(name):
        raise UnusableName(f"a workflow cannot be called {name[:LONGEST]!r}: {problem}", hint=_RULE)
    return name


def same_name(name: str) -> str:
    """One text for names that some file systems take for the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _problem(name: str) -> str:
    if not name:
        return "it is empty"
    if len(name) > LONGEST or len(name.encode("utf-8", "replace")) > _MOST_BYTES:
        return "it is too long"
    if odd := next((character for character in name if not _is_allowed(character)), ""):
        return f"it has the character {odd!r}"
    if name[0] in " ." or name[-1] in " .":
        return "it begins or ends with a space or a dot"
    if _DEVICE.fullmatch(name.partition(".")[0].strip()):
        return "Windows keeps that name for a device"
    return ""


def _is_allowed(character: str) -> bool:
    """Letters of any script with the marks that belong to them, and digits."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in _PUNCTUATION
