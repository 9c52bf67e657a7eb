"""How one run gets into the log: in order, a batch at a time, without anybody waiting long for it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from psynapse.engine.recording import Recording
from psynapse.errors import StorageError
from psynapse.model.event_json import encode_events
from psynapse.model.events import RunEvent, RunFinished
from psynapse.services.tape import Tape
from psynapse.storage.records import Unlogged
from psynapse.storage.run_log import RunLog

PATIENCE_SECONDS: Final = 0.05
"""So long viewers wait for the disk; then they see what is not stored yet."""
LONGEST_STRETCH: Final = 1_000
"""So many events are stored as one text, and read again at once."""

_MOST_WRITING: Final = 30
"""So many stretches may wait for the disk before what comes next is held up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log is told when a run begins. ``started_at`` is seconds since 1970."""

    run_id: str
    boot_id: str
    started_at: float
    workflow_digest: str
    plan_json: bytes
    node_count: int


class _Stretch(NamedTuple):
    """Events that are stored as one text: the first one's number, how many they are, and when the last one was."""

    first: int
    span: int
    at: float
    encode: Callable[[], bytes]


class Journal:
    """Writes a run's events while it goes on. ``reason`` says why it stopped writing, if it did."""

    def __init__(self, log: RunLog, entry: Entry, tape: Tape, on_unlogged: Callable[[str], None]) -> None:
        self.reason = ""
        self._log = log
        self._run_id = entry.run_id
        self._tape = tape
        self._on_unlogged = on_unlogged
        self._waiting: list[RunEvent] = []
        self._writing: set[asyncio.Task[None]] = set()
        self._latest: asyncio.Task[None] | None = None
        # The log carries out its calls in the order they were made, and tasks begin in the order they were created.
        self._spawn(self._begin(entry))

    def add(self, events: Sequence[RunEvent]) -> None:
        """Store events that are on the tape, then show them; or show them after a while all the same."""
        if self.reason:
            self._tape.show(self._tape.end)
            return
        self._wait_with(events)
        # While the disk is busy events gather, but not without end: the log knows how much may wait.
        if not self._writing or len(self._waiting) >= LONGEST_STRETCH:
            self._write()

    def finish(self, events: Sequence[RunEvent], ending: RunFinished) -> None:
        """Do what ``add`` does with the last events, and store with them how the run ended."""
        self._wait_with(events)
        *before, last = _stretches(self._waiting)
        self._waiting = []
        for stretch in before:
            self._spawn(self._store(stretch, self._latest))
        self._spawn(self._store(last, self._latest, ending))

    def finish_whole(self, recording: Recording) -> None:
        """Store all of a run of which nothing has been stored, and how it ended."""
        self._show_soon()
        ending = recording.ending
        stretch = _Stretch(0, recording.count, ending.seconds, recording.encode)
        self._spawn(self._store(stretch, self._latest, ending))

    async def keep_pace(self) -> None:
        """Wait a moment while the disk is far behind: who says so much can, but a disk that hangs keeps nobody."""
        if len(self._writing) > _MOST_WRITING:
            await asyncio.wait(self._writing, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def settle(self) -> None:
        """Wait until what was added is stored, or will not be."""
        while self._writing:
            await asyncio.wait(self._writing)

    def _wait_with(self, events: Sequence[RunEvent]) -> None:
        self._waiting.extend(events)
        self._show_soon()

    def _show_soon(self) -> None:
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._tape.show, self._tape.end)

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        for stretch in _stretches(waiting):
            self._spawn(self._store(stretch, self._latest))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._latest = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        """What came while something was written is written together."""
        self._writing.discard(task)
        if self._waiting and not self._writing and not task.cancelled():
            self._write()

    async def _store(
        self, stretch: _Stretch, earlier: asyncio.Task[None] | None, ending: RunFinished | None = None
    ) -> None:
        first, span, at, encode = stretch
        encoded = encode()
        try:
            if ending:
                last = (first, encoded, span)
                told = await self._log.finish(self._run_id, ending.status, ending.seconds, last)
            else:
                told = await self._log.append(self._run_id, first, [encoded], span=span)
        except StorageError as error:
            told = Unlogged(self._run_id, error.message)
        if told:
            self._give_up(told.reason, at)
        elif earlier:
            # The log may know already that an earlier one failed, and then takes no notice of this one.
            await asyncio.wait({earlier})
        if not self.reason:
            self._tape.stored(first + span, len(encoded))
        self._tape.show(first + span)

    async def _begin(self, entry: Entry) -> None:
        try:
            told = await self._log.begin(
                entry.run_id,
                entry.boot_id,
                entry.started_at,
                entry.workflow_digest,
                entry.plan_json,
                entry.node_count,
            )
        except StorageError as error:
            told = Unlogged(entry.run_id, error.message)
        if told:
            self._give_up(told.reason, 0.0)

    def _give_up(self, reason: str, at: float) -> None:
        if not self.reason:
            self.reason = reason
            self._waiting = []
            self._tape.unlogged(at, reason)
            self._on_unlogged(reason)


def _stretches(events: Sequence[RunEvent]) -> list[_Stretch]:
    return [_stretch(events[start : start + LONGEST_STRETCH]) for start in range(0, len(events), LONGEST_STRETCH)]


def _stretch(events: Sequence[RunEvent]) -> _Stretch:
    return _Stretch(events[0].seq, len(events), events[-1].at, partial(encode_events, events))
