"""JSON as bytes, exact for integers of any length."""

import json
import re
from typing import Final, cast

import orjson

from psynapse.model.ids import Json

# orjson reads integers beyond 64 bits as floats and refuses to write them.
_LONG: Final = re.compile(rb"(?<![0-9.])[0-9]{19}")
# Searching for that takes longer than parsing. To paint every digit and look for a row of them takes a tenth of it.
_PAINTED: Final = bytes(ord("0") if chr(code).isascii() and chr(code).isdigit() else 0 for code in range(256))
_ROW: Final = b"0" * 19


def loads(text: bytes) -> Json:
    """Parse JSON. Raises ``json.JSONDecodeError``, which knows line and column."""
    if not _may_have_long_integers(text):
        return cast("Json", orjson.loads(text))
    try:
        return cast("Json", json.loads(text, parse_constant=_refuse_constant))
    except (RecursionError, UnicodeDecodeError) as error:
        raise json.JSONDecodeError(f"too deep, or not UTF-8: {error}", "", 0) from error


def _may_have_long_integers(text: bytes) -> bool:
    """False is certain. The digits of a fraction do not count, of which there are often so many."""
    return _ROW in text.translate(_PAINTED) and _LONG.search(text) is not None


def _refuse_constant(name: str) -> Json:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)


def dumps(json_value: Json) -> bytes:
    """What ``to_json`` returned, as UTF-8 JSON without spaces. orjson takes 64 bits; longer integers go to ``json``."""
    try:
        return orjson.dumps(json_value)
    except TypeError:
        text = json.dumps(json_value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")
