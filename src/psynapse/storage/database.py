"""One SQLite file, used from one thread: transactions, and what happens when the disk or the file fails."""

import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from psynapse.errors import StorageError
from psynapse.storage.opening import UnusableFile, companions, connect, is_damage

_log = logging.getLogger(__name__)


class StorageUnavailable(StorageError):
    """The disk refuses: full, read-only, gone, failing. The next attempt opens the file again."""

    code = "storage-unavailable"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that could not be used was renamed to ``path`` and a new one begun. ``reason`` is a sentence."""

    path: Path
    reason: str


class Database:
    """Opens itself at the first use, and again after a failure. Every call must come from the same thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set_aside: tuple[SetAside, ...] = ()
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self, *, writes: bool) -> Generator[sqlite3.Connection, None, None]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        Raises StorageUnavailable when it could not be carried out; nothing of it is stored then.
        """
        try:
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except (sqlite3.DatabaseError, OSError) as error:
            raise self._given_up(error) from error

    def close(self) -> None:
        """Close the file. Everything committed is in it, also when closing fails."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = connect(self.path)
            except UnusableFile as problem:
                self._put_aside(str(problem))
                self._connection = connect(self.path)
        return self._connection

    def _given_up(self, error: sqlite3.DatabaseError | OSError) -> StorageUnavailable:
        """Forget the connection, whose state is unknown after a failure, and a file known to be damaged with it."""
        self.close()
        if is_damage(error):
            with suppress(OSError):
                self._put_aside(f"is damaged ({error})")
        return StorageUnavailable(
            f"the run log {self.path} cannot be used: {error}",
            hint="make room on the disk, or make the folder writable; the next run tries again",
        )

    def _put_aside(self, problem: str) -> None:
        reason = f"the run log {self.path} {problem}"
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        names = (f"{self.path.name}.aside-{stamp}" + (f"-{number}" if number else "") for number in count())
        target = next(path for name in names if not (path := self.path.with_name(name)).exists())
        # The write-ahead log moves along, and first: SQLite would replay one left behind into the new file.
        for source, destination in zip(companions(self.path), companions(target), strict=True):
            with suppress(FileNotFoundError):
                source.rename(destination)
        self.set_aside += (SetAside(target, reason),)
        _log.warning("%s; it was renamed to %s and a new one begun", reason, target.name)
