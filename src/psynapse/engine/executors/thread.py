"""Threads that help a run along: kept between runs, never in the way of the process ending."""

import contextvars
import threading
from collections import deque
from collections.abc import Callable


class HelperThreads:
    """A pool that starts a thread only when none is idle. Jobs are functions that take and return nothing.

    Unlike ``ThreadPoolExecutor`` its threads are daemons: a node that hangs in C cannot keep the process alive.
    """

    def __init__(self, most: int = 64) -> None:
        self.most = most
        self._jobs: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._idle = 0
        self._count = 0
        self._closed = False

    def submit(self, job: Callable[[], None]) -> None:
        """Run ``job`` in a thread soon; it waits while ``most`` threads are busy."""
        with self._changed:
            self._jobs.append(job)
            if self._idle >= len(self._jobs):
                self._changed.notify()
                return
            if self._count >= self.most:
                return
            self._count += 1
            name = f"psynapse-helper-{self._count}"
        thread = threading.Thread(target=self._work, name=name, daemon=True)
        # Not in this context: the thread would belong to the node that happens to run here.
        contextvars.Context().run(thread.start)

    def close(self) -> None:
        """Let idle threads end. Busy ones end with their job."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._idle += 1
                while not self._jobs and not self._closed:
                    self._changed.wait()
                self._idle -= 1
                if not self._jobs:
                    self._count -= 1
                    return
                job = self._jobs.popleft()
            job()
