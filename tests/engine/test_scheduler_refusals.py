"""What the scheduler refuses, what its check of itself notices, and runs of a hundred thousand tasks."""

from collections.abc import Callable
from typing import Final

import pytest
from scheduler_cases import ALONE, CHAIN, ONE, names, started, take_all

from psynapse.engine.scheduler import NOTHING, STATE_NAMES, Scheduler, make_shape
from psynapse.errors import InvalidTransition

MANY: Final = 100_000

Report = Callable[[Scheduler, int], object]

REPORTS: Final[dict[str, Report]] = {
    "done": lambda scheduler, task: scheduler.done(task),
    "failed": lambda scheduler, task: scheduler.failed(task),
    "stopped": lambda scheduler, task: scheduler.stopped(task),
    "dropped": lambda scheduler, task: scheduler.drop(task, "left"),
    "expanded": lambda scheduler, task: scheduler.expand(task, CHAIN),
}


def in_state(state: str) -> tuple[Scheduler, int]:
    """A scheduler with a task that got into ``state`` the way tasks do."""
    if state in {"waiting", "skipped"}:
        scheduler, task = started(CHAIN), 1
    else:
        scheduler, task = started(ALONE), 0
    if state not in {"waiting", "ready"}:
        scheduler.take()
    if state == "expanded":
        scheduler.expand(0, CHAIN)
    elif state == "cancelled":
        scheduler.control("cancel")
        scheduler.stopped(0)
    elif state in {"failed", "skipped"}:
        scheduler.failed(0)
    elif state == "done":
        scheduler.done(0)
    assert names(scheduler)[task] == state
    return scheduler, task


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("state", [name for name in STATE_NAMES if name != "running"])
def test_only_running_tasks_can_be_reported_and_the_refusal_tells_their_story(report: str, state: str):
    scheduler, task = in_state(state)
    before = bytes(scheduler.state), scheduler.open, scheduler.running
    with pytest.raises(
        InvalidTransition, match=rf"task {task} cannot be .*: it is {state}, waits for . others, and is"
    ):
        REPORTS[report](scheduler, task)
    assert (bytes(scheduler.state), scheduler.open, scheduler.running) == before
    scheduler.validate()


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("task", [-1, 3, MANY])
def test_tasks_that_do_not_exist_cannot_be_reported(report: str, task: int):
    scheduler = started(ALONE)
    take_all(scheduler)
    with pytest.raises(InvalidTransition, match=rf"there is no task {task} .*the run has 3"):
        REPORTS[report](scheduler, task)
    assert names(scheduler) == ["running", "running", "running"]


def test_stopping_a_task_of_a_run_that_is_not_cancelled_is_refused():
    scheduler = started(CHAIN)
    scheduler.take()
    with pytest.raises(InvalidTransition, match=r"not cancelled: it is running, .* followed by: 1 waiting"):
        scheduler.stopped(0)
    assert names(scheduler) == ["running", "waiting", "waiting"]


@pytest.mark.parametrize("form", ["chain", "fan out", "fan in"])
@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_a_hundred_thousand_tasks_need_no_recursion(form: str, end: str):
    sources = {
        "chain": [[task - 1] if task else [] for task in range(MANY)],
        "fan out": [[0] if task else [] for task in range(MANY)],
        "fan in": [[] if task < MANY - 1 else list(range(MANY - 1)) for task in range(MANY)],
    }[form]
    scheduler = started(make_shape(sources))
    if end == "cancelled":
        scheduler.control("cancel")
    while (task := scheduler.take()) != NOTHING:
        scheduler.failed(task) if end == "failed" and task == 0 else scheduler.done(task)
    assert scheduler.finished
    scheduler.validate()


def test_a_template_of_a_hundred_thousand_tasks_in_a_template_runs():
    chain = make_shape([[task - 1] if task else [] for task in range(MANY)])
    scheduler = started(ONE)
    scheduler.take()
    scheduler.expand(0, ONE)
    scheduler.take()
    scheduler.expand(1, chain)
    while (task := scheduler.take()) != NOTHING:
        scheduler.done(task)
    assert scheduler.returned == [1]
    scheduler.done(1)
    scheduler.done(0)
    assert scheduler.finished


@pytest.mark.parametrize(
    ("corrupt", "message"),
    [
        (lambda scheduler: setattr(scheduler, "running", 5), "running is counted"),
        (lambda scheduler: scheduler.ready.append(0), "twice"),
        (lambda scheduler: scheduler.ready.clear(), "ready tasks are queued"),
        (lambda scheduler: setattr(scheduler, "open", 1), "open is counted"),
        (lambda scheduler: scheduler._indegree.__setitem__(0, 1), "task 0 is ready before its inputs"),
    ],
)
def test_validate_notices_arrays_that_contradict_each_other(corrupt: Callable[[Scheduler], object], message: str):
    scheduler = started(ALONE)
    corrupt(scheduler)
    with pytest.raises(AssertionError, match=message):
        scheduler.validate()
