"""Removing old runs in small steps, so that whoever writes in between never waits for long."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from psynapse.storage.opening import pragma

# Rows, each of which may hold hundreds of events.
_ROWS_AT_ONCE: Final = 500
_PAGES_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What may stay: finished runs begun at or after ``oldest`` (seconds since 1970), ``size`` bytes in all."""

    oldest: float
    size: int


def prune_step(connection: sqlite3.Connection, limits: Limits) -> tuple[str, ...] | None:
    """Do a little, within the caller's transaction: the runs that nobody sees any more, or None when all is done."""
    if _remove_expired(connection):
        return ()
    expired = _expire_by_age(connection, limits.oldest)
    if not expired and used_bytes(connection) > limits.size:
        expired = _expire_oldest(connection)
    if expired:
        return expired
    return () if _shrink(connection) else None


def used_bytes(connection: sqlite3.Connection) -> int:
    """How much of the file is in use."""
    pages = pragma(connection, "page_count") - pragma(connection, "freelist_count")
    return pages * pragma(connection, "page_size")


def _remove_expired(connection: sqlite3.Connection) -> bool:
    """Events first, a part of them at a time; a run whose events are gone goes with its plan."""
    removed = connection.execute(
        "DELETE FROM events WHERE rowid IN"
        " (SELECT events.rowid FROM runs JOIN events ON run = number WHERE expired LIMIT ?)",
        (_ROWS_AT_ONCE,),
    ).rowcount
    if not removed:
        removed = connection.execute("DELETE FROM runs WHERE expired").rowcount
    return removed > 0


def _expire_by_age(connection: sqlite3.Connection, oldest: float) -> tuple[str, ...]:
    return _expire(connection, "status != 'running' AND NOT expired AND started_at < ?", oldest)


def _expire_oldest(connection: sqlite3.Connection) -> tuple[str, ...]:
    return _expire(connection, "number = (SELECT min(number) FROM runs WHERE status != 'running' AND NOT expired)")


def _expire(connection: sqlite3.Connection, where: str, *values: float) -> tuple[str, ...]:
    """Mark runs as seen by nobody. ``where`` is one of this module's own conditions."""
    found = connection.execute(f"SELECT run_id FROM runs WHERE {where} ORDER BY number", values).fetchall()  # noqa: S608 (see above)
    connection.execute(f"UPDATE runs SET expired = 1 WHERE {where}", values)  # noqa: S608 (see above)
    return tuple(run_id for (run_id,) in found)


def _shrink(connection: sqlite3.Connection) -> bool:
    """Give free pages back to the disk; True while there may be more of them."""
    if not pragma(connection, "freelist_count"):
        return False
    connection.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
    return True
