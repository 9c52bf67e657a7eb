"""JSON as bytes, exact for integers of any length."""

import json
import re
from typing import Final, cast

import orjson

from psynapse.model.ids import Json

# orjson reads integers beyond 64 bits as floats and refuses to write them.
_MAYBE_LONG: Final = re.compile(rb"[0-9]{19}")


def loads(text: bytes) -> Json:
    """Parse JSON. Raises ``json.JSONDecodeError``, which knows line and column."""
    if not _MAYBE_LONG.search(text):
        return cast("Json", orjson.loads(text))
    try:
        return cast("Json", json.loads(text, parse_constant=_refuse_constant))
    except (RecursionError, UnicodeDecodeError) as error:
        raise json.JSONDecodeError(f"too deep, or not UTF-8: {error}", "", 0) from error


def _refuse_constant(name: str) -> Json:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)


def dumps(json_value: Json) -> bytes:
    """What ``to_json`` returned, as UTF-8 JSON without spaces. orjson takes 64 bits; longer integers go to ``json``."""
    try:
        return orjson.dumps(json_value)
    except TypeError:
        text = json.dumps(json_value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")
