"""A child process of the process executor: finds callables, calls them one at a time, sends back what they return.

Run as ``python -m psynapse.engine.executors.child <descriptor of the socket> <parent's process id>``.
"""

import contextlib
import ctypes
import inspect
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
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
from psynapse.engine.executors.interruption import Interruption
from psynapse.engine.executors.reports import Reports
from psynapse.engine.executors.shared_memory import Arena, Packed, Segment
from psynapse.engine.failures import format_traceback, message_of
from psynapse.engine.output import captured_output
from psynapse.errors import ExecutorError
from psynapse.model.context import NodeContext, context_source
from psynapse.model.guarded import Raised, attempt, outcome

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_LOWER_PRIORITY: Final = 5

Arguments: TypeAlias = tuple[tuple[object, ...], Mapping[str, object]]


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
