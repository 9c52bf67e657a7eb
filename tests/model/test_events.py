"""What happened in a run."""

from dataclasses import FrozenInstanceError

import pytest

from psynapse.model.events import RunEvent, TaskCompleted


def test_an_event_cannot_be_changed_after_the_fact():
    event = RunEvent(0, 0.5, None, TaskCompleted(output=3))
    with pytest.raises(AttributeError):
        event.seq = 1  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(FrozenInstanceError):
        event.body.output = 4  # pyright: ignore[reportAttributeAccessIssue]


def test_events_are_in_the_order_of_their_numbers():
    first, second = RunEvent(1, 9.0, None, TaskCompleted(1)), RunEvent(2, 0.0, None, TaskCompleted(1))
    assert min(second, first) is first
