"""Runs in workers: started from workflows, watched by anybody, cancelled, remembered."""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from psynapse.errors import ExpiredValue, UnknownRun, WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import RunEvent
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import diagnose
from psynapse.services.archive import Archive
from psynapse.services.dispatch import Dispatch, Errand
from psynapse.services.info import RunInfo
from psynapse.services.leasing import Leasing, Turns
from psynapse.services.plans import Planned, Plans
from psynapse.services.run import Run
from psynapse.worker.pool import WorkerPool
from psynapse.worker.protocol import FetchRequest, RunRequest
from psynapse.worker.redaction import Redaction

HostLeasing = Callable[[Run], Leasing | None]

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
        self.turns = Turns()
        self._dispatch = Dispatch(self.turns)
        self.host: HostLeasing = _no_host
        """Where a run gets its worker that cannot have any; None for one that can."""
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
        quiet = whole and not keep
        run = Run(uuid.uuid4().hex, planned.plan, self._dispatch.cancel, quiet=quiet)
        self._runs[run.id] = run
        if not quiet:
            self._enter(run, planned)
        request = self._request(run, whole=whole, keep=keep, reuse=reuse or (fresh and bool(home)))
        request["env"], request["home"] = sorted(env or {}), home
        if fresh or env:
            # What nodes make of secrets is not for other runs, nor for files.
            request["cache_folder"] = ""
        leasing = (None if env else self.host(run)) or Leasing(
            partial(self._pool.lease, env or {}, run.queued, home, fresh=fresh), self._pool.release
        )
        errand = Errand(run, request, planned.encoded, leasing, Redaction(env or {}))
        self._dispatch.begin(errand, lambda: self.on_change(run.info))
        if quiet:
            # Who wants only its result is served first: the worker has the plan before the log's thread is awake.
            self._enter(run, planned)
        self.on_change(run.info)
        asyncio.get_running_loop().call_soon(self._forget)
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
            value = await self._dispatch.fetch(request, self._runs.get(run_id))
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
        await self._dispatch.close()
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
            "env": [],
            "home": "",
        }

    def _enter(self, run: Run, planned: Planned) -> None:
        if self._archive:
            self._archive.enter(run, planned.digest, planned.encoded)

    def _forget(self) -> None:
        """Let go what is not needed any more. It takes a moment: the best one is when a worker has just begun."""
        self._plans.forget()
        finished = [known for known in self._runs.values() if known.finished]
        for place, old in enumerate(reversed(finished)):
            if place >= _MOST_UNLOGGED or (place >= _MOST_FINISHED and old.in_log):
                del self._runs[old.id]


def _no_host(_: Run) -> Leasing | None:
    return None


def _nobody(_: RunInfo) -> None:
    pass


def _unknown(run_id: str) -> UnknownRun:
    return UnknownRun(f"there is no run {run_id[:80]!r}", hint="it may be older than what is remembered")
