"""Runs in workers: started from workflows, watched by anybody, cancelled, remembered."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import blake2b
from typing import Final, cast

from psynapse.engine.records import decode_records
from psynapse.errors import ExpiredValue, PsynapseError, UnknownRun, WorkerError
from psynapse.logs import logger
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.workflow import parse_workflow
from psynapse.planning.plan import Plan
from psynapse.planning.planner import diagnose, make_plan
from psynapse.services.run import Conclusion, Run, RunInfo
from psynapse.worker.client import GRACE_SECONDS, RunEnd, Worker, WorkerDied
from psynapse.worker.pool import WorkerPool
from psynapse.worker.protocol import RunRequest
from psynapse.worker.transfer import plan_to_json

_MOST_REMEMBERED: Final = 200
_MOST_PLANNED: Final = 32
_LONGEST_INLINE: Final = 2_000
_SHORTEST_SECRET: Final = 8


Planned = tuple[Plan, bytes]
"""A plan, and its JSON for the worker."""


class Runs:
    """All runs of a server."""

    def __init__(self, pool: WorkerPool, catalog: Catalog) -> None:
        self._catalog = catalog
        self._planned: OrderedDict[bytes, Planned] = OrderedDict()
        self._pool = pool
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._workers: dict[str, Worker] = {}

    @property
    def catalog(self) -> Catalog:
        """What the newest worker offers."""
        return self._catalog

    @catalog.setter
    def catalog(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._planned.clear()

    def check(self, document: object) -> tuple[Diagnostic, ...]:
        """Every finding about a workflow."""
        workflow, found = parse_workflow(document)
        return diagnose(workflow, self.catalog, found)

    async def start(
        self,
        document: object,
        *,
        targets: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        reuse: bool = False,
        whole: bool = False,
        keep: bool = False,
    ) -> Run:
        """Plan a workflow and begin to run it. Raises InvalidWorkflow and UnknownNode."""
        plan, encoded = await self._plan(document, targets)
        run = Run(plan, self._cancel)
        self._remember(run)
        request: RunRequest = {
            "run": run.id,
            "whole": whole,
            "keep": keep,
            "reuse": reuse,
            "href": f"/runs/{run.id}/values/{{node}}/output" if keep else "",
        }
        self._tasks[run.id] = asyncio.create_task(self._carry_out(run, request, encoded, env or {}))
        return run

    def get(self, run_id: str) -> Run:
        """The run of that id. Raises UnknownRun."""
        run = self._runs.get(run_id)
        if run is None:
            raise UnknownRun(f"there is no run {run_id[:80]!r}", hint="it may be older than what is remembered")
        return run

    def list(self, limit: int = 100) -> Sequence[RunInfo]:
        """The newest runs first."""
        return [run.info for run in reversed(self._runs.values())][:limit]

    async def fetch(self, run_id: str, node: str, handle: str, start: int = 0, count: int = 0) -> bytes:
        """A value of a run as JSON: all of it, or ``count`` items from ``start`` on.

        Raises UnknownRun, and ExpiredValue when the worker has done something else since.
        """
        self.get(run_id)
        worker = self._workers.get(run_id)
        if worker is None or not worker.alive:
            raise ExpiredValue(f"the values of run {run_id} are not kept any more", hint="run the workflow again")
        try:
            return await worker.fetch({"run": run_id, "node": node, "handle": handle, "start": start, "count": count})
        except WorkerError as error:
            raise ExpiredValue(error.message, hint=error.hint) from error

    async def close(self) -> None:
        """Cancel what runs and forget it."""
        for run in self._runs.values():
            run.cancel()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _plan(self, document: object, targets: Sequence[str]) -> Planned:
        """Large graphs are planned in a thread: the event loop has others to serve."""
        nodes = document.get("nodes") if isinstance(document, Mapping) else None
        if isinstance(nodes, Sequence) and len(nodes) > _LONGEST_INLINE:
            return await asyncio.to_thread(_plan, document, targets, self._catalog)
        key = _digest(document, targets)
        planned = self._planned.pop(key, None) or _plan(document, targets, self._catalog)
        self._planned[key] = planned
        if len(self._planned) > _MOST_PLANNED:
            self._planned.popitem(last=False)
        return planned

    def _remember(self, run: Run) -> None:
        self._runs[run.id] = run
        finished = [known for known in self._runs.values() if known.finished]
        for old in finished[: max(0, len(self._runs) - _MOST_REMEMBERED)]:
            del self._runs[old.id]

    async def _carry_out(self, run: Run, request: RunRequest, plan: bytes, env: Mapping[str, str]) -> None:
        """Lease a worker and follow the run in it."""
        worker: Worker | None = None
        try:
            worker = await self._pool.lease(env, run.queued)
            if run.cancelled:
                run.finish(Conclusion("cancelled"))
                return
            run.started()
            worker.on_output = run.add_output
            self._workers = {known: other for known, other in self._workers.items() if other is not worker}
            self._workers[run.id] = worker
            await self._follow(run, worker.run(request, plan), worker, _secrets(env))
        except WorkerDied as error:
            run.died(error.message, error.hint, worker.whereabouts if worker else frozenset())
        except Exception as error:  # noqa: BLE001 -- whatever goes wrong here, the run has to end and say so
            message = error.message if isinstance(error, PsynapseError) else f"{type(error).__name__}: {error}"
            logger.error("run %s broke off: %s", run.id, message)
            run.died(message, "", frozenset())
        except asyncio.CancelledError:
            run.cancelled = True
            run.finish(Conclusion("cancelled"))
            raise
        finally:
            self._tasks.pop(run.id, None)
            if worker is not None:
                worker.on_output = None
                self._pool.release(worker)

    async def _follow(
        self, run: Run, parts: AsyncIterator[bytes | RunEnd], worker: Worker, secrets: Sequence[bytes]
    ) -> None:
        async for part in parts:
            if isinstance(part, RunEnd):
                await worker.settle_output()
                run.finish(Conclusion(part.status, part.values))
            else:
                for secret in secrets:
                    part = part.replace(secret, b"[redacted]")  # noqa: PLW2901 -- the same part, without the secret
                run.add_records(decode_records(part))

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


def _plan(document: object, targets: Sequence[str], catalog: Catalog) -> Planned:
    workflow, found = parse_workflow(document)
    plan = make_plan(workflow, catalog, targets, found)
    return plan, dumps(plan_to_json(plan))


def _digest(document: object, targets: Sequence[str]) -> bytes:
    return blake2b(dumps(cast("Json", [document, list(targets)]))).digest()


def _secrets(env: Mapping[str, str]) -> list[bytes]:
    """Values to keep out of events, as they look inside JSON. Short ones are ordinary words."""
    return [dumps(value)[1:-1] for value in env.values() if len(value) >= _SHORTEST_SECRET]
