"""Pipelines: loaded into a worker that is kept for them, unloaded, and used by the runs that need them."""

import asyncio
import time
from collections.abc import Collection, Coroutine, Mapping, Sequence
from typing import Final

from psynapse.errors import PsynapseError, WorkerError
from psynapse.logs import logger
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.packages import PipelineInfo
from psynapse.planning.plan import Plan
from psynapse.services.leasing import Leasing, Turns
from psynapse.services.pipeline_host import PipelineHost, no_position
from psynapse.services.pipeline_states import Offer, PipelineBoard, PipelineStatus
from psynapse.services.run import Run
from psynapse.worker.client import Worker
from psynapse.worker.pool import WorkerPool
from psynapse.worker.waiting import PositionListener

GRACE_SECONDS: Final = 5.0
"""So long a pipeline may take to react to a cancel: to lose it costs more than to lose another node."""
_CRASHES_APART_SECONDS: Final = 60.0
Wanted = Mapping[str, Mapping[str, Json]]
"""Load parameters by pipeline."""


class UnknownPipeline(PsynapseError):
    """No installed node package has registered a pipeline of that id."""

    code = "unknown-pipeline"


class Pipelines:
    """All pipelines there are. Loaded ones share one worker, the host, which does one thing at a time."""

    def __init__(self, pool: WorkerPool, turns: Turns, catalog: Catalog) -> None:
        self.board = PipelineBoard()
        self._host = PipelineHost(pool, turns)
        self._turns = turns
        self._offer = self._hosted = Offer(catalog)
        self._given_up: set[str] = set()
        self._busy_with = ""
        self._died_at = 0.0
        self._background: set[asyncio.Task[None]] = set()

    @property
    def infos(self) -> Mapping[str, PipelineInfo]:
        """What is known of each, by id."""
        return self._offer.infos

    def replace_catalog(self, catalog: Catalog) -> None:
        """Others are there from now on. Loaded ones stay as they are until somebody needs the new code."""
        self._offer = Offer(catalog)
        self.board.on_change()

    def status(self) -> Sequence[PipelineStatus]:
        """How each is."""
        return self.board.list(self._offer.infos)

    # What can be done with them

    def begin_load(self, wanted: Wanted) -> "asyncio.Task[None]":
        """Load pipelines with these parameters, one after the other. Raises UnknownPipeline before anything is done.

        Whether it has worked is in ``status``; the task raises nothing.
        """
        for name in wanted:
            if name not in self._offer.infos:
                hint = "GET /pipelines lists those there are; install the node package that has it"
                raise UnknownPipeline(f"no node package has a pipeline {name[:80]!r}", hint=hint)
        for name, params in wanted.items():
            self._given_up.discard(name)
            self.board.loading(name, params)
        return self._spawn(self._load(wanted))

    async def unload(self, names: Collection[str]) -> Sequence[str]:
        """Unload pipelines, or give up loading them, and forget their errors. Returns those that were loaded.

        Waits for the run that uses them to end.
        """
        were = self._loaded(names)
        self._given_up.update(name for name in names if name in self.board)
        if self._busy_with in names and self._host.worker is not None:
            # It may never come to an end by itself. The others come back.
            await self._host.worker.kill()
        if were or self._host.worker is not None or any(name in self.board for name in names):
            async with self._host.turn():
                # A run that had the turn may have loaded some.
                were |= self._loaded(names)
                await self._unload(names)
        return sorted(were)

    def drop_missing(self) -> None:
        """Unload those that no package has any more, as soon as no run uses them."""
        loaded = self.board.params("loaded", "loading")
        if gone := [name for name in loaded if name not in self._offer.infos]:
            self._spawn(self._drop(gone))

    async def _drop(self, names: Collection[str]) -> None:
        await self.unload(names)

    async def reload(self, names: Collection[str]) -> "asyncio.Task[None] | None":
        """Load those of ``names`` that are loaded again, with the code of now. The task raises nothing."""
        loaded = self.board.params("loaded", "loading")
        await self.unload(names)
        again = {name: params for name, params in loaded.items() if name in names and name in self._offer.infos}
        return self.begin_load(again) if again else None

    def leasing(self, run: Run) -> Leasing | None:
        """How a run gets its worker that has pipelines in it; None for one without."""
        used = self._offer.used_by(run.plan)
        if not used:
            return None

        async def take() -> Worker:
            return await self._lend(used, run)

        def give_back(worker: Worker) -> None:
            self._spawn(self._after_run(worker, run.plan))

        return Leasing(take, give_back, GRACE_SECONDS)

    async def close(self) -> None:
        """End the host, and with it everything that is loaded."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._host.close()

    # In turn

    async def _load(self, wanted: Wanted) -> None:
        for name, params in wanted.items():
            async with self._host.turn():
                if name not in self._given_up:
                    await self._load_one(name, params)
                    await self._close_if_empty()

    async def _load_one(self, name: str, params: Mapping[str, Json]) -> None:
        try:
            await self._open(frozenset({name}), no_position)
            await self._put(name, params)
        except WorkerError as error:
            self._fail(name, error.message)
            await self._recover()

    async def _unload(self, names: Collection[str]) -> None:
        try:
            for name in names:
                self._given_up.discard(name)
                self.board.forget(name)
                worker = self._host.worker
                if worker is not None and worker.alive:
                    async with self._turns.of(worker):
                        self.board.adopt(await worker.unload_pipeline(name))
        except WorkerError as error:
            logger.warning("the worker of the pipelines has ended: %s", error.message)
        await self._recover()
        await self._close_if_empty()

    async def _open(self, used: frozenset[str], on_position: PositionListener) -> None:
        """Have a host whose code of the ``used`` pipelines is that of now, with all in it that is loaded."""
        offer = self._offer
        fresh = await self._host.open(
            on_position, lambda: all(self._hosted.code.get(name) == offer.code.get(name) for name in used)
        )
        if fresh is None:
            return
        self._hosted = Offer(fresh.catalog)
        self._spawn(self._watch(fresh))
        for name, params in self.board.params("loaded").items():
            await self._put(name, params)

    async def _put(self, name: str, params: Mapping[str, Json]) -> None:
        """Load one into the host that is there. Raises WorkerError, which is on the board then."""
        worker = self._host.worker
        assert worker is not None
        self._busy_with = name
        try:
            self.board.loading(name, params)
            async with self._turns.of(worker):
                self.board.adopt(await worker.load_pipeline(name, params), asked=name)
        except WorkerError as error:
            self._fail(name, error.message)
            raise
        finally:
            self._busy_with = ""

    async def _recover(self) -> None:
        """The host may have died: what was loaded in it, and did not do that, is loaded into another one."""
        worker = self._host.worker
        if worker is None or worker.alive:
            return
        self._died_at = time.monotonic()
        await self._host.close()
        while left := self.board.params("loaded"):
            try:
                await self._open(frozenset(), no_position)
                return
            except WorkerError as error:
                await self._host.close()
                if self.board.params("loaded") == left:
                    # None of them is to blame: no worker can be had.
                    for name in left:
                        self._fail(name, error.message)

    async def _close_if_empty(self) -> None:
        if not self.board.params("loaded", "loading"):
            await self._host.close()

    # Runs

    async def _lend(self, used: frozenset[str], run: Run) -> Worker:
        await self._host.wait(run.queued)
        try:
            await self._open(used, run.queued)
        except BaseException:
            self._host.done()
            raise
        assert self._host.worker is not None
        return self._host.worker

    async def _after_run(self, worker: Worker, plan: Plan) -> None:
        """A run may have loaded pipelines, and those that failed in it are not loaded any more."""
        try:
            if not await self._has_told(worker):
                for task in worker.whereabouts:
                    if name := self._hosted.at(plan, task):
                        self._fail(name, "the worker process ended while it ran")
            await self._recover()
            await self._close_if_empty()
        finally:
            self._host.done()

    async def _has_told(self, worker: Worker) -> bool:
        """Ask the host how its pipelines are. False when it has died."""
        if not worker.alive:
            return False
        try:
            async with self._turns.of(worker):
                self.board.adopt(await worker.pipelines())
        except WorkerError:
            return False
        return True

    async def _watch(self, worker: Worker) -> None:
        """See to a host that dies while nobody uses it."""
        await worker.ended()
        async with self._host.turn():
            if self._host.worker is not worker:
                return
            if self._died_at and time.monotonic() - self._died_at < _CRASHES_APART_SECONDS:
                for name in self.board.params("loaded"):
                    self._fail(name, "the worker process ended again soon after it was loaded")
            await self._recover()
            await self._close_if_empty()

    def _loaded(self, names: Collection[str]) -> set[str]:
        return {name for name in self.board.params("loaded", "loading") if name in names}

    def _fail(self, name: str, error: str) -> None:
        if name in self._given_up:
            self.board.forget(name)
        else:
            self.board.fail(name, error)

    def _spawn(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task
