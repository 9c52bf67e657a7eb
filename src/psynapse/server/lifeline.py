"""Ends this process when its standard input does, as the one that started it may die without a word."""

import os
import signal
import threading
import time
from typing import Final

_ENDS_WITHIN: Final = 10.0


def hold_lifeline(descriptor: int = 0) -> None:
    """Watch a pipe that nothing is written to. At its end, end as SIGTERM does, or hard if that takes too long."""
    threading.Thread(target=_watch, args=[descriptor], name="lifeline", daemon=True).start()


def _watch(descriptor: int) -> None:
    # Not through sys.stdin: its lock, held while it reads, would crash the interpreter at its end.
    try:
        while os.read(descriptor, 4096):
            pass
    except OSError:
        # A descriptor that cannot be read is no lifeline to anybody.
        pass
    if os.name == "posix":
        # To the process: what the main thread waits for is interrupted only so.
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        signal.raise_signal(signal.SIGTERM)
    time.sleep(_ENDS_WITHIN)
    os._exit(1)
