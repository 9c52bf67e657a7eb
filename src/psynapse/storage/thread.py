"""One thread that owns what may block, and a queue of calls to it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from psynapse.errors import StorageError

Result = TypeVar("Result")


class DedicatedThread:
    """Carries out calls one after the other, in the order they were made, away from the event loop."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._closed = False

    async def call(self, function: Callable[[], Result]) -> Result:
        """What ``function()`` returns or raises. A call once made is carried out, also when the caller is cancelled.

        Raises StorageError after ``close``.
        """
        if self._closed:
            raise StorageError("the run log is closed", hint="close it last, when no run needs it any more")
        return await asyncio.shield(asyncio.wrap_future(self._executor.submit(function)))

    async def close(self, last: Callable[[], None]) -> None:
        """Carry out what is queued, then ``last``, then end the thread. Again is harmless."""
        if self._closed:
            return
        ending = self._executor.submit(last)
        self._closed = True
        self._executor.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(ending))
