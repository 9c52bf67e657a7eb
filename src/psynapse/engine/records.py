"""Events as they are recorded and as they cross the process boundary: flat tuples, one JSON array for many.

A start and a completion are so frequent that no object is made for them before somebody looks.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, cast

import orjson

from psynapse.engine.encoding import to_json
from psynapse.model.events import (
    Body,
    RunEvent,
    RunFinished,
    RunStarted,
    RunUnlogged,
    TaskCancelled,
    TaskCompleted,
    TaskFailed,
    TaskOutput,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    TaskStreamed,
    event_of,
)
from psynapse.model.ids import Json, NodeId
from psynapse.model.json_text import dumps, loads

Record = tuple[float, int, int, object]
"""When (``time.perf_counter``), which task (-1: the run), a code, and what belongs to it: nothing for STARTED, the
preview for COMPLETED, else the body."""

STARTED: Final = 0
COMPLETED: Final = 1
# Run logs have these codes: none is ever given to another kind.
_BODIES: Final[dict[int, type[Body]]] = {
    2: RunStarted,
    3: TaskStarted,
    4: TaskProgress,
    5: TaskStreamed,
    6: TaskOutput,
    7: TaskCompleted,
    8: TaskFailed,
    9: TaskSkipped,
    10: TaskCancelled,
    11: RunFinished,
    12: RunUnlogged,
}
_CODES: Final = {kind: code for code, kind in _BODIES.items()}
_PLAINLY_STARTED: Final = TaskStarted()


def code_of(body: Body) -> int:
    """The code of a body's kind."""
    return _CODES[type(body)]


class RecordReader:
    """Makes events of one run's records, in order: a completion is told how long its task took."""

    def __init__(self, nodes: Sequence[NodeId], began: float) -> None:
        self._nodes = nodes
        self._began = began
        self._started_at: dict[int, float] = {}

    def read(self, records: Sequence[Record], first_seq: int) -> Iterator[RunEvent]:
        """The events of ``records``, numbered from ``first_seq``."""
        nodes, began, started_at = self._nodes, self._began, self._started_at
        for seq, (at, task, code, content) in enumerate(records, first_seq):
            if code == COMPLETED:
                body = TaskCompleted(cast("Json", content), at - started_at.pop(task, at))
            else:
                body = _PLAINLY_STARTED if code == STARTED else cast("Body", content)
                if type(body) is TaskStarted:
                    started_at[task] = at
            yield event_of((seq, at - began, nodes[task] if task >= 0 else None, body))


def encode_records(records: Sequence[Record]) -> bytes:
    """Many records as one JSON array of arrays, in which a body is an object of its fields."""
    try:
        return orjson.dumps(records)
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits and lone surrogates: rare, so only now is each looked at.
        return b"[" + b",".join(_encode_one(record) for record in records) + b"]"


def _encode_one(record: Record) -> bytes:
    at, task, code, content = record
    # A plain number was recorded as it is; to_json knows what to do with one that is too long for JSON.
    fields = to_json(content) if code <= COMPLETED else _fields(content)
    return dumps([at, task, code, cast("Json", fields)])


def _fields(body: object) -> dict[str, Json]:
    return {name: getattr(body, name) for name in type(body).__dataclass_fields__}  # pyright: ignore[reportAttributeAccessIssue] -- bodies are dataclasses


def decode_records(encoded: bytes) -> list[Record]:
    """The records that ``encode_records`` made ``encoded`` from."""
    return read_records(cast("list[list[Any]]", loads(encoded)))


def read_records(rows: Iterable[Sequence[Any]]) -> list[Record]:
    """Records of their parsed JSON."""
    return [
        (at, task, code, content if code <= COMPLETED else _content(code, content)) for at, task, code, content in rows
    ]


def _content(code: int, content: Json) -> object:
    fields = cast("dict[str, object]", content)
    if isinstance(fields.get("cached"), list):
        fields["cached"] = tuple(cast("list[NodeId]", fields["cached"]))
    return _BODIES[code](**fields)  # pyright: ignore[reportArgumentType] -- the fields that encode_records wrote
