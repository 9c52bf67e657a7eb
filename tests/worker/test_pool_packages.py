"""Pools and node packages: another generation for all, and packages that end their worker."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from installed_packages import COLOUR, INVERT, write_package
from package_workers import spec_with
from pool_bench import NO_VARIABLES, nobody_listens
from worker_bench import is_alive, play, wait_until

from psynapse.errors import WorkerError
from psynapse.worker.launcher import Launcher
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec

DEADLY = "import os; os._exit(9)"


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().split()[3])


@asynccontextmanager
async def pool_with(spec: WorkerSpec) -> AsyncGenerator[WorkerPool]:
    pool = WorkerPool(spec, 3, Launcher())
    try:
        yield pool
    finally:
        await pool.close()


def tell(spec: WorkerSpec, story: Callable[[WorkerPool], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        async with pool_with(spec) as pool:
            await story(pool)

    asyncio.run(whole())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_package(tmp_path / "old", "colours", {"colours.py": COLOUR})
    return tmp_path / "old"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    write_package(tmp_path / "new", "inverts", {"inverts.py": INVERT})
    return tmp_path / "new"


def test_new_runs_get_workers_of_the_new_spec_and_running_ones_keep_theirs(old: Path, new: Path):
    async def story(pool: WorkerPool) -> None:
        await pool.start()
        running = await pool.lease(NO_VARIABLES, nobody_listens, "home")
        parent = parent_of(running.pid)
        fresh = await pool.replace_all(spec_with(new))
        assert [schema.name for schema in fresh.catalog.schemas] == ["invert"]
        assert (await play(running, "colour")).status == "succeeded"
        pool.release(running)
        await asyncio.to_thread(wait_until, lambda: not is_alive(running.pid))
        # The fork server of the old Python goes with the last of its workers.
        await asyncio.to_thread(wait_until, lambda: not is_alive(parent))
        for home in ("home", "other"):
            worker = await pool.lease(NO_VARIABLES, nobody_listens, home)
            assert [schema.name for schema in worker.catalog.schemas] == ["invert"]
            pool.release(worker)

    tell(spec_with(old), story)


def test_where_no_worker_can_start_with_the_new_spec_the_old_one_stays(old: Path, tmp_path: Path):
    broken = WorkerSpec(roots=(), python=str(tmp_path / "nowhere"))

    async def story(pool: WorkerPool) -> None:
        await pool.start()
        with pytest.raises(WorkerError, match="node packages have changed, but no worker can start"):
            await pool.replace_all(broken)
        workers = [await pool.lease(NO_VARIABLES, nobody_listens) for _ in range(3)]
        assert [len(worker.catalog.schemas) for worker in workers] == [1, 1, 1]
        for worker in workers:
            pool.release(worker)

    tell(spec_with(old), story)


def test_a_package_that_ends_its_worker_is_left_out_and_says_how_it_ended(old: Path):
    write_package(old, "deadly", {"deadly.py": DEADLY})
    write_package(old, "fatal", {"fatal.py": DEADLY.replace("9", "8")})

    async def story(pool: WorkerPool) -> None:
        first = await pool.start()
        assert [(failure.package, failure.error_type) for failure in first.catalog.failures] == [
            ("deadly", "PackageImportDied"),
            ("fatal", "PackageImportDied"),
        ]
        assert "exit code 9" in first.catalog.failures[0].message
        assert "exit code 8" in first.catalog.packages[2].failures[0].message
        assert [schema.name for schema in first.catalog.schemas] == ["colour"]
        workers = [await pool.lease(NO_VARIABLES, nobody_listens) for _ in range(2)]
        assert (await play(workers[1], "colour")).status == "succeeded"
        for worker in workers:
            pool.release(worker)

    tell(spec_with(old), story)


def test_a_package_that_was_left_out_is_tried_again_with_a_spec(old: Path):
    write_package(old, "moody", {"moody.py": DEADLY})
    spec = spec_with(old)

    async def story(pool: WorkerPool) -> None:
        assert len((await pool.start()).catalog.failures) == 1
        (old / "moody.py").write_text(INVERT)
        assert len((await pool.replace_all()).catalog.failures) == 1
        fresh = await pool.replace_all(spec)
        assert fresh.catalog.failures == ()
        assert [schema.name for schema in fresh.catalog.schemas] == ["colour", "invert"]

    tell(spec, story)
