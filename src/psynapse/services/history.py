"""Runs that are over, from the log: also those of earlier starts of the server."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from psynapse.engine.recording import decode_recording, is_recording
from psynapse.model.event_json import decode_events
from psynapse.model.events import RunEvent
from psynapse.services.info import RunInfo
from psynapse.storage.records import RunRecord
from psynapse.storage.run_log import RunLog

_ITEMS_AT_ONCE: Final = 4


class History:
    """What the log has of runs. Everything raises StorageUnavailable while it cannot be read."""

    def __init__(self, log: RunLog) -> None:
        self._log = log

    async def find(self, run_id: str) -> RunInfo | None:
        """The run of that id, or None."""
        record = await self._log.get(run_id)
        return record and _info(record)

    async def list(self, limit: int, before: str | None) -> Sequence[RunInfo]:
        """At most ``limit`` runs, newest first; with ``before``, only those begun before that run."""
        return [_info(record) for record in await self._log.list(limit, before)]

    async def events(self, run_id: str, after: int = -1) -> AsyncIterator[Sequence[RunEvent]]:
        """The events of a run with a number above ``after``, in batches; each has at least one."""
        while items := await self._log.read(run_id, after, _ITEMS_AT_ONCE):
            for first, encoded in items:
                events = decode_recording(encoded) if is_recording(encoded) else decode_events(encoded, first)
                yield events[max(0, after + 1 - first) :]
                after = events[-1].seq


def _info(record: RunRecord) -> RunInfo:
    return RunInfo(
        id=record.run_id,
        # Whoever asks here has looked among the runs that go on: this one's server is gone.
        status="lost" if record.status == "running" else record.status,
        started_at=record.started_at,
        nodes=record.node_count,
        seconds=record.seconds or 0.0,
        unlogged=record.unlogged,
    )
