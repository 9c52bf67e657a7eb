"""Workers kept ready, lent to one run at a time, and replaced when they die or their code is old."""

import asyncio
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Final

from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.leases import Leases
from psynapse.worker.places import End, Give, Place, Refuse, Request, Start, Step
from psynapse.worker.process import WorkerSpec
from psynapse.worker.starting import PoolRules, Starter
from psynapse.worker.waiting import PositionListener, Waiter

MOST_WORKERS: Final = 16
_ENDING: Final = "the server is ending"


class WorkerPool:
    """At most ``limit`` worker processes, and while new code is tried one more. ``Leases`` has the rules."""

    def __init__(
        self,
        spec: WorkerSpec,
        limit: int = MOST_WORKERS,
        launcher: Launcher | None = None,
        rules: PoolRules | None = None,
    ) -> None:
        self._rules = rules or PoolRules()
        self._starter = Starter(spec, launcher, self._rules)
        self._leases = Leases(limit, self._starter.failures.allows)
        self._workers: dict[Place, Worker] = {}
        self._leased: dict[Worker, Place] = {}
        self._waiters: dict[Request, Waiter] = {}
        self._retiring: dict[Place, asyncio.TimerHandle] = {}
        self._starts: set[asyncio.Task[Worker | None]] = set()
        self._background: set[asyncio.Task[None]] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._soon = False
        self._closing = False

    async def start(self) -> Worker:
        """Start the first worker and leave it idle; its catalog is the pool's. Raises WorkerError."""
        return await self._start_unasked(self._leases.new_code())

    async def lease(
        self, env: Mapping[str, str], on_position: PositionListener, home: str = "", *, fresh: bool = False
    ) -> Worker:
        """A worker for one run, with these environment variables; waits while there can be none. Has to be released.

        The runs of a ``home``, an open workflow, go back to the worker that ran its last one, and wait for each other;
        without a home any idle worker will do. ``fresh`` ends the home's worker first. Raises WorkerError when a
        worker cannot be started: at once, with the last reason, while starts have failed again and again.
        """
        if self._closing:
            raise WorkerError(_ENDING, hint="start it again")
        request = Request(tuple(sorted(env.items())), home, fresh)
        waiter = Waiter(on_position, asyncio.get_running_loop().create_future())
        self._waiters[request] = waiter
        self._leases.ask(request)
        if len(self._waiters) > 1:
            self._arrange_soon()
        else:
            self._arrange()
        try:
            return await waiter.worker
        except asyncio.CancelledError:
            self._withdraw(request, waiter)
            raise
        finally:
            del self._waiters[request]

    def release(self, worker: Worker) -> None:
        """A run is over: the worker is there for the next one, unless it died, was damaged or its code is old."""
        place = self._leased.pop(worker)
        if worker.damage:
            logger.warning("a worker gets no other run because of what a node did: %s", worker.damage)
        self._leases.release(place, usable=worker.alive and not worker.damage)
        self._settle(place)
        self._arrange()

    async def replace_all(self, spec: WorkerSpec | None = None) -> Worker:
        """Start over with new code: a fresh worker becomes idle, the others end when their runs do.

        With a ``spec``, workers are made from that one from now on. The fresh worker is returned for its catalog; where
        all places are leased it ends at once. Raises WorkerError when none can be started with the new code; then those
        there are stay, and so does what they are made from.
        """
        # Workers that start meanwhile have the edited nodepacks, but not the new spec.
        code = None if spec else self._leases.new_code()
        try:
            fresh = await self._start_unasked(code, spec)
        except WorkerError as error:
            what = "node packages" if spec else "nodepacks"
            message = f"the {what} have changed, but no worker can start with them: {error.message}"
            advice = f"{error.hint.rstrip('.')}; " if error.hint else "undo or mend the last change; "
            raise WorkerError(message, hint=f"{advice}workers with the code from before go on until then") from error
        self._starter.failures.clear()
        return fresh

    async def drain(self) -> None:
        """Wait until no run goes on and none waits."""
        await self._quiet.wait()

    async def close(self) -> None:
        """End every worker, busy or not."""
        self._closing = True
        self._quiet.set()
        for waiter in self._waiters.values():
            waiter.fail(WorkerError(_ENDING, hint="start it again"))
        for timer in self._retiring.values():
            timer.cancel()
        for task in self._starts:
            task.cancel()
        # First, because one of them may just have come up, and is then to be killed with the others.
        await asyncio.gather(*self._starts, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in self._workers.values()), return_exceptions=True)
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._starter.close()

    # Carrying out the rules

    def _arrange_soon(self) -> None:
        """Once for all who come or go at the same time: with thousands waiting a look at them takes a while."""
        if not self._soon:
            self._soon = True
            asyncio.get_running_loop().call_soon(self._arrange)

    def _arrange(self) -> None:
        """Do what the rules say now."""
        self._soon = False
        if self._closing:
            return
        for place, worker in list(self._workers.items()):
            # Its death may not have been noticed by who watches it.
            if place.state == "idle" and not worker.alive:
                self._bury(place)
        for step in self._leases.decide():
            self._carry_out(step)
        if spare := self._leases.spare():
            self._begin(spare)
        self._tell()
        if self._leases.busy:
            self._quiet.clear()
        else:
            self._quiet.set()

    def _carry_out(self, step: Step) -> None:
        match step:
            case Give(place):
                self._give(place)
            case Start(place):
                self._begin(place)
            case End(place):
                self._settle(place)
            case Refuse(request):
                self._waiters[request].fail(self._starter.failures.refusal(request.env))

    def _tell(self) -> None:
        for request, position in self._leases.positions():
            self._waiters[request].tell(position)
        for place in self._leases.places:
            if place.state == "starting" and place.request:
                self._waiters[place.request].tell(0)

    def _give(self, place: Place) -> None:
        """Hand the worker over. Who no longer wants it may not have come to say so yet."""
        worker, request = self._workers[place], place.request
        waiter = self._waiters[request] if request else None
        self._leased[worker] = place
        self._keep(place)
        if waiter is None or waiter.worker.done():
            # Not now: the rules are being carried out.
            asyncio.get_running_loop().call_soon(self.release, worker)
        else:
            waiter.tell(0)
            waiter.worker.set_result(worker)

    def _withdraw(self, request: Request, waiter: Waiter) -> None:
        """Somebody was cancelled while waiting, or just when there was something to hand over."""
        self._leases.withdraw(request)
        given = waiter.worker
        if given.done() and not given.cancelled() and given.exception() is None:
            self.release(given.result())
        self._arrange_soon()

    def _settle(self, place: Place) -> None:
        """See to a worker that nobody has leased: it ends, or waits to be used again, but not for ever with secrets."""
        self._keep(place)
        if self._closing:
            return
        if place.state == "ending":
            self._spawn(self._end(place))
        elif place.env:
            loop, seconds = asyncio.get_running_loop(), self._rules.idle_with_env_seconds
            self._retiring[place] = loop.call_later(seconds, self._retire, place)

    def _keep(self, place: Place) -> None:
        if timer := self._retiring.pop(place, None):
            timer.cancel()

    def _retire(self, place: Place) -> None:
        self._leases.end(place)
        self._settle(place)

    def _bury(self, place: Place) -> None:
        """An idle worker has died. One that has not run anything yet would have failed whatever it was given."""
        if not place.used:
            hint = "look for a nodepack that ends its process some time after it was imported"
            self._starter.failures.note(place.env, WorkerError("a worker died before it had run anything", hint=hint))
        self._leases.end(place)
        self._settle(place)

    async def _end(self, place: Place) -> None:
        try:
            await self._workers[place].stop()
        finally:
            del self._workers[place]
            self._leases.gone(place)
            self._arrange()

    # Starting

    async def _start_unasked(self, code: int | None, spec: WorkerSpec | None = None) -> Worker:
        """A worker with that code, whatever there is besides; older ones end."""
        fresh = await self._starter.start(spec=spec)
        if self._closing:
            await fresh.kill()
            raise WorkerError(_ENDING, hint="start it again")
        if spec:
            self._starter.use(spec)
        if code is None:
            code = self._leases.new_code()
        old = self._leases.supersede(code)
        place = self._leases.join(code)
        self._adopt(place, fresh)
        for ended in (*old, place):
            self._settle(ended)
        self._arrange()
        return fresh

    def _begin(self, place: Place) -> None:
        task = asyncio.create_task(self._bring_up(place))
        self._starts.add(task)
        task.add_done_callback(partial(self._came_up, place))

    async def _bring_up(self, place: Place) -> Worker | None:
        """Start the worker of a place. None when there is no memory for it."""
        if not await self._starter.has_memory(self._workers.values()):
            return None
        self._leases.launch(place)
        self._tell()
        return await self._starter.start(place.env)

    def _came_up(self, place: Place, task: "asyncio.Task[Worker | None]") -> None:
        self._starts.discard(task)
        if task.cancelled():
            self._leases.gone(place)
        elif error := task.exception():
            self._start_failed(place, error)
        elif worker := task.result():
            self._adopt(place, worker)
            self._leases.started(place)
            if place.state == "leased":
                self._give(place)
            else:
                self._settle(place)
        else:
            self._leases.postpone(place)
        self._arrange()

    def _start_failed(self, place: Place, error: BaseException) -> None:
        if place.request is None:
            logger.warning("a worker in reserve did not start: %s", error)
        if request := self._leases.failed(place):
            self._waiters[request].fail(error)

    def _adopt(self, place: Place, worker: Worker) -> None:
        self._workers[place] = worker
        self._spawn(self._watch(worker))

    async def _watch(self, worker: Worker) -> None:
        """Notice when it dies while nobody uses it."""
        await worker.ended()
        self._arrange()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        """Do something in the background. ``close`` waits for it."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
