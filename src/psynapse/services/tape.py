"""The events of one run as its viewers get them: numbered without gaps, and seen only when it is time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from psynapse.engine.recording import Recording
from psynapse.model.events import RunEvent, RunFinished, RunUnlogged

MOST_STORED_BYTES: Final = 4 << 20
"""How much of what the log has is kept in memory as well, measured as the log has it."""
MOST_UNLOGGED: Final = 100_000
"""How many events are kept of a run that is in no log."""

Recall = Callable[[int], AsyncIterator[Sequence[RunEvent]]]
"""Gives the events above a number from the log."""


class Tape:
    """Grows at its end. What is ``shown`` can be read; what is ``stored`` may be forgotten and is recalled."""

    def __init__(self, recall: Recall | None = None) -> None:
        self._recall = recall
        self._events: list[RunEvent] = []
        self._recording: Recording | None = None
        """All there is of a run that has ended, until its events are read."""
        self._first = 0
        self._shown = 0
        self._ended = False
        self._unlogged = recall is None
        self._stored: deque[tuple[int, int]] = deque()
        self._stored_until = 0
        self._stored_bytes = 0
        self._news = asyncio.Event()

    @property
    def end(self) -> int:
        """The number of the next event."""
        return self._first + (self._recording.count if self._recording else len(self._events))

    @property
    def in_log(self) -> bool:
        """True when the run has ended and the log has every event."""
        return self._ended and self._stored_until == self.end

    def add(self, events: Sequence[RunEvent]) -> None:
        """Take events, which begin with number ``end``. Nobody sees them yet."""
        self._events.extend(events)
        self._ended = isinstance(self._events[-1].body, RunFinished)
        if self._unlogged and len(self._events) > MOST_UNLOGGED:
            self._forget(self.end - MOST_UNLOGGED // 2)

    def take_whole(self, recording: Recording) -> None:
        """Take all of a run that has ended, of which nothing is there yet. Nobody sees it yet."""
        self._recording = recording
        self._ended = True

    def show(self, until: int) -> None:
        """Let viewers see the events below number ``until``."""
        if until > self._shown:
            self._shown = until
            news, self._news = self._news, asyncio.Event()
            news.set()

    def stored(self, until: int, size: int) -> None:
        """The log has the events below ``until``, the last of them in ``size`` bytes: old ones need no memory."""
        self._stored.append((until, size))
        self._stored_until = until
        self._stored_bytes += size
        while self._stored_bytes > MOST_STORED_BYTES:
            forgotten, size = self._stored.popleft()
            self._stored_bytes -= size
            self._forget(forgotten)

    def unlogged(self, at: float, reason: str) -> None:
        """The log has nothing from here on: say so, if anybody still listens, and keep only so much."""
        self._unlogged = True
        self._develop()
        notice = RunEvent(self.end, at, None, RunUnlogged(reason))
        if not self._ended:
            self._events.append(notice)
        elif self._shown < self.end:
            # The run's last event is not known to anybody yet: it stays the last.
            last = self._events.pop()
            self._events += [notice._replace(seq=last.seq), last._replace(seq=last.seq + 1)]
        self.show(self.end)

    async def read(self, after: int = -1) -> AsyncIterator[Sequence[RunEvent]]:
        """Events with a number above ``after``, in batches as they are shown, until the last event of the run.

        Raises StorageUnavailable when what only the log has cannot be read.
        """
        position = max(after + 1, 0)
        while True:
            news = self._news
            if self._recall and position < min(self._first, self._stored_until):
                async for batch in self._recall(position - 1):
                    position = batch[-1].seq + 1
                    yield batch
                # What the log has lost in the meantime nobody gets.
                position = max(position, min(self._first, self._stored_until))
            elif max(position, self._first) < self._shown:
                self._develop()
                batch = self._events[max(0, position - self._first) : self._shown - self._first]
                position = self._shown
                yield batch
            elif self._ended and self._shown == self.end:
                return
            else:
                await news.wait()

    def _develop(self) -> None:
        """Make events of the recording."""
        if self._recording:
            self._events = self._recording.events()
            self._recording = None

    def _forget(self, before: int) -> None:
        # A recording is stored as a whole, and forgotten so.
        self._recording = None
        del self._events[: max(0, before - self._first)]
        self._first = max(self._first, before)
