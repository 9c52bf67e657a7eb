"""A worker that is started before anybody can ask for it, while its server is still being loaded."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor

from psynapse.worker.process import StartedProcess, WorkerSpec


class ExpectedWorker:
    """Has ``start`` start a worker of ``spec`` in another thread; what that raises is left to whoever asks again."""

    def __init__(self, spec: WorkerSpec, start: Callable[[], StartedProcess]) -> None:
        self._spec = spec
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="psynapse-expected")
        self._starting = self._thread.submit(start)

    async def claim(self, spec: WorkerSpec) -> StartedProcess | None:
        """The worker, if it is what ``spec`` describes; else, or when it could not be started, none, and it ends."""
        if spec == self._spec and not await asyncio.to_thread(self._starting.exception):
            return self._starting.result()
        await asyncio.to_thread(self.end)
        return None

    def end(self) -> None:
        """End it, once it has started."""
        self._thread.shutdown(cancel_futures=True)
        with contextlib.suppress(CancelledError):
            if not self._starting.exception():
                worker = self._starting.result()
                worker.kill()
                worker.close()
