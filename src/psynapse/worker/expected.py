"""A worker that is started before anybody can ask for it, while its server is still being loaded."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

from psynapse.model.guarded import Raised, outcome
from psynapse.worker.process import StartedProcess, WorkerSpec


class ExpectedWorker:
    """Has ``start`` start a worker of ``spec`` in another thread; what that raises is left to whoever asks again."""

    def __init__(self, spec: WorkerSpec, start: Callable[[], StartedProcess]) -> None:
        self._spec = spec
        self._started: Future[StartedProcess | Raised] = Future()
        # A command that ends with an error does not wait for it: it ends with its fork server.
        threading.Thread(target=self._start, args=(start,), name="psynapse-expected", daemon=True).start()

    def _start(self, start: Callable[[], StartedProcess]) -> None:
        self._started.set_result(outcome(start))

    async def claim(self, spec: WorkerSpec) -> StartedProcess | None:
        """The worker, if it is what ``spec`` describes; else, or when it could not be started, none, and it ends."""
        if spec != self._spec:
            await asyncio.to_thread(self.end)
            return None
        started = await asyncio.to_thread(self._started.result)
        return None if isinstance(started, Raised) else started

    def end(self) -> None:
        """End it, once it has started."""
        started = self._started.result()
        if not isinstance(started, Raised):
            started.kill()
            started.close()
