"""Server-sent events: framing, heartbeats, and noticing that nobody listens any more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from math import inf
from typing import Any, Final, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from psynapse.model.events import RunEvent
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps

HEARTBEAT_SECONDS: Final = 10.0
_HEARTBEAT: Final = b": heartbeat\n\n"
_FIRST_STRETCH: Final = 20
_LONGEST_STRETCH: Final = 1_000
"""So many events are encoded before others get their turn; of the first ones fewer: something is seen at once."""
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

Result = TypeVar("Result")
Batches = AsyncIterator[Sequence[RunEvent]]
Encode = Callable[[Sequence[RunEvent]], bytes]


def _nothing() -> None:
    pass


def _never() -> float:
    return inf


class EventStream(StreamingResponse):
    """A stream of events as an HTTP answer. ``on_end`` is called when it has ended or the client has gone."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[bytes], on_end: Callable[[], None] = _nothing) -> None:
        super().__init__(content, headers=_HEADERS)
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the end of the stream or of the connection. Some servers raise when the client has gone."""
        del scope
        try:
            await while_connected(receive, self.stream_response(send))
        except (ClientDisconnect, OSError):
            return
        finally:
            self._on_end()


async def while_connected(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """What ``work`` returns. Raises ClientDisconnect when the client goes before; ``work`` is cancelled then.

    To be used when the whole body of the request has been read.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def frames(batches: Batches, encode: Encode, wait: Callable[[], float] = _never) -> AsyncIterator[bytes]:
    """What is written for ``batches``, one piece for all events that are there, with heartbeats in between.

    ``encode`` is also called without events, ``wait()`` seconds after the last time.
    """
    clock = asyncio.get_running_loop().time
    upcoming = asyncio.ensure_future(anext(batches, None))
    silent_until = clock() + HEARTBEAT_SECONDS
    seen = False
    try:
        while True:
            await asyncio.wait({upcoming}, timeout=max(0.0, min(wait(), silent_until - clock())))
            batch: Sequence[RunEvent] | None = upcoming.result() if upcoming.done() else ()
            if batch is None:
                return
            if upcoming.done():
                upcoming = asyncio.ensure_future(anext(batches, None))
            for stretch in _stretches(batch, first=_LONGEST_STRETCH if seen else _FIRST_STRETCH):
                if chunk := encode(stretch) or (_HEARTBEAT if clock() >= silent_until else b""):
                    seen = True
                    silent_until = clock() + HEARTBEAT_SECONDS
                    yield chunk
                    await asyncio.sleep(0)
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)


def frame(content: Json, seq: int | None = None) -> bytes:
    """One event. ``seq`` becomes its id, which a client sends back to resume."""
    head = b"" if seq is None else b"id: %d\n" % seq
    return b"%bdata: %b\n\n" % (head, dumps(content))


def _stretches(batch: Sequence[RunEvent], first: int) -> Iterator[Sequence[RunEvent]]:
    yield batch[:first]
    for start in range(first, len(batch), _LONGEST_STRETCH):
        yield batch[start : start + _LONGEST_STRETCH]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
