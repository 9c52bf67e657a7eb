"""The scheduler paused, stepped, stopped at breakpoints and cancelled."""

import pytest
from scheduler_cases import ALONE, CHAIN, ONE, names, started, take_all

from psynapse.engine.scheduler import NOTHING, Scheduler, make_shape
from psynapse.errors import InvalidTransition


def test_paused_nothing_starts_and_what_runs_goes_on():
    scheduler = started(ALONE)
    scheduler.take()
    scheduler.control("pause")
    assert scheduler.paused
    assert scheduler.held
    assert scheduler.take() == NOTHING
    scheduler.done(0)
    scheduler.control("resume")
    assert not scheduler.paused
    assert take_all(scheduler) == [1, 2]


def test_a_step_is_over_exactly_one_task():
    scheduler = started(ALONE)
    scheduler.control("pause")
    scheduler.control("step")
    assert not scheduler.held
    assert take_all(scheduler) == [0]
    scheduler.control("step")
    scheduler.control("step")
    assert take_all(scheduler) == [1, 2]
    assert scheduler.paused


def test_a_step_in_a_run_that_is_not_paused_does_nothing():
    scheduler = started(ALONE)
    scheduler.control("step")
    scheduler.control("pause")
    assert scheduler.take() == NOTHING


def test_steps_left_over_do_not_outlive_the_pause():
    scheduler = started(ALONE)
    scheduler.control("pause")
    scheduler.control("step")
    scheduler.control("resume")
    scheduler.control("pause")
    assert scheduler.take() == NOTHING


@pytest.mark.parametrize("verb", ["resume", "step"])
def test_a_breakpoint_stops_before_its_task_and_lets_pass_once_told(verb: str):
    scheduler = started(ALONE)
    scheduler.control("break", 1)
    assert take_all(scheduler) == [0]
    assert scheduler.paused
    assert scheduler.paused_at == 1
    assert scheduler.take() == NOTHING
    scheduler.control("resume" if verb == "resume" else "step")
    assert scheduler.take() == 1
    assert scheduler.paused_at is None
    assert scheduler.paused == (verb == "step")


def test_a_breakpoint_in_a_loop_stops_in_every_iteration():
    scheduler = started(ONE)
    scheduler.take()
    for _ in range(3):
        inner = scheduler.expand(0, ONE)
        scheduler.control("break", inner)
        assert scheduler.take() == NOTHING
        scheduler.control("resume")
        assert scheduler.take() == inner
        scheduler.done(inner)
        scheduler.returned.clear()


def test_a_pause_after_resuming_does_not_stop_at_the_same_breakpoint_twice():
    scheduler = started(ALONE)
    scheduler.control("break", 0)
    scheduler.take()
    for verb in ("resume", "pause", "resume"):
        scheduler.control(verb)
    assert scheduler.take() == 0


def test_a_breakpoint_that_was_removed_while_it_held_the_run_is_forgotten():
    scheduler = started(ALONE)
    scheduler.control("break", 0)
    scheduler.take()
    scheduler.control("unbreak", 0)
    assert scheduler.paused_at == 0
    scheduler.control("resume")
    assert scheduler.paused_at is None
    scheduler.control("break", 0)
    assert scheduler.take() == NOTHING
    assert scheduler.paused_at == 0


def test_a_breakpoint_removed_and_set_again_after_resuming_stops_again():
    scheduler = started(ALONE)
    scheduler.control("break", 0)
    scheduler.take()
    for verb in ("resume", "unbreak", "break"):
        scheduler.control(verb, 0)
    assert scheduler.take() == NOTHING


@pytest.mark.parametrize("verb", ["break", "unbreak"])
@pytest.mark.parametrize("task", [-1, 3])
def test_a_breakpoint_on_a_task_that_does_not_exist_is_refused(verb: str, task: int):
    scheduler = started(ALONE)
    with pytest.raises(InvalidTransition, match=f"there is no task {task}"):
        scheduler.control("break" if verb == "break" else "unbreak", task)
    assert take_all(scheduler) == [0, 1, 2]


def test_after_cancel_nothing_is_taken_and_what_runs_may_end_in_any_way():
    scheduler = started(make_shape([[], [], [], [], [0], [1]]))
    for _ in range(3):
        scheduler.take()
    scheduler.control("cancel")
    assert scheduler.take() == NOTHING
    assert sorted(scheduler.cancelled) == [3, 4, 5]
    scheduler.done(0)
    scheduler.failed(1)
    scheduler.stopped(2)
    assert scheduler.finished
    assert names(scheduler) == ["done", "failed", "cancelled", "cancelled", "cancelled", "cancelled"]
    assert scheduler.skipped == []


def test_after_cancel_no_other_verb_counts():
    scheduler = started(ALONE)
    scheduler.control("break", 0)
    scheduler.take()
    scheduler.control("cancel")
    assert scheduler.paused_at is None
    for verb in ("resume", "pause", "step", "cancel"):
        scheduler.control(verb)
        assert (scheduler.take(), scheduler.paused, scheduler.held) == (NOTHING, False, False)
    assert sorted(scheduler.cancelled) == [0, 1, 2]


def test_a_run_cancelled_before_it_starts_runs_nothing():
    scheduler = Scheduler(CHAIN)
    scheduler.control("cancel")
    scheduler.start(known=[0])
    assert names(scheduler) == ["cancelled", "cancelled", "cancelled"]
    assert scheduler.finished
    assert scheduler.take() == NOTHING


def test_cancel_reaches_expanded_tasks_and_those_that_have_returned():
    scheduler = started(ALONE)
    scheduler.take()
    scheduler.expand(0, make_shape([]))
    scheduler.take()
    inner = scheduler.expand(1, CHAIN)
    assert take_all(scheduler) == [2, inner]
    scheduler.control("cancel")
    assert scheduler.returned == []
    assert names(scheduler) == ["cancelled", "cancelled", "running", "running", "cancelled", "cancelled"]
    scheduler.done(inner)
    scheduler.stopped(2)
    assert scheduler.finished
    assert scheduler.returned == []


def test_a_task_that_expands_after_cancel_is_cancelled():
    scheduler = started(ALONE)
    scheduler.take()
    scheduler.control("cancel")
    scheduler.expand(0, CHAIN)
    assert scheduler.finished
    assert 0 in scheduler.cancelled
    assert scheduler.take() == NOTHING
