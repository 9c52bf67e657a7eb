"""Locks that the operating system lets go of when their holder ends, however it ends."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

if sys.platform == "win32":
    import msvcrt

    # Far behind the content: what is locked there cannot be read by others.
    _PLACE: Final = 1 << 30

    def _take(descriptor: int, *, shared: bool) -> None:
        # An open file is enough for readers: a folder with one in it cannot be renamed.
        if not shared:
            os.lseek(descriptor, _PLACE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _give_back(descriptor: int) -> None:
        """Closing it does."""

else:
    import fcntl

    def _take(descriptor: int, *, shared: bool) -> None:
        """Lock the open file, or raise BlockingIOError at once when somebody else has it."""
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _give_back(descriptor: int) -> None:
        # Closing it is not enough: what was started meanwhile and lives on may have a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class FileLock:
    """A lock on a file until ``release``, or until every process with a copy of ``descriptor`` has ended."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let go of it. Again is harmless."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor != -1:
            with suppress(OSError):
                _give_back(descriptor)
            os.close(descriptor)


def try_lock(path: Path, *, shared: bool = False, make: bool = False) -> FileLock | None:
    """Lock the file at ``path``, or None when somebody has it, or when it was removed meanwhile.

    Any number may share it; nobody has it alone then. ``make`` makes the file when there is none; without it the
    answer is None. Raises OSError. Programs started from here do not inherit it unless its descriptor is passed on.
    """
    try:
        descriptor = os.open(path, (os.O_RDWR | os.O_CREAT) if make else os.O_RDONLY, 0o600)
    except FileNotFoundError:
        if make:
            raise
        return None
    with ExitStack() as stack:
        lock = stack.enter_context(FileLock(path, descriptor))
        with suppress(BlockingIOError, FileNotFoundError):
            _take(descriptor, shared=shared)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                stack.pop_all()
                return lock
    return None


def kill_holders(path: Path) -> tuple[int, ...]:
    """Kill the other processes that have the file locked, each with its process group; returns their numbers.

    Those that only have it open are left alone (Linux; elsewhere none are found).
    """
    found = tuple(_holders(path))
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            group = os.getpgid(pid)
            if group != os.getpgrp():
                os.killpg(group, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return found


def _holders(path: Path) -> Iterator[int]:
    wanted = path.stat()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(process.name) != os.getpid() and any(_holds(one, wanted) for one in (process / "fd").iterdir()):
                yield int(process.name)


def _holds(descriptor: Path, wanted: os.stat_result) -> bool:
    """Whether a process has the file locked through that descriptor of its own."""
    try:
        if not os.path.samestat(descriptor.stat(), wanted):
            return False
        return "FLOCK" in (descriptor.parent.parent / "fdinfo" / descriptor.name).read_text(encoding="ascii")
    except OSError:
        return False
