"""Workers that do not start, that die, and that have to make way for new code."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pool_bench import OPS, at_rest, lease, pool_of, run, states, until, value, wait, workers_of, write_pack

from psynapse.errors import WorkerError
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec
from psynapse.worker.starting import PoolRules

Story = Callable[[WorkerPool], Awaitable[None]]
# Every import leaves a mark, so that attempts to start can be counted.
COUNTED = "import os\nos.close(os.open(os.path.join({folder!r}, str(os.getpid())), os.O_CREAT))\n"
EXITS = "os._exit(3)\n"
EXITS_SOON = "import threading\nthreading.Timer(1, os._exit, (3,)).start()\n"


class Pack:
    """A nodepack that can be edited, and that counts how often it was imported."""

    def __init__(self, folder: Path) -> None:
        self.packs = folder / "packs"
        self._imports = folder / "imports"
        self._imports.mkdir()
        self.edit()

    def edit(self, extra: str = "", *, version: int = 1) -> None:
        source = OPS.replace("VERSION = 1", f"VERSION = {version}")
        write_pack(self.packs, COUNTED.format(folder=str(self._imports)) + extra + source)

    @property
    def imports(self) -> int:
        return len(list(self._imports.iterdir()))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return Pack(tmp_path)


def tell(pack: Pack, story: Story, limit: int = 4, rules: PoolRules | None = None) -> None:
    async def scene() -> None:
        async with pool_of(pack.packs, limit, rules) as pool:
            await at_rest(pool)
            await story(pool)

    asyncio.run(scene())


# The limit of failed starts


def test_after_some_failed_starts_runs_are_refused_at_once_and_later_served_again(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        pack.edit(EXITS)
        red = {"COLOUR": "red"}
        for _ in range(3):
            with pytest.raises(WorkerError, match="exit code 3"):
                await lease(pool, env=red)
        attempts = pack.imports
        with pytest.raises(WorkerError, match=r"the last 3 attempts failed.*exit code 3") as refused:
            await lease(pool, env=red)
        assert "tried again in" in refused.value.hint
        assert pack.imports == attempts
        pack.edit()
        # As if a minute had passed.
        pool._starter.failures.seconds = 0.1
        await asyncio.sleep(0.2)
        assert await run(pool, "environment", env=red, name="COLOUR") == "red"

    tell(pack, story, rules=PoolRules(most_failed_starts=3))


def test_variables_with_which_no_worker_starts_are_no_harm_to_others(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        for _ in range(3):
            with pytest.raises(WorkerError):
                await lease(pool, env={"PYTHONHOME": "/nowhere"})
        assert await run(pool, "environment", env={"COLOUR": "red"}, name="COLOUR") == "red"

    tell(pack, story, rules=PoolRules(most_failed_starts=2))


def test_a_reserve_that_cannot_start_is_not_tried_for_ever(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        pack.edit(EXITS)
        before = pack.imports
        mine = await lease(pool, "flow")
        await until(lambda: pack.imports == before + 3)
        await asyncio.sleep(1)
        assert pack.imports == before + 3
        assert await value(mine, "version") == 1
        pool.release(mine)
        assert await run(pool, "count_runs", "flow") == 1
        assert await run(pool, "count_runs") == 2

    tell(pack, story, rules=PoolRules(most_failed_starts=3))


def test_a_python_that_is_not_there_is_an_error(tmp_path: Path):
    async def story() -> None:
        pool = WorkerPool(WorkerSpec(roots=(), python=str(tmp_path / "python")), 2)
        try:
            with pytest.raises(WorkerError, match="can be started"):
                await pool.start()
            with pytest.raises(WorkerError, match="can be started"):
                await lease(pool)
        finally:
            await pool.close()

    asyncio.run(story())


# New code


def test_with_new_code_runs_that_go_on_finish_with_the_old_and_homes_move(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        going_on = await lease(pool, "flow")
        assert await run(pool, "count_runs", "other") == 1
        await at_rest(pool)
        idle = [worker for worker in workers_of(pool) if worker is not going_on]
        pack.edit(version=2)
        fresh = await pool.replace_all()
        assert await value(going_on, "version") == 1
        assert await run(pool, "version", "flow") == 2
        assert await run(pool, "version", "other") == 2
        pool.release(going_on)
        await at_rest(pool)
        assert not [worker for worker in (going_on, *idle) if worker.alive]
        assert fresh.alive

    tell(pack, story)


def test_new_code_is_noticed_although_every_place_is_leased(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        going_on = await lease(pool)
        pack.edit("def brand_new() -> int:\n    return 7\n")
        fresh = await pool.replace_all()
        assert "brand_new" in {schema.name for schema in fresh.catalog.schemas}
        await at_rest(pool)
        assert states(pool) == ["leased"]
        waiting, told = wait(pool)
        await asyncio.sleep(0)
        assert told == [1]
        pool.release(going_on)
        assert await value(await waiting, "brand_new") == 7

    tell(pack, story, limit=1)


def test_new_code_that_cannot_start_keeps_what_works_and_says_so(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        assert await run(pool, "count_runs", "flow") == 1
        await at_rest(pool)
        before = workers_of(pool)
        pack.edit(EXITS)
        for _ in range(2):
            with pytest.raises(WorkerError, match=r"have changed, but no worker can start.*exit code 3") as broken:
                await pool.replace_all()
            assert "workers with the code from before go on" in broken.value.hint
        assert workers_of(pool) == before
        assert await run(pool, "count_runs", "flow") == 2
        taken = [await lease(pool) for _ in before]
        assert set(taken) == set(before)
        with pytest.raises(WorkerError, match="attempts failed"):
            await lease(pool)
        pack.edit(version=2)
        await pool.replace_all()
        await at_rest(pool)
        assert await run(pool, "version", "flow") == 2
        assert await run(pool, "environment", env={"COLOUR": "red"}, name="COLOUR") == "red"

    tell(pack, story, rules=PoolRules(most_failed_starts=2))


# Deaths


def test_an_idle_worker_that_dies_is_forgotten_and_another_takes_its_place(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        (idle,) = workers_of(pool)
        os.kill(idle.pid, signal.SIGKILL)
        await until(lambda: idle not in workers_of(pool))
        await at_rest(pool)
        assert states(pool) == ["idle"]
        assert await lease(pool) is not idle

    tell(pack, story)


def test_workers_that_die_soon_after_they_came_up_are_not_replaced_for_ever(pack: Pack):
    async def story(pool: WorkerPool) -> None:
        (idle,) = workers_of(pool)
        before = pack.imports
        pack.edit(EXITS_SOON)
        os.kill(idle.pid, signal.SIGKILL)
        await until(lambda: not states(pool), 20)
        await asyncio.sleep(1)
        assert pack.imports == before + 2
        with pytest.raises(WorkerError, match="died before it had run anything"):
            await lease(pool)

    tell(pack, story, rules=PoolRules(most_failed_starts=3))
