"""Stopping a call in a child process: the signal is heard only where user code runs."""

import contextlib
import signal
import threading
from collections.abc import Generator
from types import FrameType

from psynapse.engine.interrupt import Interrupted


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
        outer, self._shielded = self._shielded, True
        try:
            yield
        finally:
            self._shielded = outer
            self._check()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked = True
        self._check()

    def _check(self) -> None:
        if self._asked and self._armed and not self._shielded:
            self._asked = False
            raise Interrupted
