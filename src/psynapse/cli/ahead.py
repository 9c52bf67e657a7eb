"""What is started before the command line is even read, since a worker takes longest to come: the fork server."""

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psynapse.server.tuning import leave_rubbish
from psynapse.worker.fork_server_process import ForkServerProcess, new_mark, start_fork_server

if TYPE_CHECKING:
    from psynapse.worker.launcher import Launcher

_begun: list[ForkServerProcess] = []
_STARTS_NO_WORKER = frozenset({"--help", "-h", "--reload", "--in-process"})


def begin(arguments: Sequence[str]) -> None:
    """Start what a worker needs if the arguments seem to ask for one; if they do not, it ends with this process."""
    verb = arguments[0] if arguments else "serve"
    if sys.platform != "linux" or verb not in {"run", "serve"} or _STARTS_NO_WORKER.intersection(arguments):
        return
    with contextlib.suppress(OSError):
        _begun.append(start_fork_server(sys.executable, new_mark()))
    if verb == "serve":
        leave_rubbish()


def begun() -> "Launcher | None":
    """A launcher with the fork server that was begun; none where none was."""
    if not _begun:
        return None
    from psynapse.worker.launcher import Launcher  # noqa: PLC0415 -- loads asyncio

    return Launcher(_begun.pop())
