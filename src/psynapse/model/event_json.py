"""Events as JSON: what each kind is called outside of Python, and many events as one text that can be read back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson

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
)
from psynapse.model.ids import Json, NodeId
from psynapse.model.json_text import dumps, loads

EVENT_TYPES: Final[Mapping[type[Body], str]] = {
    RunStarted: "run-started",
    TaskStarted: "task-started",
    TaskProgress: "task-progress",
    TaskStreamed: "task-streamed",
    TaskOutput: "task-output",
    TaskCompleted: "task-completed",
    TaskFailed: "task-failed",
    TaskSkipped: "task-skipped",
    TaskCancelled: "task-cancelled",
    RunFinished: "run-finished",
    RunUnlogged: "run-unlogged",
}
_BODIES: Final = {name: body for body, name in EVENT_TYPES.items()}


def body_fields(body: Body) -> dict[str, Json]:
    """The fields of a body by name."""
    return {name: getattr(body, name) for name in body.__slots__}


def encode_events(events: Sequence[RunEvent]) -> bytes:
    """Events that follow one another as one JSON array; their numbers are left to whoever stores it."""
    try:
        # One call for all: a call costs several times what an event does.
        return orjson.dumps([(at, node, EVENT_TYPES[type(body)], _plain(body)) for _, at, node, body in events])
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits and lone surrogates, which are rare.
        return dumps([[at, node, EVENT_TYPES[type(body)], body_fields(body)] for _, at, node, body in events])


def _plain(body: Body) -> Body | dict[str, Json]:
    """What orjson writes of a body. It takes its time to find the fields of an object: most have two kinds of them."""
    if type(body) is TaskCompleted:
        return {"output": body.output, "seconds": body.seconds, "cached": body.cached, "why": body.why}
    return {"why": body.why} if type(body) is TaskStarted else body


def decode_events(encoded: bytes, first_seq: int) -> list[RunEvent]:
    """The events that ``encode_events`` made ``encoded`` from, numbered from ``first_seq``.

    Raises ValueError, KeyError or TypeError when it is something else.
    """
    content = cast("list[tuple[float, NodeId | None, str, dict[str, Any]]]", loads(encoded))
    return [
        RunEvent(seq, at, node, _body(name, fields)) for seq, (at, node, name, fields) in enumerate(content, first_seq)
    ]


def _body(name: str, fields: dict[str, Any]) -> Body:
    kind = _BODIES[name]
    if kind is RunStarted:
        fields["cached"] = tuple(fields["cached"])
    return kind(**fields)
