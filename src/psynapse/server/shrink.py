"""Reading large JSON bodies, in a process of its own: ``python -m psynapse.server.shrink`` reads one from stdin.

Parsing one would stop the event loop, in whatever thread it is done. It is started while the body still arrives, and
imports next to nothing.
"""

import contextlib
import os
import sys
from collections.abc import Mapping
from typing import Final

from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.migrations import migrate
from psynapse.server.copies import without_copies
from psynapse.server.parsing import parse

GOOD: Final = b"+"
BAD: Final = b"-"
_NICENESS: Final = 5


def shrink(body: bytes) -> bytes:
    """The same JSON without what no workflow needs. Raises ValueError with a sentence for the client."""
    parsed = _parse(body)
    if isinstance(parsed, Mapping):
        smaller = dict(migrate(parsed))
        if isinstance(workflow := smaller.get("workflow"), Mapping):
            smaller["workflow"] = migrate(workflow)
        parsed = smaller
    return dumps(parsed)


def _parse(body: bytes) -> Json:
    lean = without_copies(body)
    if lean is not body:
        # What is wrong is told of the client's own text, with its own lines and columns.
        with contextlib.suppress(ValueError):
            return parse(lean)
    return parse(body)


def main() -> int:
    """Read a body from stdin and write one byte, then its shrunk JSON or what is wrong with it."""
    # Whoever asks for something small meanwhile comes first.
    os.nice(_NICENESS)
    try:
        answer = GOOD + shrink(sys.stdin.buffer.read())
    except ValueError as error:
        answer = BAD + str(error).encode("utf-8", "replace")
    sys.stdout.buffer.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
