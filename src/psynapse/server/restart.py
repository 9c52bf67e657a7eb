"""How this process comes back with new code: a supervisor starts it again, or it becomes its own successor."""

import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
from typing import Final

from psynapse.errors import PsynapseError

MANAGED_EXIT: Final = 42
"""What a supervisor takes for the wish to be started again; any other exit is a crash to it."""
_LISTENER: Final = "PSYNAPSE_LISTENER"
"""The descriptor of the socket that the predecessor listened on, for the process that it has become."""


class RestartImpossible(PsynapseError):
    """The server cannot be started again from inside."""

    code = "restart-impossible"


class Restart:
    """Whether a restart was asked for, and how this process carries it out once everything has ended."""

    def __init__(self, *, managed: bool) -> None:
        self._managed = managed
        self.asked = False

    def check(self) -> None:
        """Raise RestartImpossible where nobody would start the server again."""
        if _is_child() and "--reload" in sys.argv:
            message = "a server that was started with --reload cannot restart itself"
            raise RestartImpossible(message, hint="stop it and start it, or change its source")

    def ask(self) -> None:
        """End this process as SIGTERM does: whoever runs the server sees to it that everything is closed first."""
        self.asked = True
        signal.raise_signal(signal.SIGTERM)

    def carry_out(self, listener: socket.socket | None = None) -> int:
        """The exit code that has this process started again, if a supervisor does that; else it does so itself.

        On POSIX it then becomes the new process and this does not return. The new one takes over the ``listener``, so
        that no connection is refused meanwhile. To be called when everything has been closed.
        """
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if self._managed:
            return MANAGED_EXIT
        if _is_child():
            # The parent process starts another one for each that ends.
            return 0
        if os.name == "posix":
            _become_successor(listener)
        # The new process is nobody's child: this one ends at once.
        subprocess.Popen(_arguments(), stdin=subprocess.DEVNULL)  # noqa: S603 -- what this process was started by
        return 0


def inherited_listener() -> socket.socket | None:
    """The socket that the process which became this one has listened on, if there was one."""
    descriptor = os.environ.pop(_LISTENER, "")
    if not descriptor.isdigit():
        return None
    try:
        listener = socket.socket(fileno=int(descriptor))
    except OSError:
        return None
    listener.set_inheritable(False)
    return listener


def _become_successor(listener: socket.socket | None) -> None:
    if listener is not None:
        listener.set_inheritable(True)
        os.environ[_LISTENER] = str(listener.fileno())
    os.execv(sys.executable, _arguments())  # noqa: S606 -- what this process was started by


def _arguments() -> list[str]:
    """The command line of this process, the interpreter's own options included."""
    return [sys.executable, *sys.orig_argv[1:]]


def _is_child() -> bool:
    """True where a parent process, such as that of ``uvicorn --workers``, looks after this one."""
    return multiprocessing.parent_process() is not None
