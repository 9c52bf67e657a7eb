"""A child process of the process executor: finds callables, calls them one at a time, sends back what they return.

Run as ``python -m psynapse.engine.executors.child <descriptor of the socket> <parent's process id>``.
"""

import contextlib
import ctypes
import inspect
import itertools
import os
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias, cast

from psynapse.catalog.failures import LoadError
from psynapse.catalog.importing import add_root
from psynapse.catalog.loading import load_operation
from psynapse.engine.context import FixedSource, TaskContext
from psynapse.engine.executors.channel import (
    USE_THREAD,
    Begun,
    Channel,
    Failed,
    Granted,
    Hello,
    Idle,
    Message,
    NewSegments,
    Start,
    Succeeded,
    Wanted,
)
from psynapse.engine.executors.shared_memory import Arena, Packed, Segment
from psynapse.engine.failures import format_traceback, message_of
from psynapse.engine.interrupt import Interrupted
from psynapse.engine.output import captured_output
from psynapse.errors import ExecutorError
from psynapse.model.context import NodeContext, context_source
from psynapse.model.events import Body, OutputStream, TaskOutput, TaskProgress, TaskStreamed
from psynapse.model.guarded import Raised, attempt, outcome

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_LOWER_PRIORITY: Final = 5
_BATCH_SECONDS: Final = 0.02
_BATCH_TEXTS: Final = 500

Arguments: TypeAlias = tuple[tuple[object, ...], Mapping[str, object]]


class Interruption:
    """Turns SIGINT into an exception, but only inside user code."""

    def __init__(self) -> None:
        self._asked = False
        self._armed = False
        self._shielded = False
        signal.signal(signal.SIGINT, self._on_signal)

    @contextlib.contextmanager
    def armed(self) -> Generator[None]:
        """While entered, SIGINT raises Interrupted; one that came earlier does so at once."""
        self._armed = True
        try:
            self._check()
            yield
        finally:
            self._armed = False

    @contextlib.contextmanager
    def shielded(self) -> Generator[None]:
        """While the main thread has entered this, SIGINT waits: half a message must not be sent."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False
            self._check()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked = True
        self._check()

    def _check(self) -> None:
        if self._asked and self._armed and not self._shielded:
            self._asked = False
            raise Interrupted


class Reports:
    """Where one call's progress, text and output go. Output that comes fast is sent in batches."""

    def __init__(self, channel: Channel, interruption: Interruption) -> None:
        self._channel = channel
        self._interruption = interruption
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._held: list[TaskOutput] = []
        self._timer: threading.Timer | None = None
        self._ended = False

    def add(self, task: int, body: Body) -> None:
        """Send what happened, unless the call has ended or this is a process that user code forked."""
        del task
        if os.getpid() != self._process:
            return
        with self._interruption.shielded(), self._lock:
            if self._ended:
                return
            if isinstance(body, TaskOutput):
                self._hold(body)
            elif isinstance(body, (TaskProgress, TaskStreamed)):
                self._send_held()
                self._channel.send(body)

    def end(self) -> None:
        """Send what is still held; what comes later is dropped."""
        with self._lock:
            self._send_held()
            self._ended = True

    def _hold(self, body: TaskOutput) -> None:
        self._held.append(body)
        if self._timer is None:
            self._send_held()
            self._timer = threading.Timer(_BATCH_SECONDS, self._on_timer)
            self._timer.daemon = True
            self._timer.start()
        elif len(self._held) > _BATCH_TEXTS:
            self._send_held()

    def _on_timer(self) -> None:
        with self._lock:
            self._timer = None
            if not self._ended:
                self._send_held()

    def _send_held(self) -> None:
        held, self._held = self._held, []
        for stream, texts in itertools.groupby(held, _stream_of):
            self._channel.send(TaskOutput(stream, "".join(body.text for body in texts)))


class Child:
    """Serves one executor until that closes the socket."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._interruption = Interruption()
        self._arena = Arena()
        self._given: Counter[int] = Counter()
        self._process = os.getpid()

    def serve(self) -> None:
        """Carry out calls. Raises EOFError or OSError when the parent is gone."""
        while True:
            message, descriptors = self._receive()
            if isinstance(message, Start):
                self._serve_call(message, descriptors)
            elif isinstance(message, Hello):
                sys.path[:] = message.path
                for root in message.nodepack_roots:
                    add_root(Path(root))
                self._channel.send(Idle(()))

    def _receive(self) -> tuple[Message, list[int]]:
        received = self._channel.receive()
        assert received is not None
        return received

    def _serve_call(self, start: Start, descriptors: list[int]) -> None:
        for number in start.forget:
            self._arena.remove(number)
        self._map(start.new, descriptors)
        self._given.update(start.arguments.segments())
        self._channel.send(Begun())
        reports = Reports(self._channel, self._interruption)
        ended = self._outcome(start, TaskContext(reports, 0))
        reports.end()
        self._channel.send(ended)
        self._channel.send(Idle(self._released()))

    def _outcome(self, start: Start, context: TaskContext) -> Succeeded | Failed:
        token = context_source.set(FixedSource(context))
        try:
            with self._interruption.armed():
                value = self._call(start, context)
            self._end_if_forked()
            return Succeeded(self._pack_result(value))
        except BaseException as error:  # noqa: BLE001 -- user code may raise anything; it must not end this process
            self._end_if_forked()
            return self._failed(error)
        finally:
            context.flush()
            context_source.reset(token)

    def _call(self, start: Start, context: TaskContext) -> object:
        callee = load_operation(start.address)
        args, kwargs = self._arguments(start)
        if start.is_class:
            callee = _attach_reporters(callee(), context)
        if start.is_async:
            return _run_coroutine(callee, args, kwargs)
        return callee(*args, **kwargs)

    def _arguments(self, start: Start) -> Arguments:
        arguments = outcome(self._arena.unpack, start.arguments)
        if isinstance(arguments, Raised):
            reason = message_of(arguments.error)
            message = f"the arguments of {start.address.name!r} cannot be read in another process: {reason}"
            hint = 'define their classes in a module that can be imported, or use @psynapse.node(executor="thread")'
            raise ExecutorError(message, hint=hint) from arguments.error
        return cast("Arguments", arguments)

    def _pack_result(self, value: object) -> Packed:
        packed = outcome(self._arena.pack, value, self._allocate)
        if isinstance(packed, Raised):
            reason = message_of(packed.error)
            message = f"the result, a {type(value).__qualname__}, cannot be sent to another process: {reason}"
            raise ExecutorError(message, hint=USE_THREAD) from packed.error
        return packed

    def _failed(self, error: BaseException) -> Failed:
        text = error.failure.traceback if isinstance(error, LoadError) else format_traceback(error)
        if isinstance(error, SystemExit):
            message = f"the node called sys.exit({error.code!r})"
            error = ExecutorError(message, hint="a node returns or raises; it cannot end the program")
        packed = attempt(None, self._arena.pack, error, self._allocate)
        return Failed(packed, type(error).__qualname__, message_of(error), text)

    def _allocate(self, size: int) -> Segment:
        self._channel.send(Wanted(size))
        granted, descriptors = self._receive()
        assert isinstance(granted, Granted)
        if granted.problem:
            raise OSError(granted.problem)
        self._map(granted.new, descriptors)
        self._given[granted.segment] += 1
        segment = self._arena.get(granted.segment)
        segment.fresh = granted.fresh
        return segment

    def _map(self, new: NewSegments, descriptors: list[int]) -> None:
        for (number, size), descriptor in zip(new, descriptors, strict=True):
            self._arena.add(Segment(number, descriptor, size))

    def _released(self) -> tuple[tuple[int, int], ...]:
        in_use = self._arena.in_use(self._given)
        done = tuple((number, count) for number, count in self._given.items() if number not in in_use)
        for number, _ in done:
            del self._given[number]
        return done

    def _end_if_forked(self) -> None:
        """User code that forks and returns on both sides must not make a second server."""
        if os.getpid() != self._process:
            os._exit(0)


def main() -> None:
    """Serve the executor that started this process, until it closes the socket or dies."""
    descriptor, parent = (int(argument) for argument in sys.argv[1:3])
    _die_with(parent)
    del sys.argv[1:]
    os.set_inheritable(descriptor, False)
    channel = Channel(socket.socket(fileno=descriptor))
    os.register_at_fork(after_in_child=channel.close)
    with contextlib.suppress(OSError):
        os.nice(_LOWER_PRIORITY)
    with captured_output(), contextlib.suppress(EOFError, OSError):
        Child(channel).serve()


def _die_with(parent: int) -> None:
    """Have the system kill this process when its parent dies, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _stream_of(body: TaskOutput) -> OutputStream:
    return body.stream


def _attach_reporters(instance: object, context: NodeContext) -> Callable[..., object]:
    for attribute, callback in (("_progress_reporter", context.progress), ("_stream_reporter", context.emit)):
        connect = getattr(getattr(instance, attribute, None), "set_callback", None)
        if callable(connect):
            connect(callback)
    return cast("Callable[..., object]", instance)


def _run_coroutine(callee: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]) -> object:
    import asyncio  # noqa: PLC0415 -- a third of a child's start, and few nodes in children are coroutines

    value, error = asyncio.run(_await(callee, args, kwargs))
    if error is not None:
        raise error
    return value


async def _await(
    callee: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]
) -> tuple[object, Exception | None]:
    """The value or the exception: one that came through the event loop would begin with the loop's frames."""
    try:
        result = callee(*args, **kwargs)
        return (await result if inspect.isawaitable(result) else result), None
    except Exception as error:  # noqa: BLE001 -- user code; raised again outside the loop
        return None, error


if __name__ == "__main__":
    main()
