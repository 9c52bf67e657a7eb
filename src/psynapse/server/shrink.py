"""Reading large JSON bodies, in a process of its own: ``python -m psynapse.server.shrink`` reads one from stdin.

Earlier editors post a copy of all edges inside every node: 127 MB for 1,000 nodes, of which 200 kB count. Parsing that
would stop the event loop, in whatever thread it is done.
"""

import sys
from collections.abc import Mapping
from json import JSONDecodeError
from typing import Final

import orjson

from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.model.migrations import migrate

GOOD: Final = b"+"
BAD: Final = b"-"


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


def shrink(body: bytes) -> bytes:
    """The same JSON without what no workflow needs. Raises ValueError with a sentence for the client."""
    parsed = parse(body)
    if isinstance(parsed, Mapping):
        smaller = dict(migrate(parsed))
        if isinstance(workflow := smaller.get("workflow"), Mapping):
            smaller["workflow"] = migrate(workflow)
        parsed = smaller
    return dumps(parsed)


def _check_depth(parsed: Json) -> None:
    """What is nested more deeply than orjson writes would fail later, where nobody can be told."""
    try:
        orjson.dumps(parsed)
    except orjson.JSONEncodeError as error:
        # It may also have been a long integer, which is fine.
        if "ecursion" in str(error):
            raise ValueError("the body is nested more than 250 levels deep") from error


def main() -> int:
    """Read a body from stdin and write one byte, then its shrunk JSON or what is wrong with it."""
    try:
        answer = GOOD + shrink(sys.stdin.buffer.read())
    except ValueError as error:
        answer = BAD + str(error).encode("utf-8", "replace")
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
