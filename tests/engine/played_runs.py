"""Runs played to their end, and what their events say about each node."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from psynapse.engine.ledger import Outcome
from psynapse.engine.runner import Runner
from psynapse.model.events import (
    Body,
    RunEvent,
    TaskCompleted,
    TaskFailed,
    TaskSkipped,
)

Prepare = Callable[..., tuple[Runner, dict[str, int], list[RunEvent]]]

Nodes = Mapping[str, Any]

Played = tuple[Outcome, dict[str, object], list[RunEvent]]


def play(prepare: Prepare, nodes: Nodes, **options: Any) -> Played:
    """Run to the end; the values by node."""
    runner, tasks, events = prepare(nodes, **options)
    outcome = runner.run()
    assert [event.seq for event in events] == list(range(len(events)))
    assert outcome.status != "cancelled", "the run hung"
    return outcome, {node: outcome.values[task] for node, task in tasks.items()}, events


def about(events: Iterable[RunEvent], node: str | None) -> list[Body]:
    return [event.body for event in events if event.node == node]


def kinds(bodies: Sequence[Body]) -> list[type]:
    return [type(body) for body in bodies]


def failure(events: Sequence[RunEvent], node: str) -> TaskFailed:
    (found,) = [body for body in about(events, node) if isinstance(body, TaskFailed)]
    return found


def skipped_because(events: Sequence[RunEvent], node: str) -> str:
    (body,) = about(events, node)
    assert isinstance(body, TaskSkipped)
    return body.because


def ends(events: Sequence[RunEvent]) -> dict[str | None, list[str]]:
    """By node, the names of its last events: there must be one each."""
    found: dict[str | None, list[str]] = {}
    for event in events:
        if isinstance(event.body, (TaskCompleted, TaskFailed, TaskSkipped)):
            found.setdefault(event.node, []).append(type(event.body).__name__)
    return found
