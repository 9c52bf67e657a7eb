"""Opening the SQLite file: its modes, its integrity and its migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from psynapse.errors import StorageError

BUSY_SECONDS: Final = 5.0
APPLICATION_ID: Final = 1349745006
_LARGEST_WAL: Final = 16 << 20
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class UnusableFile(StorageError):
    """The file is there and readable, but not one to go on with. The message says why, as half a sentence."""


@cache
def migrations() -> tuple[str, ...]:
    """The SQL that leads from each version to the next, beginning at an empty file."""
    folder = resources.files("psynapse.storage").joinpath("migrations")
    found = {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".sql")}
    return tuple(found[name] for name in sorted(found))


def companions(path: Path) -> Iterator[Path]:
    """The files SQLite keeps beside a database and the database itself, last; whether they exist or not."""
    return (path.with_name(path.name + suffix) for suffix in ("-shm", "-wal", ""))


def is_damage(error: BaseException) -> bool:
    """True when SQLite says that the file's content is wrong, not that the disk refuses."""
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, sqlite3.DatabaseError) and (code & 0xFF) in _DAMAGED


def connect(path: Path) -> sqlite3.Connection:
    """Open or begin the database, checked and at the current version.

    Raises UnusableFile when it is damaged, foreign or of a newer version; sqlite3.Error and OSError when the disk
    refuses.
    """
    # A clean close removes the write-ahead log. Only after any other end is the cost of reading it all worth it.
    unclean = path.with_name(path.name + "-wal").exists()
    if not path.exists():
        path.touch(mode=0o600)
    with ExitStack() as stack:
        connection = stack.enter_context(closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)))
        try:
            _prepare(connection, check=unclean)
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise UnusableFile(f"is damaged ({error})") from error
            raise
        stack.pop_all()
    return connection


def _prepare(connection: sqlite3.Connection, *, check: bool) -> None:
    # First of all, because a file that is not ours stays as it is.
    version = _identify(connection)
    # auto_vacuum takes effect only before the first page is written, which the change to WAL does.
    for name, value in (
        ("auto_vacuum", "INCREMENTAL"),
        ("journal_mode", "WAL"),
        ("synchronous", "NORMAL"),
        ("foreign_keys", "ON"),
        ("journal_size_limit", _LARGEST_WAL),
    ):
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    if check:
        _check(connection)
    for number, script in enumerate(migrations()[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")


def _identify(connection: sqlite3.Connection) -> int:
    """The version of the format, 0 for an empty file."""
    version = pragma(connection, "user_version")
    if version > len(migrations()):
        raise UnusableFile(f"was written by a newer version of psynapse (format {version})")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and pragma(connection, "application_id") != APPLICATION_ID:
        raise UnusableFile("is a database of something else")
    return version


def _check(connection: sqlite3.Connection) -> None:
    (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise UnusableFile(f"is damaged ({str(finding).splitlines()[-1]})")


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """The value of a pragma that is a number."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
