"""The composition root of a server: everything is put together here, and nowhere else."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from watchfiles import awatch

from psynapse.catalog.nodepacks import shipped_root
from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.services.runs import Runs
from psynapse.settings import Settings
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec


@dataclass(slots=True)
class Services:
    """What a server is made of. ``close`` ends every worker."""

    pool: WorkerPool
    runs: Runs
    spec: WorkerSpec
    _watcher: asyncio.Task[None] | None = field(default=None)

    def watch(self) -> None:
        """Notice changed nodepacks from now on."""
        self._watcher = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Stop watching, cancel runs, end workers."""
        if self._watcher:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        await self.runs.close()
        await self.pool.close()

    async def _watch(self) -> None:
        """New workers come up with new code; runs that go on finish with the old."""
        folders = [path for path, _ in self.spec.roots if path.is_dir()]
        if not folders:
            return
        async for _ in awatch(*folders, debounce=200, step=50):
            with contextlib.suppress(WorkerError):
                fresh = await self.pool.replace_all()
                self.runs.catalog = fresh.catalog
                logger.info("nodepacks changed: %d nodes, %d failures", *_counts(self.runs))


def _counts(runs: Runs) -> tuple[int, int]:
    return len(runs.catalog.schemas), len(runs.catalog.failures)


async def open_services(settings: Settings) -> Services:
    """Start the first worker and everything around it. Raises WorkerError when no worker can start."""
    user = settings.nodepacks_dir.value
    spec = WorkerSpec(roots=((user, "user"), (shipped_root(), "shipped")))
    pool = WorkerPool(spec)
    first = await pool.start()
    services = Services(pool, Runs(pool, first.catalog), spec)
    services.watch()
    return services
