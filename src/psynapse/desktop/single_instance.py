"""One app for each data directory: the first has the window, a later start hands its links to it."""

import contextlib
import json
import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Final, cast

from psynapse.desktop.errors import InstanceSilent
from psynapse.environments.file_lock import FileLock, try_lock
from psynapse.logs import logger

_LOCK_NAME: Final = "lock"
_ADDRESS_NAME: Final = "instance.json"
_LONGEST_MESSAGE: Final = 1 << 20
_MOST_LINKS: Final = 16
_PEER_SPEAKS_WITHIN: Final = 2.0
_BETWEEN_TRIES: Final = 0.05
ANSWERS_WITHIN: Final = 5.0
"""Seconds in which the first app must answer: it may only just have begun."""
_HEARD: Final = b"heard"

Hear = Callable[[Sequence[str]], None]


class FirstInstance:
    """The hold that this process has on the app, until ``close`` or until it ends in whatever way."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock
        self._listener: Listener | None = None
        self._address = ""

    def listen(self, hear: Hear) -> None:
        """Tell ``hear``, from a thread, the links of each later start; none when that only wanted to see the window."""
        _clear_away(_published(self._folder))
        self._address = _new_address()
        self._listener = Listener(self._address)
        threading.Thread(target=self._serve, args=[self._listener, hear], name="later starts", daemon=True).start()
        _publish(self._folder, self._address)

    def close(self) -> None:
        """Let others have the app."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # Only a connection wakes the thread that waits for one.
            with contextlib.suppress(OSError):
                Client(self._address).close()
            listener.close()
            _clear_away(self._address)
        self._lock.release()

    def _serve(self, listener: Listener, hear: Hear) -> None:
        while self._listener is listener:
            with contextlib.suppress(OSError, EOFError), listener.accept() as peer:
                links = _received(peer)
                if links is not None and self._listener is listener:
                    hear(links)
                    peer.send_bytes(_HEARD)


def become_first(folder: Path) -> FirstInstance | None:
    """Take the app of that folder, or None when another process has it. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = try_lock(folder / _LOCK_NAME, make=True)
    return FirstInstance(folder, lock) if lock else None


def hand_over(folder: Path, links: Sequence[str], within: float = ANSWERS_WITHIN) -> None:
    """Give the links to the process that has the app; it shows its window. Raises InstanceSilent."""
    end = time.monotonic() + within
    while not _delivered(_published(folder), links):
        if time.monotonic() > end:
            hint = "end the program that hangs, then start the app again"
            raise InstanceSilent("the app runs already, but does not answer", hint=hint)
        time.sleep(_BETWEEN_TRIES)


def _delivered(address: str, links: Sequence[str]) -> bool:
    if not address:
        return False
    with contextlib.suppress(OSError, EOFError), Client(address) as first:
        first.send_bytes(json.dumps(list(links)).encode())
        return first.poll(_PEER_SPEAKS_WITHIN) and first.recv_bytes(len(_HEARD)) == _HEARD
    return False


def _received(peer: "Connection[object, object]") -> list[str] | None:
    """The links that a later start sends; None for one that says nothing, or rubbish."""
    if not peer.poll(_PEER_SPEAKS_WITHIN):
        return None
    try:
        said = json.loads(peer.recv_bytes(_LONGEST_MESSAGE))
    except (ValueError, RecursionError):
        logger.warning("a later start of the app said what cannot be understood")
        return None
    if not isinstance(said, list):
        return None
    return [link for link in cast("list[object]", said)[:_MOST_LINKS] if isinstance(link, str)]


def _new_address() -> str:
    """Where nobody else's program can be waiting: a new folder of this user's own, a name that cannot be guessed."""
    if sys.platform == "win32":
        return rf"\\.\pipe\psynapse-{secrets.token_hex(16)}"
    return str(Path(tempfile.mkdtemp(prefix="psynapse-"), "app"))


def _clear_away(address: str) -> None:
    if os.name == "posix" and address:
        with contextlib.suppress(OSError):
            Path(address).unlink(missing_ok=True)
            Path(address).parent.rmdir()


def _publish(folder: Path, address: str) -> None:
    draft = folder / f"{_ADDRESS_NAME}.new"
    draft.write_text(json.dumps({"address": address, "pid": os.getpid()}), encoding="utf-8")
    draft.replace(folder / _ADDRESS_NAME)


def _published(folder: Path) -> str:
    """Where the first app listens, or listened; empty when that is not known."""
    try:
        said = json.loads((folder / _ADDRESS_NAME).read_text(encoding="utf-8"))
        address = said["address"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return address if isinstance(address, str) else ""
