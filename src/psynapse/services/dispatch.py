"""Runs on their way: each gets a worker, is followed there to its end, and is stopped when that is wanted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from psynapse.errors import PsynapseError
from psynapse.logs import logger
from psynapse.services.leasing import Leasing, Turns
from psynapse.services.run import Conclusion, Run
from psynapse.worker.client import RunEnd, Worker, WorkerDied
from psynapse.worker.protocol import FetchRequest, RunRequest
from psynapse.worker.redaction import Redaction

_MOMENT_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Errand:
    """A run with all it takes to carry it out; ``plan`` is its plan as JSON."""

    run: Run
    request: RunRequest
    plan: bytes
    leasing: Leasing
    redaction: Redaction


class Dispatch:
    """Carries out runs, each in a worker of its own for as long as it goes on."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._workers: dict[str, Worker] = {}
        self._errands: dict[str, Errand] = {}
        self._told: set[asyncio.Task[None]] = set()
        """Those of runs that have ended, whose workers are about to be given back."""

    def begin(self, errand: Errand, on_end: Callable[[], None]) -> None:
        """Carry out a run; ``on_end`` is called when it has ended, however that came."""
        run = errand.run
        self._errands[run.id] = errand
        task = asyncio.create_task(self._carry_out(errand))
        # One that is cancelled before it has begun says nothing itself.
        task.add_done_callback(lambda _: run.finish(Conclusion("cancelled")))
        task.add_done_callback(lambda _: on_end())
        self._tasks[run.id] = task

    def cancel(self, run: Run) -> None:
        """Interrupt a run; kill its worker if that does not help soon."""
        worker, task = self._workers.get(run.id), self._tasks.get(run.id)
        if task is None:
            return
        if run.info.status == "queued" or worker is None:
            task.cancel()
            return
        worker.control({"run": run.id, "verb": "cancel", "task": -1})
        grace = self._errands[run.id].leasing.grace_seconds
        self._tasks[f"{run.id}-killer"] = asyncio.create_task(self._kill_later(run, worker, grace))

    async def fetch(self, request: FetchRequest, run: Run | None) -> bytes | None:
        """What the worker of a run says, or None when it is at work or does something else by now.

        Raises WorkerError.
        """
        worker = self._workers.get(request["run"])
        if worker is None or not worker.alive or (run and not run.finished):
            return None
        async with self._turns.of(worker):
            if self._workers.get(request["run"]) is not worker:
                return None
            return await worker.fetch(request)

    async def close(self) -> None:
        """Break off what goes on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry_out(self, errand: Errand) -> None:
        """Follow the run to its end, which it has in any case."""
        run = errand.run
        try:
            if not await self._attempt(errand):
                await self._attempt(errand, last=True)
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
            if task := self._tasks.pop(run.id, None):
                self._told.discard(task)
            self._errands.pop(run.id, None)

    async def _attempt(self, errand: Errand, *, last: bool = False) -> bool:
        """Lease a worker and follow the run in it. False when that died, of something else, before it began."""
        run, redaction = errand.run, errand.redaction
        if self._told:
            # Better the worker that is free in a moment than another one.
            await asyncio.wait(self._told, timeout=_MOMENT_SECONDS)
        worker = await errand.leasing.take()
        try:
            if run.cancelled:
                run.finish(Conclusion("cancelled"))
                return True
            self._assign(run, worker)
            async with self._turns.of(worker):
                run.started()
                worker.output.listener = lambda stream, content: run.add_output(stream, redaction.text(content))
                await self._follow(run, worker.run(errand.request, errand.plan), worker, redaction)
        except WorkerDied:
            if last or run.begun or run.cancelled or worker.whereabouts:
                raise
            run.waits_again()
            return False
        finally:
            worker.output.listener = None
            errand.leasing.give_back(worker)
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
                await worker.output.settle()
                self._told.add(self._tasks[run.id])
                run.finish(Conclusion(part.status, part.values))
            else:
                run.add_records(redaction.records(part))
                await run.keep_pace()

    async def _kill_later(self, run: Run, worker: Worker, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(run.result(), seconds)
        self._tasks.pop(f"{run.id}-killer", None)
        if not run.finished:
            await worker.kill()
