"""How forked workers and their fork server end, and that nothing is left of them."""

import asyncio
import os
import resource
import select
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fork_bench import descriptors, fork_server_of, forking, parent_of, shown_by_system, values_of, with_launcher
from worker_bench import is_alive, left_of, play, play_until_busy, wait_until, working

from psynapse.errors import WorkerError
from psynapse.worker import fork_server_process
from psynapse.worker import launcher as launching
from psynapse.worker.client import Worker, WorkerDied
from psynapse.worker.forked import ForkedProcess
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec, marked_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")


DEATHS = [
    ("exit_at_once", "exit code 3"),
    ("segfault", "SIGSEGV"),
    ("abort", "SIGABRT"),
    ("end_by_a_nameless_signal", "signal 39"),
    ("close_everything", "lost its connection"),
    ("close_everything_and_stay", "lost its connection"),
]


@pytest.mark.parametrize(("function", "words"), DEATHS)
def test_a_node_that_ends_a_forked_worker_is_reported_as_in_a_spawned_one(spec: WorkerSpec, function: str, words: str):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as other, forking(spec, launcher) as worker:
            with pytest.raises(WorkerDied, match=words):
                await asyncio.wait_for(play(worker, function), 10)
            assert worker.whereabouts
            assert left_of(worker) == []
            assert (await play(other, "add", a=1)).values == {"view": 2}

    with_launcher(story)


@pytest.mark.parametrize("function", ["fork_and_return", "daemonise", "start_program"])
def test_what_a_node_has_started_goes_with_its_forked_worker(spec: WorkerSpec, tmp_path: Path, function: str):
    ports: dict[str, Any] = {"fork_and_return": {"seconds": 1000.0}, "daemonise": {"pidfile": str(tmp_path / "pid")}}

    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as other, forking(spec, launcher) as worker:
            left = (await play(worker, function, **ports.get(function, {}))).values["view"]
            assert isinstance(left, int)
            assert sorted(left_of(worker)) == sorted([worker.pid, left])
            await worker.kill()
            await asyncio.to_thread(wait_until, lambda: not is_alive(left))
            assert other.alive

    with_launcher(story)


def test_a_daemon_goes_when_its_forked_worker_ends_by_itself(spec: WorkerSpec, tmp_path: Path):
    pidfile = tmp_path / "pid"

    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as worker:
            with pytest.raises(WorkerDied, match="exit code 3"):
                await play(worker, "daemonise_and_exit", pidfile=str(pidfile))
        await asyncio.to_thread(wait_until, lambda: not is_alive(int(pidfile.read_text())))

    with_launcher(story)


def test_the_end_of_a_worker_is_reported_though_others_that_ended_before_are_released_later(spec: WorkerSpec):
    """The fork server has the numbers of their descriptors again by then."""

    async def story(launcher: Launcher) -> None:
        first = [await launcher.start_worker(spec) for _ in range(4)]
        for process in first:
            os.kill(process.popen.pid, signal.SIGKILL)
            await asyncio.to_thread(wait_until, lambda pid=process.popen.pid: not is_alive(pid))
        # Each end is seen in its turn: the fork server has seen the others' when it has forked these.
        later = [await launcher.start_worker(spec) for _ in range(4)]
        assert [await asyncio.to_thread(process.popen.wait, 10) for process in first] == [-signal.SIGKILL] * 4
        later.append(await launcher.start_worker(spec))
        for process in later:
            os.kill(process.popen.pid, signal.SIGKILL)
            assert isinstance(process.popen, ForkedProcess)
            reported, _, _ = await asyncio.to_thread(select.select, [process.popen._report], [], [], 10)
            assert reported
            assert await asyncio.to_thread(process.popen.wait, 10) == -signal.SIGKILL
        for process in (*first, *later):
            process.close()

    with_launcher(story)


# The three standard ones, its socket, and what it watches its server by.
IDLE_DESCRIPTORS = 5


def test_no_descriptor_is_left_anywhere(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with working(spec) as spawned, forking(spec, launcher):
            expected = descriptors(spawned.pid)
            fork_server = fork_server_of(launcher)
            await asyncio.to_thread(wait_until, lambda: "PIL" in shown_by_system(fork_server, "maps"))
        await asyncio.to_thread(wait_until, lambda: descriptors(fork_server) == IDLE_DESCRIPTORS)
        before = descriptors("self")
        async with forking(spec, launcher) as one, forking(spec, launcher) as other:
            assert [descriptors(worker.pid) for worker in (one, other)] == [expected] * 2
            with pytest.raises(WorkerDied):
                await play(other, "exit_at_once")
        await asyncio.to_thread(wait_until, lambda: descriptors(fork_server) == IDLE_DESCRIPTORS)
        assert descriptors("self") == before

    before = descriptors("self")
    with_launcher(story)
    assert descriptors("self") == before


def test_a_start_that_is_given_up_leaves_no_worker(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        await values_of(spec, launcher, "add", a=1)
        for steps in range(1, 6):
            starting = asyncio.create_task(launcher.start_worker(spec))
            for _ in range(steps):
                await asyncio.sleep(0)
            starting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await starting
        assert list(marked_processes(launcher._mark)) == [fork_server_of(launcher)]

    with_launcher(story)


# The fork server's own end


@pytest.mark.parametrize("function", ["hang_in_python", "hang_in_c", "eat_sigint"])
def test_a_fork_server_that_is_killed_costs_its_workers_and_the_next_start_works(spec: WorkerSpec, function: str):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as idle, forking(spec, launcher) as worker:
            first = fork_server_of(launcher)
            playing = await play_until_busy(worker, function)
            os.kill(first, signal.SIGKILL)
            with pytest.raises(WorkerDied, match="SIGKILL"):
                await asyncio.wait_for(playing, 5)
            await asyncio.wait_for(idle._died.wait(), 5)
            async with forking(spec, launcher) as fresh:
                assert (await play(fresh, "add", a=1)).values == {"view": 2}
                assert parent_of(fresh.pid) == fork_server_of(launcher) != first

    with_launcher(story)


def test_a_daemon_goes_when_its_worker_dies_with_the_fork_server(spec: WorkerSpec, tmp_path: Path):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as worker:
            left = (await play(worker, "daemonise", pidfile=str(tmp_path / "pid"))).values["view"]
            assert isinstance(left, int)
            os.kill(fork_server_of(launcher), signal.SIGKILL)
            await asyncio.wait_for(worker._died.wait(), 5)
        await asyncio.to_thread(wait_until, lambda: not is_alive(left))

    with_launcher(story)


def test_a_fork_server_that_dies_before_it_answers_is_replaced(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        launcher.prepare()
        first = fork_server_of(launcher)
        starting = asyncio.create_task(Worker.start(spec, launcher))
        await asyncio.sleep(0.05)
        os.kill(first, signal.SIGKILL)
        worker = await starting
        assert (await play(worker, "add", a=1)).values == {"view": 2}
        await worker.kill()

    with_launcher(story)


def test_a_fork_server_that_does_not_answer_is_done_without(spec: WorkerSpec, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(launching, "_START_SECONDS", 0.3)
    monkeypatch.setattr(fork_server_process, "_END_SECONDS", 0.3)

    async def story(launcher: Launcher) -> None:
        launcher.prepare()
        os.kill(fork_server_of(launcher), signal.SIGSTOP)
        for _ in range(2):
            async with forking(spec, launcher) as worker:
                assert parent_of(worker.pid) == os.getpid()

    with_launcher(story)


def test_a_closed_launcher_has_ended_its_workers_and_starts_no_more(spec: WorkerSpec):
    async def story() -> None:
        launcher = Launcher()
        forked, spawned = (
            await Worker.start(spec, launcher),
            await Worker.start(replace(spec, env={"OMP_NUM_THREADS": "1"}), launcher),
        )
        await launcher.close()
        await launcher.close()
        await asyncio.to_thread(wait_until, lambda: not (is_alive(forked.pid) or is_alive(spawned.pid)))
        with pytest.raises(WorkerError, match="the server is ending"):
            await launcher.start_worker(spec)
        await asyncio.gather(forked.kill(), spawned.kill())

    asyncio.run(story())


def test_a_fork_server_without_room_for_more_open_files_costs_no_worker(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as worker:
            fork_server = fork_server_of(launcher)
            resource.prlimit(fork_server, resource.RLIMIT_NOFILE, (descriptors(fork_server) + 4, 4096))
            async with forking(spec, launcher) as spawned:
                assert parent_of(spawned.pid) == os.getpid()
                assert (await play(spawned, "add", a=1)).values == {"view": 2}
            assert (await play(worker, "add", a=1)).values == {"view": 2}
            resource.prlimit(fork_server, resource.RLIMIT_NOFILE, (4096, 4096))
            async with forking(spec, launcher) as forked:
                assert parent_of(forked.pid) == fork_server

    with_launcher(story)
