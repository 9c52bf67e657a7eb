"""Calls in other processes that are cancelled."""

import time
from pathlib import Path

import pytest
from process_bench import Bench, Listener, wait_until

from psynapse.engine.executors.process import CancelledCall


def test_a_busy_loop_is_cancelled_at_once_and_its_process_replaced(fresh: Bench) -> None:
    busy = fresh.start("spin")
    time.sleep(0.5)
    at = time.monotonic()
    fresh.cancel(busy)
    assert isinstance(busy.failure(), CancelledCall)
    assert time.monotonic() - at < 0.9
    assert fresh.call("add", 1, 1) == 2


@pytest.mark.parametrize("name", ["tidy", "wait_for_ever"])
def test_a_cancelled_node_may_clean_up(fresh: Bench, tmp_path: Path, name: str) -> None:
    started, cleaned = tmp_path / "started", tmp_path / "cleaned"
    listener = fresh.start(name, str(started), *([str(cleaned)] if name == "tidy" else []))
    wait_until(started.exists)
    fresh.cancel(listener)
    assert isinstance(listener.failure(), CancelledCall)
    assert cleaned.exists() == (name == "tidy")


def test_a_node_that_will_not_stop_is_killed_after_a_second(fresh: Bench, tmp_path: Path) -> None:
    started = tmp_path / "started"
    listener = fresh.start("stubborn", str(started))
    wait_until(started.exists)
    at = time.monotonic()
    fresh.cancel(listener)
    assert isinstance(listener.failure(), CancelledCall)
    assert 0.9 < time.monotonic() - at < 2
    assert fresh.call("add", 1, 1) == 2


def test_a_call_cancelled_in_the_queue_never_begins(fresh: Bench, tmp_path: Path) -> None:
    busy = [fresh.start("spin") for _ in range(2)]
    mark = tmp_path / "began"
    waiting = fresh.start("stubborn", str(mark))
    fresh.cancel(waiting)
    assert isinstance(waiting.failure(), CancelledCall)
    for listener in busy:
        fresh.cancel(listener)
        listener.failure()
    assert fresh.call("add", 1, 1) == 2
    assert not mark.exists()


def test_cancelling_what_has_ended_or_never_was_changes_nothing(warm: Bench) -> None:
    listener = warm.start("add", 1, 2)
    assert listener.result() == 3
    warm.cancel(listener)
    warm.executor.cancel(10**9)
    assert warm.call("add", 2, 2) == 4
    assert listener.endings == 1


def test_calls_cancelled_at_any_moment_end_exactly_once(fresh: Bench) -> None:
    listeners: list[Listener] = []
    for number in range(12):
        listener = fresh.start("same", number)
        time.sleep(number * 0.0003)
        fresh.cancel(listener)
        listeners.append(listener)
    for listener in listeners:
        assert listener.ended.wait(30)
    assert fresh.call("add", 1, 1) == 2
    assert [listener.endings for listener in listeners] == [1] * 12


def test_a_node_that_prints_for_ever_can_be_cancelled(fresh: Bench) -> None:
    listener = fresh.start("chatter_for_ever")
    wait_until(lambda: bool(listener.heard))
    fresh.cancel(listener)
    assert isinstance(listener.failure(), CancelledCall)
