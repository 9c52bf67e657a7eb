"""Workers on loan: where a run gets its worker from, and whose turn it is to ask one."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from psynapse.worker.client import GRACE_SECONDS, Worker


@dataclass(frozen=True, slots=True)
class Leasing:
    """How one run gets its worker and gives it back. ``grace_seconds``: so long it may take to react to a cancel."""

    take: Callable[[], Awaitable[Worker]]
    give_back: Callable[[Worker], None]
    grace_seconds: float = GRACE_SECONDS


class Turns:
    """What is asked of a worker is answered in order: nothing may come in between."""

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[Worker, asyncio.Lock] = WeakKeyDictionary()

    def of(self, worker: Worker) -> asyncio.Lock:
        """The lock to be held by who asks ``worker`` something."""
        return self._locks.setdefault(worker, asyncio.Lock())
