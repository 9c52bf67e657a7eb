"""What happens in the server at large, told to whoever listens: one place to publish, any number of listeners."""

import asyncio
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from psynapse.model.ids import Json

Announcement = Mapping[str, Json]

MOST_WAITING: Final = 200
RESYNC: Final[Announcement] = {"type": "resync"}
"""Something was not told: ask again for everything that is shown."""


class Listener:
    """What one listener has not yet heard."""

    def __init__(self) -> None:
        self._waiting: deque[Announcement] = deque()
        self._there = asyncio.Event()

    async def hear(self) -> Sequence[Announcement]:
        """Wait for news, and take all there are."""
        await self._there.wait()
        self._there.clear()
        news = list(self._waiting)
        self._waiting.clear()
        return news

    def tell(self, news: Announcement) -> None:
        """Add news; to a listener that is too slow, only that there were some."""
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._waiting.append(RESYNC)
        else:
            self._waiting.append(news)
        self._there.set()


class Announcements:
    """Publishes to every listener, in the event loop's thread. Nothing is kept for those who come later."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def publish(self, news: Announcement) -> None:
        """Tell everybody. Never waits."""
        for listener in self._listeners:
            listener.tell(news)

    @contextmanager
    def listening(self) -> Generator[Listener]:
        """A listener, until the end of the block."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
