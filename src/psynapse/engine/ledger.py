"""How a run is asked for, and how its tasks ended."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from psynapse.engine.interrupt import raise_in_thread
from psynapse.engine.recorder import Listener, Recorder, RecordListener
from psynapse.engine.reuse import Reuse
from psynapse.engine.scheduler import Scheduler
from psynapse.model.events import RunStatus, TaskCancelled, TaskFailed, TaskSkipped
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan

MOST_HELPERS: Final = 32
MOST_SEATS: Final = MOST_HELPERS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run. ``helpers=0`` calls one task after the other in the calling thread, for debuggers."""

    listener: Listener | None = None
    on_records: RecordListener | None = None
    reuse: Reuse | None = None
    capture: bool = True
    helpers: int = MOST_HELPERS
    href: Callable[[NodeId], str] | None = None
    on_truncated: Callable[[int, object], None] | None = None
    """Gets task and value of what is shown in part only, before the task's completion is told. Must not raise."""
    interrupt: Callable[[int], None] = raise_in_thread
    """How to raise Interrupted in user code that runs in the thread of that identifier."""
    keyboard: bool = True
    """Whether somebody can press Ctrl-C here, which a KeyboardInterrupt in a node then stands for: cancel the run."""
    whereabouts: "memoryview[int] | list[int] | None" = None
    """Where each thread notes the task it is at: memory that outlives the process can tell which one killed it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed: the exception for Python, the event for everybody else."""

    error: BaseException
    event: TaskFailed


@dataclass(slots=True)
class Outcome:
    """What became of a run, by task number. A value is None where there is none or where it was let go."""

    status: RunStatus
    values: list[object]
    states: bytearray
    failures: dict[int, Failure] = field(default_factory=dict[int, Failure])
    because: dict[int, int] = field(default_factory=dict[int, int])
    seconds: float = 0.0


class Ledger:
    """The bad ends of a run's tasks: noted here, told to the scheduler and recorded. Used under the run's lock."""

    def __init__(self, plan: Plan, scheduler: Scheduler, recorder: Recorder | None) -> None:
        self._plan = plan
        self._scheduler = scheduler
        self._recorder = recorder
        self.failures: dict[int, Failure] = {}
        self.because: dict[int, int] = {}

    def fail(self, task: int, failure: Failure) -> None:
        """A task failed; what depends on it is skipped."""
        self.failures[task] = failure
        if self._recorder:
            self._recorder.add(task, failure.event)
        self._scheduler.failed(task)
        for skipped, because in self._scheduler.skipped:
            self.because[skipped] = because
            if self._recorder:
                self._recorder.add(skipped, TaskSkipped(self._plan.tasks[because].node))
        self._scheduler.skipped.clear()

    def tell_cancelled(self) -> None:
        """Record the tasks that a cancellation has reached since the last time."""
        if self._recorder:
            for task in self._scheduler.cancelled:
                self._recorder.add(task, TaskCancelled())
        self._scheduler.cancelled.clear()
