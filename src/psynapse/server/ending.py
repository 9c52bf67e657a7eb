"""The end of a server: what is being answered gets its end within moments, and nobody sees a traceback."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType
from typing import Final, cast

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psynapse.errors import PsynapseError
from psynapse.server.errors import problem

PATIENCE_SECONDS: Final = 1.5
"""So long may requests go on by themselves. Less than what servers wait before they cancel them."""
_LAST_WORD_SECONDS: Final = 0.2
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

Handler = Callable[[int, FrameType | None], object]


class ServerEnds(PsynapseError):
    """The server is about to end and begins nothing more."""

    code = "server-ends"

    def __init__(self) -> None:
        super().__init__("the server is about to end", hint="send the request again once it is back")


class Requests:
    """Those that are being answered, and the layer that counts them."""

    def __init__(self) -> None:
        self._going: set[asyncio.Task[object]] = set()
        self._ending = False

    def layer(self, app: ASGIApp) -> ASGIApp:
        """``app``, with its requests counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            await self._count(app, scope, receive, send)

        return counted

    async def cut(self) -> None:
        """Wait for what goes on, then cancel it."""
        self._ending = True
        if self._going:
            _, left = await asyncio.wait(set(self._going), timeout=PATIENCE_SECONDS)
            for task in left:
                task.cancel()

    async def _count(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        task = cast("asyncio.Task[object]", asyncio.current_task())
        answer = _Answer(send)
        self._going.add(task)
        try:
            await app(scope, receive, answer.send)
        except asyncio.CancelledError:
            if not self._ending:
                raise
            # The task is at its end anyway; servers show a traceback of whatever it raises.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(answer.end(scope, receive), _LAST_WORD_SECONDS)
        finally:
            self._going.discard(task)


class _Answer:
    """How far an answer is."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False
        self._is_stream = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            headers = dict(message.get("headers", ()))
            self._is_stream = headers.get(b"content-type", b"").startswith(b"text/event-stream")
        await self._send(message)

    async def end(self, scope: Scope, receive: Receive) -> None:
        """A problem if nothing was answered yet; a stream just ends; of anything else the client must see the gap."""
        if not self._begun and scope["type"] == "http":
            await ends_problem()(scope, receive, self._send)
        elif self._is_stream:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def ends_problem() -> Response:
    """The answer to a request that is not carried out because the server ends."""
    error = ServerEnds()
    return problem(503, error.message, code=error.code, hint=error.hint, headers={"Retry-After": "1"})


@contextlib.contextmanager
def hearing_signals(begin_end: Callable[[], None]) -> Generator[None]:
    """Call ``begin_end`` as soon as the server is asked to end, beside what the server itself does about it.

    Servers tell their application only when every request has ended.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(begin_end)
        cast("Handler", before[signal.Signals(number)])(number, frame)

    heard = [number for number in _SIGNALS if callable(before[number])]
    for number in heard:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number in heard:
            if signal.getsignal(number) is hear:
                signal.signal(number, before[number])
