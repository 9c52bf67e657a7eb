"""The folder a server keeps its state in, and the lock that makes one process its owner."""

import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from psynapse.errors import StorageError

_LOCK_NAME: Final = "lock"
_OWNER_NAME: Final = "owner.json"
_ANOTHER: Final = "choose another data directory with --data-dir or PSYNAPSE_DATA_DIR"
# Asking who owns the folder takes the lock for an instant; a start at that very moment must not take it for an owner.
_ATTEMPTS: Final = 20
_BETWEEN_SECONDS: Final = 0.01

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        """Lock the open file, or raise BlockingIOError or PermissionError at once when another process has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that owns a data directory. ``address`` is where it listens, empty until it does."""

    pid: int
    boot_id: str
    address: str = ""


class DataDirectoryBusy(StorageError):
    """Another process owns the data directory. ``owner`` is None when it has not yet said who it is."""

    code = "data-directory-busy"

    def __init__(self, path: Path, owner: Owner | None) -> None:
        who = f"process {owner.pid}" if owner else "another process"
        where = f" at {owner.address}" if owner and owner.address else ""
        super().__init__(
            f"the data directory {path} belongs to {who}{where}",
            hint=f"use the server{where or ' that runs'}, stop it first, or {_ANOTHER}",
        )
        self.owner = owner


class DataDirectoryLock:
    """Holds a data directory until ``release``, or until the process ends in whatever way."""

    def __init__(self, path: Path, descriptor: int, owner: Owner) -> None:
        self._path = path
        self._descriptor = descriptor
        self.owner = owner

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def announce(self, address: str) -> None:
        """Tell others where the owner listens, now that it does. Raises StorageError when that cannot be written."""
        self.owner = Owner(self.owner.pid, self.owner.boot_id, address)
        _write_owner(self._path, self.owner)

    def release(self) -> None:
        """Let another process own the directory. Again is harmless."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor != -1:
            with suppress(OSError):
                (self._path / _OWNER_NAME).unlink()
            os.close(descriptor)


class DataDirectory:
    """The folder of one server. Made, for its user only, when it is first locked."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lock(self, boot_id: str, address: str = "") -> DataDirectoryLock:
        """Become the owner. Does not wait for another one to end.

        Raises DataDirectoryBusy, which names the owner, and StorageError when the folder cannot be used.
        """
        owner = Owner(os.getpid(), boot_id, address)
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = self._acquire(os.O_CREAT, _ATTEMPTS)
        except OSError as error:
            raise _unusable(self.path, error) from error
        if descriptor is None:
            raise DataDirectoryBusy(self.path, _read_owner(self.path))
        try:
            _write_owner(self.path, owner)
        except StorageError:
            os.close(descriptor)
            raise
        return DataDirectoryLock(self.path, descriptor, owner)

    def owner(self) -> Owner | None:
        """Who owns the directory now, or None when nobody does or when a new owner is only just beginning.

        For an instant after a start the answer may be the owner before: ask the address for its ``boot_id``.
        """
        try:
            descriptor = self._acquire()
        except OSError:
            return None
        if descriptor is None:
            return _read_owner(self.path)
        os.close(descriptor)
        return None

    def _acquire(self, flags: int = 0, attempts: int = 1) -> int | None:
        """The descriptor that holds the lock, or None when another process does.

        It is not inherited by programs started from here, so that none of them keeps the directory.
        """
        descriptor = os.open(self.path / _LOCK_NAME, os.O_RDWR | flags, 0o600)
        for attempt in range(attempts):
            time.sleep(_BETWEEN_SECONDS if attempt else 0)
            try:
                _take(descriptor)
            except (BlockingIOError, PermissionError):
                continue
            except OSError:
                os.close(descriptor)
                raise
            return descriptor
        os.close(descriptor)
        return None


def _write_owner(path: Path, owner: Owner) -> None:
    """Replace the file at once, so that whoever reads it sees the old or the new content."""
    fresh = path / f"{_OWNER_NAME}.new"
    try:
        fresh.write_text(json.dumps(asdict(owner)), encoding="utf-8")
        fresh.replace(path / _OWNER_NAME)
    except OSError as error:
        raise _unusable(path, error) from error


def _read_owner(path: Path) -> Owner | None:
    try:
        content: object = json.loads((path / _OWNER_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    match content:
        case {"pid": int(pid), "boot_id": str(boot_id), "address": str(address)}:
            return Owner(pid, boot_id, address)
        case _:
            return None


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"the data directory {path} cannot be used: {error.strerror or error}",
        hint=f"make it writable, make room on the disk, or {_ANOTHER}",
    )
