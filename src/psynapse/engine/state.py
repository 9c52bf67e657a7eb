"""What the threads of one run share: its scheduler, its values, and how its tasks ended."""

import threading
import time
from dataclasses import replace

from psynapse.engine.failures import BlockedTask, describe_failure, user_frames
from psynapse.engine.ledger import Failure, Ledger, RunOptions
from psynapse.engine.program import Program
from psynapse.engine.recorder import Recorder
from psynapse.engine.scheduler import RUNNING, Scheduler
from psynapse.model.events import TaskStarted


class RunState:
    """One run's state. ``lock`` guards everything but ``values``, whose slots are each written by one thread."""

    def __init__(self, program: Program, options: RunOptions) -> None:
        self.program = program
        self.reuse = options.reuse
        self.recorder: Recorder | None = None
        if options.listener or options.on_records:
            nodes = [task.node for task in program.plan.tasks]
            self.recorder = Recorder(nodes, options.listener, options.on_records, options.href, options.on_truncated)
        self.scheduler = Scheduler(program.shape)
        self.values: list[object] = [None] * len(program.calls)
        self.ledger = Ledger(program.plan, self.scheduler, self.recorder)
        self.lock = threading.Lock()
        self.cancelled = False
        self._uses = list(program.uses)

    def started(self, task: int) -> float:
        """Record that a task begins; the time."""
        if self.recorder:
            self.recorder.add(task, self.reuse.why(task) if self.reuse else TaskStarted())
        return time.perf_counter()

    def why_reused(self, task: int) -> str:
        """Where the earlier result of a task was kept."""
        return self.reuse.why_reused(task) if self.reuse else ""

    def let_go(self, source: int) -> None:
        """One of several takers has had the value of ``source``. Under the lock."""
        self._uses[source] -= 1
        if not self._uses[source]:
            self.values[source] = None

    def ended_well(self, task: int, value: object) -> None:
        """A task that ran elsewhere has its value. Nothing happens when nobody waits for it any more."""
        with self.lock:
            if self.scheduler.state[task] != RUNNING:
                return
        self.values[task] = value
        if self.reuse:
            self.reuse.store(task, value, 0.0)
        if self.recorder:
            self.recorder.completed(task, value)
        with self.lock:
            self.scheduler.done(task)
            for source in self.program.shared[task]:
                self.let_go(source)

    def ended_badly(self, task: int, error: BaseException, remote_traceback: str = "") -> None:
        """A task raised ``error``, or was stopped; ``remote_traceback`` is how it looked in another process."""
        event = describe_failure(error)
        if remote_traceback:
            event = replace(event, traceback=remote_traceback)
        # Our frames hold the values of other nodes.
        error.__traceback__ = user_frames(error.__traceback__)
        with self.lock:
            if self.scheduler.state[task] != RUNNING:
                return
            if self.cancelled and not isinstance(error, BlockedTask):
                self.scheduler.stopped(task)
                self.ledger.tell_cancelled()
            else:
                self.ledger.fail(task, Failure(error, event))

    def why_blocked(self, task: int) -> Exception:
        """Why a task cannot be called at all."""
        finding = self.program.plan.tasks[task].blocked
        return BlockedTask(finding) if finding else self.program.errors[task]
