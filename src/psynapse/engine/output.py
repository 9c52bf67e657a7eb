"""What nodes print and log becomes events of theirs; what anything else prints goes where it always went."""

import concurrent.futures
import contextvars
import functools
import io
import logging
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TextIO

from psynapse.engine.context import FixedSource, TaskContext
from psynapse.model.context import context_source, current_context
from psynapse.model.events import OutputStream
from psynapse.model.guarded import attempt


class _Router(io.TextIOBase):
    """Stands where ``sys.stdout`` or ``sys.stderr`` stood."""

    def __init__(self, original: TextIO, stream: OutputStream) -> None:
        self.original = original
        self._stream: OutputStream = stream

    def write(self, text: str, /) -> int:
        context = current_context()
        if context is None:
            return self.original.write(text)
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] -- as sys.stdout does
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        context.output(self._stream, text)
        return len(text)

    def flush(self) -> None:
        context = current_context()
        if isinstance(context, TaskContext):
            context.flush(self._stream)
        elif context is None:
            self.original.flush()

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return current_context() is None and self.original.isatty()

    def fileno(self) -> int:
        return self.original.fileno()

    def __getattr__(self, name: str) -> object:
        return getattr(self.original, name)


class _LogHandler(logging.Handler):
    """Sends a node's log records to its run; records from elsewhere are left to other handlers."""

    def emit(self, record: logging.LogRecord) -> None:
        context = current_context()
        if context is None:
            return
        message = attempt("a message that cannot be formatted", self.format, record)
        context.output("log", f"{record.levelname} {record.name}: {message}\n")


class _Capture:
    """Installs the routers while at least one run wants them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._restore: list[Callable[[], None]] = []

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._install()

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users:
                for restore in reversed(self._restore):
                    restore()
                self._restore.clear()

    def _install(self) -> None:
        self._restore.append(_replace_stream("stdout"))
        self._restore.append(_replace_stream("stderr"))
        handler = _LogHandler()
        logging.root.addHandler(handler)
        self._restore.append(functools.partial(logging.root.removeHandler, handler))
        self._restore.append(_inherit_in_threads())
        self._restore.append(_inherit_in_pools())


def _replace_stream(name: OutputStream) -> Callable[[], None]:
    original = getattr(sys, name)
    router = _Router(original, name)
    setattr(sys, name, router)

    def restore() -> None:
        # User code may have put something else there in the meantime; that is its own business.
        if getattr(sys, name) is router:
            setattr(sys, name, original)

    return restore


def _fixed_context() -> contextvars.Context | None:
    """A copy of this context in which the node that runs now stays the current one."""
    context = current_context()
    if context is None:
        return None
    copied = contextvars.copy_context()
    copied.run(context_source.set, FixedSource(context))
    return copied


def _inherit_in_threads() -> Callable[[], None]:
    """Threads that a node starts print and report as that node."""
    original = threading.Thread.start

    @functools.wraps(original)
    def start(self: threading.Thread) -> None:
        copied = _fixed_context()
        if copied is not None:
            run = self.run
            self.run = lambda: copied.run(run)
        original(self)

    threading.Thread.start = start
    return functools.partial(setattr, threading.Thread, "start", original)


def _inherit_in_pools() -> Callable[[], None]:
    """The same for work that a node gives to a thread pool, whose threads may be older than the node."""
    pool = concurrent.futures.ThreadPoolExecutor
    original = pool.submit

    @functools.wraps(original)
    def submit(
        self: concurrent.futures.ThreadPoolExecutor, function: Callable[..., object], /, *args: object, **kwargs: object
    ) -> concurrent.futures.Future[object]:
        copied = _fixed_context()
        if copied is None:
            return original(self, function, *args, **kwargs)
        return original(self, copied.run, function, *args, **kwargs)

    pool.submit = submit  # pyright: ignore[reportAttributeAccessIssue] -- same call, less generic types
    return functools.partial(setattr, pool, "submit", original)


_capture = _Capture()


@contextmanager
def captured_output() -> Generator[None]:
    """While entered, in however many runs, nodes' output is routed to their contexts."""
    _capture.enter()
    try:
        yield
    finally:
        _capture.leave()
