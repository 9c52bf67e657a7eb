"""Tasks that do not run in the thread that takes them: coroutines, and calls in child processes."""

import functools
from collections.abc import Callable, Mapping
from typing import Protocol

from psynapse.engine.context import TaskContext
from psynapse.engine.executors import Executors
from psynapse.engine.executors.process import ProcessCall
from psynapse.engine.program import AIO, PROCESS, Program
from psynapse.engine.scheduler import RUNNING
from psynapse.engine.state import RunState
from psynapse.engine.values import arrive

Arguments = tuple[tuple[object, ...], Mapping[str, object]]


def gather_arguments(program: Program, task: int, values: list[object]) -> Arguments:
    """What a task's function is called with. Raises ConversionError and MissingKeyError."""
    _, args, kwargs, by_position, by_keyword, _ = program.calls[task]
    filled = list(args)
    for wire in by_position:
        filled[wire[0]] = arrive(wire, values)
    return tuple(filled), {**(kwargs or {}), **{wire[-1]: arrive(wire, values) for wire in by_keyword}}


class Elsewhere:
    """Starts a run's tasks elsewhere and can stop them again."""

    def __init__(self, state: RunState, executors: Executors, hand_over: Callable[[], None]) -> None:
        self._state = state
        self._program = state.program
        self._executors = executors
        self._hand_over = hand_over
        self._stops: dict[int, Callable[[], object]] = {}

    def start(self, task: int, place: int) -> None:
        """Start a task; its end is noted from another thread. Raises what converting and sending its values raises."""
        arguments = gather_arguments(self._program, task, self._state.values)
        context = TaskContext(self._state.recorder, task) if self._state.recorder else None
        if place == PROCESS:
            self._start_in_process(task, arguments, context)
        else:
            self._start_coroutine(task, arguments, context)

    def stop(self) -> None:
        """Ask everything that still runs to stop."""
        for stop in list(self._stops.values()):
            stop()

    def interrupt(self, raise_in: Callable[[int], None]) -> None:
        """Interrupt a coroutine that was asked to stop and never gives way: it holds the event loop's thread."""
        if any(self._program.calls[task][-1] == AIO for task in list(self._stops)):
            self._executors.aio.interrupt(raise_in)

    def abandon(self) -> None:
        """Nobody waits for what still runs: later runs get an event loop of their own."""
        if any(self._program.calls[task][-1] == AIO for task in list(self._stops)):
            self._executors.aio.abandon()

    def finish(self, task: int, value: object, error: BaseException | None, remote_traceback: str = "") -> None:
        """A task has ended: its value, or the exception and, from another process, its traceback."""
        self._stops.pop(task, None)
        if error is None:
            self._state.ended_well(task, value)
        else:
            self._state.ended_badly(task, error, remote_traceback)
        with self._state.lock:
            self._hand_over()

    def _start_coroutine(self, task: int, arguments: Arguments, context: TaskContext | None) -> None:
        args, kwargs = arguments
        call = functools.partial(self._program.calls[task][0], *args, **kwargs)
        future = self._executors.aio.submit(call, context, functools.partial(self.finish, task))
        self._may_stop(task, future.cancel)

    def _start_in_process(self, task: int, arguments: Arguments, context: TaskContext | None) -> None:
        remote = self._program.remotes[task]
        args, kwargs = remote.bare_arguments(*arguments) if remote.bare_arguments else arguments
        operation = remote.operation
        call = ProcessCall(operation.address, args, kwargs, operation.is_class, operation.schema.is_async)
        ticket = self._executors.process.submit(call, _ProcessReceiver(task, context, self.finish))
        self._may_stop(task, functools.partial(self._executors.process.cancel, ticket))

    def _may_stop(self, task: int, stop: Callable[[], object]) -> None:
        self._stops[task] = stop
        # It may have ended, or the run been cancelled, before there was anything to stop.
        if self._state.scheduler.state[task] != RUNNING:
            self._stops.pop(task, None)
        elif self._state.cancelled:
            stop()


class Finish(Protocol):
    """Takes the end of a task."""

    def __call__(self, task: int, value: object, error: BaseException | None, remote_traceback: str = "") -> None:
        """Note the end of ``task``."""
        ...


class _ProcessReceiver:
    """Passes what a child process reports about one call on to the task's context and the run."""

    def __init__(self, task: int, context: TaskContext | None, finish: Finish) -> None:
        self._task = task
        self._context = context
        self._finish = finish

    def progress(self, fraction: float, message: str) -> None:
        """The node's progress."""
        if self._context:
            self._context.progress(fraction, message)

    def emit(self, chunk: str) -> None:
        """A piece of the node's text."""
        if self._context:
            self._context.emit(chunk)

    def output(self, stream: str, text: str) -> None:
        """Something the node printed."""
        if self._context:
            self._context.output(stream, text)

    def succeeded(self, value: object) -> None:
        """The call returned."""
        self._flush()
        self._finish(self._task, value, None)

    def failed(self, error: BaseException, traceback_text: str) -> None:
        """The call raised, or its process died."""
        self._flush()
        self._finish(self._task, None, error, traceback_text)

    def _flush(self) -> None:
        if self._context:
            self._context.flush()
