"""What a process that serves is set to once it has everything: no waiting in its sockets, no long pauses."""

import contextlib
import gc
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_DESCRIPTORS: Final = Path("/proc/self/fd")
_THRESHOLDS: Final = (100_000, 50, 100)
"""So many new objects, those of a graph of four thousand nodes, are made before any is looked at again, and so many
times before all are. Plans and events that are kept are no rubbish: with Python's own second and third number, to walk
through them took a quarter of the time of a server that is given one new graph after the other.
"""


def tune_process() -> None:
    """Do it. To be called when everything is imported and open, just before the first request is answered."""
    answer_at_once()
    # What is there now stays, and next to nothing of it is rubbish. To walk through it would take 30 ms each time.
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def leave_rubbish() -> None:
    """Look for none until ``tune_process``: hardly any of what is loaded is any, and looking takes a while."""
    gc.disable()


def answer_at_once() -> None:
    """Turn off Nagle's algorithm, which costs 40 ms an answer, for what other programs made for us to listen on.

    On Linux connections inherit it from the socket that accepts them. Elsewhere nothing is done.
    """
    for listener in _listeners():
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listeners() -> Iterator[socket.socket]:
    """The TCP sockets of this process without another end: those that listen or will."""
    for number in _sockets():
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as found:
            if found.family in {socket.AF_INET, socket.AF_INET6} and found.type == socket.SOCK_STREAM:
                try:
                    found.getpeername()
                except OSError:
                    yield found


def _sockets() -> Iterator[int]:
    for entry in _DESCRIPTORS.iterdir() if _DESCRIPTORS.is_dir() else ():
        # The descriptor of the folder itself is gone by now.
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(entry.stat().st_mode):
                yield int(entry.name)
