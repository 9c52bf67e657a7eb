"""Runs that wait for a worker."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from psynapse.worker.client import Worker

PositionListener = Callable[[int], None]
"""Hears the place in the queue: 1 is next, 0 is no longer waiting."""


@dataclass(slots=True)
class Waiter:
    """Somebody who waits for a worker, and the position that was told last."""

    on_position: PositionListener
    worker: asyncio.Future[Worker]
    told: int = 0

    def tell(self, position: int) -> None:
        """It is at this position; once is enough."""
        if position != self.told:
            self.told = position
            self.on_position(position)

    def fail(self, error: BaseException) -> None:
        """There will be no worker for it, unless it has one or left."""
        if not self.worker.done():
            self.worker.set_exception(error)
