"""A worker that was started before anybody asked for one goes to whoever asks for just that."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fork_bench import fork_server_of, with_launcher
from worker_bench import is_alive, play, wait_until

from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")


def children(pid: int) -> set[int]:
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


async def first_child(launcher: Launcher) -> int:
    await asyncio.to_thread(wait_until, lambda: bool(launcher._pythons))
    await asyncio.to_thread(wait_until, lambda: launcher._pythons[sys.executable].fork_server is not None)
    await asyncio.to_thread(wait_until, lambda: bool(children(fork_server_of(launcher))))
    return next(iter(children(fork_server_of(launcher))))


def test_who_asks_for_the_same_gets_it(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        launcher.expect(spec)
        expected = await first_child(launcher)
        worker = await Worker.start(replace(spec), launcher)
        assert worker.pid == expected
        assert (await play(worker, "add", a=1)).values == {"view": 2}
        other = await Worker.start(spec, launcher)
        assert other.pid != expected
        await worker.kill()
        await other.kill()

    with_launcher(story)


def test_who_asks_at_once_gets_it_too(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        launcher.expect(spec)
        worker = await Worker.start(spec, launcher)
        assert children(fork_server_of(launcher)) == {worker.pid}
        await worker.kill()

    with_launcher(story)


def test_who_asks_for_something_else_gets_that_and_it_ends(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        launcher.expect(spec)
        expected = await first_child(launcher)
        worker = await Worker.start(replace(spec, memory_bytes=8 << 30), launcher)
        assert worker.pid != expected
        assert not is_alive(expected)
        await worker.kill()

    with_launcher(story)


def test_it_ends_with_the_launcher_when_nobody_asks(spec: WorkerSpec):
    pids: list[int] = []

    async def story(launcher: Launcher) -> None:
        launcher.expect(spec)
        pids.append(await first_child(launcher))

    with_launcher(story)
    assert not is_alive(pids[0])


def test_a_python_that_cannot_be_started_keeps_nobody_from_asking(spec: WorkerSpec, tmp_path: Path):
    async def story(launcher: Launcher) -> None:
        launcher.expect(replace(spec, python=str(tmp_path / "python")))
        worker = await Worker.start(spec, launcher)
        assert (await play(worker, "add", a=1)).values == {"view": 2}
        await worker.kill()

    with_launcher(story)
