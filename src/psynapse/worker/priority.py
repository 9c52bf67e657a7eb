"""Letting others go first: a node that computes must not keep the server, the browser and the user's mouse waiting."""

import os
import threading
import time
from pathlib import Path
from typing import Final

NICENESS: Final = 10
# Linux shares the processors out between sessions where it can, and then a process is nice only to those of its own:
# "The autogroup feature" in sched(7).
_SESSION: Final = Path("/proc/self/autogroup")
_TRIES: Final = 50


def give_way() -> None:
    """Have the system prefer other processes, and other sessions to all of this one's, from now on.

    Only root may change more than one session in 100 ms; for others a thread goes on trying.
    """
    os.nice(NICENESS)
    if not _session_gives_way():
        threading.Thread(target=_keep_trying, name="psynapse-priority", daemon=True).start()


def _keep_trying() -> None:
    # Not two processes in step with each other; and random numbers are the nodes' own.
    seconds = 0.1 + os.getpid() % 32 / 100
    for _ in range(_TRIES):
        time.sleep(seconds)
        if _session_gives_way():
            return


def _session_gives_way() -> bool:
    """False when it is to be tried again."""
    try:
        _SESSION.write_text(str(NICENESS), encoding="ascii")
    except BlockingIOError:
        return False
    except OSError:
        # There is nothing of the kind here.
        return True
    return True
