"""The log of runs: their plans and events, as they were committed, whatever then happened to the server."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from psynapse.errors import StorageError
from psynapse.model.events import RunStatus
from psynapse.storage.database import Database, SetAside, StorageUnavailable
from psynapse.storage.pruning import Limits, prune_step, used_bytes
from psynapse.storage.records import Pruned, RunRecord, Unlogged, find_run, newest_runs
from psynapse.storage.thread import DedicatedThread

LONGEST_BACKLOG: Final = 64 << 20
"""Bytes of events that may wait for a slow disk before a run goes on unlogged."""
_DAY: Final = 86_400.0

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a run ended, until that is stored."""

    status: RunStatus
    seconds: float
    unlogged: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events from number ``first_seq`` on; each item of ``encoded`` holds ``span`` of them."""

    first_seq: int
    encoded: Sequence[bytes]
    span: int


class RunLog:
    """Runs and their events in one SQLite file. Its methods never block the event loop, but wait for the disk.

    Who must not wait stops waiting, not the call: what was asked for is carried out even when the caller is cancelled.

    When the disk refuses, a run becomes *unlogged*: the method that noticed returns ``Unlogged`` once, later events of
    that run are dropped, so that what is stored has no gaps, and the next run tries again. Reading raises
    StorageUnavailable instead. What the log is never given are environment variables.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._thread = DedicatedThread("psynapse-run-log")
        # Keyed by run. The first is shared by both threads, which only use its atomic methods.
        self._unlogged: dict[str, Unlogged] = {}
        self._owed: dict[str, _Ending] = {}
        self._waiting_bytes = 0

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Files that could not be used and were renamed since this log was made, to be shown to the user."""
        return self._database.set_aside

    async def begin(
        self,
        run_id: str,
        boot_id: str,
        started_at: float,
        workflow_digest: str,
        plan_json: bytes,
        node_count: int,
    ) -> Unlogged | None:
        """Enter a run that starts now; ``started_at`` in seconds since 1970. Raises StorageError if the id is taken."""
        self._unlogged.pop(run_id, None)
        row = (run_id, boot_id, started_at, workflow_digest, node_count)
        return await self._log(run_id, partial(self._insert_run, row, plan_json))

    async def append(self, run_id: str, first_seq: int, encoded: Sequence[bytes], *, span: int = 1) -> Unlogged | None:
        """Store events, all or none, numbered from ``first_seq``: the next number, or any for the first batch of a run.

        Each item is one event, or ``span`` of them encoded together. Raises StorageError when numbers would be missing
        or twice.
        """
        size = sum(map(len, encoded))
        if self._waiting_bytes and self._waiting_bytes + size > LONGEST_BACKLOG:
            return self._give_up(run_id, "the disk is too slow for the events of this run")
        self._waiting_bytes += size
        try:
            return await self._log(run_id, partial(self._insert_events, run_id, _Batch(first_seq, encoded, span)))
        finally:
            self._waiting_bytes -= size

    async def finish(
        self, run_id: str, status: RunStatus, seconds: float, last: tuple[int, bytes, int] | None = None
    ) -> Unlogged | None:
        """Store how a run ended. Only the first time counts.

        ``last`` are its last events, stored in the same instant: the first one's number, all of them encoded together,
        and how many they are. A run whose end is told is never lost.
        While the disk refuses, the ending is kept in memory, shown by ``get`` and stored with the next run's.
        """
        batch = _Batch(last[0], (last[1],), last[2]) if last else None
        return await self._thread.call(partial(self._end, run_id, status, seconds, batch))

    async def read(self, run_id: str, after_seq: int, limit: int) -> list[tuple[int, bytes]]:
        """At most ``limit`` items with events numbered above ``after_seq``, in order; -1 reads from the beginning.

        With each item comes its first event's number, which may be lower when several are encoded together.
        """
        query = (
            "SELECT seq, body FROM runs JOIN events ON run = number WHERE run_id = :run AND NOT expired"
            " AND seq >= (SELECT coalesce(max(seq), 0) FROM events WHERE run = number AND seq <= :after + 1)"
            " AND seq + span > :after + 1 ORDER BY seq LIMIT :limit"
        )
        named = {"run": run_id, "after": after_seq, "limit": limit}
        return await self._query(lambda connection: connection.execute(query, named).fetchall())

    async def plan(self, run_id: str) -> bytes | None:
        """The plan of a run as it was given to ``begin``, or None when there is no such run."""
        query = "SELECT body FROM plans WHERE run = (SELECT number FROM runs WHERE run_id = ? AND NOT expired)"
        row = await self._query(lambda connection: connection.execute(query, (run_id,)).fetchone())
        return row[0] if row else None

    async def get(self, run_id: str) -> RunRecord | None:
        """What the log says about a run, or None when there is no such run."""
        record = await self._query(lambda connection: find_run(connection, run_id))
        return record and self._with_news(record)

    async def mark_lost(self, boot_id: str) -> tuple[str, ...]:
        """Runs begun under another boot that never finished become ``lost``. Returns their ids, oldest first."""
        return await self._thread.call(partial(self._mark_lost, boot_id))

    async def prune(self, max_age_days: float, max_bytes: int, *, now: float | None = None) -> Pruned:
        """Remove finished runs, oldest first, until none is older and the log is not larger. Runs that go on stay.

        ``now`` is in seconds since 1970. Other calls are served between the steps. Raises StorageUnavailable.
        """
        limits = Limits((time.time() if now is None else now) - max_age_days * _DAY, max_bytes)
        before = await self._query(used_bytes)
        gone: list[str] = []
        while (step := await self._thread.call(partial(self._prune_step, limits))) is not None:
            gone += step
        after = await self._query(used_bytes)
        # Closing writes the log back into the file, which only then becomes smaller. The next call opens it again.
        await self._thread.call(self._database.close)
        return Pruned(tuple(gone), max(0, before - after))

    async def close(self) -> None:
        """Store what is waiting and close the file. Later calls raise StorageError."""
        await self._thread.close(self._settle_and_close)

    async def list(self, limit: int, before: str | None = None) -> tuple[RunRecord, ...]:
        """At most ``limit`` runs, newest first; with ``before`` (a run's id), only those begun before it."""
        records = await self._query(lambda connection: newest_runs(connection, limit, before))
        return tuple(self._with_news(record) for record in records)

    async def _query(self, ask: Callable[[sqlite3.Connection], Answer]) -> Answer:
        def answer() -> Answer:
            with self._database.transaction(writes=False) as connection:
                return ask(connection)

        return await self._thread.call(answer)

    async def _log(self, run_id: str, write: Callable[[], None]) -> Unlogged | None:
        if run_id in self._unlogged:
            return None
        return await self._thread.call(partial(self._attempt, run_id, write))

    def _attempt(self, run_id: str, write: Callable[[], None]) -> Unlogged | None:
        """Decided on the database's thread: batches queued behind a failed one must not be stored after a gap."""
        if run_id in self._unlogged:
            return None
        try:
            write()
        except StorageUnavailable as error:
            return self._give_up(run_id, error.message)
        return None

    def _give_up(self, run_id: str, reason: str) -> Unlogged | None:
        unlogged = Unlogged(run_id, reason)
        # Identity tells who was first, when both threads give up at once.
        return unlogged if self._unlogged.setdefault(run_id, unlogged) is unlogged else None

    def _insert_run(self, row: tuple[str, str, float, str, int], plan_json: bytes) -> None:
        insert = "INSERT INTO runs (run_id, boot_id, started_at, workflow_digest, node_count) VALUES (?, ?, ?, ?, ?)"
        try:
            with self._database.transaction(writes=True) as connection:
                self._settle(connection)
                number = connection.execute(insert, row).lastrowid
                connection.execute("INSERT INTO plans (run, body) VALUES (?, ?)", (number, plan_json))
        except sqlite3.IntegrityError as error:
            raise StorageError(
                f"the run {row[0]} is in the log already", hint="give every run an id of its own"
            ) from error
        self._owed.clear()

    def _insert_events(self, run_id: str, batch: _Batch) -> None:
        with self._database.transaction(writes=True) as connection:
            _store(connection, run_id, batch)

    def _end(self, run_id: str, status: RunStatus, seconds: float, last: _Batch | None) -> Unlogged | None:
        told = self._unlogged.get(run_id)
        self._owed.setdefault(run_id, _Ending(status, seconds, told.reason if told else ""))
        try:
            with self._database.transaction(writes=True) as connection:
                if last and not told:
                    _store(connection, run_id, last)
                self._settle(connection)
        except StorageUnavailable as error:
            if last and not told:
                self._owed[run_id] = _Ending(status, seconds, error.message)
            return None if told else Unlogged(run_id, error.message)
        finally:
            self._unlogged.pop(run_id, None)
        self._owed.clear()
        return None

    def _settle_and_close(self) -> None:
        if self._owed:
            with suppress(StorageUnavailable), self._database.transaction(writes=True) as connection:
                self._settle(connection)
        self._database.close()

    def _settle(self, connection: sqlite3.Connection) -> None:
        """Store endings that are not stored yet. The caller forgets them once that is committed."""
        connection.executemany(
            "UPDATE runs SET status = ?, seconds = ?, unlogged = ? WHERE run_id = ? AND status = 'running'",
            [(ending.status, ending.seconds, ending.unlogged, run_id) for run_id, ending in self._owed.items()],
        )

    def _with_news(self, record: RunRecord) -> RunRecord:
        """The record with what could not be stored yet."""
        if record.status != "running":
            return record
        if ending := self._owed.get(record.run_id):
            return replace(record, status=ending.status, seconds=ending.seconds, unlogged=ending.unlogged)
        told = self._unlogged.get(record.run_id)
        return replace(record, unlogged=told.reason) if told else record

    def _mark_lost(self, boot_id: str) -> tuple[str, ...]:
        where = "WHERE status = 'running' AND boot_id != ?"
        with self._database.transaction(writes=True) as connection:
            found = connection.execute(f"SELECT run_id FROM runs {where} ORDER BY number", (boot_id,)).fetchall()  # noqa: S608 (a constant)
            connection.execute(f"UPDATE runs SET status = 'lost' {where}", (boot_id,))  # noqa: S608 (a constant)
        return tuple(run_id for (run_id,) in found)

    def _prune_step(self, limits: Limits) -> tuple[str, ...] | None:
        with self._database.transaction(writes=True) as connection:
            return prune_step(connection, limits)


def _store(connection: sqlite3.Connection, run_id: str, batch: _Batch) -> None:
    """Insert events of a run that goes on. Raises StorageUnavailable when there is none, StorageError for a gap."""
    find = (
        "SELECT number, (SELECT seq + span FROM events WHERE run = number ORDER BY seq DESC LIMIT 1) FROM runs"
        " WHERE run_id = ? AND status = 'running'"
    )
    row = connection.execute(find, (run_id,)).fetchone()
    if row is None:
        raise StorageUnavailable(f"the run log has no run {run_id} that goes on: it was never entered, or lost")
    number, following = row
    if following is not None and batch.first_seq != following:
        message = f"events of run {run_id} from number {batch.first_seq} on cannot follow number {following - 1}"
        raise StorageError(message, hint="append every event once, in order")
    rows = (
        (number, batch.first_seq + place * batch.span, batch.span, body) for place, body in enumerate(batch.encoded)
    )
    # A row at a time waits for the interpreter's lock each time: events that come together are to be one row.
    connection.executemany("INSERT INTO events (run, seq, span, body) VALUES (?, ?, ?, ?)", rows)
