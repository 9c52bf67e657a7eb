"""The events of one run: recorded in nanoseconds where they happen, told to the listener by a thread of its own."""

import contextvars
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from psynapse.engine.previews import preview
from psynapse.engine.records import COMPLETED, Record, RecordReader, code_of
from psynapse.model.events import Body, RunEvent, TaskCompleted
from psynapse.model.guarded import Raised, outcome
from psynapse.model.ids import Json, NodeId

Listener = Callable[[Sequence[RunEvent]], None]
RecordListener = Callable[[Sequence[Record]], None]
"""Takes records as they are, for sending them on; ``at`` is then a time of this process's ``perf_counter``."""


class Recorder:
    """Collects records from any thread. ``records`` is appended to directly on the hot path."""

    def __init__(
        self,
        nodes: Sequence[NodeId],
        listener: Listener | None,
        on_records: RecordListener | None = None,
        href: Callable[[NodeId], str] | None = None,
    ) -> None:
        self.records: list[Record] = []
        self.began = time.perf_counter()
        self.awake = False
        """True when the teller has been woken and has not looked yet."""
        self._nodes = nodes
        self._listener = listener
        self._on_records = on_records
        self._href = href
        self._told = 0
        self._reader = RecordReader(nodes, self.began)
        self._error: BaseException | None = None
        self._telling = threading.Lock()

    def add(self, task: int, body: Body) -> None:
        """Record a fact other than a plain start or completion."""
        self.records.append((time.perf_counter(), task, code_of(body), body))
        self.wake()

    def completed(self, task: int, value: object) -> None:
        """Record a completion."""
        self.records.append((time.perf_counter(), task, COMPLETED, self.render(task, value)))
        self.wake()

    def render(self, task: int, value: object) -> Json:
        """What is shown of a value, made now: a later node may change it."""
        return preview(value, href=self._href(self._nodes[task]) if self._href else "")

    def reused(self, task: int, value: object) -> None:
        """Record that a task has its result from an earlier run."""
        self.add(task, TaskCompleted(self.render(task, value), cached=True))

    def wake(self) -> None:
        """Let the teller know that there is something to tell."""
        if not self.awake:
            self.awake = True
            _teller.tell_soon(self)

    def close(self) -> None:
        """Tell everything that is left. Raises what the listener raised, if it did."""
        self.tell()
        if self._error is not None:
            raise self._error

    def tell(self) -> None:
        """Tell the listener what it has not heard yet."""
        with self._telling:
            self.awake = False
            fresh = self.records[self._told :]
            first = self._told
            self._told += len(fresh)
            if not fresh or self._error is not None:
                return
            told = outcome(self._tell, fresh, first)
            # A broken viewer must not stop the run; close() raises what it did.
            self._error = told.error if isinstance(told, Raised) else None

    def _tell(self, fresh: Sequence[Record], first: int) -> None:
        if self._on_records:
            self._on_records(fresh)
        if self._listener:
            self._listener(list(self._reader.read(fresh, first)))


class _Teller:
    """The thread that tells listeners, one for all runs of a process: starting one for each would take as long."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Recorder] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell_soon(self, recorder: Recorder) -> None:
        """Have ``recorder`` tell in the teller's thread."""
        self._waiting.put(recorder)
        if self._thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="psynapse-events", daemon=True)
                # Not in this context: the thread would belong to the node that happens to run here.
                contextvars.Context().run(self._thread.start)

    def _run(self) -> None:
        while True:
            self._waiting.get().tell()


_teller = _Teller()
