"""Calls in child processes: true parallelism for pure Python, and a crash costs one call.

A thread of the executor looks after each child. Children start when first needed and are kept warm. Large arrays travel
in shared memory, without a copy when they lie there already; the node that gets one must not change it in place.
"""

import contextlib
import contextvars
import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from psynapse.engine.executors.channel import (
    USE_THREAD,
    Begun,
    Failed,
    Garbled,
    Message,
    Succeeded,
    Wanted,
    why_unsendable,
)
from psynapse.engine.executors.child_process import ChildProcess, describe_end
from psynapse.engine.executors.segment_pool import SegmentPool
from psynapse.engine.executors.shared_memory import Packed
from psynapse.engine.failures import message_of
from psynapse.errors import ExecutorError
from psynapse.model.events import TaskOutput, TaskProgress, TaskStreamed
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.operation import Address

CANCEL_SECONDS: Final = 1.0
"""How long a cancelled call may take to end by itself before its process is killed."""

_TICK_SECONDS: Final = 0.2
_FREE_MEMORY: Final = 'free some memory or raise the limit of processes, or use @psynapse.node(executor="thread")'


@dataclass(frozen=True, slots=True)
class ProcessCall:
    """One call. A class is instantiated without arguments, given its reporters, and the instance called."""

    address: Address
    args: tuple[object, ...]
    kwargs: Mapping[str, object]
    is_class: bool
    is_async: bool


class Receiver(Protocol):
    """Hears what becomes of a call, in a thread of the executor. It must not raise, and must return soon."""

    def progress(self, fraction: float, message: str) -> None:
        """How far the call is."""
        ...

    def emit(self, chunk: str) -> None:
        """A piece of text it sent."""
        ...

    def output(self, stream: str, text: str) -> None:
        """Text it printed or logged."""
        ...

    def succeeded(self, value: object) -> None:
        """It returned."""
        ...

    def failed(self, error: BaseException, traceback_text: str) -> None:
        """It raised, was cancelled, or its process died. The traceback starts at the user's code."""
        ...


class CancelledCall(ExecutorError):
    """The call was cancelled, or the executor closed before it ended."""

    code = "cancelled-call"


@dataclass(slots=True, eq=False)
class _Job:
    ticket: int
    call: ProcessCall
    receiver: Receiver
    child: ChildProcess | None = None
    cancelled_at: float | None = None

    @property
    def overdue(self) -> bool:
        return self.cancelled_at is not None and time.monotonic() - self.cancelled_at > CANCEL_SECONDS

    def fail_as_cancelled(self) -> None:
        self.receiver.failed(CancelledCall(f"the call of {self.call.address.name!r} was cancelled"), "")


class ProcessExecutor:
    """Carries out calls in up to ``size`` child processes, first come, first served. Any thread may use it."""

    def __init__(self, size: int | None = None) -> None:
        self.size = size or os.cpu_count() or 1
        self.pool = SegmentPool()
        self._changed = threading.Condition()
        self._tickets = itertools.count(1)
        self._waiting: deque[_Job] = deque()
        self._running: dict[int, _Job] = {}
        self._keepers: dict[threading.Thread, _Keeper] = {}
        self._idle = 0
        self._closed = False

    def submit(self, call: ProcessCall, receiver: Receiver) -> int:
        """Start a call as soon as a child is free; returns its ticket for ``cancel``.

        Raises ExecutorError when the executor is closed.
        """
        with self._changed:
            if self._closed:
                raise ExecutorError(f"{call.address.name!r} cannot be called: the process executor is closed")
            job = _Job(next(self._tickets), call, receiver)
            self._waiting.append(job)
            self._provide()
            self._changed.notify()
            return job.ticket

    def cancel(self, ticket: int) -> None:
        """Interrupt a call, and kill its process when that does not help. Nothing happens if it has ended."""
        with self._changed:
            waiting = next((job for job in self._waiting if job.ticket == ticket), None)
            running = self._running.get(ticket)
            if waiting:
                self._waiting.remove(waiting)
            elif running and running.cancelled_at is None:
                running.cancelled_at = time.monotonic()
                if running.child:
                    running.child.interrupt()
        if waiting:
            waiting.fail_as_cancelled()

    def close(self) -> None:
        """Cancel all calls, end all children and give back the shared memory. Returns when that is done."""
        with self._changed:
            self._closed = True
            waiting, running = list(self._waiting), list(self._running)
            self._waiting.clear()
            self._changed.notify_all()
            threads = list(self._keepers)
        for job in waiting:
            job.fail_as_cancelled()
        for ticket in running:
            self.cancel(ticket)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join()
        self.pool.close()

    def take(self) -> _Job | None:
        """Wait for the next call; None when the executor closes."""
        with self._changed:
            self._idle += 1
            while not self._waiting and not self._closed:
                self._changed.wait()
            self._idle -= 1
            if not self._waiting:
                return None
            job = self._waiting.popleft()
            self._running[job.ticket] = job
            return job

    def begin(self, job: _Job, child: ChildProcess) -> bool:
        """Note where a call runs, unless it has been cancelled already."""
        with self._changed:
            job.child = child
            return job.cancelled_at is None

    def end(self, job: _Job) -> bool:
        """Note that a call has ended: it can no longer be cancelled. Returns whether it was."""
        with self._changed:
            self._running.pop(job.ticket, None)
            job.child = None
            return job.cancelled_at is not None

    def leave(self) -> None:
        """The calling thread ends."""
        with self._changed:
            self._keepers.pop(threading.current_thread(), None)
            if self._waiting:
                self._provide()

    def _provide(self) -> None:
        if self._idle < len(self._waiting) and len(self._keepers) < self.size:
            keeper = _Keeper(self)
            # Children and their threads must not inherit the context of the node that happens to be first.
            run = contextvars.Context().run
            thread = threading.Thread(target=run, args=(keeper.work,), name="psynapse-process", daemon=True)
            self._keepers[thread] = keeper
            thread.start()


class _Keeper:
    """Looks after one child: gives it calls, passes on what it says, replaces it."""

    def __init__(self, executor: ProcessExecutor) -> None:
        self._executor = executor
        self._pool = executor.pool
        self._child: ChildProcess | None = None
        self._begun = False

    def work(self) -> None:
        """Carry out calls until the executor closes."""
        try:
            # Before the first call is taken: a child that becomes free in the meantime is quicker than a new one.
            with contextlib.suppress(OSError):
                self._child = ChildProcess(self._pool)
                self._child.settle()
            while job := self._executor.take():
                self._carry_out(job)
                job = None  # its arguments may be large
        finally:
            self._retire()
            self._executor.leave()

    def _carry_out(self, job: _Job) -> None:
        value: object = None
        error: BaseException | None = None
        text = ""
        try:
            ended = self._outcome(job)
            if isinstance(ended, Succeeded):
                value = self._unpack_result(job, ended)
            elif ended:
                error, text = self._unpack_error(ended), ended.traceback
        except ExecutorError as problem:
            error = problem
        if self._executor.end(job):
            job.fail_as_cancelled()
            # An exception in the middle of anything may have left modules in a strange state.
            self._retire()
        elif error:
            job.receiver.failed(error, text)
        else:
            job.receiver.succeeded(value)
        del value, error
        if self._child and not self._child.settle():
            self._retire()

    def _outcome(self, job: _Job) -> Succeeded | Failed | None:
        """What the child answers; None when the call was cancelled before it began. Raises ExecutorError."""
        for last in (False, True):
            self._begun = False
            try:
                child = self._start(job)
                return self._follow(child, job) if child else None
            except (EOFError, OSError, Garbled) as problem:
                # A child that was killed while idle may still be there when the call is sent.
                if last or self._begun or job.overdue:
                    raise self._lost(job, problem) from problem
                self._retire()
        return None

    def _start(self, job: _Job) -> ChildProcess | None:
        try:
            return self._try_start(job)
        except OSError:
            # It died while it was idle. Half a message starts no call, so this one can go to another child.
            self._retire()
            return self._try_start(job)

    def _try_start(self, job: _Job) -> ChildProcess | None:
        if self._child and self._child.has_ended():
            self._retire()
        if self._child is None:
            self._child = ChildProcess(self._pool)
        child, call = self._child, job.call
        packed = self._pack_arguments(child, call)
        if not self._executor.begin(job, child):
            return None
        child.start(call.address, packed, is_class=call.is_class, is_async=call.is_async)
        return child

    def _follow(self, child: ChildProcess, job: _Job) -> Succeeded | Failed:
        while True:
            message = child.receive(_TICK_SECONDS)
            if isinstance(message, (Succeeded, Failed)):
                return message
            if isinstance(message, Begun):
                self._begun = True
            elif isinstance(message, Wanted):
                child.grant(message.size)
            elif message is not None:
                _pass_on(message, job.receiver)
            if job.overdue:
                child.kill()

    def _retire(self) -> int | None:
        """End the child; returns its exit status, or None when it had to be killed."""
        child, self._child = self._child, None
        return child.end() if child else None

    def _lost(self, job: _Job, problem: Exception) -> ExecutorError:
        name = job.call.address.name
        if self._child is None:
            return ExecutorError(f"no process can be started for {name!r}: {problem}", hint=_FREE_MEMORY)
        status = self._retire()
        what, hint = describe_end(status)
        return ExecutorError(f"the process that ran {name!r} {what}", hint=hint)

    def _pack_arguments(self, child: ChildProcess, call: ProcessCall) -> Packed:
        packed = outcome(self._pool.pack_for, child.peer, (call.args, dict(call.kwargs)))
        if isinstance(packed, Raised):
            message = why_unsendable(call.address.name, call.args, call.kwargs, packed.error)
            raise ExecutorError(message, hint=USE_THREAD) from packed.error
        return packed

    def _unpack_result(self, job: _Job, ended: Succeeded) -> object:
        value = outcome(self._pool.unpack, ended.value)
        if isinstance(value, Raised):
            problem = message_of(value.error)
            message = f"the result of {job.call.address.name!r} cannot be read back from its process: {problem}"
            raise ExecutorError(message, hint=USE_THREAD) from value.error
        return value

    def _unpack_error(self, ended: Failed) -> BaseException:
        # Exceptions whose constructor takes something else than their args pickle but do not unpickle.
        error = attempt(None, self._pool.unpack, ended.error) if ended.error else None
        if isinstance(error, BaseException):
            return error
        return ExecutorError(f"{ended.type_name}: {ended.message}", traceback=ended.traceback)


def _pass_on(message: Message, receiver: Receiver) -> None:
    if isinstance(message, TaskProgress):
        receiver.progress(message.fraction, message.message)
    elif isinstance(message, TaskStreamed):
        receiver.emit(message.chunk)
    elif isinstance(message, TaskOutput):
        receiver.output(message.stream, message.text)
