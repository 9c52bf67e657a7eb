"""Ports of this machine: which one is free, and who has one that is not."""

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
PORTS: Final = range(17_860, 17_880)
"""Where the app's own server listens. Few and always the same: what pages remember belongs to an address."""

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS: Final = "0A"
_ADDRESS, _STATE, _INODE = 1, 3, 9


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # What the option means differs: here it lets connections linger that have ended, there it shares a live port.
        name = "SO_REUSEADDR" if os.name == "posix" else "SO_EXCLUSIVEADDRUSE"
        probe.setsockopt(socket.SOL_SOCKET, getattr(socket, name), 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def first_free(ports: Iterable[int]) -> int | None:
    """The first port that a server could listen on, or None."""
    return next((port for port in ports if is_free(port)), None)


def listener_on(port: int) -> str:
    """Who listens on the port, in words: ``process 123 (python3)`` where the system tells, else "another program"."""
    inodes = set(_inodes(port)) if sys.platform.startswith("linux") else set[str]()
    for folder in Path("/proc").glob("[0-9]*") if inodes else ():
        with suppress(OSError):
            if any(_is_one(descriptor, inodes) for descriptor in (folder / "fd").iterdir()):
                return f"process {folder.name} ({(folder / 'comm').read_text(encoding='utf-8').strip()})"
    return "another program"


def _inodes(port: int) -> Iterator[str]:
    for table in _TABLES:
        with suppress(OSError):
            rows = (line.split() for line in table.read_text(encoding="ascii").splitlines()[1:])
            for row in rows:
                if row[_STATE] == _LISTENS and int(row[_ADDRESS].rpartition(":")[2], 16) == port:
                    yield row[_INODE]


def _is_one(descriptor: Path, inodes: set[str]) -> bool:
    with suppress(OSError):
        return str(descriptor.readlink())[len("socket:[") : -1] in inodes
    return False
