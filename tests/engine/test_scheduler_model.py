"""The scheduler against a slow, declarative account of every task's state, under any sequence of events."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from scheduler_account import NO_TASKS, VERBS, Graph, Item, Player, graphs, random_graph

from psynapse.engine.scheduler import (
    CANCELLED,
    DONE,
    FAILED,
    NOTHING,
    Scheduler,
    Verb,
)


class SchedulerMachine(RuleBasedStateMachine):
    """Hypothesis chooses the graph and the events, and shortens what fails."""

    player: Player

    @initialize(graph=graphs(), known=st.frozensets(st.integers(0, 39)), templates=st.lists(graphs(6), max_size=3))
    def begin(self, graph: Graph, known: frozenset[int], templates: list[Graph]) -> None:
        known = frozenset(task for task in known if task < len(graph.sources))
        self.player = Player(graph, known, [*templates, NO_TASKS])

    @rule(times=st.integers(1, 6))
    def take(self, times: int) -> None:
        for _ in range(times):
            self.player.take()

    @precondition(lambda self: self.player.running())
    @rule(pick=st.integers(0, 99), well=st.booleans(), stopped=st.booleans())
    def end(self, pick: int, well: bool, stopped: bool) -> None:
        end_one(self.player, pick, well=well, stopped=stopped)

    @precondition(lambda self: self.player.running())
    @rule(pick=st.integers(0, 99), handle=st.sampled_from(["left", "right", "none such"]))
    def drop(self, pick: int, handle: str) -> None:
        self.player.drop(one_of(self.player.running(), pick), handle)

    @precondition(lambda self: self.player.running() and len(self.player.states) < 150)
    @rule(pick=st.integers(0, 99), template=st.integers(0, 99))
    def expand(self, pick: int, template: int) -> None:
        self.player.expand(one_of(self.player.running(), pick), one_of(self.player.templates, template))

    @rule()
    def collect(self) -> None:
        self.player.collect()

    @precondition(lambda self: self.player.states)
    @rule(verb=st.sampled_from(VERBS), pick=st.integers(0, 99))
    def control(self, verb: Verb, pick: int) -> None:
        self.player.control(verb, pick % len(self.player.states))

    @rule(task=st.integers(-45, 60))
    def impossible(self, task: int) -> None:
        self.player.impossible(task)

    def teardown(self) -> None:
        if hasattr(self, "player"):
            self.player.finish()


TestSchedulerMachine = SchedulerMachine.TestCase

TestSchedulerMachine.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)


def one_of(items: Sequence[Item], pick: int) -> Item:
    return items[pick % len(items)]


def end_one(player: Player, pick: int, *, well: bool, stopped: bool) -> None:
    task = one_of(player.running(), pick)
    player.end(task, CANCELLED if stopped and player.cancelled else DONE if well else FAILED)


def play_at_random(player: Player, rng: random.Random) -> None:
    kind = rng.random()
    if kind < 0.02:
        player.impossible(rng.randint(-3, len(player.states) + 3))
    elif kind < 0.12 and player.states:
        verbs = VERBS if rng.random() < 0.1 else VERBS[:-1]
        player.control(rng.choice(verbs), rng.randrange(len(player.states)))
    elif kind < 0.5:
        player.take()
    elif kind < 0.6:
        player.collect()
    elif running := player.running():
        if kind < 0.67 and len(player.states) < 300:
            player.expand(rng.choice(running), rng.choice(player.templates))
        elif kind < 0.75:
            player.drop(rng.choice(running), rng.choice(["left", "right"]))
        else:
            end_one(player, rng.randrange(99), well=rng.random() < 0.85, stopped=rng.random() < 0.5)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_long_runs_of_any_graph_agree_with_the_account_and_end(seed: int):
    rng = random.Random(seed)
    graph = random_graph(rng, 40)
    known = frozenset(task for task in range(len(graph.sources)) if rng.random() < rng.choice((0, 0.3)))
    player = Player(graph, known, [random_graph(rng, 6) for _ in range(3)])
    for _ in range(250):
        play_at_random(player, rng)
    player.finish()


@given(graph=graphs())
@settings(deadline=None)
def test_one_task_after_the_other_is_the_order_of_kahn(graph: Graph):
    scheduler = Scheduler(graph.shape)
    scheduler.start()
    missing = [len(set(needed)) for needed in graph.sources]
    queue = [task for task, count in enumerate(missing) if not count]
    for task in queue:
        assert scheduler.take() == task
        scheduler.done(task)
        for follower in graph.shape.successors[task]:
            missing[follower] -= 1
            queue += [follower] if not missing[follower] else []
    assert scheduler.finished


@given(graph=graphs(), known=st.frozensets(st.integers(0, 39)))
@settings(deadline=None)
def test_exactly_the_tasks_that_are_not_known_run(graph: Graph, known: frozenset[int]):
    known = frozenset(task for task in known if task < len(graph.sources))
    player = Player(graph, known, [])
    taken: list[int] = []
    while (task := player.take()) != NOTHING:
        taken.append(task)
        player.end(task, DONE)
    assert sorted(taken) == [task for task in range(len(graph.sources)) if task not in known]
