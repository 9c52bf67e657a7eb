"""Nodes that wait: one after the other with progress, and side by side."""

from collections.abc import Iterator
from functools import partial

from benchmarks import graphs, rivals
from benchmarks.engine import Psynapse
from benchmarks.plain import plain_plan, run_plain
from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, expecting, make_row
from benchmarks.timing import Contender, compare
from psynapse.engine.runner import RunOptions
from psynapse.model.events import RunEvent, TaskProgress

PROGRESS_NODES = 20


def progress(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """A chain of nodes that report progress to somebody who listens."""
    graph = graphs.chain(PROGRESS_NODES, "Work", seconds=0.002)
    plan, program = plain_plan(graph, psynapse.functions), psynapse.compile(graph)

    def watched() -> tuple[object, int]:
        heard: list[RunEvent] = []
        value = psynapse.run(program, RunOptions(listener=heard.extend))
        return value, sum(isinstance(event.body, TaskProgress) for event in heard)

    contenders = {
        PLAIN: expecting(PROGRESS_NODES, lambda: run_plain(plan)),
        PSYNAPSE: expecting((PROGRESS_NODES, PROGRESS_NODES), watched),
    }
    timings = compare(contenders, scale.few_rounds * 3)
    goal = Goal("≤ 60 ms", 60, of="figure")
    yield make_row(f"{PROGRESS_NODES} progress nodes of 2 ms, one after the other", "ms", timings, goal=goal)


def sleeps(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """Independent sleeps, which a good engine does all at once."""
    for count, seconds, most in ((2, 1.0, 1.03), (8, 0.2, 0.22)):
        goal = Goal(f"≤ {most} s", most, of="figure")
        timings = compare(_sleepers(psynapse, count, seconds * scale.slowness), scale.few_rounds)
        yield make_row(f"{count} independent sleeps of {seconds:g} s", "s", timings, goal=goal)


def _sleepers(psynapse: Psynapse, count: int, seconds: float) -> dict[str, Contender]:
    graph = graphs.fan(count, "wait", seconds=seconds)
    functions, value = psynapse.functions, [seconds] * count
    plan = plain_plan(graph, functions)
    contenders = {PLAIN: expecting(value, lambda: run_plain(plan)), PSYNAPSE: expecting(value, psynapse.call(graph))}
    if rivals.has_hamilton():
        adapt = partial(rivals.with_threads, workers=count)
        contenders[HAMILTON] = expecting(value, rivals.hamilton_call(graph, functions, adapt=adapt))
    if rivals.has_dask():
        contenders[DASK] = expecting(value, rivals.dask_call(graph, functions, workers=count))
    return contenders
