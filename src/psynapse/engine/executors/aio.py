"""Coroutines on one event loop in a thread of its own: a thousand waiting nodes cost no thread each."""

import asyncio
import contextvars
import inspect
import threading
from collections.abc import Callable
from concurrent.futures import Future

from psynapse.engine.context import FixedSource, TaskContext
from psynapse.model.context import context_source

Finish = Callable[[object, BaseException | None], None]


class AioExecutor:
    """Runs the coroutines of ``async def`` nodes. The loop starts with the first one."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._awaits_answer = False
        self._lock = threading.Lock()

    def submit(self, call: Callable[[], object], context: TaskContext | None, finish: Finish) -> Future[None]:
        """Call ``call`` on the loop, await what it returns, and report the value or the exception to ``finish``."""
        coroutine = self._carry_out(call, context, finish)
        return asyncio.run_coroutine_threadsafe(coroutine, self._running_loop())

    def interrupt(self, raise_in: Callable[[int], None]) -> None:
        """Interrupt a coroutine that holds the loop's thread: call it again and again, it takes two calls to tell."""
        with self._lock:
            loop, thread = self._loop, self._thread
        if loop is None or thread is None or thread.ident is None:
            return
        if self._awaits_answer:
            raise_in(thread.ident)
        self._awaits_answer = True
        loop.call_soon_threadsafe(self._answer)

    def _answer(self) -> None:
        self._awaits_answer = False

    def abandon(self) -> None:
        """Leave the loop to a coroutine that will not give it back; the next one gets a new loop."""
        with self._lock:
            self._loop = None

    def close(self) -> None:
        """Stop the loop; coroutines still waiting are cancelled."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(_stop(loop), loop)

    async def _carry_out(self, call: Callable[[], object], context: TaskContext | None, finish: Finish) -> None:
        if context is not None:
            context_source.set(FixedSource(context))
        try:
            result = call()
            value = await result if inspect.isawaitable(result) else result
        except BaseException as error:
            _flush(context)
            finish(None, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            _flush(context)
            finish(value, None)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # The loop must not inherit the context of the node that happens to be first.
                run = contextvars.Context().run
                self._thread = threading.Thread(target=run, args=(_serve, self._loop), name="psynapse-aio", daemon=True)
                self._thread.start()
                self._awaits_answer = False
            return self._loop


def _flush(context: TaskContext | None) -> None:
    if context is not None:
        context.flush()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _stop(loop: asyncio.AbstractEventLoop) -> None:
    others = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    loop.stop()
