"""Costly results on disk, for workers that come later: content-addressed, checked, bounded, shared by all at once.

A file is named by the key of its task and by what all results depend on, and gets that name when it is complete. What
is torn or was put there by others is a miss and removed. The folder is its owner's alone, because whoever could write
there could make workers run code. When anything wanted a file last is the file's time of change.
"""

import contextlib
import contextvars
import errno
import os
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from psynapse.engine.entry import Entry
from psynapse.engine.private_files import UNFINISHED, make_private_folder, written_whole
from psynapse.engine.result_file import (
    LONGEST_REASON,
    ChangedMeanwhile,
    NoResult,
    Refused,
    is_ours,
    read_result,
    write_result,
)
from psynapse.logs import logger
from psynapse.planning.keys import Key

DEFAULT_BYTES: Final = 5 * 1024**3
LARGEST: Final = 1024**3
"""Bytes of all files, and of one."""

LEAST_SECONDS: Final = 0.5
"""What was computed faster is computed again."""

_MOST_FILES: Final = 10_000
_ABANDONED_SECONDS: Final = 3600.0
_SETTLED_NS: Final = 100_000_000
"""A folder that changed so recently may change again without another time of change."""

_RESULT, _REFUSAL = ".result", ".refused"


class DiskCache:
    """One folder of results. ``get`` reads here and now; ``put`` only notes what a thread of its own writes later.

    ``surroundings`` is what all results depend on besides their tasks; see ``engine.surroundings``. No method raises.
    """

    def __init__(self, folder: Path, surroundings: bytes, *, limit: int = DEFAULT_BYTES) -> None:
        self.folder = folder
        self.limit = limit
        self._surroundings = surroundings
        self._names: frozenset[str] = frozenset()
        self._names_as_of = -1
        self._queue: SimpleQueue[tuple[str, Entry] | None] = SimpleQueue()
        self._done = threading.Condition()
        self._waiting = 0
        self._waiting_bytes = 0
        self._thread: threading.Thread | None = None

    def holds(self, keys: Sequence[Key]) -> list[int]:
        """The positions of those keys that there seem to be results of, by one look at the folder."""
        self._look()
        if not self._names:
            return []
        return [place for place, key in enumerate(keys) if key and self._name(key) + _RESULT in self._names]

    def get(self, key: bytes) -> Entry | None:
        """The result of that key, unpickled. It is fresh: nobody else has the same object."""
        name = self._name(key)
        path = self.folder / f"{name}{_RESULT}"
        try:
            entry = read_result(path, name)
        except NoResult as error:
            logger.info("the file %s is removed: %s", path, error)
            entry = None
        except OSError as error:
            # Links are never ours; what else may be wrong may be over soon.
            if error.errno != errno.ELOOP:
                return None
            entry = None
        with contextlib.suppress(OSError):
            if entry is None:
                path.unlink()
            else:
                os.utime(path)
        return entry

    def put(self, key: bytes, entry: Entry) -> None:
        """Have a result written soon, if it took long enough. The caller waits for nothing."""
        if entry.seconds < LEAST_SECONDS:
            return
        with self._done:
            # What waits is kept alive: rather lose a result than memory.
            if self._waiting and self._waiting_bytes + entry.size > LARGEST:
                return
            self._waiting += 1
            self._waiting_bytes += entry.size
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="psynapse-disk-cache", daemon=True)
                # Not in this context: the thread would belong to the node that has just ended.
                contextvars.Context().run(self._thread.start)
        self._queue.put((self._name(key), entry))

    def refusal(self, key: bytes) -> str:
        """Why the result of that key could not be kept, as far as the last look at the folder tells; or nothing."""
        if not self._names or (name := self._name(key) + _REFUSAL) not in self._names:
            return ""
        try:
            return (self.folder / name).read_text("utf-8", "replace")[:LONGEST_REASON]
        except OSError:
            return ""

    def flush(self, seconds: float) -> bool:
        """Wait until everything is written, up to so many seconds; whether it is."""
        with self._done:
            return self._done.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """Have the thread end once everything is written."""
        self._queue.put(None)

    def _name(self, key: bytes) -> str:
        return blake2b(self._surroundings + key, digest_size=16).hexdigest()

    def _look(self) -> None:
        """See what is in the folder, if it has changed."""
        try:
            changed = self.folder.stat().st_mtime_ns
            if changed != self._names_as_of:
                self._names = frozenset(os.listdir(self.folder))  # noqa: PTH208 -- only the names are wanted
                self._names_as_of = changed if time.time_ns() - changed > _SETTLED_NS else -1
        except OSError:
            self._names, self._names_as_of = frozenset(), -1

    # The thread

    def _write_all(self) -> None:
        while (waiting := self._queue.get()) is not None:
            name, entry = waiting
            try:
                self._write(name, entry)
            except OSError as error:
                logger.warning("a result is not kept in %s: %s", self.folder, error)
            with self._done:
                self._waiting -= 1
                self._waiting_bytes -= entry.size
                self._done.notify_all()
            # While the thread waits, it must not keep the last value alive.
            del waiting, entry

    def _write(self, name: str, entry: Entry) -> None:
        self._prepare_folder()
        refusal = self.folder / f"{name}{_REFUSAL}"
        try:
            with written_whole(self.folder / f"{name}{_RESULT}") as file:
                write_result(file, name, entry, min(LARGEST, self.limit))
            refusal.unlink(missing_ok=True)
        except ChangedMeanwhile:
            return
        except Refused as refused:
            with written_whole(refusal) as file:
                file.write(str(refused).encode("utf-8", "replace"))
        self._trim()

    def _prepare_folder(self) -> None:
        """Make the folder, and make sure that it is the owner's alone. Raises OSError."""
        make_private_folder(self.folder)
        found = self.folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or not is_ours(found):
            raise PermissionError(errno.EPERM, "the folder belongs to somebody else, or is a link")
        if found.st_mode & 0o077:
            self.folder.chmod(0o700)

    def _trim(self) -> None:
        """Remove what was not wanted for longest while there is too much."""
        files = sorted(self._files())
        total, count = sum(size for _, size, _ in files), len(files)
        for _, size, path in files:
            if total <= self.limit and count <= _MOST_FILES:
                return
            # Another worker may have been faster.
            with contextlib.suppress(OSError):
                path.unlink()
            total, count = total - size, count - 1

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each file was wanted last, its bytes on disk, and where it is. What was left behind is removed."""
        now = time.time()
        with os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if not entry.name.endswith(UNFINISHED):
                        yield found.st_mtime, _bytes_on_disk(found), Path(entry.path)
                    elif now - found.st_mtime > _ABANDONED_SECONDS:
                        Path(entry.path).unlink()


def _bytes_on_disk(found: os.stat_result) -> int:
    return getattr(found, "st_blocks", 0) * 512 or found.st_size
