"""One run of a program: threads take tasks from the scheduler, call them, and record what happens.

The calling thread and helper threads do the same thing: take a ready task, run it, report it, take the next. A helper
is asked for only while tasks are ready that nobody has taken, one at a time; it cannot even start before the running
node waits for something or 5 ms have passed (the interpreter's switch interval). So a thousand trivial nodes run in one
thread without a switch, and eight that wait run at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from math import isfinite
from typing import Final

from psynapse.engine.context import Seat
from psynapse.engine.elsewhere import Elsewhere
from psynapse.engine.executors import Executors
from psynapse.engine.interrupt import Interrupted, gentle_interrupts
from psynapse.engine.ledger import MOST_SEATS, Outcome, RunOptions
from psynapse.engine.output import captured_output
from psynapse.engine.program import BLOCKED, INLINE, Program
from psynapse.engine.records import COMPLETED, STARTED
from psynapse.engine.scheduler import NOTHING, RUNNING, Verb
from psynapse.engine.state import RunState
from psynapse.engine.values import arrive, select
from psynapse.errors import ConversionError
from psynapse.model.context import context_source
from psynapse.model.events import (
    RunFinished,
    RunStarted,
    RunStatus,
)

_GRACE: Final = 1.0
_POLL: Final = 0.05
"""Seconds: how long a cancelled run waits for nodes that cannot be interrupted, and how often it looks."""


class Runner:
    """Runs a program once. ``run`` blocks; ``control`` may be called from any thread meanwhile."""

    def __init__(self, program: Program, executors: Executors, options: RunOptions | None = None) -> None:
        self._options = options or RunOptions()
        self._state = RunState(program, self._options)
        self._executors = executors
        self._elsewhere = Elsewhere(self._state, executors, self._hand_over)
        self._changed = threading.Condition(self._state.lock)
        self._main_waits = False
        self._for_main: deque[int] = deque()
        self._helpers = 0
        self._help_comes = False
        self._seats: list[Seat] = []
        self._whereabouts = self._options.whereabouts or [NOTHING] * MOST_SEATS
        self._begun = False

    def run(self) -> Outcome:
        """Run to the end. Errors of nodes do not raise; they are in the outcome."""
        began = time.perf_counter()
        capturing = captured_output() if self._options.capture and self._state.recorder else nullcontext()
        with capturing, gentle_interrupts(self._interrupted):
            self._begin()
            self._work_in_main_thread()
        return self._conclude(time.perf_counter() - began)

    def control(self, verb: Verb, task: int = NOTHING) -> None:
        """Pause, resume, step, cancel, or set a breakpoint; see ``Scheduler.control``."""
        with self._state.lock:
            first = verb == "cancel" and not self._state.cancelled
            self._state.cancelled = self._state.cancelled or verb == "cancel"
            if self._begun or verb != "cancel":
                self._state.scheduler.control(verb, task)
                self._after_control()
        if first:
            threading.Thread(target=self._interrupt, name="psynapse-interrupt", daemon=True).start()

    def in_user_code(self, thread: int) -> bool:
        """Whether the thread of that identifier is inside a node's code now."""
        return any(seat.thread == thread and seat.in_user_code for seat in self._seats)

    @property
    def paused(self) -> bool:
        """True while a pause or breakpoint holds the run."""
        return self._state.scheduler.paused

    def _begin(self) -> None:
        known = self._state.reuse.begin(self._state.values) if self._state.reuse else []
        if self._state.recorder:
            names = tuple(self._state.program.plan.tasks[task].node for task in known)
            self._state.recorder.add(NOTHING, RunStarted(len(self._state.values), names))
            for task in known:
                self._state.recorder.reused(task, self._state.values[task], self._state.why_reused(task))
        with self._state.lock:
            self._state.scheduler.start(known)
            self._begun = True
            if self._state.cancelled:
                self._state.scheduler.control("cancel")
                self._after_control()

    def _after_control(self) -> None:
        """Tell what was cancelled, and have what was freed taken up. Under the lock."""
        while self._state.cancelled and self._for_main:
            self._state.scheduler.stopped(self._for_main.popleft())
        self._state.ledger.tell_cancelled()
        self._wake_main()
        self._hand_over()

    def _interrupted(self) -> bool:
        """Ctrl-C was pressed: whether to raise here. Called by a signal handler, which must not wait for a lock."""
        if self._state.cancelled or any(
            seat.in_user_code and seat.thread == threading.get_ident() for seat in self._seats
        ):
            return True
        threading.Thread(target=self.control, args=("cancel",), name="psynapse-cancel", daemon=True).start()
        return False

    def _conclude(self, seconds: float) -> Outcome:
        scheduler = self._state.scheduler
        with self._state.lock:
            if scheduler.running:
                self._elsewhere.abandon()
                for task in (task for task, state in enumerate(scheduler.state) if state == RUNNING):
                    scheduler.stopped(task)
            self._state.ledger.tell_cancelled()
        status: RunStatus = (
            "cancelled" if self._state.cancelled else "failed" if self._state.ledger.failures else "succeeded"
        )
        if self._state.reuse:
            self._state.reuse.end()
        if self._state.recorder:
            self._state.recorder.add(NOTHING, RunFinished(status, seconds))
            self._state.recorder.close()
        return Outcome(
            status,
            self._state.values,
            scheduler.state,
            self._state.ledger.failures,
            self._state.ledger.because,
            seconds,
        )

    # The main thread

    def _work_in_main_thread(self) -> None:
        seat = self._sit()
        token = context_source.set(seat)
        try:
            while self._wait_for_work():
                try:
                    self._drain(seat, in_main=True)
                except (KeyboardInterrupt, Interrupted):
                    # It arrived in the instant in which its node ended.
                    self.control("cancel")
        finally:
            seat.task = NOTHING
            context_source.reset(token)

    def _wait_for_work(self) -> bool:
        """Wait until there is something for the main thread; False when the run has ended."""
        deadline: float | None = None
        while True:
            try:
                with self._changed:
                    while not self._work_for_main():
                        if self._state.scheduler.finished or (deadline and time.monotonic() >= deadline):
                            return False
                        if self._state.cancelled and deadline is None:
                            deadline = time.monotonic() + _GRACE
                        self._main_waits = True
                        self._changed.wait(_POLL if deadline else None)
                    return True
            except (KeyboardInterrupt, Interrupted):
                self.control("cancel")
            finally:
                self._main_waits = False

    def _work_for_main(self) -> bool:
        return bool(self._for_main or (self._state.scheduler.ready and not self._state.scheduler.held))

    # Any thread

    def _drain(self, seat: Seat, *, in_main: bool) -> None:  # noqa: C901, PLR0912, PLR0915 -- see its docstring
        """Run tasks in this thread until none may start.

        The hot loop, long because a function call costs a tenth of a trivial node: a thousand take half a millisecond.
        """
        state = self._state
        scheduler, lock, values, recorder, reuse = (
            state.scheduler,
            state.lock,
            state.values,
            state.recorder,
            state.reuse,
        )
        calls, shared, ready = state.program.calls, state.program.shared, state.scheduler.ready
        record = recorder.records.append if recorder else None
        whereabouts, number = self._whereabouts, seat.number
        clock, acquire, release = time.perf_counter, lock.acquire, lock.release
        began = 0.0
        with lock:
            task = self._next(scheduler.take(), in_main=in_main)
        while task >= 0:
            function, args, kwargs, by_position, by_keyword, place = calls[task]
            if place and not (place == INLINE and in_main):
                self._start_elsewhere(task, place)
                with lock:
                    task = self._next(scheduler.take(), in_main=in_main)
                continue
            seat.task = whereabouts[number] = task
            if record is not None and reuse is None:
                record((clock(), task, STARTED, None))
                if recorder is not None and not recorder.awake:
                    recorder.wake()
            elif reuse is not None:
                began = state.started(task)
            try:
                if by_position:
                    filled = list(args)
                    for position, source, key, convert, exact, last, port in by_position:
                        value = values[source]
                        if last:
                            values[source] = None
                        if key is not None:
                            value = select(value, key)
                        if convert is not None and type(value) is not exact:
                            value = _convert(convert, value, port)
                        filled[position] = value
                    args = filled
                if by_keyword:
                    kwargs = {**(kwargs or {}), **{wire[-1]: arrive(wire, values) for wire in by_keyword}}
                seat.in_user_code = True
                value = function(*args) if kwargs is None else function(*args, **kwargs)
                seat.in_user_code = False
            except BaseException as error:  # noqa: BLE001 -- user code, which may raise anything
                seat.in_user_code = False
                seat.leave()
                if isinstance(error, KeyboardInterrupt) and self._options.keyboard:
                    self.control("cancel")
                state.ended_badly(task, error)
                with lock:
                    task = self._next(scheduler.take(), in_main=in_main)
                continue
            values[task] = value
            if reuse is not None:
                reuse.store(task, value, clock() - began)
            if record is not None and recorder is not None:
                if seat.context is not None:
                    seat.leave()
                # A number cannot change before somebody looks; anything else is rendered now.
                plain = type(value) is int or (type(value) is float and isfinite(value))
                record((clock(), task, COMPLETED, value if plain else recorder.render(task, value)))
                if not recorder.awake:
                    recorder.wake()
            # Twice as fast as a with statement.
            acquire()
            try:
                scheduler.done(task)
                for source in shared[task]:
                    state.let_go(source)
                task = scheduler.take()
                if task < 0 or ready or reuse is not None:
                    task = self._next(task, in_main=in_main)
            finally:
                release()
            # The next node may run for long: what only this one had is let go.
            value = filled = args = kwargs = None
        seat.task = NOTHING

    def _next(self, task: int, *, in_main: bool) -> int:
        """The task for this thread, given the one it took: help is asked for when more are ready. Under the lock."""
        scheduler = self._state.scheduler
        if in_main and self._for_main and task < 0:
            return self._for_main.popleft()
        while self._state.reuse and task >= 0 and (entry := self._state.reuse.find(task)):
            self._state.values[task] = entry.value
            if self._state.recorder:
                self._state.recorder.reused(task, entry.value, self._state.why_reused(task))
            scheduler.done(task)
            task = scheduler.take()
        if scheduler.ready and not self._help_comes:
            self._ask_for_help()
        elif task < 0 and not scheduler.open:
            self._wake_main()
        return task

    def _ask_for_help(self) -> None:
        if self._state.scheduler.held:
            return
        if self._main_waits:
            self._wake_main()
        elif self._helpers < self._options.helpers:
            self._help_comes = True
            self._helpers += 1
            self._executors.threads.submit(self._help)

    def _wake_main(self) -> None:
        if self._main_waits:
            self._main_waits = False
            self._changed.notify()

    def _help(self) -> None:
        """What a helper thread does: drain, once."""
        seat = self._sit()
        token = context_source.set(seat)
        try:
            with self._state.lock:
                self._help_comes = False
            self._drain(seat, in_main=False)
        except Interrupted:
            # It arrived after its node had ended; the run is cancelled anyway.
            pass
        finally:
            context_source.reset(token)
            with self._state.lock:
                self._helpers -= 1
                self._seats.remove(seat)
                self._wake_main()

    def _sit(self) -> Seat:
        with self._state.lock:
            taken = {seat.number for seat in self._seats}
            number = next(number for number in range(MOST_SEATS) if number not in taken)
            seat = Seat(self._state.recorder, number)
            self._seats.append(seat)
        return seat

    # Ends

    def _interrupt(self) -> None:
        """Keep interrupting nodes that run until none does, or nobody waits for them any more."""
        ends = time.monotonic() + _GRACE
        self._elsewhere.stop()
        while not self._state.scheduler.finished and time.monotonic() < ends:
            time.sleep(_POLL)
            self._elsewhere.interrupt(self._options.interrupt)
            for seat in list(self._seats):
                if seat.in_user_code:
                    self._options.interrupt(seat.thread)

    # Tasks elsewhere

    def _start_elsewhere(self, task: int, place: int) -> None:
        state = self._state
        if place == INLINE:
            with state.lock:
                self._for_main.append(task)
                self._wake_main()
            return
        state.started(task)
        try:
            if place == BLOCKED:
                raise state.why_blocked(task)
            self._elsewhere.start(task, place)
        except Exception as error:  # noqa: BLE001 -- converting and sending values runs user code
            state.ended_badly(task, error)

    def _hand_over(self) -> None:
        """The caller runs no tasks: somebody else has to take what is ready, or notice the end."""
        if self._state.scheduler.ready:
            self._ask_for_help()
        elif self._state.scheduler.finished:
            self._wake_main()


def _convert(convert: Callable[[object], object], value: object, port: str) -> object:
    try:
        return convert(value)
    except ConversionError as error:
        error.port = error.port or port
        raise
