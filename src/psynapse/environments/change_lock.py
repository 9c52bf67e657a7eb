"""The lock of a folder of generations: one process changes them at a time, and what a killed one left is ended."""

import os
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from psynapse.environments.file_lock import FileLock, kill_holders, try_lock
from psynapse.environments.refusals import EnvironmentBusy
from psynapse.model.json_text import dumps, loads

LOCK: Final = "lock"
_ENDING_SECONDS: Final = 5.0
_BETWEEN_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who changes something: the process, when it began (another one may get its number), and what it does."""

    pid: int
    began: str
    what: str

    def has_ended(self) -> bool:
        """True when it is certain that it has: nobody else says when a process began (Linux)."""
        return sys.platform == "linux" and self.began != _began(self.pid)


class ChangeLock:
    """The right to change the generations, until ``release``. ``descriptor`` is for what is started meanwhile."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    @property
    def descriptor(self) -> int:
        """Who inherits it has the lock as well: a uv that outlives us is not disturbed by the next change."""
        return self._lock.descriptor

    def release(self) -> None:
        """Let others change something. Again is harmless."""
        if self._lock.descriptor != -1:
            # Not to be told is no reason to keep it.
            with suppress(OSError):
                os.ftruncate(self._lock.descriptor, 0)
            self._lock.release()


def take_change_lock(folder: Path, what: str) -> ChangeLock:
    """Lock ``folder``, which has to be there, to do ``what``; does not wait for others.

    What a change started that was killed itself is ended first. Raises EnvironmentBusy and OSError.
    """
    path = folder / LOCK
    ends = time.monotonic() + _ENDING_SECONDS
    while (lock := try_lock(path, make=True)) is None:
        holder = _read_holder(path)
        if holder is None or not holder.has_ended() or time.monotonic() > ends:
            raise _busy(holder)
        kill_holders(path)
        time.sleep(_BETWEEN_SECONDS)
    with ExitStack() as stack:
        stack.callback(lock.release)
        _write_holder(lock.descriptor, _Holder(os.getpid(), _began(os.getpid()), what))
        stack.pop_all()
    return ChangeLock(lock)


def _began(pid: int) -> str:
    """When a process began, in ticks of the system's clock; empty when it has ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    # The name stands in parentheses and may have any characters in it.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]


def _write_holder(descriptor: int, holder: _Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, dumps(asdict(holder)), 0)


def _read_holder(path: Path) -> _Holder | None:
    """Who wrote itself down; None for nobody, or for somebody who has just begun to."""
    try:
        content = loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    match content:
        case {"pid": int(pid), "began": str(began), "what": str(what)}:
            return _Holder(pid, began, what)
        case _:
            return None


def _busy(holder: _Holder | None) -> EnvironmentBusy:
    if holder is None:
        return EnvironmentBusy("the node packages are being changed by another process")
    message = f"the node packages are being changed by process {holder.pid}: {holder.what}"
    return EnvironmentBusy(message, pid=holder.pid)
