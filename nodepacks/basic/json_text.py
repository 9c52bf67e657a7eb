"""JSON text to values and back."""

import json
from datetime import date
from pathlib import PurePath
from typing import Any


def read(text: str) -> Any:
    """The value of ``text``. Raises ValueError naming line and column."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"this is not JSON: {error.msg} at {place}; keys and text need double quotes") from None
    except RecursionError:
        raise ValueError("this JSON is nested too deeply to be read") from None


def write(value: Any, indent: int, *, sort_keys: bool) -> str:
    """The text of ``value``. Raises ValueError or TypeError for what JSON cannot hold."""
    try:
        return json.dumps(
            value, indent=indent or None, sort_keys=sort_keys, ensure_ascii=False, allow_nan=False, default=_text_of
        )
    except RecursionError:
        raise ValueError("this value is nested too deeply to be written as JSON") from None
    except ValueError as error:
        raise ValueError(f"JSON cannot hold this value: {error}") from None


def _text_of(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"JSON cannot hold a {type(value).__name__}; turn it into text, a number, a list or an object")
