"""Runs that are paused, stepped through, stopped at breakpoints and cancelled from other threads."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from psynapse.engine.ledger import Outcome
from psynapse.engine.runner import Runner
from psynapse.model.events import RunEvent, RunFinished, RunStarted, TaskCancelled, TaskCompleted, TaskStarted

Prepare = Callable[..., tuple[Runner, dict[str, int], list[RunEvent]]]
Lab = Mapping[str, Any]


class Background:
    """A run in a thread of its own, which is its main thread."""

    def __init__(self, runner: Runner) -> None:
        self.outcome: Outcome | None = None
        self._runner = runner
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.outcome = self._runner.run()

    def end(self, seconds: float = 10.0) -> Outcome:
        self._thread.join(seconds)
        assert self.outcome is not None, f"the run has not ended after {seconds} s"
        return self.outcome


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.005)


def chain(count: int) -> dict[str, Any]:
    return {f"n{n}": ("note", {"name": f"n{n}", "after": f"@n{n - 1}" if n else None}) for n in range(count)}


def nodes_with(events: Sequence[RunEvent], kind: type) -> set[str | None]:
    return {event.node for event in events if isinstance(event.body, kind)}


def assert_whole(events: Sequence[RunEvent]) -> None:
    """Gapless, one frame of run events around all others, and one end for each start."""
    assert [event.seq for event in events] == list(range(len(events)))
    assert isinstance(events[0].body, RunStarted)
    assert isinstance(events[-1].body, RunFinished)
    ended = [event.node for event in events if isinstance(event.body, (TaskCompleted, TaskCancelled))]
    assert len(set(ended)) == len(ended)
    assert nodes_with(events, TaskStarted) <= set(ended)


def test_a_paused_run_starts_nothing_until_it_is_resumed(prepare: Prepare, lab: Lab):
    runner, _, _ = prepare(chain(5))
    runner.control("pause")
    run = Background(runner)
    time.sleep(0.2)
    assert runner.paused
    assert lab["_seen"] == []
    runner.control("resume")
    assert run.end().status == "succeeded"
    assert lab["_seen"] == list(chain(5))


def test_each_step_runs_exactly_one_node(prepare: Prepare, lab: Lab):
    runner, _, events = prepare(chain(4))
    runner.control("pause")
    run = Background(runner)
    for count in (1, 2, 3, 4):
        runner.control("step")
        wait_until(lambda count=count: len(lab["_seen"]) == count)
        time.sleep(0.05)
        assert len(lab["_seen"]) == count
    assert run.end().status == "succeeded"
    assert_whole(events)


def test_a_step_runs_one_of_many_ready_nodes(prepare: Prepare, lab: Lab):
    runner, _, _ = prepare({f"n{n}": ("note", {"name": f"n{n}"}) for n in range(10)})
    runner.control("pause")
    run = Background(runner)
    runner.control("step")
    runner.control("step")
    wait_until(lambda: len(lab["_seen"]) == 2)
    time.sleep(0.1)
    assert len(lab["_seen"]) == 2
    runner.control("resume")
    run.end()
    assert len(lab["_seen"]) == 10


def test_a_breakpoint_holds_the_run_before_its_node(prepare: Prepare, lab: Lab):
    runner, tasks, _ = prepare(chain(5))
    runner.control("break", tasks["n3"])
    run = Background(runner)
    wait_until(lambda: runner.paused)
    time.sleep(0.05)
    assert lab["_seen"] == ["n0", "n1", "n2"]
    runner.control("resume")
    assert run.end().status == "succeeded"
    assert len(lab["_seen"]) == 5


def test_nodes_freed_by_resuming_run_beside_the_one_that_is_still_running(prepare: Prepare):
    """The first node waits for the second, which can only run elsewhere once the breakpoint lets it pass."""
    nodes = {"waits": ("wait_for", {"name": "go", "seconds": 3.0}), "sets": ("set_event", {"name": "go"})}
    runner, tasks, _ = prepare(nodes)
    runner.control("break", tasks["sets"])
    run = Background(runner)
    wait_until(lambda: runner.paused)
    runner.control("resume")
    assert run.end().values == [True, "go"]


def test_a_step_reaches_a_ready_node_while_another_is_running(prepare: Prepare):
    nodes = {"waits": ("wait_for", {"name": "go", "seconds": 3.0}), "sets": ("set_event", {"name": "go"})}
    runner, tasks, _ = prepare(nodes)
    runner.control("break", tasks["sets"])
    run = Background(runner)
    wait_until(lambda: runner.paused)
    runner.control("step")
    assert run.end().values == [True, "go"]


def test_what_runs_elsewhere_while_paused_ends_and_frees_what_follows(prepare: Prepare):
    nodes = {"doze": ("doze", {"seconds": 0.2}), "after": ("take_value", {"value": "@doze"})}
    runner, _, events = prepare(nodes)
    run = Background(runner)
    wait_until(lambda: "doze" in nodes_with(events, TaskStarted))
    runner.control("pause")
    time.sleep(0.4)
    assert nodes_with(events, TaskStarted) == {"doze"}
    runner.control("resume")
    assert run.end().values == [0.2, "float"]


@pytest.mark.parametrize("place", ["main", "helper"])
def test_cancel_stops_an_endless_node_within_two_seconds_and_nothing_starts_afterwards(
    prepare: Prepare, lab: Lab, place: str
):
    spin = {"spin": ("spin", {"announce": "spinning"})}
    first = {"first": ("wait_for", {"name": "never", "seconds": 20.0})} if place == "helper" else {}
    rest = {"later": ("note", {"name": "later", "after": "@spin"})}
    runner, _, events = prepare({**first, **spin, **rest})
    run = Background(runner)
    assert lab["_event"]("spinning").wait(5)
    began = time.monotonic()
    if place == "main":
        runner.control("cancel")
        outcome = run.end(2.0)
        assert time.monotonic() - began < 2.0
    else:
        # The node in the main thread waits in C and cannot be interrupted: it is let go.
        runner.control("cancel")
        lab["_event"]("never").set()
        outcome = run.end(2.0)
    assert outcome.status == "cancelled"
    assert lab["_seen"] == []
    count = len(events)
    time.sleep(0.2)
    assert len(events) == count
    assert_whole(events)
    assert nodes_with(events, TaskCancelled) >= {"spin", "later"}


def test_cancel_stops_coroutines(prepare: Prepare):
    nodes = {f"n{n}": ("doze", {"seconds": 60.0}) for n in range(20)}
    runner, _, events = prepare(nodes)
    run = Background(runner)
    wait_until(lambda: len(nodes_with(events, TaskStarted)) == 20)
    runner.control("cancel")
    assert run.end(2.0).status == "cancelled"
    assert nodes_with(events, TaskCancelled) == set(nodes)
    assert_whole(events)


def test_cancel_stops_an_endless_node_in_a_process(prepare: Prepare):
    runner, _, events = prepare({"spin": ("spin_in_process", {}), "after": ("take_value", {"value": "@spin"})})
    run = Background(runner)
    wait_until(lambda: nodes_with(events, TaskStarted) == {"spin"})
    time.sleep(0.5)
    runner.control("cancel")
    assert run.end(2.5).status == "cancelled"
    assert nodes_with(events, TaskCancelled) == {"spin", "after"}
    again, _, _ = prepare({"p": ("process_id", {})})
    assert again.run().status == "succeeded"


def test_cancel_of_a_paused_run_ends_it(prepare: Prepare, lab: Lab):
    runner, _, events = prepare(chain(3))
    runner.control("pause")
    run = Background(runner)
    runner.control("cancel")
    assert run.end(2.0).status == "cancelled"
    assert lab["_seen"] == []
    assert_whole(events)


def test_a_run_cancelled_before_it_begins_runs_nothing_and_tells_a_whole_story(prepare: Prepare, lab: Lab):
    runner, _, events = prepare(chain(3))
    runner.control("cancel")
    assert runner.run().status == "cancelled"
    assert lab["_seen"] == []
    assert nodes_with(events, TaskCancelled) == set(chain(3))
    assert_whole(events)


def test_cancelling_twice_or_after_the_end_changes_nothing(prepare: Prepare):
    runner, _, events = prepare(chain(3))
    outcome = runner.run()
    count = len(events)
    runner.control("cancel")
    runner.control("cancel")
    time.sleep(0.1)
    assert outcome.status == "succeeded"
    assert len(events) == count


def test_an_inline_node_that_waits_for_the_main_thread_does_not_start_after_cancel(prepare: Prepare, lab: Lab):
    nodes = {
        "spin": ("spin", {"announce": "spinning"}),
        "nap": ("nap", {"seconds": 0.05}),
        "inline": ("thread_inline", {"after": "@nap"}),
    }
    runner, _, events = prepare(nodes)
    run = Background(runner)
    assert lab["_event"]("spinning").wait(5)
    wait_until(lambda: "nap" in nodes_with(events, TaskCompleted))
    time.sleep(0.1)
    runner.control("cancel")
    assert run.end(3.0).status == "cancelled"
    assert lab["_seen"] == []
    assert nodes_with(events, TaskCancelled) == {"spin", "inline"}


def test_an_async_node_that_never_yields_does_not_break_the_next_run(prepare: Prepare, lab: Lab):
    runner, _, _ = prepare({"hog": ("hog", {"announce": "hogging"})})
    run = Background(runner)
    assert lab["_event"]("hogging").wait(5)
    runner.control("cancel")
    assert run.end(3.0).status == "cancelled"
    again, _, _ = prepare({"doze": ("doze", {"seconds": 0.01})})
    second = Background(again)
    try:
        assert second.end(3.0).status == "succeeded"
    finally:
        lab["_event"]("enough").set()
        again.control("cancel")


def test_runs_cancelled_at_any_moment_end_soon_and_whole(prepare: Prepare, lab: Lab):
    """Many cancellations at different moments of short nodes: the interruption may arrive between any two lines."""
    for attempt in range(40):
        adds = {f"n{n}": ("add", {"a": f"@n{n - 1}" if n % 50 else "@begin", "b": 1}) for n in range(1500)}
        runner, _, events = prepare({"begin": ("begin", {"name": f"begun{attempt}"}), **adds})
        run = Background(runner)
        assert lab["_event"](f"begun{attempt}").wait(5)
        time.sleep(0.0002 * attempt)
        runner.control("cancel")
        assert run.end(2.0).status in {"cancelled", "succeeded"}
        assert_whole(events)


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Control-C is heard, although a program in the background is started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("keyboard")
def test_control_c_at_any_moment_cancels_the_run(prepare: Prepare, lab: Lab):
    """In a run of trivial nodes the signal mostly arrives between two of them, outside of user code."""
    for attempt in range(10):
        adds = {f"n{n}": ("add", {"a": f"@n{n - 1}" if n else "@begin"}) for n in range(30_000)}
        # One keeps the run going until the signal has come, however fast the rest is.
        begun, pressed = lab["_event"](f"begun{attempt}"), lab["_event"](f"pressed{attempt}")
        first = {
            "begin": ("begin", {"name": f"begun{attempt}"}),
            "stay": ("wait_for", {"name": f"pressed{attempt}", "seconds": 20}),
        }
        runner, _, events = prepare({**first, **adds})
        sender = threading.Thread(target=press_control_c, args=(begun, 0.002 * attempt, pressed))
        escaped = ""
        outcome: Outcome | None = None
        sender.start()
        try:
            outcome = runner.run()
            sender.join()
        except KeyboardInterrupt:
            escaped = f"attempt {attempt}: it came out of run() as an exception, after {len(events)} events"
        assert not escaped
        assert outcome is not None
        assert outcome.status == "cancelled"
        assert_whole(events)


def press_control_c(begun: threading.Event, after: float, pressed: threading.Event) -> None:
    if begun.wait(5):
        time.sleep(after)
        os.kill(os.getpid(), signal.SIGINT)
    # The main thread hears of it a moment later.
    time.sleep(0.2)
    pressed.set()
