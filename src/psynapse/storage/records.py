"""What the run log says: about a run, about a run it could not keep, about what it removed."""

import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

from psynapse.model.events import RunStatus

LoggedStatus = Literal["running", "lost"] | RunStatus

_COLUMNS: Final = "run_id, boot_id, started_at, workflow_digest, node_count, status, seconds, unlogged"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the log has it."""

    run_id: str
    boot_id: str
    started_at: float
    """Seconds since 1970."""
    workflow_digest: str
    node_count: int
    status: LoggedStatus
    seconds: float | None
    """How long it took, or None while it runs and when it was lost."""
    unlogged: str
    """Why events are missing at the end, or nothing when all are there."""


@dataclass(frozen=True, slots=True)
class Unlogged:
    """From here on a run is not in the log. ``reason`` is a sentence for the user; said once for each run."""

    run_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pruned:
    """The runs that were removed, oldest first, and how many bytes that freed."""

    run_ids: tuple[str, ...]
    freed: int


def find_run(connection: sqlite3.Connection, run_id: str) -> RunRecord | None:
    """The run of that id, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM runs WHERE run_id = ? AND NOT expired",  # noqa: S608 (a constant of this module)
        (run_id,),
    ).fetchone()
    return RunRecord(*row) if row else None


def newest_runs(connection: sqlite3.Connection, limit: int, before: str | None) -> tuple[RunRecord, ...]:
    """At most ``limit`` runs, newest first; with ``before``, only those begun before that run."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM runs WHERE NOT expired AND (? IS NULL"  # noqa: S608 (a constant of this module)
        " OR number < (SELECT number FROM runs WHERE run_id = ?)) ORDER BY number DESC LIMIT ?",
        (before, before, limit),
    )
    return tuple(RunRecord(*row) for row in rows)
