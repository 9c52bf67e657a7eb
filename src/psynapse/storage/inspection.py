"""Looking at a run log without touching it, also while its server writes."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.storage.database import StorageUnavailable
from psynapse.storage.opening import APPLICATION_ID, BUSY_SECONDS, is_damage, pragma

_STEPS_BETWEEN_LOOKS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a run log looks like. ``problem`` is half a sentence about the file, nothing when it is sound.

    ``whole``: everything was looked at in the time given. ``size`` is in bytes.
    """

    problem: str
    whole: bool
    runs: int
    size: int


def inspect_log(path: Path, seconds: float = 10.0) -> Inspection:
    """Look for damage in the file for at most that long. Raises StorageUnavailable when it cannot be read at all."""
    try:
        with closing(_open(path)) as connection:
            return _look(connection, path.stat().st_size, time.monotonic() + seconds)
    except (sqlite3.Error, OSError) as error:
        if is_damage(error):
            return Inspection(f"is damaged ({error})", whole=True, runs=0, size=path.stat().st_size)
        hint = "check that this user may read the file"
        raise StorageUnavailable(f"the run log {path} cannot be read: {error}", hint=hint) from error


def set_aside(path: Path) -> tuple[Path, ...]:
    """Logs that could not be used and were renamed by a server, beside the one at ``path``; oldest first."""
    found = path.parent.glob(f"{path.name}.aside-*")
    return tuple(sorted(entry for entry in found if not entry.name.endswith(("-wal", "-shm"))))


def _open(path: Path) -> sqlite3.Connection:
    # Where nobody writes, SQLite must not leave a write-ahead log behind, which looks like an unclean end.
    idle = not path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if idle else ''}"
    return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def _look(connection: sqlite3.Connection, size: int, ends: float) -> Inspection:
    if pragma(connection, "application_id") != APPLICATION_ID:
        # An empty file is one that was only just begun.
        return Inspection("is a database of something else" if size else "", whole=True, runs=0, size=size)
    (runs,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS_BETWEEN_LOOKS)
    try:
        (finding,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return Inspection("", whole=False, runs=runs, size=size)
    problem = "" if finding == "ok" else f"is damaged ({str(finding).splitlines()[-1]})"
    return Inspection(problem, whole=True, runs=runs, size=size)
