"""The worker that loaded pipelines live in: leased once, kept, and used by one at a time in the order of arrival."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from psynapse.services.leasing import Turns
from psynapse.worker.client import Worker
from psynapse.worker.pool import WorkerPool
from psynapse.worker.waiting import PositionListener


class PipelineHost:
    """At most one worker. Who uses it holds its ``turn``, or calls ``wait`` first and ``done`` at the end."""

    def __init__(self, pool: WorkerPool, turns: Turns) -> None:
        self._pool = pool
        self._turns = turns
        self._turn = asyncio.Lock()
        self._waiting: list[PositionListener] = []
        self.worker: Worker | None = None

    async def wait(self, on_position: PositionListener) -> None:
        """Wait until nobody else uses it. The listener hears which in the line it is: 1 is next, 0 has its turn."""
        self._waiting.append(on_position)
        if self._turn.locked():
            self._tell()
        try:
            await self._turn.acquire()
        finally:
            self._waiting.remove(on_position)
            self._tell()
        on_position(0)

    def done(self) -> None:
        """The next one may use it."""
        self._turn.release()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """The use of it, until the end of the block."""
        await self.wait(no_position)
        try:
            yield
        finally:
            self.done()

    async def open(self, on_position: PositionListener, fits: Callable[[], bool]) -> Worker | None:
        """Have a living worker, another one unless that which is there ``fits``. Returns it when it is another one.

        Raises WorkerError.
        """
        if self.worker is not None and self.worker.alive and fits():
            return None
        await self.close()
        self.worker = await self._pool.lease({}, on_position)
        return self.worker

    async def close(self) -> None:
        """End the worker: no other way gives all memory back, that of graphics cards included."""
        worker, self.worker = self.worker, None
        if worker is None:
            return
        try:
            async with self._turns.of(worker):
                await worker.stop()
        finally:
            self._pool.release(worker)

    def _tell(self) -> None:
        for position, listener in enumerate(self._waiting, start=1):
            listener(position)


def no_position(_: int) -> None:
    """Nobody is shown a place in the line."""
