"""Records are told once each, in order, and let go; what is shown in part only is handed on before it is told."""

import gc
import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any

import pytest

from psynapse.engine.recorder import Recorder
from psynapse.engine.records import COMPLETED, Record
from psynapse.model.events import RunEvent, TaskCompleted, TaskProgress, TaskStarted
from psynapse.model.ids import NodeId

NODES = [NodeId("a"), NodeId("b")]


class Watched(float):
    """A number that can be seen to go."""


def test_what_was_told_is_let_go_during_the_run():
    told: list[int] = []
    recorder = Recorder(NODES, lambda events: told.extend(event.seq for event in events))
    number = Watched(1.5)
    gone = weakref.ref(number)
    recorder.records.append((time.perf_counter(), 0, COMPLETED, number))
    del number
    assert gone()
    recorder.tell()
    gc.collect()
    assert gone() is None
    recorder.close()
    assert told == [0]


def test_records_do_not_pile_up_while_a_run_floods_its_listener():
    seen: list[int] = []
    most = 0
    recorder = Recorder(NODES, lambda events: seen.extend(event.seq for event in events))
    for number in range(30_000):
        recorder.add(0, TaskProgress(number / 30_000))
        if number % 1000 == 999:
            recorder.tell()
            most = max(most, len(recorder.records))
    recorder.close()
    assert most == 0
    assert seen == list(range(30_000))


def test_who_says_more_than_the_listener_can_hear_waits_for_it():
    hearing = threading.Event()
    heard: list[int] = []

    def listen(events: Sequence[RunEvent]) -> None:
        assert hearing.wait(30)
        heard.extend(event.seq for event in events)

    recorder = Recorder(NODES, listen)
    node = threading.Thread(target=lambda: [recorder.add(0, TaskProgress(0.5)) for _ in range(50_000)])
    node.start()
    time.sleep(0.5)
    assert node.is_alive()
    assert len(recorder.records) <= 20_001
    hearing.set()
    node.join(30)
    recorder.close()
    assert heard == list(range(50_000))


def test_nothing_is_lost_or_told_twice_when_many_threads_record():
    events: list[RunEvent] = []
    recorder = Recorder(NODES, events.extend)

    def record(thread: int) -> None:
        for number in range(3000):
            recorder.add(thread % 2, TaskProgress(0.5, f"{thread}-{number}"))

    threads = [threading.Thread(target=record, args=(thread,)) for thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.close()
    assert [event.seq for event in events] == list(range(18_000))
    told = [event.body.message for event in events if isinstance(event.body, TaskProgress)]
    for thread in range(6):
        own = [text for text in told if text.startswith(f"{thread}-")]
        assert own == [f"{thread}-{number}" for number in range(3000)]


def test_a_listener_that_raises_is_told_no_more_and_nothing_piles_up():
    def refuse(events: Sequence[RunEvent]) -> None:
        raise RuntimeError("broken viewer")

    recorder = Recorder(NODES, refuse)
    for _ in range(100):
        recorder.add(0, TaskStarted())
        recorder.tell()
    assert recorder.records == []
    with pytest.raises(RuntimeError, match="broken viewer"):
        recorder.close()


def test_a_reused_result_says_where_it_was():
    events: list[RunEvent] = []
    recorder = Recorder(NODES, events.extend)
    recorder.reused(1, 42, "from disk")
    recorder.close()
    assert events[0].body == TaskCompleted(42, cached=True, why="from disk")


def test_what_is_shown_in_part_only_is_handed_on_before_it_is_told():
    order: list[Any] = []

    def told(records: Sequence[Record]) -> None:
        order.extend(("told", task) for _, task, code, _ in records if code == COMPLETED)

    recorder = Recorder(NODES, None, told, on_truncated=lambda task, value: order.append((task, value)))
    large = list(range(100_000))
    recorder.completed(0, [1, 2])
    recorder.completed(1, large)
    recorder.close()
    assert order.index((1, large)) < order.index(("told", 1))
    assert [item for item in order if item[0] != "told"] == [(1, large)]
