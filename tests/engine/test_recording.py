"""A run that was kept as it came has the events that it would have had at once."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.engine.recording import Recording, decode_recording, is_recording, make_recording
from psynapse.engine.records import COMPLETED, STARTED, Record, RecordReader, code_of, encode_records
from psynapse.model.event_json import encode_events
from psynapse.model.events import RunEvent, RunFinished, RunStarted, TaskFailed, TaskStreamed
from psynapse.model.ids import NodeId

NODES = [NodeId(name) for name in ("a", "b", 'c"{')]
ENDING = RunFinished("failed", 2.5, "it went wrong")

text = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
bodies = st.one_of(
    st.builds(TaskStreamed, text),
    st.builds(TaskFailed, text, st.just("ValueError")),
    st.builds(RunStarted, st.integers(0, 9), st.lists(st.sampled_from(NODES)).map(tuple)),
)
contents: st.SearchStrategy[tuple[int, object]] = st.one_of(
    st.just((STARTED, None)),
    json_values.map(lambda value: (COMPLETED, value)),
    bodies.map(lambda body: (code_of(body), body)),
)


@st.composite
def batches(draw: st.DrawFn) -> list[list[Record]]:
    """What a worker says: its own last word is now and then among it."""
    at = draw(st.floats(0, 1e6))
    told: list[list[Record]] = []
    for size in draw(st.lists(st.integers(1, 5), min_size=1, max_size=4)):
        told.append([])
        for _ in range(size):
            at += draw(st.floats(0, 10))
            code, content = draw(contents)
            told[-1].append((at, draw(st.integers(-1, len(NODES) - 1)), code, content))
    if draw(st.booleans()):
        last = RunFinished("succeeded")
        told[-1].append((at, -1, code_of(last), last))
    return told


def at_once(told: Sequence[Sequence[Record]]) -> list[RunEvent]:
    """The events as they are made while a run goes on."""
    reader = RecordReader(NODES, told[0][0][0])
    events: list[RunEvent] = []
    for batch in told:
        events += reader.read([one for one in batch if not isinstance(one[3], RunFinished)], len(events))
    return [*events, RunEvent(len(events), ENDING.seconds, None, ENDING)]


def recorded(told: Sequence[Sequence[Record]]) -> Recording:
    return make_recording(NODES, [encode_records(batch) for batch in told], ENDING)


@given(batches())
def test_its_events_are_those_that_are_made_while_a_run_goes_on(told: list[list[Record]]):
    recording = recorded(told)
    assert recording.events() == at_once(told)
    assert recording.count == len(at_once(told))


@given(batches())
def test_what_is_encoded_is_read_back_and_is_not_taken_for_events(told: list[list[Record]]):
    encoded = recorded(told).encode()
    assert is_recording(encoded)
    assert decode_recording(encoded) == at_once(told)
    assert not is_recording(encode_events(at_once(told)))


@pytest.mark.parametrize(
    "batch", [b"", b"[", b"3", b"[3]", b"[[0.0, 3, 0, null]]", b"[[0.0, -2, 0, null]]", b"[[0.0, 0, 99, {}]]"]
)
def test_what_nobody_understands_is_not_recorded(batch: bytes):
    with pytest.raises((ValueError, TypeError, LookupError)):
        make_recording(NODES, [encode_records([(0.0, 0, STARTED, None)]), batch], ENDING)


@given(st.binary() | st.recursive(json_values, lambda inner: st.fixed_dictionaries({"nodes": inner, "batches": inner})))
def test_what_is_no_recording_is_refused(content: Any):
    encoded = content if isinstance(content, bytes) else repr(content).encode("utf-8", "replace")
    with pytest.raises((ValueError, TypeError, LookupError)):
        decode_recording(encoded)
