"""Ctrl-C while a workflow runs: the first cancels the run, the second ends the process."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Final, Self

from psynapse.cli.program import CANCELLED

_CLEAN_TERMINAL: Final = b"\x1b[?25h\x1b[0m\r\n"
"""Show the cursor again, end colours, begin a new line."""


class Interrupts:
    """While entered, in the main thread, the first signal cancels and the second ends the process.

    ``cancel`` and ``end`` are called in a thread that hears of each signal through a socket the C handler writes to,
    so the second one ends the process even when the main thread is inside C code, where no Python handler gets to run.
    ``end`` may put things in order and has to return soon. ``raises`` is asked in the main thread, at each signal,
    whether to raise KeyboardInterrupt there.
    """

    def __init__(
        self, cancel: Callable[[], None], end: Callable[[], None], raises: Callable[[], bool], *, terminal: bool
    ) -> None:
        self._cancel = cancel
        self._end = end
        self._raises = raises
        self._terminal = terminal
        self._count = 0

    def __enter__(self) -> Self:
        self._receiver, self._sender = socket.socketpair()
        self._sender.setblocking(False)
        self._before = {number: signal.signal(number, self._handle) for number in _signals()}
        self._fd_before = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._listen, name="psynapse-signals", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._sender.close()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self._raises():
            raise KeyboardInterrupt

    def _listen(self) -> None:
        with self._receiver:
            while numbers := self._receiver.recv(1):
                if numbers[0] in self._before:
                    self._count += 1
                    self._act()

    def _act(self) -> None:
        if self._count == 1:
            self._cancel()
            return
        self._end()
        with suppress(OSError):
            os.write(2, _CLEAN_TERMINAL if self._terminal else b"")
        os._exit(CANCELLED)


def _signals() -> Iterator[int]:
    """What is meant to end a program, the closing of its terminal included unless that is ignored, as nohup has it."""
    yield from (signal.SIGINT, signal.SIGTERM)
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        yield hangup


def _forget_in_child() -> None:
    """A forked child shares the socket: its signals are not ours."""
    with suppress(ValueError):
        signal.set_wakeup_fd(-1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
