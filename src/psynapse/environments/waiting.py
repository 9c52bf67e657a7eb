"""Work beside other work, and work that is carried to its end although whoever waits for it was cancelled."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

Result = TypeVar("Result")


async def whatever_comes(work: Awaitable[Result]) -> Result:
    """What ``work`` returns. Being cancelled meanwhile has no effect: it is too late."""
    task = asyncio.ensure_future(work)
    await _end_of(task)
    return task.result()


async def in_thread(work: Callable[[], Result]) -> Result:
    """What ``work`` returns, from a thread. A cancellation goes on only when the thread is done with it."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await _end_of(task)
        if not task.cancelled():
            # Looked at, because nobody else does: the work was given up.
            task.exception()
        raise


@asynccontextmanager
async def beside(work: Awaitable[Result]) -> AsyncGenerator[asyncio.Future[Result]]:
    """``work`` going on during the block, to be awaited in it; what then has not come to its end is cancelled."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _end_of(task: asyncio.Future[Result]) -> None:
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
