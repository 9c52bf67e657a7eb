"""The door between a running node and its run, one per node."""

import threading
from typing import Final, Protocol

from psynapse.model.context import NodeContext
from psynapse.model.events import Body, OutputStream, TaskOutput, TaskProgress, TaskStreamed

OUTPUT_BUDGET: Final = 1_000_000
"""How many characters a node may print before the rest is dropped with one notice."""

_LONGEST_LINE: Final = 4096


class EventSink(Protocol):
    """Takes what happens to a task."""

    def add(self, task: int, body: Body) -> None:
        """Record one fact now."""
        ...


class TaskContext:
    """What one execution of a task tells its run; kept by the threads it starts, also after it has ended."""

    __slots__ = ("_budget", "_lines", "_lock", "_sink", "_task")

    def __init__(self, sink: EventSink, task: int) -> None:
        self._sink = sink
        self._task = task
        self._budget = OUTPUT_BUDGET
        self._lines: dict[OutputStream, str] = {}
        # Held by a thread that may print once more: an object whose time has come says so in the middle of anything.
        self._lock = threading.RLock()

    def progress(self, fraction: float, message: str = "") -> None:
        """Report how far the node is; what is not a number from 0 to 1 is brought there."""
        number = float(fraction)
        bounded = min(1.0, max(0.0, number)) if number == number else 0.0  # noqa: PLR0124 -- NaN is not itself
        self._sink.add(self._task, TaskProgress(bounded, str(message)))

    def emit(self, chunk: str) -> None:
        """Send a piece of text; an empty one is dropped."""
        text = str(chunk)
        if text:
            self._sink.add(self._task, TaskStreamed(text))

    def output(self, stream: str, text: str) -> None:
        """Record printed text: whole lines at once, the rest of a line with the next one or with ``flush``."""
        name: OutputStream = "stderr" if stream == "stderr" else "log" if stream == "log" else "stdout"
        with self._lock:
            pending = self._lines.pop(name, "") + text
            cut = len(pending) if len(pending) > _LONGEST_LINE else pending.rfind("\n") + 1
            if cut < len(pending):
                self._lines[name] = pending[cut:] + self._lines.pop(name, "")
        self._record(name, pending[:cut])

    def flush(self, stream: OutputStream | None = None) -> None:
        """Record what was printed without a line's end; of every stream when none is named."""
        with self._lock:
            names: list[OutputStream] = [stream] if stream else list(self._lines)
            rest: dict[OutputStream, str] = {name: self._lines.pop(name, "") for name in names}
        for name, text in rest.items():
            self._record(name, text)

    def _record(self, stream: OutputStream, text: str) -> None:
        if not text or self._budget <= 0:
            return
        allowed = text[: self._budget]
        self._budget -= len(text)
        self._sink.add(self._task, TaskOutput(stream, allowed))
        if self._budget <= 0:
            notice = f"\n[more than {OUTPUT_BUDGET:,} characters printed: the rest is left out]\n"
            self._sink.add(self._task, TaskOutput(stream, notice))


class Seat:
    """Where a thread sits while it runs tasks: a context source that only changes its task number.

    A context object is made when user code first asks for it. Trivial nodes never do.
    """

    __slots__ = ("_sink", "context", "in_user_code", "number", "task", "thread")

    def __init__(self, sink: EventSink | None, number: int = 0) -> None:
        self._sink = sink
        self.number = number
        """No two threads of a run have the same."""
        self.context: TaskContext | None = None
        """The context of the current task, if it was asked for."""
        self.task = -1
        self.in_user_code = False
        self.thread = threading.get_ident()

    def current(self) -> NodeContext | None:
        """The context of the task that runs in this thread now."""
        if self.task < 0 or self._sink is None:
            return None
        if self.context is None:
            made = TaskContext(self._sink, self.task)
            # While it was made an object may have gone that prints, and has one.
            self.context = self.context or made
        return self.context

    def leave(self) -> None:
        """The current task has ended here: record the rest of its output."""
        if self.context is not None:
            self.context.flush()
            self.context = None


class FixedSource:
    """A context source for a thread or coroutine that belongs to one task for good."""

    __slots__ = ("_context",)

    def __init__(self, context: NodeContext) -> None:
        self._context = context

    def current(self) -> NodeContext:
        """The one context."""
        return self._context
