import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from starlette.requests import ClientDisconnect

from psynapse.model.events import RunEvent, TaskStreamed
from psynapse.model.ids import NodeId
from psynapse.server import sse
from psynapse.server.sse import EventStream, frame, frames, while_connected

Batch = Sequence[RunEvent]


def events(count: int) -> Batch:
    return [RunEvent(seq, 0.0, NodeId("n"), TaskStreamed("x")) for seq in range(count)]


def encode(batch: Batch) -> bytes:
    return b"".join(b"%d;" % event.seq for event in batch)


async def batches(*pauses: float) -> AsyncIterator[Batch]:
    for pause in pauses:
        await asyncio.sleep(pause)
        yield events(2)


async def written(source: AsyncIterator[Batch], wait: Callable[[], float] = lambda: 60.0) -> list[bytes]:
    return [chunk async for chunk in frames(source, encode, wait)]


def test_a_batch_is_one_write():
    assert asyncio.run(written(batches(0.0, 0.01))) == [b"0;1;", b"0;1;"]


def test_a_very_large_batch_shows_something_at_once_and_lets_others_in_between():
    async def large() -> AsyncIterator[Batch]:
        yield events(2_500)

    chunks = asyncio.run(written(large()))
    assert len(chunks) == 4
    assert chunks[0] == encode(events(20))
    assert b"".join(chunks) == encode(events(2_500))


def test_silence_is_broken_by_heartbeats_and_nothing_else_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sse, "HEARTBEAT_SECONDS", 0.05)
    chunks = asyncio.run(written(batches(0.0, 0.3)))
    assert chunks[0] == chunks[-1] == b"0;1;"
    assert 2 <= len(chunks[1:-1]) <= 6
    assert set(chunks[1:-1]) == {b": heartbeat\n\n"}


def test_the_documented_interval_is_kept():
    assert sse.HEARTBEAT_SECONDS <= 15


def test_what_waits_is_asked_for_when_it_is_due():
    asked: list[int] = []

    def ask(batch: Batch) -> bytes:
        asked.append(len(batch))
        return b"late;" if not batch else b""

    async def told() -> list[bytes]:
        return [chunk async for chunk in frames(batches(0.0, 0.2), ask, lambda: 0.05)]

    assert b"late;" in asyncio.run(told())
    assert asked[0] == 2


def test_an_event_is_one_line_of_data_whatever_is_in_it():
    assert frame({"text": "a\nb\r\u2028"}, 7) == 'id: 7\ndata: {"text":"a\\nb\\r\u2028"}\n\n'.encode()
    assert frame({}) == b"data: {}\n\n"


def test_work_is_cancelled_when_the_client_goes():
    cancelled: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        asyncio.run(while_connected(receive, work()))
    assert cancelled == [True]


@pytest.mark.parametrize("raises", [False, True])
def test_a_stream_ends_with_its_client_and_says_so(raises: bool):
    """Some servers raise on writing to a client that has gone, others only tell that it has."""
    ended: list[bool] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.01)
            yield b"x"

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60 if raises else 0.05)
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        if raises:
            raise OSError("gone")

    stream = EventStream(endless(), on_end=lambda: ended.append(True))
    asyncio.run(asyncio.wait_for(stream({"type": "http"}, receive, send), 5))
    assert ended == [True]
