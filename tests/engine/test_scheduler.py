"""The scheduler's transition table, one sentence each; what holds for every run is in test_scheduler_model."""

from scheduler_cases import ALONE, CHAIN, DIAMOND, ONE, names, started, take_all

from psynapse.engine.scheduler import NOTHING, Scheduler, Shape, make_shape


def test_before_the_start_nothing_may_run():
    scheduler = Scheduler(CHAIN)
    assert scheduler.take() == NOTHING
    assert names(scheduler) == ["waiting", "waiting", "waiting"]


def test_an_empty_run_has_finished_before_it_starts():
    scheduler = started(make_shape([]))
    assert scheduler.finished
    assert scheduler.take() == NOTHING


def test_starting_makes_ready_what_depends_on_nothing():
    assert names(started(DIAMOND)) == ["ready", "waiting", "waiting", "waiting"]


def test_done_makes_ready_what_waited_for_nothing_else():
    scheduler = started(DIAMOND)
    scheduler.done(scheduler.take())
    assert names(scheduler) == ["done", "ready", "ready", "waiting"]
    scheduler.done(scheduler.take())
    assert names(scheduler) == ["done", "done", "ready", "waiting"]
    scheduler.done(scheduler.take())
    assert names(scheduler) == ["done", "done", "done", "ready"]
    scheduler.done(scheduler.take())
    assert scheduler.finished


def test_several_edges_between_two_tasks_count_as_one():
    scheduler = started(make_shape([[], [0, 0, 0]]))
    scheduler.done(scheduler.take())
    assert names(scheduler) == ["done", "ready"]


def test_failed_skips_all_that_depends_on_it_and_nothing_else():
    scheduler = started(make_shape([[], [], [0], [1], [2, 3]]))
    assert take_all(scheduler) == [0, 1]
    scheduler.failed(0)
    assert names(scheduler) == ["failed", "running", "skipped", "waiting", "skipped"]
    assert sorted(scheduler.skipped) == [(2, 0), (4, 0)]
    scheduler.done(1)
    scheduler.done(scheduler.take())
    assert scheduler.finished
    assert names(scheduler)[3] == "done"


def test_what_two_failures_would_skip_is_skipped_because_of_the_first():
    scheduler = started(make_shape([[], [], [0, 1]]))
    take_all(scheduler)
    scheduler.failed(1)
    scheduler.failed(0)
    assert scheduler.skipped == [(2, 1)]


def test_a_dropped_handle_skips_what_hangs_on_it():
    plain = make_shape([[], [0], [0], [1]])
    scheduler = started(Shape(plain.successors, plain.indegree, {0: {"left": (1,), "right": (2,)}}))
    scheduler.take()
    scheduler.drop(0, "left")
    assert names(scheduler) == ["running", "skipped", "waiting", "skipped"]
    scheduler.done(0)
    assert names(scheduler) == ["done", "skipped", "ready", "skipped"]
    assert scheduler.skipped == [(1, 0), (3, 0)]


def test_a_handle_on_which_nothing_hangs_may_be_dropped():
    scheduler = started(CHAIN)
    scheduler.take()
    scheduler.drop(0, "left")
    scheduler.done(0)
    assert names(scheduler) == ["done", "ready", "waiting"]


def test_known_tasks_do_not_run_and_what_follows_them_is_ready_at_once():
    scheduler = started(CHAIN, known=[1])
    assert names(scheduler) == ["ready", "done", "ready"]
    assert take_all(scheduler) == [0, 2]


def test_a_known_task_outlives_the_failure_of_what_it_would_have_depended_on():
    scheduler = started(CHAIN, known=[1])
    take_all(scheduler)
    scheduler.failed(0)
    assert names(scheduler) == ["failed", "done", "running"]
    assert scheduler.skipped == []


def test_a_task_known_twice_counts_once():
    scheduler = started(CHAIN, known=[0, 0])
    assert names(scheduler) == ["done", "ready", "waiting"]
    assert scheduler.open == 2


def test_an_expanded_task_waits_for_its_template_and_runs_again():
    scheduler = started(make_shape([[], [0]]))
    scheduler.take()
    assert scheduler.expand(0, CHAIN) == 2
    assert names(scheduler) == ["expanded", "waiting", "ready", "waiting", "waiting"]
    for task in (2, 3, 4):
        assert scheduler.returned == []
        assert scheduler.take() == task
        scheduler.done(task)
    assert scheduler.returned == [0]
    assert names(scheduler)[:2] == ["running", "waiting"]
    scheduler.done(0)
    assert names(scheduler)[:2] == ["done", "ready"]


def test_a_failure_in_a_template_is_for_the_expanded_task_to_judge():
    scheduler = started(make_shape([[], [0]]))
    scheduler.take()
    scheduler.expand(0, CHAIN)
    scheduler.failed(scheduler.take())
    assert names(scheduler) == ["running", "waiting", "failed", "skipped", "skipped"]
    assert scheduler.returned == [0]
    scheduler.failed(0)
    assert names(scheduler)[1] == "skipped"


def test_a_loop_uses_the_same_numbers_in_every_iteration():
    scheduler = started(ONE)
    scheduler.take()
    for _ in range(1000):
        assert scheduler.expand(0, CHAIN) == 1
        assert [scheduler.done(scheduler.take()) for _ in range(3)] == [None] * 3
        assert scheduler.returned.pop() == 0
    assert len(scheduler.state) == 4
    scheduler.done(0)
    assert scheduler.finished


def test_another_template_gets_numbers_of_its_own():
    scheduler = started(ONE)
    scheduler.take()
    scheduler.expand(0, ALONE)
    for task in take_all(scheduler):
        scheduler.done(task)
    scheduler.returned.clear()
    assert scheduler.expand(0, CHAIN) == 4
    assert names(scheduler) == ["expanded", "done", "done", "done", "ready", "waiting", "waiting"]


def test_a_template_without_tasks_returns_at_once():
    scheduler = started(ONE)
    scheduler.take()
    scheduler.expand(0, make_shape([]))
    assert scheduler.returned == [0]
    scheduler.done(0)
    assert scheduler.finished


def test_handles_of_a_template_lead_to_its_own_tasks():
    plain = make_shape([[], [0], [0]])
    scheduler = started(ALONE)
    scheduler.take()
    base = scheduler.expand(0, Shape(plain.successors, plain.indegree, {0: {"left": (1,)}}))
    assert take_all(scheduler) == [1, 2, base]
    scheduler.drop(base, "left")
    scheduler.done(base)
    assert names(scheduler)[base:] == ["done", "skipped", "ready"]
