"""A worker that the fork server has forked, as the process that asked for it sees it."""

import os
import signal
import socket
import struct
from pathlib import Path
from typing import IO, Final

REPORT: Final = struct.Struct("=ci")
"""What comes over the report socket of a worker: a kind, and its number or its return code."""
STARTED: Final = b"P"
ENDED: Final = b"S"
REFUSED: Final = b"R"
"""There is no worker: what the fork server has imported is not what the worker would import."""
_PATIENCE_SECONDS: Final = 0.5


class ForkedProcess:
    """What a ``subprocess.Popen`` is for a spawned one. Its number stays its own until it was waited for."""

    def __init__(self, pid: int, report: socket.socket, stdout: IO[bytes], stderr: IO[bytes]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout: IO[bytes] | None = stdout
        self.stderr: IO[bytes] | None = stderr
        self._report = report

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, for so many seconds; returns its return code. Raises TimeoutError."""
        if self.returncode is not None:
            return self.returncode
        self._report.settimeout(_PATIENCE_SECONDS if timeout is None else timeout)
        while (code := self._told()) is None:
            if timeout is not None:
                raise TimeoutError
        self.returncode = code
        self._report.close()
        return code

    def _told(self) -> int | None:
        """How it ended; None when neither the fork server nor the kernel says that it has."""
        try:
            told = self._report.recv(REPORT.size)
        except TimeoutError:
            # A fork server at its imports, or one that somebody has stopped, must not keep a run from its end.
            return _code_of_unwaited(self.pid)
        # Without the fork server, the kernel has killed its children.
        return REPORT.unpack(told)[1] if told else -signal.SIGKILL


def _code_of_unwaited(pid: int) -> int | None:
    """The return code of a process that has ended and was not waited for yet; None for any other."""
    _, _, fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
    state, *numbers = fields.split()
    return os.waitstatus_to_exitcode(int(numbers[-1])) if state == "Z" else None
