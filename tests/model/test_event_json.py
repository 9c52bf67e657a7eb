"""Events as JSON text: whatever happened is read back as it was."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.event_json import EVENT_TYPES, body_fields, decode_events, encode_events
from psynapse.model.events import Body, RunEvent, RunStarted, RunUnlogged, TaskOutput, TaskStreamed
from psynapse.model.ids import NodeId
from psynapse.model.json_text import dumps

text = st.text(st.characters(exclude_categories=["Cs"]))
seconds = st.floats(0, 1e9)
# Integers of any length, but no floats that JSON does not have.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
values = {
    "output": json_values,
    "cached": st.booleans(),
    "seconds": seconds,
    "fraction": seconds,
    "nodes": st.integers(0, 9),
    "stream": st.sampled_from(["stdout", "stderr", "log"]),
    "status": st.sampled_from(["succeeded", "failed", "cancelled"]),
    "port": st.none() | text,
}


def bodies(kind: type[Body]) -> st.SearchStrategy[Body]:
    """Any body of a kind; a field without a strategy of its own is text."""
    own: dict[str, st.SearchStrategy[object]] = {field.name: values.get(field.name, text) for field in fields(kind)}
    if kind is RunStarted:
        own["cached"] = st.lists(text, max_size=3).map(tuple)
    return st.builds(kind, **own)  # type: ignore[arg-type]


events = st.lists(st.tuples(seconds, st.none() | text, st.sampled_from(get_args(Body)).flatmap(bodies)), max_size=12)


@given(events, st.integers(0, 10**6))
def test_what_was_written_is_read_back(content: list[tuple[float, NodeId | None, Body]], first: int):
    told = [RunEvent(first + place, *event) for place, event in enumerate(content)]
    assert decode_events(encode_events(told), first) == told


def test_every_kind_of_event_has_a_name_of_its_own():
    assert set(EVENT_TYPES) == set(get_args(Body))
    assert len(set(EVENT_TYPES.values())) == len(EVENT_TYPES)


def test_the_fields_of_a_body_are_told_by_name():
    assert body_fields(RunUnlogged("full")) == {"reason": "full"}
    assert body_fields(TaskOutput("log", "a")) == {"stream": "log", "text": "a"}


def test_half_a_character_does_not_keep_a_run_from_being_logged():
    (event,) = decode_events(encode_events([RunEvent(3, 0.0, NodeId("n"), TaskStreamed("a\ud800b"))]), 3)
    assert event == RunEvent(3, 0.0, NodeId("n"), TaskStreamed("a?b"))


@pytest.mark.parametrize("damaged", [b"", b"[[1]]", b'[[0,"n","no-such-event",{}]]', b'[[0,null,"run-unlogged",{}]]'])
def test_text_that_is_something_else_is_refused(damaged: bytes):
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode_events(damaged, 0)


@given(events)
def test_an_event_is_written_with_all_of_its_fields_in_their_order(content: list[tuple[float, NodeId | None, Body]]):
    told = [RunEvent(place, *event) for place, event in enumerate(content)]
    plainly = [[at, node, EVENT_TYPES[type(body)], body_fields(body)] for _, at, node, body in told]
    assert encode_events(told) == dumps(plainly)
