"""A slow, declarative account of what every task's state must be, and a player that compares the scheduler with it.

The account keeps only facts (what was reported) and derives every other state from them anew after each step; the
scheduler keeps counters and queues. They can only agree when both are right.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import pytest
from hypothesis import strategies as st

from psynapse.engine.scheduler import (
    CANCELLED,
    DONE,
    EXPANDED,
    FAILED,
    NOTHING,
    READY,
    RUNNING,
    SKIPPED,
    STATE_NAMES,
    WAITING,
    Scheduler,
    Shape,
    Verb,
    make_shape,
)
from psynapse.errors import InvalidTransition

VERBS: Final[tuple[Verb, ...]] = ("pause", "resume", "step", "break", "unbreak", "cancel")

Item = TypeVar("Item")

ENDED: Final = frozenset({DONE, FAILED, SKIPPED, CANCELLED})


@dataclass(frozen=True)
class Graph:
    """A DAG in which every task's sources have smaller numbers, so that one pass in order settles all states."""

    sources: tuple[tuple[int, ...], ...]
    shape: Shape


def make_graph(sources: Sequence[Sequence[int]], in_left: Callable[[int, int], bool]) -> Graph:
    """A follower hangs on its source's handle ``left``, ``right`` or both, or, by the whole value, on none."""
    shape = make_shape(sources)
    handles = {
        task: {
            "left": tuple(one for one in following if in_left(task, one)),
            "right": tuple(one for one in following if (task + one) % 3),
        }
        for task, following in enumerate(shape.successors)
        if following
    }
    return Graph(tuple(tuple(needed) for needed in sources), replace(shape, handles=handles))


@st.composite
def graphs(draw: st.DrawFn, most: int = 40) -> Graph:
    count = draw(st.integers(0, most))
    sources = [draw(st.lists(st.integers(0, task - 1), max_size=4)) if task else [] for task in range(count)]
    salt = draw(st.integers(0, 7))
    return make_graph(sources, lambda task, one: bool((task * 5 + one + salt) % 4))


def random_graph(rng: random.Random, most: int) -> Graph:
    count = rng.randint(0, most)
    sources = [
        [rng.randrange(task) for _ in range(rng.choice((0, 1, 1, 2, 3)))] if task else [] for task in range(count)
    ]
    return make_graph(sources, lambda task, one: bool((task + one) % 4))


NO_TASKS: Final = make_graph([], lambda *_: False)


class Account:
    """The facts of a run, and what follows from them."""

    def __init__(self, graph: Graph, known: Iterable[int]) -> None:
        self.sources = list(graph.sources)
        self.facts = dict.fromkeys(known, DONE)
        self.cut: set[tuple[int, int]] = set()
        self.frames: dict[int, tuple[range, Graph]] = {}
        self.handles = dict(graph.shape.handles)

    def states(self) -> list[int]:
        found: list[int] = []
        for task, sources in enumerate(self.sources):
            fact = self.facts.get(task)
            found.append(self._derive(task, sources, found) if fact is None else fact)
        return found

    def _derive(self, task: int, sources: Iterable[int], found: Sequence[int]) -> int:
        if any(found[one] in {FAILED, SKIPPED} or (one, task) in self.cut for one in sources):
            return SKIPPED
        return READY if all(found[one] == DONE for one in sources) else WAITING

    def drop(self, task: int, handle: str) -> None:
        self.cut |= {(task, one) for one in self.handles.get(task, {}).get(handle, ())}

    def add_frame(self, task: int, graph: Graph) -> None:
        base = len(self.sources)
        self.sources.extend(tuple(base + one for one in needed) for needed in graph.sources)
        for local, by_handle in graph.shape.handles.items():
            self.handles[base + local] = {name: tuple(base + one for one in them) for name, them in by_handle.items()}
        self.frames[task] = (range(base, len(self.sources)), graph)

    def forget(self, tasks: range) -> None:
        for task in tasks:
            self.facts.pop(task, None)
        self.cut = {pair for pair in self.cut if pair[0] not in tasks}

    def upstream(self, task: int) -> set[int]:
        found: set[int] = set()
        pending = list(self.sources[task])
        while pending:
            one = pending.pop()
            if one not in found:
                found.add(one)
                pending.extend(self.sources[one])
        return found


class Player:
    """Plays events on a scheduler and on the account, and compares them after each."""

    def __init__(self, graph: Graph, known: frozenset[int], templates: Sequence[Graph]) -> None:
        self.scheduler = Scheduler(graph.shape)
        self.account = Account(graph, known)
        self.templates = templates
        self.states = [DONE if task in known else WAITING for task in range(len(graph.sources))]
        self.returned: set[int] = set()
        """Expanded tasks that are running again, which nobody has picked up yet."""
        self.paused = self.cancelled = False
        self.steps = self.clock = 0
        self.breaks: set[int] = set()
        self.stopped_at: int | None = None
        self.may_pass: int | None = None
        self.ready_since: dict[int, int] = {}
        self.scheduler.start(known)
        self.compare()

    def running(self) -> list[int]:
        return [task for task, state in enumerate(self.states) if state == RUNNING and task not in self.returned]

    def take(self) -> int:
        expected = self._expected()
        assert self.scheduler.take() == expected
        if expected != NOTHING:
            assert self.states[expected] == READY, "taken before its inputs ended well"
            self.account.facts[expected] = RUNNING
            self.stopped_at = None
            self.may_pass = None if self.may_pass == expected else self.may_pass
        self.compare()
        return expected

    def _expected(self) -> int:
        if self.cancelled or not self.ready_since or (self.paused and not self.steps):
            return NOTHING
        head = self.scheduler.ready[0]
        assert self.ready_since[head] == min(self.ready_since.values()), "first ready, first taken"
        if self.paused:
            self.steps -= 1
        elif head in self.breaks and head != self.may_pass:
            self.paused, self.stopped_at = True, head
            return NOTHING
        return head

    def end(self, task: int, state: int) -> None:
        report = {DONE: self.scheduler.done, FAILED: self.scheduler.failed, CANCELLED: self.scheduler.stopped}[state]
        report(task)
        self.account.facts[task] = state
        self.compare()

    def drop(self, task: int, handle: str) -> None:
        self.scheduler.drop(task, handle)
        self.account.drop(task, handle)
        self.compare()

    def expand(self, task: int, template: Graph) -> None:
        base = self.scheduler.expand(task, template.shape)
        frame = self.account.frames.get(task)
        if frame is None or frame[1] is not template:
            self.account.add_frame(task, template)
        tasks = self.account.frames[task][0]
        assert base == tasks.start
        self.states.extend([CANCELLED] * (len(self.account.sources) - len(self.states)))
        if self.cancelled:
            self.account.facts |= {task: CANCELLED, **{one: self.states[one] for one in tasks}}
        else:
            self.account.forget(tasks)
            self.states[tasks.start : tasks.stop] = [WAITING] * len(tasks)
            self.account.facts[task] = EXPANDED
        self.compare()

    def collect(self) -> None:
        assert len(self.scheduler.returned) == len(self.returned), "each returned once"
        self.scheduler.returned.clear()
        self.returned.clear()

    def control(self, verb: Verb, task: int = NOTHING) -> None:
        self.scheduler.control(verb, task)
        if verb == "break":
            self.breaks.add(task)
        elif verb == "unbreak":
            self.breaks.discard(task)
            self.may_pass = None if self.may_pass == task else self.may_pass
        elif not self.cancelled:
            self._control_run(verb)
        self.compare()

    def _control_run(self, verb: Verb) -> None:
        if verb == "cancel":
            self.cancelled, self.paused, self.stopped_at = True, False, None
            self.account.facts |= {
                task: SKIPPED if state == SKIPPED else CANCELLED
                for task, state in enumerate(self.states)
                if state in {WAITING, READY, EXPANDED, SKIPPED} or task in self.returned
            }
            self.returned.clear()
        elif verb == "step":
            self.steps += self.paused
        elif verb == "resume":
            self.may_pass = self.stopped_at if self.stopped_at in self.breaks else self.may_pass
            self.paused, self.steps, self.stopped_at = False, 0, None
        else:
            self.paused = True

    def impossible(self, task: int) -> None:
        """Whatever is said about a task that is not running is refused, and changes nothing."""
        exists = 0 <= task < len(self.states)
        reports: list[Callable[[], object]] = [lambda: self.scheduler.stopped(task)] if not self.cancelled else []
        if not exists:
            reports += [lambda: self.scheduler.control("break", task), lambda: self.scheduler.control("unbreak", task)]
        if not exists or self.states[task] != RUNNING:
            reports += [lambda: self.scheduler.done(task), lambda: self.scheduler.failed(task)]
            reports += [lambda: self.scheduler.drop(task, "left"), lambda: self.scheduler.stopped(task)]
            reports += [lambda: self.scheduler.expand(task, make_shape([[]]))]
        for report in reports:
            with pytest.raises(InvalidTransition, match=rf"task {task}\b") as caught:
                report()
            assert not exists or f"it is {STATE_NAMES[self.states[task]]}" in str(caught.value)
        self.compare()

    def compare(self) -> None:
        account, scheduler = self.account, self.scheduler
        states = account.states()
        for parent, (tasks, _) in account.frames.items():
            if states[parent] == EXPANDED and all(states[one] in ENDED for one in tasks):
                states[parent] = account.facts[parent] = RUNNING
                self.returned.add(parent)
        assert [STATE_NAMES[one] for one in scheduler.state] == [STATE_NAMES[one] for one in states]
        assert all(new == old for old, new in zip(self.states, states, strict=True) if old in ENDED), "an end is final"
        assert (scheduler.running, scheduler.open) == (states.count(RUNNING), sum(one not in ENDED for one in states))
        assert scheduler.finished == all(one in ENDED for one in states)
        assert set(scheduler.returned) == self.returned
        assert (scheduler.paused, scheduler.paused_at) == (self.paused, self.stopped_at)
        assert scheduler.held == (self.paused and not self.steps)
        self._compare_outboxes(states)
        self.clock += 1
        ready = (task for task, state in enumerate(states) if state == READY)
        self.ready_since = {task: self.ready_since.get(task, self.clock) for task in ready}
        self.states = states
        scheduler.validate()

    def _compare_outboxes(self, states: Sequence[int]) -> None:
        def newly(state: int) -> list[int]:
            return [
                task for task, (old, new) in enumerate(zip(self.states, states, strict=True)) if old != new == state
            ]

        assert sorted(self.scheduler.cancelled) == newly(CANCELLED)
        assert sorted(task for task, _ in self.scheduler.skipped) == newly(SKIPPED)
        for task, because in self.scheduler.skipped:
            assert because in self.account.upstream(task)
            assert states[because] == FAILED or because in {source for source, _ in self.account.cut}
        self.scheduler.cancelled.clear()
        self.scheduler.skipped.clear()

    def finish(self) -> None:
        """Nothing but good news from here on: the run has to end, with every task in a final state."""
        for task in sorted(self.breaks):
            self.control("unbreak", task)
        self.control("resume")
        while not self.scheduler.finished:
            self.collect()
            moved = self.take() != NOTHING
            for task in self.running():
                moved = True
                self.end(task, DONE)
            assert moved, "the run hangs"
        assert self.scheduler.take() == NOTHING
        assert set(self.states) <= ENDED
