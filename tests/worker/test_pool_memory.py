"""Pools whose workers hold real memory, more than they may."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pool_bench import at_rest, lease, pool_of, run, states, until, value, wait, workers_of, write_pack

from psynapse.worker.client import Worker
from psynapse.worker.memory import held_bytes
from psynapse.worker.pool import WorkerPool
from psynapse.worker.starting import PoolRules

MEGABYTE = 1 << 20
Story = Callable[[WorkerPool], Awaitable[None]]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("packs"))


def tell(packs: Path, story: Story, megabytes: int) -> None:
    async def scene() -> None:
        async with pool_of(packs, rules=PoolRules(memory_bytes=megabytes * MEGABYTE)) as pool:
            await story(pool)

    asyncio.run(scene())


async def holding(pool: WorkerPool, home: str, megabytes: int) -> Worker:
    """A home's worker that is leased and holds memory."""
    worker = await lease(pool, home)
    await value(worker, "hold", megabytes=megabytes)
    # A reserve that comes up meanwhile may have been allowed before.
    await at_rest(pool)
    return worker


def test_without_memory_a_run_waits_until_a_lease_is_released(packs: Path):
    async def story(pool: WorkerPool) -> None:
        large = await holding(pool, "flow", 300)
        others = [await lease(pool) for _ in workers_of(pool)[1:]]
        waiting, told = wait(pool)
        await asyncio.sleep(0.5)
        assert not waiting.done()
        assert told == [1]
        assert len(workers_of(pool)) == 1 + len(others)
        pool.release(large)
        assert await waiting is large
        assert told == [1, 0]

    tell(packs, story, megabytes=200)


def test_what_waits_for_memory_with_other_variables_gets_a_new_worker_in_the_end(packs: Path):
    async def story(pool: WorkerPool) -> None:
        large = await holding(pool, "flow", 300)
        waiting, told = wait(pool, env={"COLOUR": "red"})
        await asyncio.sleep(0.5)
        assert told == [1]
        # A reserve that had come up makes room; it may take its time to end.
        await until(lambda: workers_of(pool) == [large])
        pool.release(large)
        assert await value(await waiting, "environment", name="COLOUR") == "red"
        assert told == [1, 0]
        assert not large.alive

    tell(packs, story, megabytes=200)


def test_idle_workers_end_until_another_fits_the_one_used_longest_ago_first(packs: Path):
    async def story(pool: WorkerPool) -> None:
        homes = ["one", "two", "three"]
        workers = [await holding(pool, home, 100) for home in homes]
        for worker in workers:
            pool.release(worker)
        # Used again, so that it is not the one used longest ago any more.
        await run(pool, "version", "one")
        assert held_bytes([worker.pid for worker in workers]) > 320 * MEGABYTE
        assert await run(pool, "environment", env={"COLOUR": "red"}, name="COLOUR") == "red"
        assert [worker.alive for worker in workers] == [True, False, True]

    tell(packs, story, megabytes=320)


def test_one_worker_may_run_however_little_memory_there_is(packs: Path):
    async def story(pool: WorkerPool) -> None:
        first = await lease(pool)
        second, told = wait(pool, env={"COLOUR": "red"})
        await asyncio.sleep(0.3)
        assert (told, states(pool)) == ([1], ["leased"])
        pool.release(first)
        assert await value(await second, "environment", name="COLOUR") == "red"
        assert not first.alive

    tell(packs, story, megabytes=0)
