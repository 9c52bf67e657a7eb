"""Stopping user code that does not ask to be stopped."""

import ctypes
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType


class Interrupted(BaseException):
    """Raised inside a node's code when its run is cancelled. ``except Exception`` does not catch it."""


def raise_in_thread(thread: int) -> None:
    """Raise Interrupted in the thread of that identifier as soon as it runs Python code again.

    Code that waits in C (``time.sleep``, a socket) notices only when it returns; a process can be killed, a thread not.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Interrupted))


@contextmanager
def gentle_interrupts(should_raise: Callable[[], bool]) -> Generator[None]:
    """While entered in the main thread, Ctrl-C raises KeyboardInterrupt only where ``should_raise`` says so.

    Python's own handler would raise it anywhere, also between two lines of the engine. A handler that somebody else
    has set stays in place.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if should_raise():
            signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is handle:
            signal.signal(signal.SIGINT, signal.default_int_handler)
