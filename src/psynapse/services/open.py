"""The composition root of a server: everything is put together here, and nowhere else."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from watchfiles import awatch

from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.services.announcements import Announcements
from psynapse.services.archive import Archive
from psynapse.services.beginning import Beginning, begin, plain_spec
from psynapse.services.info import RunInfo
from psynapse.services.nodes import Nodes
from psynapse.services.open_nodes import open_nodes
from psynapse.services.pipelines import Pipelines
from psynapse.services.runs import Runs
from psynapse.services.secrets import Secrets
from psynapse.services.templates import Templates, examples_folder
from psynapse.services.workflows import Workflows
from psynapse.services.workforce import Workforce
from psynapse.settings import Settings
from psynapse.storage.data_dir import DataDirectory, DataDirectoryLock
from psynapse.storage.secrets import SecretStore, system_keyring
from psynapse.storage.workspace import Workspace
from psynapse.worker.launcher import Launcher
from psynapse.worker.pool import MOST_WORKERS, WorkerPool
from psynapse.worker.process import OutputListener, WorkerSpec

_PRUNE_SECONDS: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class Desk:
    """What a server has beside runs. ``announcements`` tell of all of it."""

    announcements: Announcements
    workflows: Workflows
    secrets: Secrets
    templates: Templates
    nodes: Nodes

    def announce_run(self, info: RunInfo) -> None:
        """Tell that a run has begun or ended."""
        self.announcements.publish({"type": "runs", "id": info.id, "status": info.status})


@dataclass(slots=True)
class Services:
    """What a server is made of. ``close`` ends every worker, and lets the data directory go last."""

    pool: WorkerPool
    workforce: Workforce
    spec: WorkerSpec
    archive: Archive | None = None
    lock: DataDirectoryLock | None = None
    """Held while this process owns the data directory."""
    desk: Desk | None = None
    """Not for a command that ends with its run."""
    resources: AsyncExitStack = field(default_factory=AsyncExitStack, repr=False)
    """What has to be ended, the last one first."""

    @property
    def runs(self) -> Runs:
        """All runs."""
        return self.workforce.runs

    @property
    def pipelines(self) -> Pipelines:
        """All pipelines."""
        return self.workforce.pipelines

    async def close(self) -> None:
        """Stop watching, cancel runs, end workers, store what there is to store. Again is harmless."""
        await self.resources.aclose()

    async def watch(self) -> None:
        """Notice changed nodepacks. New workers come up with new code; runs that go on finish with the old."""
        folders = [path for path, _ in self.spec.roots if path.is_dir()]
        if not folders:
            return
        async for _ in awatch(*folders, debounce=200, step=50):
            try:
                catalog = await self.workforce.renew()
            except WorkerError as error:
                logger.warning("%s", error)
                continue
            logger.info("nodepacks changed: %d nodes, %d failures", len(catalog.schemas), len(catalog.failures))


async def open_services(settings: Settings, boot_id: str, address: str, launcher: Launcher | None = None) -> Services:
    """Own the data directory, start the first worker and everything around it.

    ``address`` is where others reach this process; ``launcher`` starts the workers. Raises DataDirectoryBusy when
    another process is the owner, StorageError when the directory cannot be used, WorkerError when no worker can start;
    nothing stays open then.
    """
    # It would tell of every file that is saved.
    logging.getLogger("watchfiles").setLevel(logging.WARNING)
    async with AsyncExitStack() as stack:
        data_dir = settings.data_dir.value
        lock = await asyncio.to_thread(DataDirectory(data_dir).lock, boot_id, address)
        stack.callback(lock.release)
        archive = Archive(data_dir, boot_id)
        stack.push_async_callback(archive.close)
        # A worker takes longer to start than the log to open.
        beginning = asyncio.create_task(archive.begin())
        nodes_there = await asyncio.to_thread(begin, settings.nodes_dir.value, mend=True)
        launcher = launcher or Launcher()
        services = await _start(settings, nodes_there, stack, archive, launcher)
        services.lock = lock
        desk = services.desk = await asyncio.to_thread(_desk, settings, services.workforce, nodes_there, launcher)
        stack.push_async_callback(desk.nodes.close)
        services.runs.on_change = desk.announce_run
        await beginning
        watched = (services.watch(), _prune(services.runs, archive, settings), desk.workflows.watch())
        for work in (*watched, desk.nodes.recover(), desk.nodes.watch()):
            stack.push_async_callback(_end, asyncio.create_task(work))
        services.resources = stack.pop_all()
    return services


async def open_headless(
    settings: Settings, on_import: OutputListener | None = None, launcher: Launcher | None = None
) -> Services:
    """One worker and runs in it, for a command that ends with its run. Raises WorkerError when it cannot start.

    ``on_import`` hears what nodepacks print while they are imported; ``launcher`` starts the worker.
    """
    async with AsyncExitStack() as stack:
        nodes_there = begin(settings.nodes_dir.value)
        services = await _start(settings, nodes_there, stack, launcher=launcher, on_import=on_import)
        if launcher:
            # There is no other worker for which it could import packages ahead.
            launcher.forget(services.spec.python)
        services.resources = stack.pop_all()
    return services


@asynccontextmanager
async def opened_nodes(settings: Settings) -> AsyncGenerator[Nodes]:
    """The node packages, for a command that changes them itself. Raises WorkerError and BaseUnreadable."""
    async with AsyncExitStack() as stack:
        nodes_there = begin(settings.nodes_dir.value)
        services = await _start(settings, nodes_there, stack)
        nodes = open_nodes(nodes_there, services.workforce)
        stack.push_async_callback(nodes.close)
        yield nodes


def _desk(settings: Settings, workforce: Workforce, beginning: Beginning, launcher: Launcher | None) -> Desk:
    announcements = Announcements()
    workforce.announce = announcements.publish
    workforce.pipelines.board.on_change = lambda: announcements.publish({"type": "pipelines"})
    return Desk(
        announcements,
        Workflows(Workspace(settings.workflows_dir.value), announcements),
        Secrets(SecretStore(settings.data_dir.value / "secrets.json", system_keyring()), announcements),
        Templates(examples_folder()),
        open_nodes(beginning, workforce, launcher),
    )


async def _start(
    settings: Settings,
    beginning: Beginning,
    stack: AsyncExitStack,
    archive: Archive | None = None,
    launcher: Launcher | None = None,
    on_import: OutputListener | None = None,
) -> Services:
    """A pool with its first worker; a command, which has no ``archive``, gets no other."""
    spec = replace(plain_spec(settings), on_import=on_import)
    limit = MOST_WORKERS if archive else 1
    pool = WorkerPool(beginning.spec(spec), limit, launcher)
    stack.push_async_callback(pool.close)
    first = await beginning.first_worker(pool, spec)
    runs = Runs(pool, first.catalog, archive)
    pipelines = Pipelines(pool, runs.turns, first.catalog)
    stack.push_async_callback(pipelines.close)
    stack.push_async_callback(runs.close)
    if archive:
        runs.host = pipelines.leasing
    return Services(pool, Workforce(pool, runs, pipelines, spec), spec, archive)


async def _prune(runs: Runs, archive: Archive, settings: Settings) -> None:
    """Remove old runs now and every hour."""
    while True:
        await archive.prune(settings.run_log_days.value, settings.run_log_bytes.value, runs)
        await asyncio.sleep(_PRUNE_SECONDS)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
