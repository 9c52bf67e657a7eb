"""Workers that a launcher starts, and what the system says about them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from worker_bench import left_of, play

from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec, marked_processes


def shown_by_system(pid: int, name: str) -> str:
    """A file of ``/proc``."""
    return Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace")


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def descriptors(pid: int | str) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def fork_server_of(launcher: Launcher) -> int:
    (known,) = launcher._pythons.values()
    assert known.fork_server is not None
    return known.fork_server.popen.pid


@asynccontextmanager
async def launching_workers() -> AsyncGenerator[Launcher]:
    launcher = Launcher()
    try:
        yield launcher
    finally:
        await launcher.close()
        assert list(marked_processes(launcher._mark)) == []


@asynccontextmanager
async def forking(spec: WorkerSpec, launcher: Launcher | None) -> AsyncGenerator[Worker]:
    worker = await Worker.start(spec, launcher)
    try:
        yield worker
    finally:
        await worker.kill()
        assert left_of(worker) == []


def with_launcher(story: Callable[[Launcher], Coroutine[Any, Any, None]]) -> None:
    async def tell() -> None:
        async with launching_workers() as launcher:
            await story(launcher)

    asyncio.run(tell())


async def values_of(spec: WorkerSpec, launcher: Launcher | None, function: str, **ports: Any) -> Any:
    worker = await Worker.start(spec, launcher)
    try:
        return (await play(worker, function, **ports)).values["view"]
    finally:
        await worker.kill()


def holds(pid: int, text: bytes) -> bool:
    """Whether it is anywhere in what a process can write to."""
    regions = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        for region in regions:
            start, end = (int(place, 16) for place in region[0].split("-"))
            if region[1].startswith("rw"):
                memory.seek(start)
                if text in memory.read(end - start):
                    return True
    return False
