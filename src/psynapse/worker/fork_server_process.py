"""The fork server as the process that it serves sees it.

Imports next to nothing: a server starts it before anything else, as the first worker is what it has to wait for.
"""

import contextlib
import os
import select
import socket
import subprocess
from collections.abc import Mapping
from typing import Final

from psynapse.worker.variables import read_at_import, worker_environment

RETIRE: Final = b"retire"
"""Has a fork server end with its last worker."""
# Hardly any of what it imports is rubbish, and looking for it takes a while.
_PROGRAM: Final = "import gc; gc.disable(); from psynapse.worker.fork_server import main; main()"
_MARK_BYTES: Final = 16
_END_SECONDS: Final = 5.0


class ForkServerProcess:
    """One that runs. The marks of its workers begin with that of the ``family``.

    ``variables`` are what packages have read from its environment when they were imported there.
    """

    def __init__(
        self, popen: "subprocess.Popen[bytes]", requests: socket.socket, family: str, variables: Mapping[str, str]
    ) -> None:
        self.popen = popen
        self.requests = requests
        self.family = family
        self.variables = variables

    def has_ended(self) -> bool:
        """Whether nobody answers any more."""
        poll = select.poll()
        poll.register(self.requests, 0)
        return bool(poll.poll(0)) or self.popen.poll() is not None

    def end(self) -> None:
        """End it, and with it all its workers."""
        self.requests.close()
        try:
            self.popen.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()

    def retire(self) -> None:
        """Have it end with its last worker."""
        # One that has died cannot be told.
        with contextlib.suppress(OSError):
            self.requests.send(RETIRE)


def new_mark() -> str:
    """A mark that no other process has."""
    return os.urandom(_MARK_BYTES).hex()


def start_fork_server(python: str, family: str) -> ForkServerProcess:
    """Start one, without waiting for it. Raises OSError when it cannot be started."""
    # A message is a request: its descriptors cannot get into another one's hands.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # Its own mark is the family's; filled up, because those of its workers are written in the same place.
    env = worker_environment({}, family.ljust(2 * len(family), "-"))
    with theirs:
        try:
            popen = subprocess.Popen(  # noqa: S603 -- an interpreter that has our module
                [python, "-P", "-c", _PROGRAM, str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=env,
                start_new_session=True,
            )
        except OSError:
            ours.close()
            raise
    return ForkServerProcess(popen, ours, family, read_at_import(env))
