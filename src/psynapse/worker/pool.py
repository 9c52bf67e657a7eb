"""Workers kept ready, lent to one run at a time, and replaced when they die or their code is old."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Final

from psynapse.worker.client import Worker
from psynapse.worker.process import WorkerSpec

MOST_WORKERS: Final = 16
_IDLE_WITH_ENV_SECONDS: Final = 300.0

PositionListener = Callable[[int], None]
"""Hears the place in the queue: 1 is next, 0 is no longer waiting."""


@dataclass(slots=True)
class _Waiter:
    """Somebody who waits for one of the places; ``turn`` is set when it is theirs."""

    on_position: PositionListener
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class WorkerPool:
    """At most ``limit`` worker processes. Leases are given in the order in which they were asked for."""

    def __init__(self, spec: WorkerSpec, limit: int = MOST_WORKERS) -> None:
        self._spec = spec
        self._limit = limit
        self._leased: set[Worker] = set()
        self._idle: deque[Worker] = deque()
        self._stale: set[Worker] = set()
        self._places = limit
        self._queue: deque[_Waiter] = deque()
        self._closing = False
        self._spare_comes = False
        self._background: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.Task[None]] = set()

    async def start(self) -> Worker:
        """Start the first worker and leave it idle; its catalog is the pool's."""
        worker = await Worker.start(self._spec)
        self._idle.append(worker)
        return worker

    async def lease(self, env: Mapping[str, str], on_position: PositionListener) -> Worker:
        """A worker for one run, with these environment variables. Waits for a place while all are taken."""
        await self._wait_for_place(on_position)
        try:
            worker = self._take_idle(env) or await self._start(env)
        except BaseException:
            self._free_place()
            raise
        self._leased.add(worker)
        self._keep_one_ready()
        return worker

    def release(self, worker: Worker) -> None:
        """A run is over: the worker is there for the next one, unless it died or its code is old."""
        self._leased.discard(worker)
        if worker.alive and worker not in self._stale and not self._closing:
            self._idle.append(worker)
            if worker.spec.env:
                self._spawn(self._retire_later(worker), self._timers)
        else:
            self._stale.discard(worker)
            self._spawn(worker.kill())
        self._free_place()

    async def replace_all(self) -> Worker:
        """Start over with new code: a fresh worker becomes idle, the others end when their runs do."""
        fresh = await Worker.start(self._spec)
        old, self._idle = self._idle, deque([fresh])
        self._stale.update(self._leased)
        for worker in old:
            self._spawn(worker.stop())
        return fresh

    async def close(self) -> None:
        """End every worker, busy or not."""
        self._closing = True
        workers = [*self._leased, *self._idle]
        self._idle.clear()
        await asyncio.gather(*(worker.kill() for worker in workers), return_exceptions=True)
        for timer in self._timers:
            timer.cancel()
        await asyncio.gather(*self._background, *self._timers, return_exceptions=True)

    # Places

    async def _wait_for_place(self, on_position: PositionListener) -> None:
        if self._places and not self._queue:
            self._places -= 1
            return
        waiter = _Waiter(on_position)
        self._queue.append(waiter)
        self._tell_positions()
        try:
            await waiter.turn.wait()
        except asyncio.CancelledError:
            if waiter.turn.is_set():
                self._free_place()
            else:
                self._queue.remove(waiter)
                self._tell_positions()
            raise

    def _free_place(self) -> None:
        if self._queue:
            waiter = self._queue.popleft()
            waiter.turn.set()
            waiter.on_position(0)
            self._tell_positions()
        else:
            self._places += 1

    def _tell_positions(self) -> None:
        for position, waiter in enumerate(self._queue, start=1):
            waiter.on_position(position)

    # Workers

    def _take_idle(self, env: Mapping[str, str]) -> Worker | None:
        for worker in self._idle:
            if worker.alive and worker.spec.env == env:
                self._idle.remove(worker)
                return worker
        return None

    async def _start(self, env: Mapping[str, str]) -> Worker:
        """Start a worker; the idle one that was used longest ago makes room for it."""
        while self._idle and len(self._idle) + len(self._leased) >= self._limit:
            await self._idle.popleft().stop()
        spec = self._spec
        if env:
            spec = WorkerSpec(roots=spec.roots, env=dict(env), python=spec.python)
        return await Worker.start(spec)

    def _keep_one_ready(self) -> None:
        """Start a spare in the background, so that the next run need not wait for one."""
        idle = any(not worker.spec.env for worker in self._idle)
        room = len(self._idle) + len(self._leased) < self._limit
        if room and not idle and not self._spare_comes and not self._closing:
            self._spawn(self._add_spare())

    async def _add_spare(self) -> None:
        self._spare_comes = True
        try:
            spare = await Worker.start(self._spec)
            if self._closing:
                await spare.kill()
            else:
                self._idle.append(spare)
        finally:
            self._spare_comes = False

    async def _retire_later(self, worker: Worker) -> None:
        """Secrets do not stay in memory for long."""
        await asyncio.sleep(_IDLE_WITH_ENV_SECONDS)
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
            await worker.stop()

    def _spawn(self, work: Coroutine[None, None, None], among: set[asyncio.Task[None]] | None = None) -> None:
        """Do something in the background. ``close`` waits for it, and cancels what is among the timers."""
        tasks = self._background if among is None else among
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
