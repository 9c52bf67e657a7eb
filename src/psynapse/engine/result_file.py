"""A result in a file: a checksum, what the cache knows about it, and the pickled value.

Reading unpickles, which can run any code: only files that belong to this process's user are read.
"""

import copyreg
import os
import pickle
import stat
import struct
from hashlib import blake2b
from pathlib import Path, PosixPath, WindowsPath
from typing import Any, BinaryIO, Final, NoReturn

from psynapse.engine.entry import Entry, guard_of
from psynapse.model.guarded import Raised, outcome

LONGEST_REASON: Final = 200
_CHUNK: Final = 1 << 20
# Neither follow a link nor wait for the other end of a pipe.
_CAREFULLY: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_MAGIC: Final = b"psynaps1"
_HEAD: Final = struct.Struct(">8s16s")
"""The magic, and the hash of all that follows it together with the file's name."""

_FACTS: Final = struct.Struct(">dQ?16s")
"""Seconds, size in memory, whether there is a guard, and the guard."""


class Refused(Exception):
    """The value cannot be kept in a file. The message says why, for its user."""


class ChangedMeanwhile(Exception):
    """The value was changed while it was written."""


class NoResult(Exception):
    """The file holds no result that can be used. The message says why."""


def write_result(file: BinaryIO, name: str, entry: Entry, limit: int) -> None:
    """Write an entry that will be read as ``name``. Raises OSError, Refused and ChangedMeanwhile."""
    if entry.size > limit:
        raise _too_large(limit)
    file.write(bytes(_HEAD.size))
    body = _HashedFile(file, name, limit)
    body.write(_FACTS.pack(entry.seconds, entry.size, entry.guard is not None, entry.guard or b""))
    pickler = pickle.Pickler(body, protocol=5)
    pickler.dispatch_table = {**copyreg.dispatch_table, **_REFUSED_TYPES}
    told = outcome(pickler.dump, entry.value)
    # First, because a change is also what may have made it fail.
    if not entry.intact:
        raise ChangedMeanwhile
    if isinstance(told, Raised):
        raise _refusal(told.error) from told.error
    file.seek(0)
    file.write(_HEAD.pack(_MAGIC, body.hasher.digest()))


def read_result(path: Path, name: str) -> Entry:
    """The entry that was written as ``name``. Raises OSError when it cannot be read, NoResult when it is not there."""
    with os.fdopen(os.open(path, os.O_RDONLY | _CAREFULLY), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or not is_ours(found):
            raise NoResult("it belongs to somebody else, or is no file")
        head = file.read(_HEAD.size)
        if head != _HEAD.pack(_MAGIC, _digest_of_rest(file, name)):
            raise NoResult("it was not written to its end, or by something else")
        file.seek(_HEAD.size)
        return _read_entry(file)


def is_ours(found: os.stat_result) -> bool:
    """Whether a file or folder belongs to this process's user."""
    return not hasattr(os, "getuid") or found.st_uid == os.getuid()


def _read_entry(file: BinaryIO) -> Entry:
    seconds, size, guarded, guard = _FACTS.unpack(file.read(_FACTS.size))
    # Unpickling runs code of the value's class.
    value = outcome(pickle.load, file)
    if isinstance(value, Raised):
        raise NoResult(f"{type(value.error).__name__}: {value.error}") from value.error
    if guard_of(value, size) != (guard if guarded else None):
        raise NoResult("the value is not equal to the one that was computed")
    return Entry(value, size, seconds, guard if guarded else None)


class _HashedFile:
    """Passes on what is written, hashes it, and stops at a limit."""

    def __init__(self, file: BinaryIO, name: str, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._written = 0
        self.hasher = blake2b(name.encode(), digest_size=16)

    def write(self, data: "bytes | pickle.PickleBuffer") -> int:
        """Write ``data``; its length in bytes."""
        with memoryview(data) as view:
            self._written += view.nbytes
            if self._written > self._limit:
                raise _too_large(self._limit)
            self.hasher.update(view)
            self._file.write(view)
            return view.nbytes


def _too_large(limit: int) -> Refused:
    return Refused(f"it takes more than {limit:,} bytes")


def _refusal(error: BaseException) -> BaseException:
    if isinstance(error, (OSError, Refused)):
        return error
    return Refused(f"{type(error).__name__}: {error}".partition("\n")[0][:LONGEST_REASON])


def _refuse_path(path: Path) -> NoReturn:
    raise Refused(f"it names a file, {path}, which may be gone when it is wanted")


_REFUSED_TYPES: Final[dict[type, Any]] = {PosixPath: _refuse_path, WindowsPath: _refuse_path}


def _digest_of_rest(file: BinaryIO, name: str) -> bytes:
    hasher = blake2b(name.encode(), digest_size=16)
    while chunk := file.read(_CHUNK):
        hasher.update(chunk)
    return hasher.digest()
