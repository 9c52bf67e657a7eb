"""Nodes that end or ruin their worker: each costs its own run, the message says what happened, nothing is left."""

import asyncio
import os
import resource
import signal
import time
from pathlib import Path

import pytest
from worker_bench import is_alive, left_of, play, play_until_busy, working

from psynapse.worker.client import Worker, WorkerDied
from psynapse.worker.process import WorkerSpec

DEATHS = [
    ("exit_at_once", "exit code 3"),
    ("segfault", "SIGSEGV"),
    ("abort", "SIGABRT"),
    ("end_by_a_nameless_signal", "signal 39"),
    ("close_everything", "lost its connection"),
    ("close_everything_and_stay", "lost its connection"),
    ("write_into_everything", "lost its connection"),
]


@pytest.mark.parametrize(("function", "words"), DEATHS)
def test_a_node_that_ends_its_worker_costs_its_own_run_and_no_other(spec: WorkerSpec, function: str, words: str):
    async def story() -> None:
        async with working(spec) as other, working(spec) as worker:
            napping = asyncio.create_task(play(other, "nap", seconds=0.3))
            with pytest.raises(WorkerDied, match=words) as caught:
                await asyncio.wait_for(play(worker, function), 10)
            assert caught.value.hint
            assert not worker.alive
            assert worker.whereabouts
            with pytest.raises(WorkerDied, match=words):
                await play(worker, "add", a=1)
            assert left_of(worker) == []
            async with working(spec) as fresh:
                assert (await play(fresh, "add", a=1)).values == {"view": 2}
            assert (await napping).values == {"view": 0.3}

    asyncio.run(story())


def test_what_a_worker_said_before_it_died_is_heard(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            await play(worker, "count", keep=True, to=300_000)
            asking = asyncio.create_task(
                worker.fetch({"run": "run", "node": "node", "handle": "", "start": 0, "count": 0})
            )
            await asyncio.sleep(0)
            worker._writer.write_eof()
            assert len(await asyncio.wait_for(asking, 10)) > 1_000_000

    asyncio.run(story())


@pytest.mark.parametrize("size", [0, 1_000, 1_000_000])
def test_what_a_worker_wrote_before_it_died_reaches_its_listener(spec: WorkerSpec, size: int):
    async def story() -> None:
        async with working(spec) as worker:
            heard: list[bytes] = []
            worker.output.listener = lambda _, content: heard.append(content)
            with pytest.raises(WorkerDied, match="exit code 3"):
                await play(worker, "write_and_exit", size=size)
            assert b"".join(heard) == b"x" * size + b"last words"

    asyncio.run(story())


@pytest.mark.parametrize("function", ["fork_and_stay", "hang_in_python", "hang_in_c"])
def test_a_worker_killed_in_mid_run_is_noticed_at_once_whoever_keeps_its_sockets_open(spec: WorkerSpec, function: str):
    async def story() -> None:
        async with working(spec) as worker:
            playing = await play_until_busy(worker, function)
            at = time.monotonic()
            os.kill(worker.pid, signal.SIGKILL)
            with pytest.raises(WorkerDied, match="SIGKILL"):
                await asyncio.wait_for(playing, 5)
            assert time.monotonic() - at < 1
            assert left_of(worker) == []

    asyncio.run(story())


def test_a_worker_that_dies_while_idle_is_noticed_before_the_next_run(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            os.kill(worker.pid, signal.SIGTERM)
            async with asyncio.timeout(5):
                await worker._died.wait()
            with pytest.raises(WorkerDied, match="SIGTERM"):
                await play(worker, "add", a=1)

    asyncio.run(story())


def test_a_node_that_comes_back_twice_is_answered_once(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            for run in ("first", "second", "third"):
                played = await play(worker, "return_twice", run)
                assert (played.values, played.completed()) == ({"view": 1}, 2)
                assert (await play(worker, "add", f"after {run}", a=1)).values == {"view": 2}

    asyncio.run(story())


def test_memory_that_a_node_leaks_is_let_go_with_its_failure(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            # Far from what the machine has: the machine itself is not to be tried.
            resource.prlimit(worker.pid, resource.RLIMIT_AS, (1 << 30, 1 << 30))
            played = await play(worker, "leak_memory")
            assert [failure.error_type for failure in played.failures] == ["MemoryError"]
            assert (await play(worker, "count", "next", to=3)).values == {"view": [0, 1, 2]}

    asyncio.run(story())


def test_folder_alarm_and_signal_handlers_of_one_run_are_not_those_of_the_next(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            assert (await play(worker, "change_surroundings")).values == {"view": "/"}
            assert (await play(worker, "folder", "second")).values == {"view": str(Path.cwd())}
            assert (await play(worker, "run_program", "third")).values == {"view": 5}
            assert (await play(worker, "nap", "fourth", seconds=1.2)).values == {"view": 1.2}
            playing = await play_until_busy(worker, "hang_in_c", "fifth")
            worker.control({"run": "fifth", "verb": "cancel", "task": -1})
            assert (await asyncio.wait_for(playing, 5)).status == "cancelled"

    asyncio.run(story())


def test_nothing_is_left_of_workers_that_end_in_every_way(spec: WorkerSpec):
    async def story() -> list[int]:
        idle, dying, busy = await asyncio.gather(*(Worker.start(spec) for _ in range(3)))
        playing = await play_until_busy(busy, "eat_sigint")
        with pytest.raises(WorkerDied):
            await play(dying, "exit_at_once")
        await asyncio.gather(idle.stop(), dying.kill(), busy.kill(), busy.kill())
        with pytest.raises(WorkerDied):
            await playing
        assert left_of(idle) + left_of(dying) + left_of(busy) == []
        return [idle.pid, dying.pid, busy.pid]

    before = len(list(Path("/proc/self/fd").iterdir()))
    pids = asyncio.run(story())
    assert not any(is_alive(pid) for pid in pids)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
