"""Locks on generations: shared by workers, exclusive for whoever takes one away."""

import asyncio
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from worker_bench import is_alive, wait_until

from psynapse.errors import WorkerError
from psynapse.worker.client import Worker
from psynapse.worker.in_use import GenerationGone, InUse
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "in-use"
    path.touch()
    return path


@contextmanager
def exclusively(path: Path) -> Generator[None]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def is_free(path: Path) -> bool:
    try:
        with exclusively(path):
            return True
    except BlockingIOError:
        return False


def test_several_may_share_a_lock_and_each_gives_its_own_back(lock: Path):
    one, two = InUse(lock), InUse(lock)
    one.release()
    one.release()
    assert not is_free(lock)
    two.release()
    assert is_free(lock)


def test_a_generation_that_is_gone_or_going_is_an_error(lock: Path, tmp_path: Path):
    with pytest.raises(GenerationGone, match="not there any more"):
        InUse(tmp_path / "nothing" / "in-use")
    with exclusively(lock), pytest.raises(GenerationGone, match="is being removed") as caught:
        InUse(lock)
    assert caught.value.hint
    assert is_free(lock)


@pytest.mark.parametrize("forked", [True, False])
def test_a_worker_holds_the_lock_as_long_as_it_lives(spec: WorkerSpec, lock: Path, *, forked: bool):
    async def story() -> None:
        launcher = Launcher() if forked else None
        one = await Worker.start(replace(spec, in_use=lock), launcher)
        two = await Worker.start(replace(spec, in_use=lock), launcher)
        await one.stop()
        assert not is_free(lock)
        os.kill(two.pid, 9)
        await two.ended()
        assert is_free(lock)
        await two.kill()
        if launcher:
            await launcher.close()

    asyncio.run(story())


def test_a_worker_that_does_not_come_up_holds_nothing(spec: WorkerSpec, lock: Path, tmp_path: Path):
    for wrong in (replace(spec, python=str(tmp_path / "nowhere")), replace(spec, memory_bytes=1)):
        with pytest.raises(WorkerError):
            asyncio.run(Worker.start(replace(wrong, in_use=lock)))
        assert is_free(lock)


def test_no_worker_is_started_from_a_generation_that_is_going(spec: WorkerSpec, lock: Path):
    with exclusively(lock), pytest.raises(GenerationGone):
        asyncio.run(Worker.start(replace(spec, in_use=lock)))


SERVER = """
import asyncio, sys
from pathlib import Path
from psynapse.worker.client import Worker
from psynapse.worker.process import WorkerSpec

async def main():
    worker = await Worker.start(WorkerSpec(roots=(), in_use=Path(sys.argv[1])))
    print(worker.pid, flush=True)
    await asyncio.sleep(100)

asyncio.run(main())
"""


def test_a_server_that_is_killed_leaves_no_lock(spec: WorkerSpec, lock: Path):
    import subprocess

    server = subprocess.Popen([spec.python, "-c", SERVER, str(lock)], stdout=subprocess.PIPE)
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    assert not is_free(lock)
    server.kill()
    server.communicate()
    wait_until(lambda: is_free(lock) and not is_alive(worker))
