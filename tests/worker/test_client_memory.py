"""A worker's memory limit: a node that is refused memory fails, one that does not cope ends its worker."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from fork_bench import fork_server_of, shown_by_system
from worker_bench import play

from psynapse.errors import WorkerError
from psynapse.worker.client import Worker, WorkerDied
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec

LIMIT = 256 << 20

EATERS = """
import ctypes, mmap, tempfile

def add(a: int) -> int:
    return a + 1

def large_pieces() -> int:
    kept = []
    while True:
        kept.append(bytearray(1 << 24))

def small_pieces() -> int:
    kept = []
    while True:
        kept.append([])

def array() -> int:
    import numpy
    return int(numpy.ones(1 << 30).sum())

def in_c() -> int:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while True:
        ctypes.memset(libc.malloc(1 << 20), 1, 1 << 20)

def in_a_program() -> int:
    import subprocess, sys
    return subprocess.run([sys.executable, "-c", "bytearray(1 << 29)"], stderr=subprocess.DEVNULL).returncode

def map_a_large_file() -> int:
    with tempfile.TemporaryFile() as file:
        file.truncate(4 << 30)
        with mmap.mmap(file.fileno(), 0) as mapped:
            return len(mapped)

def reserve_much() -> bool:
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    private_anonymous_unreserved = 0x4022
    place = libc.mmap(None, ctypes.c_size_t(64 << 30), 0, private_anonymous_unreserved, -1, ctypes.c_long(0))
    return place not in (None, ctypes.c_void_p(-1).value)

def exit_with_three() -> int:
    import os
    os._exit(3)

def kill_itself() -> int:
    import os
    os.kill(os.getpid(), 9)
"""


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("eaters")
    (folder / "eaters").mkdir()
    (folder / "eaters" / "ops.py").write_text(EATERS)
    return ((folder, "user"),)


Story = Callable[[Worker], Coroutine[Any, Any, None]]


def with_worker(spec: WorkerSpec, story: Story, *, forked: bool) -> None:
    async def tell() -> None:
        launcher = Launcher()
        worker = await Worker.start(spec, launcher if forked else None)
        try:
            await story(worker)
        finally:
            await worker.kill()
            await launcher.close()

    asyncio.run(tell())


@pytest.mark.parametrize("forked", [True, False])
@pytest.mark.parametrize("function", ["large_pieces", "small_pieces", "array"])
def test_a_node_that_eats_memory_fails_and_its_worker_goes_on(roots: Any, function: str, forked: bool):
    async def story(worker: Worker) -> None:
        played = await asyncio.wait_for(play(worker, function), 30)
        assert [(failure.error_type, played.status) for failure in played.failures] == [("MemoryError", "failed")]
        assert (await play(worker, "add", "next", a=1)).values == {"view": 2}

    with_worker(WorkerSpec(roots=roots, memory_bytes=LIMIT), story, forked=forked)


@pytest.mark.parametrize("forked", [True, False])
def test_code_that_does_not_cope_ends_its_worker_and_the_hint_names_the_limit(roots: Any, forked: bool):
    async def story(worker: Worker) -> None:
        with pytest.raises(WorkerDied, match="SIGSEGV") as caught:
            await asyncio.wait_for(play(worker, "in_c"), 30)
        assert "256 MB" in caught.value.hint
        assert "PSYNAPSE_WORKER_MEMORY_MB" in caught.value.hint
        assert worker.whereabouts == {0}

    with_worker(WorkerSpec(roots=roots, memory_bytes=LIMIT), story, forked=forked)


@pytest.mark.parametrize(("limit", "function"), [(0, "exit_with_three"), (LIMIT, "kill_itself")])
def test_memory_is_not_blamed_where_it_cannot_have_been_the_reason(roots: Any, limit: int, function: str):
    async def story(worker: Worker) -> None:
        with pytest.raises(WorkerDied) as caught:
            await play(worker, function)
        assert "memory" not in caught.value.hint

    with_worker(WorkerSpec(roots=roots, memory_bytes=limit), story, forked=True)


def test_what_is_reserved_or_mapped_does_not_count_and_programs_have_the_same_limit(roots: Any):
    async def story(worker: Worker) -> None:
        assert (await play(worker, "map_a_large_file", "one")).values == {"view": 4 << 30}
        assert (await play(worker, "reserve_much", "two")).values == {"view": True}
        assert (await play(worker, "in_a_program", "three")).values == {"view": 1}

    with_worker(WorkerSpec(roots=roots, memory_bytes=LIMIT), story, forked=True)


def test_the_limit_of_one_worker_is_not_that_of_another(roots: Any):
    async def story() -> None:
        launcher = Launcher()
        limited = await Worker.start(WorkerSpec(roots=roots, memory_bytes=LIMIT), launcher)
        free = await Worker.start(WorkerSpec(roots=roots), launcher)
        assert "Max data size             268435456" in shown_by_system(limited.pid, "limits")
        for pid in (free.pid, fork_server_of(launcher)):
            assert "Max data size             unlimited" in shown_by_system(pid, "limits")
        await launcher.close()
        await asyncio.gather(limited.kill(), free.kill())

    asyncio.run(story())


def test_a_limit_below_what_a_worker_needs_is_an_error_that_names_it(roots: Any):
    async def story() -> None:
        with pytest.raises(WorkerError) as caught:
            await Worker.start(WorkerSpec(roots=roots, memory_bytes=1 << 20))
        assert "1 MB of memory" in caught.value.hint

    asyncio.run(story())
