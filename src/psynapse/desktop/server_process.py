"""One server process: started, listened to, ended, and never left behind."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Final, cast

from psynapse.desktop.server_log import LONGEST_LINE, ServerLog

_LAST_WORDS_WITHIN: Final = 1.0
_DIES_WITHIN: Final = 5.0


class ServerProcess:
    """A server that ends when its standard input does: whoever holds the other end may die in any way.

    ``on_exit`` hears its exit code once, from a thread. Raises OSError when it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: ServerLog,
        on_exit: Callable[["ServerProcess", int], None],
    ) -> None:
        self._log = log
        self._on_exit = on_exit
        self._process = subprocess.Popen(  # noqa: S603 -- the command is ours
            command,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Not through a signal at the parent's death: it would come as soon as the starting thread ends.
            start_new_session=os.name == "posix",
            creationflags=_creation_flags(),
        )
        self._reader = threading.Thread(target=self._read, name="server output", daemon=True)
        self._waiter = threading.Thread(target=self._wait, name="server exit", daemon=True)
        self._reader.start()
        self._waiter.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def end(self, patience: float) -> None:
        """Ask it to end, wait so many seconds, then kill it with everything in its group."""
        with contextlib.suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        if self._process.poll() is None:
            self._kill()
        self._waiter.join(_DIES_WITHIN)

    def _kill(self) -> None:
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _read(self) -> None:
        # Whatever happens, this goes on reading: a full pipe would stop the server.
        with cast("IO[bytes]", self._process.stdout) as output:
            while line := output.readline(LONGEST_LINE):
                self._log.write(line.decode("utf-8", "replace"))

    def _wait(self) -> None:
        code = self._process.wait()
        # What it started may have its output open for longer, so the end of that says nothing.
        self._reader.join(_LAST_WORDS_WITHIN)
        with contextlib.suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        self._on_exit(self, code)


def _creation_flags() -> int:
    """On Windows: no console window, and no Ctrl-C of somebody else's console."""
    flags = (getattr(subprocess, name, 0) for name in ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW"))
    return sum(flags)
