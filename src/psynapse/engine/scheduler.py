"""Which task may start when: a pure state machine on flat arrays, without values, clock or threads.

States, each task being in exactly one::

    WAITING ──► READY ──► RUNNING ──► DONE
       │          │          │ ├────► FAILED       what depends on it becomes SKIPPED at once
       │          │          │ └────► EXPANDED     its template's tasks run; then it is RUNNING again
       ├──────────┴──────────┴──────► CANCELLED    by ``control("cancel")``
       └────────────────────────────► SKIPPED      a dependency failed, or left out the handle it hangs on

The caller takes ready tasks with ``take`` and reports each with ``done`` or ``failed``. Tasks are numbers: a run of a
thousand trivial nodes spends most of its time here, so there is no object per task and no recursion.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from psynapse.errors import InvalidTransition

WAITING: Final = 0
READY: Final = 1
RUNNING: Final = 2
EXPANDED: Final = 3
DONE: Final = 4
FAILED: Final = 5
SKIPPED: Final = 6
CANCELLED: Final = 7
STATE_NAMES: Final = ("waiting", "ready", "running", "expanded", "done", "failed", "skipped", "cancelled")

NOTHING: Final = -1
"""What ``take`` answers when no task may start now."""

_OPEN: Final = 0
_PAUSED: Final = 1
_CANCELLED: Final = 2
_BREAKPOINT: Final = 1

Verb = Literal["pause", "resume", "step", "cancel", "break", "unbreak"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Who follows whom, by task number.

    ``successors`` names each follower once; ``indegree`` counts how many tasks name it. ``handles`` says, for tasks
    that may leave out an output, which followers hang on each handle.
    """

    successors: tuple[tuple[int, ...], ...]
    indegree: tuple[int, ...]
    handles: Mapping[int, Mapping[str, tuple[int, ...]]] = field(
        default_factory=dict[int, Mapping[str, tuple[int, ...]]]
    )


def make_shape(sources: Sequence[Collection[int]]) -> Shape:
    """The shape of a graph in which task ``i`` depends on ``sources[i]``."""
    successors: list[list[int]] = [[] for _ in sources]
    indegree: list[int] = []
    for task, needed in enumerate(sources):
        distinct = dict.fromkeys(needed) if len(needed) > 1 else needed
        indegree.append(len(distinct))
        for source in distinct:
            successors[source].append(task)
    return Shape(tuple(map(tuple, successors)), tuple(indegree))


@dataclass(slots=True)
class _Frame:
    """The tasks a template was expanded into: ``count`` numbers from ``base`` on, ``open`` of them not yet ended."""

    parent: int
    base: int
    template: Shape
    open: int


class Scheduler:
    """The state of one run. ``skipped``, ``cancelled`` and ``returned`` are outboxes that the caller empties."""

    __slots__ = (
        "_first_expanded", "_flags", "_frame_of", "_frames", "_gate", "_handles", "_indegree", "_passing", "_steps",
        "_successors", "cancelled", "open", "paused_at", "ready", "returned", "running", "skipped", "state",
    )  # fmt: skip

    def __init__(self, shape: Shape) -> None:
        count = len(shape.indegree)
        self.state = bytearray(count)
        self._flags = bytearray(count)
        self._indegree = list(shape.indegree)
        self._successors = list(shape.successors)
        self._handles = dict(shape.handles)
        self.ready: deque[int] = deque()
        self.running = 0
        self.open = count
        self.skipped: list[tuple[int, int]] = []
        """Tasks that will not run, each with the task because of which."""
        self.cancelled: list[int] = []
        """Tasks that the cancellation reached before they started."""
        self.returned: list[int] = []
        """Expanded tasks whose template has ended: running again, to be reported done, failed or expanded."""
        self.paused_at: int | None = None
        """The task whose breakpoint paused the run."""
        self._gate = _OPEN
        self._steps = 0
        self._passing = NOTHING
        self._first_expanded = count
        self._frames: dict[int, _Frame] = {}
        self._frame_of: list[_Frame] = []

    @property
    def finished(self) -> bool:
        """True when every task has ended."""
        return not self.open

    @property
    def paused(self) -> bool:
        """True between a pause or breakpoint and what resumes it."""
        return self._gate == _PAUSED

    @property
    def held(self) -> bool:
        """True when ready tasks may not start: the run is paused, and no step over one is left."""
        return self._gate == _PAUSED and not self._steps

    def start(self, known: Iterable[int] = ()) -> None:
        """Make the first tasks ready. ``known`` are tasks whose values are there already: done without running."""
        for task in known:
            # One named twice counts once; one that a cancellation reached first stays cancelled.
            if self.state[task] == WAITING:
                self.state[task] = DONE
                self.open -= 1
        if self.open < len(self.state):
            for task in range(len(self.state)):
                if self.state[task] == DONE:
                    self._release(task)
        for task, missing in enumerate(self._indegree):
            if not missing and self.state[task] == WAITING:
                self._make_ready(task)

    def take(self) -> int:
        """The next task to run, now RUNNING, or NOTHING."""
        ready = self.ready
        if not ready:
            return NOTHING
        task = ready[0]
        if self._gate or self._flags[task]:
            return self._take_gated(task)
        ready.popleft()
        self.state[task] = RUNNING
        self.running += 1
        return task

    def done(self, task: int) -> None:
        """A running task ended well: what only waited for it is ready now."""
        state = self.state
        try:
            if task < 0 or state[task] != RUNNING:
                raise self._impossible(task, "done")
        except IndexError:
            raise self._impossible(task, "done") from None
        state[task] = DONE
        self.running -= 1
        self.open -= 1
        indegree = self._indegree
        for successor in self._successors[task]:
            indegree[successor] = missing = indegree[successor] - 1
            if not missing and not state[successor]:
                state[successor] = READY
                self.ready.append(successor)
        if task >= self._first_expanded:
            self._leave_frame(task)

    def failed(self, task: int) -> None:
        """A running task ended badly: everything that depends on it is skipped."""
        self._require_running(task, "failed")
        self.state[task] = FAILED
        self.running -= 1
        self.open -= 1
        self._skip(self._successors[task], task)
        if task >= self._first_expanded:
            self._leave_frame(task)

    def stopped(self, task: int) -> None:
        """A running task was interrupted because the run is cancelled."""
        self._require_running(task, "stopped")
        if self._gate != _CANCELLED:
            raise self._impossible(task, "stopped in a run that is not cancelled")
        self.running -= 1
        self._cancel_task(task)

    def drop(self, task: int, handle: str) -> None:
        """A running task gives nothing at ``handle``: what hangs on it is skipped. To be followed by ``done``."""
        self._require_running(task, f"left without {handle!r}")
        self._skip(self._handles.get(task, {}).get(handle, ()), task)

    def expand(self, task: int, template: Shape) -> int:
        """A running task turns into the tasks of ``template``; the number of the first is returned.

        When all of them have ended the task is RUNNING again and in ``returned``. Expanding it into the same template
        again, as a loop does, reuses the numbers.
        """
        self._require_running(task, "expanded")
        frame = self._frames.get(task)
        if frame is None or frame.template is not template:
            frame = self._append(task, template)
        self.running -= 1
        if self._gate == _CANCELLED:
            self._cancel_task(task)
            return frame.base
        self.state[task] = EXPANDED
        self._reset(frame)
        if not frame.open:
            self._return(frame)
        return frame.base

    def control(self, verb: Verb, task: int = NOTHING) -> None:
        """Pause, resume, step over one task, cancel, or set and remove a breakpoint on ``task``."""
        if verb in {"break", "unbreak"}:
            self._set_breakpoint(task, on=verb == "break")
        elif self._gate == _CANCELLED:
            return
        elif verb == "cancel":
            self._cancel()
        elif verb == "pause":
            self._gate = _PAUSED
        elif verb == "step":
            self._steps += self._gate == _PAUSED
        else:
            self._resume()

    def validate(self) -> None:
        """Raise AssertionError when the arrays contradict each other. For tests: it looks at every task."""
        counts = [self.state.count(value) for value in range(len(STATE_NAMES))]
        assert counts[RUNNING] == self.running, "running is counted"
        assert sum(counts[DONE:]) == len(self.state) - self.open, "open is counted"
        ready = {task for task, value in enumerate(self.state) if value == READY}
        assert set(self.ready) == ready, "ready tasks are queued"
        assert len(set(self.ready)) == len(self.ready), "no task is ready twice"
        for task, value in enumerate(self.state):
            if value in {READY, RUNNING, EXPANDED}:
                assert not self._indegree[task], f"task {task} is {STATE_NAMES[value]} before its inputs"

    def _take_gated(self, task: int) -> int:
        if self._gate == _PAUSED:
            if not self._steps:
                return NOTHING
            self._steps -= 1
        elif task != self._passing:
            self._gate = _PAUSED
            self.paused_at = task
            return NOTHING
        self._passing = NOTHING
        self.paused_at = None
        self.ready.popleft()
        self.state[task] = RUNNING
        self.running += 1
        return task

    def _resume(self) -> None:
        self._gate = _OPEN
        self._steps = 0
        if self.paused_at is not None and self._flags[self.paused_at]:
            self._passing = self.paused_at
        self.paused_at = None

    def _set_breakpoint(self, task: int, *, on: bool) -> None:
        if not 0 <= task < len(self._flags):
            raise self._impossible(task, "given a breakpoint" if on else "freed of a breakpoint")
        self._flags[task] = _BREAKPOINT if on else 0
        # The leave to pass belongs to the breakpoint: a new one on the same task stops again.
        if not on and self._passing == task:
            self._passing = NOTHING

    def _make_ready(self, task: int) -> None:
        self.state[task] = READY
        self.ready.append(task)

    def _release(self, task: int) -> None:
        """Count down what follows a task that is known from the start."""
        for successor in self._successors[task]:
            self._indegree[successor] -= 1

    def _skip(self, first: Iterable[int], because: int) -> None:
        pending = list(first)
        while pending:
            task = pending.pop()
            if self.state[task] == WAITING:
                self.state[task] = SKIPPED
                self.open -= 1
                self.skipped.append((task, because))
                pending.extend(self._successors[task])
                if task >= self._first_expanded:
                    self._leave_frame(task)

    def _cancel(self) -> None:
        self._gate = _CANCELLED
        self.paused_at = None
        self.ready.clear()
        for task in self.returned:
            self.running -= 1
            self._cancel_task(task)
        self.returned.clear()
        for task, value in enumerate(self.state):
            if value in {WAITING, READY, EXPANDED}:
                self._cancel_task(task)

    def _cancel_task(self, task: int) -> None:
        self.state[task] = CANCELLED
        self.open -= 1
        self.cancelled.append(task)

    def _append(self, task: int, template: Shape) -> _Frame:
        base = len(self.state)
        self.state.extend(bytes(len(template.indegree)))
        self._flags.extend(bytes(len(template.indegree)))
        self._indegree.extend(template.indegree)
        self._successors.extend(tuple(base + one for one in following) for following in template.successors)
        for local, by_handle in template.handles.items():
            self._handles[base + local] = {
                handle: tuple(base + one for one in following) for handle, following in by_handle.items()
            }
        frame = _Frame(task, base, template, 0)
        self._frame_of.extend([frame] * len(template.indegree))
        # They count as ended until _reset makes them wait.
        self.state[base:] = bytes([CANCELLED]) * len(template.indegree)
        self._frames[task] = frame
        return frame

    def _reset(self, frame: _Frame) -> None:
        """Make a frame's tasks wait (again), and start those that wait for nothing."""
        count = len(frame.template.indegree)
        ended = sum(value >= DONE for value in self.state[frame.base : frame.base + count])
        self.state[frame.base : frame.base + count] = bytes(count)
        self._indegree[frame.base : frame.base + count] = frame.template.indegree
        self.open += ended
        frame.open = count
        for local, missing in enumerate(frame.template.indegree):
            if not missing:
                self._make_ready(frame.base + local)

    def _leave_frame(self, task: int) -> None:
        frame = self._frame_of[task - self._first_expanded]
        frame.open -= 1
        if not frame.open and self.state[frame.parent] == EXPANDED:
            self._return(frame)

    def _return(self, frame: _Frame) -> None:
        self.state[frame.parent] = RUNNING
        self.running += 1
        self.returned.append(frame.parent)

    def _require_running(self, task: int, what: str) -> None:
        if not 0 <= task < len(self.state) or self.state[task] != RUNNING:
            raise self._impossible(task, what)

    def _impossible(self, task: int, what: str) -> InvalidTransition:
        """Tell the task's story: its state, what it waits for, who follows it."""
        if not 0 <= task < len(self.state):
            return InvalidTransition(f"there is no task {task} to be {what}; the run has {len(self.state)}")
        followers = ", ".join(f"{one} {STATE_NAMES[self.state[one]]}" for one in self._successors[task][:8]) or "none"
        return InvalidTransition(
            f"task {task} cannot be {what}: it is {STATE_NAMES[self.state[task]]}, waits for {self._indegree[task]} "
            f"others, and is followed by: {followers}"
        )
