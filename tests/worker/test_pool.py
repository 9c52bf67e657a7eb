"""Real workers lent to one run at a time: homes, queue, limit, environment variables, the end."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pool_bench import at_rest, lease, nobody_listens, pool_of, run, states, until, value, wait, workers_of, write_pack
from worker_bench import is_alive

from psynapse.errors import WorkerError
from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec
from psynapse.worker.starting import PoolRules

Story = Callable[[WorkerPool], Awaitable[None]]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("packs"))


def tell(packs: Path, story: Story, limit: int = 4, rules: PoolRules | None = None) -> None:
    async def scene() -> None:
        async with pool_of(packs, limit, rules) as pool:
            await story(pool)

    asyncio.run(scene())


async def everything_said() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


# Homes


def test_the_runs_of_a_home_find_what_its_last_one_left_behind(packs: Path):
    async def story(pool: WorkerPool) -> None:
        assert await run(pool, "count_runs", "flow") == 1
        await at_rest(pool)
        assert await run(pool, "count_runs", "other") == 1
        await at_rest(pool)
        assert await run(pool, "count_runs") == 1
        assert [await run(pool, "count_runs", "flow") for _ in range(3)] == [2, 3, 4]

    tell(packs, story)


def test_a_busy_home_keeps_only_its_own_runs_waiting(packs: Path):
    async def story(pool: WorkerPool) -> None:
        mine = await lease(pool, "flow")
        second, told = wait(pool, "flow")
        third, told_third = wait(pool, "flow")
        # They ask in this order; from Python 3.12 on, what is waited for here would come first.
        await asyncio.sleep(0)
        others = [await lease(pool, "other"), await lease(pool)]
        assert mine not in others
        assert (told, told_third) == ([1], [2])
        pool.release(mine)
        assert await second is mine
        assert (told, told_third) == ([1, 0], [2, 1])
        pool.release(mine)
        assert await third is mine

    tell(packs, story)


def test_a_home_whose_worker_died_gets_another_one(packs: Path):
    async def story(pool: WorkerPool) -> None:
        mine = await lease(pool, "flow")
        waiting, _ = wait(pool, "flow")
        await mine.kill()
        pool.release(mine)
        assert await value(await waiting, "count_runs") == 1

    tell(packs, story)


def test_where_there_is_room_for_one_worker_a_home_gives_it_to_others(packs: Path):
    async def story(pool: WorkerPool) -> None:
        assert await run(pool, "count_runs", "flow") == 1
        assert await run(pool, "count_runs", "other") == 2
        assert await run(pool, "count_runs") == 3
        assert states(pool) == ["idle"]

    tell(packs, story, limit=1)


def test_a_fresh_worker_remembers_nothing_and_the_home_s_old_one_ends(packs: Path):
    async def story(pool: WorkerPool) -> None:
        assert await run(pool, "count_runs", "flow") == 1
        old = await lease(pool, "flow")
        pool.release(old)
        fresh = await lease(pool, "flow", fresh=True)
        assert await value(fresh, "count_runs") == 1
        await until(lambda: not old.alive)
        pool.release(fresh)
        assert await run(pool, "count_runs", "flow") == 2

    tell(packs, story)


# The queue


def test_more_runs_than_workers_wait_in_order_and_are_told_exactly(packs: Path):
    async def story(pool: WorkerPool) -> None:
        leased = [await lease(pool), await lease(pool)]
        waiting = [wait(pool) for _ in range(4)]
        await everything_said()
        assert [told for _, told in waiting] == [[1], [2], [3], [4]]
        waiting[1][0].cancel()
        await everything_said()
        assert [told for _, told in waiting] == [[1], [2], [3, 2], [4, 3]]
        pool.release(leased[0])
        assert await waiting[0][0] is leased[0]
        assert [told for _, told in waiting] == [[1, 0], [2], [3, 2, 1], [4, 3, 2]]
        pool.release(leased[1])
        assert await waiting[2][0] is leased[1]
        pool.release(leased[0])
        assert await waiting[3][0] is leased[0]
        assert waiting[3][1] == [4, 3, 2, 1, 0]
        assert len(workers_of(pool)) == 2

    tell(packs, story, limit=2)


def test_a_run_cancelled_just_when_it_gets_a_worker_keeps_none(packs: Path):
    async def story(pool: WorkerPool) -> None:
        worker = await lease(pool)
        for release_first in (True, False):
            waiting, _ = wait(pool)
            await asyncio.sleep(0)
            steps = [lambda: pool.release(worker), waiting.cancel]
            for step in steps if release_first else reversed(steps):
                step()
            await asyncio.gather(waiting, return_exceptions=True)
            assert waiting.cancelled()
            assert await lease(pool) is worker

    tell(packs, story, limit=1)


def test_what_was_started_for_a_cancelled_run_serves_the_next(packs: Path):
    async def story(pool: WorkerPool) -> None:
        waiting, _ = wait(pool, env={"COLOUR": "red"})
        await until(lambda: "starting" in states(pool))
        waiting.cancel()
        red = await lease(pool, env={"COLOUR": "red"})
        assert len([worker for worker in workers_of(pool) if worker.spec.env]) == 1
        pool.release(red)

    tell(packs, story)


def test_whatever_is_asked_a_worker_has_one_run_and_the_limit_holds(packs: Path):
    chance = random.Random(7)

    async def one(pool: WorkerPool, busy: set[Worker]) -> None:
        env = {"COLOUR": "red"} if chance.random() < 0.2 else {}
        lent = asyncio.create_task(pool.lease(env, nobody_listens, chance.choice(["", "", "flow", "other"])))
        if chance.random() < 0.2:
            await asyncio.sleep(chance.random() / 10)
            lent.cancel()
        try:
            worker = await lent
        except asyncio.CancelledError:
            return
        assert worker not in busy
        assert worker.spec.env == env
        busy.add(worker)
        assert len([place for place in pool._leases.places if place.state != "ending"]) <= 3
        await asyncio.sleep(chance.random() / 20)
        busy.remove(worker)
        pool.release(worker)

    async def story(pool: WorkerPool) -> None:
        await asyncio.wait_for(asyncio.gather(*(one(pool, set_of_busy) for _ in range(80))), 60)
        await asyncio.wait_for(pool.drain(), 10)
        await at_rest(pool)
        assert set(states(pool)) == {"idle"}
        assert pool._leased == {}

    set_of_busy: set[Worker] = set()
    tell(packs, story, limit=3)


# Environment variables


def test_a_run_s_variables_are_seen_by_runs_with_the_same_ones_only(packs: Path):
    async def story(pool: WorkerPool) -> None:
        red = {"COLOUR": "red"}
        assert await run(pool, "environment", env=red, name="COLOUR") == "red"
        assert await run(pool, "environment", name="COLOUR") == ""
        assert await run(pool, "environment", env={"COLOUR": "blue"}, name="COLOUR") == "blue"
        again = await lease(pool, env=red)
        assert await value(again, "environment", name="COLOUR") == "red"
        assert len([worker for worker in workers_of(pool) if worker.spec.env == red]) == 1

    tell(packs, story)


def test_idle_workers_with_variables_retire_and_busy_ones_do_not(packs: Path):
    async def story(pool: WorkerPool) -> None:
        red = await lease(pool, env={"COLOUR": "red"})
        pool.release(red)
        assert await lease(pool, env={"COLOUR": "red"}) is red
        await asyncio.sleep(0.5)
        assert red.alive
        pool.release(red)
        await until(lambda: not red.alive, 3)
        await at_rest(pool)
        assert states(pool) == ["idle"]

    tell(packs, story, rules=PoolRules(idle_with_env_seconds=0.3))


# The end


def test_draining_waits_for_what_runs_and_for_what_waits(packs: Path):
    async def story(pool: WorkerPool) -> None:
        await asyncio.wait_for(pool.drain(), 1)
        first = await lease(pool)
        second, _ = wait(pool)
        draining = asyncio.create_task(pool.drain())
        pool.release(first)
        await second
        await asyncio.sleep(0.05)
        assert not draining.done()
        pool.release(first)
        await asyncio.wait_for(draining, 1)

    tell(packs, story, limit=1)


def test_closing_ends_every_worker_and_refuses_who_waits(packs: Path):
    async def story(pool: WorkerPool) -> None:
        busy = await lease(pool, "flow")
        waiting, _ = wait(pool, "flow")
        starting, _ = wait(pool, env={"COLOUR": "red"})
        await until(lambda: "starting" in states(pool))
        pids = [worker.pid for worker in workers_of(pool)]
        await pool.close()
        for refused in (waiting, starting):
            with pytest.raises(WorkerError, match="ending"):
                await refused
        with pytest.raises(WorkerError, match="ending"):
            await lease(pool)
        pool.release(busy)
        assert not [pid for pid in pids if is_alive(pid)]

    tell(packs, story)


def test_a_launcher_starts_the_workers_and_is_closed_with_the_pool(packs: Path):
    async def story() -> None:
        launcher = Launcher()
        pool = WorkerPool(WorkerSpec(roots=((packs, "user"),)), 4, launcher)
        try:
            await pool.start()
            assert [known.fork_server is not None for known in launcher._pythons.values()] == [True]
            assert await run(pool, "environment", env={"COLOUR": "red"}, name="COLOUR") == "red"
        finally:
            await pool.close()
        with pytest.raises(WorkerError):
            await launcher.start_worker(WorkerSpec(roots=()))

    asyncio.run(story())
