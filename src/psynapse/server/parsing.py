"""From the bytes of a body to JSON, or to a sentence for the client."""

from json import JSONDecodeError

import orjson

from psynapse.model.ids import Json
from psynapse.model.json_text import loads


def parse(body: bytes) -> Json:
    """Parse a body. Raises ValueError with a sentence for the client."""
    if not body.strip():
        raise ValueError("the body is empty")
    try:
        parsed = loads(body)
    except JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from error
    except ValueError as error:
        raise ValueError(f"the body has a number that is too long: {error}") from error
    _check_depth(parsed)
    return parsed


def _check_depth(parsed: Json) -> None:
    """What is nested more deeply than orjson writes would fail later, where nobody can be told."""
    try:
        orjson.dumps(parsed)
    except orjson.JSONEncodeError as error:
        # It may also have been a long integer, which is fine.
        if "ecursion" in str(error):
            raise ValueError("the body is nested more than 250 levels deep") from error
