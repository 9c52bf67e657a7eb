"""A whole run as its worker told it: kept as it came, and made events of only when somebody wants to see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, cast

from psynapse.engine.records import Record, RecordReader, decode_records, read_records
from psynapse.model.event_json import body_fields
from psynapse.model.events import RunEvent, RunFinished
from psynapse.model.ids import NodeId
from psynapse.model.json_text import dumps, loads

_MARK: Final = b"{"


@dataclass(frozen=True, slots=True)
class Recording:
    """All records of a run that is over, in ``batches`` that ``encode_records`` made: ``count`` events.

    What the worker says of its end is not among these: ``ending`` is the last event.
    """

    nodes: Sequence[NodeId]
    batches: Sequence[bytes]
    ending: RunFinished
    count: int

    def encode(self) -> bytes:
        """The recording as JSON, for ``decode_recording``."""
        head = dumps({"nodes": list(self.nodes), "ending": body_fields(self.ending)})
        return head[:-1] + b',"batches":[' + b",".join(self.batches) + b"]}"

    def events(self) -> list[RunEvent]:
        """Its events, numbered from 0."""
        return _events(self.nodes, [*chain.from_iterable(map(decode_records, self.batches))], self.ending)


def make_recording(nodes: Sequence[NodeId], batches: Sequence[bytes], ending: RunFinished) -> Recording:
    """A recording of what a worker said. Raises ValueError, TypeError or LookupError when nobody understands that."""
    records = [*chain.from_iterable(map(decode_records, batches))]
    if not {task for _, task, _, _ in records}.issubset(range(-1, len(nodes))):
        raise LookupError("there is a record of a task that the plan does not have")
    return Recording(nodes, batches, ending, len(_without_end(records)) + 1)


def is_recording(encoded: bytes) -> bool:
    """Whether this is a recording rather than events, which are a JSON array."""
    return encoded.startswith(_MARK)


def decode_recording(encoded: bytes) -> list[RunEvent]:
    """The events of an encoded recording, numbered from 0.

    Raises ValueError, TypeError or LookupError when it is something else.
    """
    content = cast("dict[str, Any]", loads(encoded))
    records = read_records(chain.from_iterable(content["batches"]))
    return _events(content["nodes"], records, RunFinished(**content["ending"]))


def _events(nodes: Sequence[NodeId], records: Sequence[Record], ending: RunFinished) -> list[RunEvent]:
    told = _without_end(records)
    events = list(RecordReader(nodes, records[0][0]).read(told, 0)) if told else []
    return [*events, RunEvent(len(events), ending.seconds, None, ending)]


def _without_end(records: Sequence[Record]) -> Sequence[Record]:
    return records[:-1] if records and isinstance(records[-1][3], RunFinished) else records
