"""Fewer events for a node that reports a lot: progress and streamed text are merged, not a character is lost.

Each documented streaming event repeats all text so far. The first ones of a node go out at once; later ones wait until
the text has grown by a fraction of its length, so that the whole stream costs a fixed multiple of its text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Final

from psynapse.model.events import RunEvent, RunFinished, TaskOutput, TaskProgress, TaskStreamed
from psynapse.model.ids import NodeId

AT_ONCE: Final = 50
"""So many updates of a node are sent as they come."""
INTERVAL: Final = 1 / 30
"""Seconds between two later ones."""
GROWTH: Final = 1 / 60
"""By which part of its length text has grown before it is sent again."""
QUIET: Final = 1.0
"""After so many seconds without news the rest is sent all the same."""
_QUIET_BUDGET: Final = 500_000
"""Characters that may be spent on that by one node."""


@dataclass(slots=True)
class _Pace:
    """How one node's progress or text is sent. ``length`` is that of the text sent so far."""

    sent: int = 0
    last: float = -inf
    heard: float = -inf
    length: int = 0
    budget: int = _QUIET_BUDGET
    waiting: RunEvent | None = None

    def add(self, event: RunEvent, now: float) -> None:
        self.heard = now
        self.waiting = _merged(self.waiting, event) if self.waiting else event

    def due(self) -> float:
        """When the waiting event may be sent if nothing else happens."""
        if self.waiting is None:
            return inf
        if self.sent < AT_ONCE:
            return -inf
        if _text_length(self.waiting) >= self.length * GROWTH:
            return self.last + INTERVAL
        return self.heard + QUIET if self.budget > 0 else inf

    def take(self, now: float) -> RunEvent:
        """The waiting event, which is sent now."""
        assert self.waiting is not None
        event, self.waiting = self.waiting, None
        grown = _text_length(event)
        if grown < self.length * GROWTH:
            self.budget -= self.length
        self.sent += 1
        self.last = now
        self.length += grown
        return event


class Coalescer:
    """Feed it every event of a run, in order, with the time; it gives those to send."""

    def __init__(self) -> None:
        self._paces: dict[tuple[NodeId, type], _Pace] = {}

    def feed(self, events: Iterable[RunEvent], now: float) -> Iterator[RunEvent]:
        """What to send now of ``events``, and of what waited for them."""
        for event in events:
            if isinstance(event.body, (TaskProgress, TaskStreamed)):
                yield from self._update(event, now)
            else:
                # Printed text is no news about how far the node is.
                if self._paces and not isinstance(event.body, TaskOutput):
                    yield from self._rest(event, now)
                yield event

    def wait(self, now: float) -> float:
        """Seconds until ``overdue`` has something to send; infinite when nothing waits."""
        return max(0.0, min((pace.due() for pace in self._paces.values()), default=inf) - now)

    def overdue(self, now: float) -> Iterator[RunEvent]:
        """What has waited long enough."""
        ready = [pace for pace in self._paces.values() if pace.due() <= now]
        return iter(_in_order(ready, now))

    def _update(self, event: RunEvent, now: float) -> Iterator[RunEvent]:
        assert event.node is not None
        pace = self._paces.setdefault((event.node, type(event.body)), _Pace())
        pace.add(event, now)
        if pace.due() <= now:
            yield pace.take(now)

    def _rest(self, event: RunEvent, now: float) -> Iterator[RunEvent]:
        """What waits for a node that has something else to say, or for any node at the end."""
        keys = [key for key in self._paces if key[0] == event.node or isinstance(event.body, RunFinished)]
        yield from _in_order([pace for key in keys if (pace := self._paces.pop(key)).waiting], now)


def _in_order(paces: Iterable[_Pace], now: float) -> list[RunEvent]:
    return sorted((pace.take(now) for pace in paces), key=lambda event: event.seq)


def _merged(first: RunEvent, second: RunEvent) -> RunEvent:
    """Two events of a node as one, which stands where the second did."""
    if isinstance(first.body, TaskStreamed) and isinstance(second.body, TaskStreamed):
        return second._replace(body=TaskStreamed(first.body.chunk + second.body.chunk))
    return second


def _text_length(event: RunEvent) -> int:
    return len(event.body.chunk) if isinstance(event.body, TaskStreamed) else 0
