"""Ctrl-C while a workflow runs: the first cancels the run, the second ends the process."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final, Self

from psynapse.cli.program import CANCELLED
from psynapse.engine.context import Seat
from psynapse.engine.runner import Runner
from psynapse.model.context import context_source

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_CLEAN_TERMINAL: Final = b"\x1b[?25h\x1b[0m\r\n"
"""Show the cursor again, end colours, begin a new line."""


class Interrupts:
    """While entered, in the main thread, signals go to the run that is attached.

    A thread hears of each signal through a socket the C handler writes to, so the second one ends the process even
    when the main thread is inside C code, where no Python handler gets to run.
    """

    def __init__(self, on_cancel: Callable[[], None], *, terminal: bool) -> None:
        self._on_cancel = on_cancel
        self._terminal = terminal
        self._runner: Runner | None = None
        self._count = 0

    def attach(self, runner: Runner) -> None:
        """Cancel this run on the next signal."""
        self._runner = runner

    def __enter__(self) -> Self:
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        self._fd_before = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, name="psynapse-signals", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._sender.close()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        """In the main thread: interrupt what can be interrupted, a node or the time before the run."""
        seat = context_source.get()
        if self._runner is None or (isinstance(seat, Seat) and seat.in_user_code):
            raise KeyboardInterrupt

    def _listen(self) -> None:
        with self._receiver:
            while numbers := self._receiver.recv(1):
                if numbers[0] in _SIGNALS:
                    self._count += 1
                    self._act()

    def _act(self) -> None:
        if self._count > 1:
            with suppress(OSError):
                os.write(2, _CLEAN_TERMINAL if self._terminal else b"")
            os._exit(CANCELLED)
        if self._runner is not None:
            self._on_cancel()
            self._runner.control("cancel")


def _forget_in_child() -> None:
    """A forked child shares the socket: its signals are not ours."""
    with suppress(ValueError):
        signal.set_wakeup_fd(-1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
