"""Runs in workers: started from workflows, watched by anybody, cancelled, remembered."""

import asyncio
import contextlib
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from weakref import WeakKeyDictionary

from psynapse.errors import ExpiredValue, PsynapseError, UnknownRun, WorkerError
from psynapse.logs import logger
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import RunEvent
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import diagnose
from psynapse.services.archive import Archive
from psynapse.services.info import RunInfo
from psynapse.services.plans import Planned, Plans
from psynapse.services.redaction import Redaction
from psynapse.services.run import Conclusion, Run
from psynapse.worker.client import GRACE_SECONDS, RunEnd, Worker, WorkerDied
from psynapse.worker.pool import WorkerPool
from psynapse.worker.protocol import FetchRequest, RunRequest

Lease = Callable[[], Awaitable[Worker]]

_MOST_FINISHED: Final = 4
"""So many finished runs stay in memory although the log has them."""
_MOST_UNLOGGED: Final = 200
"""So many that no log has."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The events of a run, and whether it has ended: then those there are are all."""

    events: AsyncIterator[Sequence[RunEvent]]
    finished: bool


class Runs:
    """All runs of a server. Without an ``archive`` they are forgotten with it, and before."""

    def __init__(self, pool: WorkerPool, catalog: Catalog, archive: Archive | None = None) -> None:
        self._plans = Plans(catalog)
        self._pool = pool
        self._archive = archive
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._workers: dict[str, Worker] = {}
        # What is asked of a worker is answered in order: nothing may come in between.
        self._turns: WeakKeyDictionary[Worker, asyncio.Lock] = WeakKeyDictionary()
        self.on_change: Callable[[RunInfo], None] = _nobody
        """Hears that a run has begun or ended."""

    @property
    def catalog(self) -> Catalog:
        """What the newest worker offers."""
        return self._plans.catalog

    @catalog.setter
    def catalog(self, catalog: Catalog) -> None:
        self._plans = Plans(catalog)

    def __contains__(self, run_id: str) -> bool:
        """Whether the run is in memory; it may be in the log all the same."""
        return run_id in self._runs

    def check(self, document: object) -> tuple[Diagnostic, ...]:
        """Every finding about a workflow."""
        workflow, found = parse_workflow(document)
        return diagnose(workflow, self.catalog, found)

    def planned(self, key: bytes) -> bool:
        """Whether ``start`` with that key needs no document."""
        return key in self._plans

    async def start(  # noqa: PLR0913 -- options of a run, by keyword
        self,
        document: object,
        *,
        targets: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        reuse: bool = False,
        fresh: bool = False,
        whole: bool = False,
        keep: bool = False,
        home: str = "",
        key: bytes = b"",
    ) -> Run:
        """Plan a workflow and begin to run it. Raises InvalidWorkflow and UnknownNode.

        ``reuse`` takes results of earlier runs; ``fresh`` takes none and a new worker for its ``home``, which runs of
        that name share. ``whole`` keeps the whole values of the targets for ``Run.result``, ``keep`` all for ``fetch``.
        ``key`` stands for the document and the targets, where a digest of both is known.
        """
        planned = await self._plans.make(document, targets, key)
        run = Run(uuid.uuid4().hex, planned.plan, self._cancel, quiet=whole and not keep)
        if self._archive:
            self._archive.enter(run, planned.digest, planned.encoded)
        self._remember(run)
        request = self._request(run, whole=whole, keep=keep, reuse=reuse or (fresh and bool(home)))
        if fresh:
            request["cache_folder"] = ""
        lease = partial(self._pool.lease, env or {}, run.queued, home, fresh=fresh)
        task = asyncio.create_task(self._carry_out(run, request, planned, lease, Redaction(env or {})))
        # One that is cancelled before it has begun says nothing itself.
        task.add_done_callback(lambda _: run.finish(Conclusion("cancelled")))
        task.add_done_callback(lambda _: self.on_change(run.info))
        self._tasks[run.id] = task
        self.on_change(run.info)
        return run

    def get(self, run_id: str) -> Run:
        """A run that goes on or has just ended. Raises UnknownRun, also for one that only the log has: see ``find``."""
        run = self._runs.get(run_id)
        if run is None:
            raise _unknown(run_id)
        return run

    async def find(self, run_id: str) -> RunInfo:
        """What there is to say about a run, whenever it was. Raises UnknownRun and StorageUnavailable."""
        run = self._runs.get(run_id)
        info = run.info if run else self._archive and await self._archive.history.find(run_id)
        if info is None:
            raise _unknown(run_id)
        return info

    async def watch(self, run_id: str, after: int = -1) -> Watched:
        """The events of a run with a ``seq`` above ``after``. Raises UnknownRun and StorageUnavailable."""
        if run := self._runs.get(run_id):
            return Watched(run.events(after), run.finished)
        await self.find(run_id)
        assert self._archive is not None, "the run was found there"
        return Watched(self._archive.history.events(run_id, after), finished=True)

    async def cancel(self, run_id: str) -> RunInfo:
        """Stop a run; one that has ended stays as it is. Raises UnknownRun and StorageUnavailable."""
        if run := self._runs.get(run_id):
            run.cancel()
        return await self.find(run_id)

    async def list(self, limit: int = 100, before: str = "") -> Sequence[RunInfo]:
        """The newest runs first; with ``before``, only those begun before that run.

        Raises UnknownRun for a ``before`` that is not there, and StorageUnavailable.
        """
        edge = await self.find(before) if before else None
        infos: dict[str, RunInfo] = {}
        if self._archive:
            infos = {info.id: info for info in await self._archive.history.list(limit, before or None)}
        for run in self._runs.values():
            if edge is None or run.info.started_at < edge.started_at:
                infos[run.id] = run.info
        return sorted(infos.values(), key=lambda info: info.started_at, reverse=True)[:limit]

    async def fetch(self, run_id: str, node: str, handle: str, start: int = 0, count: int = 0) -> bytes:
        """A value of a run as JSON: all of it, or ``count`` items from ``start`` on.

        The worker has every value until it does something else; what a view shows only in part stays longer, in a file.
        Raises UnknownRun, StorageUnavailable, and ExpiredValue for a value that nobody has any more.
        """
        await self.find(run_id)
        request: FetchRequest = {"run": run_id, "node": node, "handle": handle, "start": start, "count": count}
        problem = ExpiredValue(f"the values of run {run_id} are not kept any more", hint="run the workflow again")
        try:
            value = await self._ask_worker(request)
        except WorkerError as error:
            value, problem = None, ExpiredValue(error.message, hint=error.hint)
        if value is not None:
            return value
        if self._archive is None:
            raise problem
        return await asyncio.to_thread(self._archive.files.read, request)

    async def close(self) -> None:
        """Cancel what runs, and wait until its end is in the log."""
        for run in self._runs.values():
            run.cancel()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(run.settle() for run in self._runs.values()), return_exceptions=True)

    def _request(self, run: Run, *, whole: bool, keep: bool, reuse: bool) -> RunRequest:
        archive = self._archive
        return {
            "run": run.id,
            "whole": whole,
            "keep": keep,
            "reuse": reuse,
            "href": f"/runs/{run.id}/values/{{node}}/output" if keep else "",
            "folder": archive.files.folder(run.id) if archive and keep else "",
            "cache_folder": archive.cache_folder if archive and reuse else "",
        }

    def _remember(self, run: Run) -> None:
        self._runs[run.id] = run
        finished = [known for known in self._runs.values() if known.finished]
        for place, old in enumerate(reversed(finished)):
            if place >= _MOST_UNLOGGED or (place >= _MOST_FINISHED and old.in_log):
                del self._runs[old.id]

    async def _ask_worker(self, request: FetchRequest) -> bytes | None:
        """What the worker of a run says, or None when it is at work or does something else by now."""
        run, worker = self._runs.get(request["run"]), self._workers.get(request["run"])
        if worker is None or not worker.alive or (run and not run.finished):
            return None
        async with self._turn(worker):
            if self._workers.get(request["run"]) is not worker:
                return None
            return await worker.fetch(request)

    def _turn(self, worker: Worker) -> asyncio.Lock:
        return self._turns.setdefault(worker, asyncio.Lock())

    async def _carry_out(
        self, run: Run, request: RunRequest, planned: Planned, lease: Lease, redaction: Redaction
    ) -> None:
        """Follow the run to its end, which it has in any case."""
        try:
            if not await self._attempt(run, request, planned, lease, redaction):
                await self._attempt(run, request, planned, lease, redaction, last=True)
        except WorkerDied as error:
            run.died(error.message, error.hint, self._whereabouts(run), lost=error.lost)
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong here, the run has to end and say so
            message = error.message if isinstance(error, PsynapseError) else f"{type(error).__name__}: {error}"
            logger.error("run %s broke off: %s", run.id, message)
            run.died(message, "", self._whereabouts(run))
        except asyncio.CancelledError:
            run.cancelled = True
            run.finish(Conclusion("cancelled"))
            raise
        finally:
            self._tasks.pop(run.id, None)

    async def _attempt(
        self,
        run: Run,
        request: RunRequest,
        planned: Planned,
        lease: Lease,
        redaction: Redaction,
        *,
        last: bool = False,
    ) -> bool:
        """Lease a worker and follow the run in it. False when that died, of something else, before it began."""
        worker = await lease()
        try:
            if run.cancelled:
                run.finish(Conclusion("cancelled"))
                return True
            self._assign(run, worker)
            async with self._turn(worker):
                run.started()
                worker.on_output = lambda stream, content: run.add_output(stream, redaction.text(content))
                await self._follow(run, worker.run(request, planned.encoded), worker, redaction)
        except WorkerDied:
            if last or run.begun or run.cancelled or worker.whereabouts:
                raise
            run.waits_again()
            return False
        finally:
            worker.on_output = None
            self._pool.release(worker)
        return True

    def _assign(self, run: Run, worker: Worker) -> None:
        """Remember whose worker it is, and forget those that nobody will ask any more."""
        others = {
            known: other
            for known, other in self._workers.items()
            if other is not worker and (other.alive or known in self._tasks)
        }
        self._workers = {**others, run.id: worker}

    def _whereabouts(self, run: Run) -> frozenset[int]:
        """The tasks that the worker of a run was at, as far as there is one."""
        worker = self._workers.get(run.id)
        return worker.whereabouts if worker else frozenset()

    async def _follow(
        self, run: Run, parts: AsyncIterator[bytes | RunEnd], worker: Worker, redaction: Redaction
    ) -> None:
        async for part in parts:
            if isinstance(part, RunEnd):
                await worker.settle_output()
                run.finish(Conclusion(part.status, part.values))
            else:
                run.add_records(redaction.records(part))
                await run.keep_pace()

    def _cancel(self, run: Run) -> None:
        """Interrupt a run; kill its worker if that does not help within a second."""
        worker, task = self._workers.get(run.id), self._tasks.get(run.id)
        if task is None:
            return
        if run.info.status == "queued" or worker is None:
            task.cancel()
            return
        worker.control({"run": run.id, "verb": "cancel", "task": -1})
        self._tasks[f"{run.id}-killer"] = asyncio.create_task(self._kill_later(run, worker))

    async def _kill_later(self, run: Run, worker: Worker) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(run.result(), GRACE_SECONDS)
        self._tasks.pop(f"{run.id}-killer", None)
        if not run.finished:
            await worker.kill()


def _nobody(_: RunInfo) -> None:
    pass


def _unknown(run_id: str) -> UnknownRun:
    return UnknownRun(f"there is no run {run_id[:80]!r}", hint="it may be older than what is remembered")
