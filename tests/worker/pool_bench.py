"""Pools of real workers, and what is run in them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from worker_bench import is_alive, play

from psynapse.worker.client import Worker
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec
from psynapse.worker.starting import PoolRules

OPS = """
import os

VERSION = 1
runs = 0
held = b""

def count_runs() -> int:
    global runs
    runs += 1
    return runs

def version() -> int:
    return VERSION

def environment(name: str) -> str:
    return os.environ.get(name, "")

def hold(megabytes: int) -> int:
    global held
    held = b"x" * (megabytes << 20)
    return len(held)
"""
NO_VARIABLES: Mapping[str, str] = {}


def write_pack(folder: Path, source: str = OPS) -> Path:
    (folder / "pack").mkdir(parents=True, exist_ok=True)
    (folder / "pack" / "ops.py").write_text(source)
    return folder


def nobody_listens(position: int) -> None:
    """Positions that do not matter."""


@asynccontextmanager
async def pool_of(packs: Path, limit: int = 4, rules: PoolRules | None = None) -> AsyncGenerator[WorkerPool]:
    """A pool with its first worker. In the end it is closed, and of its workers nothing may be left."""
    pool = WorkerPool(WorkerSpec(roots=((packs, "user"),)), limit, rules=rules)
    await pool.start()
    try:
        yield pool
    finally:
        left = [worker.pid for worker in workers_of(pool)]
        await pool.close()
        assert not [pid for pid in left if is_alive(pid)]


def workers_of(pool: WorkerPool) -> list[Worker]:
    return list(pool._workers.values())


def lease(
    pool: WorkerPool, home: str = "", env: Mapping[str, str] = NO_VARIABLES, *, fresh: bool = False
) -> Awaitable[Worker]:
    return asyncio.wait_for(pool.lease(env, nobody_listens, home, fresh=fresh), 20)


def wait(
    pool: WorkerPool, home: str = "", env: Mapping[str, str] = NO_VARIABLES
) -> "tuple[asyncio.Task[Worker], list[int]]":
    """A lease that is asked for, and the positions it is told."""
    told: list[int] = []
    return asyncio.create_task(pool.lease(env, told.append, home)), told


async def run(
    pool: WorkerPool, function: str, home: str = "", env: Mapping[str, str] = NO_VARIABLES, **ports: Any
) -> Any:
    """What a node gives in a run of its own."""
    worker = await lease(pool, home, env)
    try:
        return await value(worker, function, **ports)
    finally:
        pool.release(worker)


async def value(worker: Worker, function: str, **ports: Any) -> Any:
    return (await play(worker, function, **ports)).values["view"]


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        await asyncio.sleep(0.01)


def states(pool: WorkerPool) -> list[str]:
    return sorted(place.state for place in pool._leases.places)


async def at_rest(pool: WorkerPool) -> None:
    """Nothing comes up and nothing ends."""
    await until(lambda: not {"planned", "starting", "ending"} & set(states(pool)))
