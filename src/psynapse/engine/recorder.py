"""The events of one run: recorded in nanoseconds where they happen, told to the listener by a thread of its own."""

import contextvars
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final

from psynapse.engine.previews import preview
from psynapse.engine.records import COMPLETED, Record, RecordReader, code_of
from psynapse.model.events import Body, RunEvent, TaskCompleted
from psynapse.model.guarded import Raised, outcome
from psynapse.model.ids import Json, NodeId

_MOST_UNTOLD: Final = 20_000
"""So many records may wait to be told: a node that says more than anybody can hear has to wait itself."""
_BETWEEN_LOOKS: Final = 0.001

Listener = Callable[[Sequence[RunEvent]], None]
RecordListener = Callable[[Sequence[Record]], None]
"""Takes records as they are, for sending them on; ``at`` is then a time of this process's ``perf_counter``."""


class Recorder:
    """Collects records from any thread. ``records`` is appended to directly on the hot path, always the same list."""

    def __init__(
        self,
        nodes: Sequence[NodeId],
        listener: Listener | None,
        on_records: RecordListener | None = None,
        href: Callable[[NodeId], str] | None = None,
        on_truncated: Callable[[int, object], None] | None = None,
    ) -> None:
        self.records: list[Record] = []
        """What nobody has been told yet."""
        self.began = time.perf_counter()
        self.awake = False
        """True when the teller has been woken and has not looked yet."""
        self._nodes = nodes
        self._listener = listener
        self._on_records = on_records
        self._href = href
        self._on_truncated = on_truncated
        self._told = 0
        self._reader = RecordReader(nodes, self.began)
        self._error: BaseException | None = None
        self._telling = threading.Lock()

    def add(self, task: int, body: Body) -> None:
        """Record a fact other than a plain start or completion. Waits while far too much has not been told yet."""
        self.records.append((time.perf_counter(), task, code_of(body), body))
        self.wake()
        while len(self.records) > _MOST_UNTOLD and threading.current_thread() is not _teller.thread:
            time.sleep(_BETWEEN_LOOKS)

    def completed(self, task: int, value: object) -> None:
        """Record a completion."""
        self.records.append((time.perf_counter(), task, COMPLETED, self.render(task, value)))
        self.wake()

    def render(self, task: int, value: object) -> Json:
        """What is shown of a value, made now: a later node may change it."""
        shown = preview(value, href=self._href(self._nodes[task]) if self._href else "")
        if self._on_truncated and isinstance(shown, dict) and "$preview" in shown:
            self._on_truncated(task, value)
        return shown

    def reused(self, task: int, value: object, why: str = "") -> None:
        """Record that a task has its result from an earlier run; ``why`` says where it was kept."""
        self.add(task, TaskCompleted(self.render(task, value), cached=True, why=why))

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
            # Others append meanwhile. What was told is let go: a run may never end.
            fresh = self.records.copy()
            del self.records[: len(fresh)]
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
        self.thread: threading.Thread | None = None

    def tell_soon(self, recorder: Recorder) -> None:
        """Have ``recorder`` tell in the teller's thread."""
        self._waiting.put(recorder)
        if self.thread is None:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="psynapse-events", daemon=True)
                # Not in this context: the thread would belong to the node that happens to run here.
                contextvars.Context().run(self.thread.start)

    def _run(self) -> None:
        while True:
            self._waiting.get().tell()


_teller = _Teller()
