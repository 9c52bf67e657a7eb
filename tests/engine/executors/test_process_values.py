"""Large values on their way to other processes, and many calls at once."""

import gc
import queue
from pathlib import Path

import numpy as np
import pytest
from process_bench import Bench, Listener, wait_until

from psynapse.engine.executors.process import ProcessCall


def test_a_large_array_passes_through_without_a_copy_and_is_read_only(fresh: Bench) -> None:
    value: object = np.arange(4_000_000, dtype=np.uint8)
    for _ in range(4):
        value = fresh.call("same", value)
    assert isinstance(value, np.ndarray)
    assert np.array_equal(value, np.arange(4_000_000, dtype=np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        value[0] = 1
    assert 4_000_000 <= fresh.executor.pool.sizes()[0] < 8_000_000


def test_changing_an_argument_in_place_fails_in_the_node(warm: Bench) -> None:
    listener = warm.start("change", np.zeros(2_000_000))
    assert "read-only" in str(listener.failure())


def test_memory_is_free_again_when_the_arrays_are_gone(fresh: Bench) -> None:
    value = fresh.call("zeros", 5_000_000)
    assert fresh.call("total", value) == 0
    del value
    gc.collect()
    wait_until(lambda: fresh.executor.pool.sizes()[0] == 0)
    kept = fresh.executor.pool.sizes()[1]
    for _ in range(5):
        assert isinstance(fresh.call("zeros", 5_000_000), np.ndarray)
    wait_until(lambda: fresh.executor.pool.sizes()[0] == 0)
    assert fresh.executor.pool.sizes()[1] <= 2 * kept


def test_two_calls_run_at_the_same_time_in_two_processes(fresh: Bench, tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    first, second = fresh.start("meet", one, two), fresh.start("meet", two, one)
    assert first.result() != second.result()


def test_more_calls_than_children_are_carried_out_in_order(warm: Bench) -> None:
    ended: queue.SimpleQueue[object] = queue.SimpleQueue()

    class Orderly(Listener):
        def succeeded(self, value: object) -> None:
            ended.put(value)

    for number in range(50):
        warm.executor.submit(ProcessCall(warm.address("same"), (number,), {}, False, False), Orderly())
    assert [ended.get(timeout=30) for _ in range(50)] == list(range(50))


def test_a_receiver_may_submit_the_next_call(fresh: Bench) -> None:
    last = Listener()

    class Chain(Listener):
        def succeeded(self, value: object) -> None:
            assert isinstance(value, int)
            following = Chain() if value < 10 else last
            fresh.executor.submit(ProcessCall(fresh.address("add"), (value, 1), {}, False, False), following)

    fresh.executor.submit(ProcessCall(fresh.address("add"), (0, 1), {}, False, False), Chain())
    assert last.result() == 11
