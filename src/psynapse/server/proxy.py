"""Passing requests on to the process that owns the data directory, as they come and without looking into them.

Plain sockets and h11: every exchange has a connection of its own, so that one which was made means a living owner, and
what cannot be written any more does not lose what can still be read.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import h11
from starlette.types import Message, Receive, Scope, Send

from psynapse.errors import PsynapseError
from psynapse.server.errors import problem
from psynapse.server.neighbours import NEIGHBOUR

_CHUNK: Final = 1 << 18
_SAFE_METHODS: Final = frozenset({b"GET", b"HEAD"})
_HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        # What a client expects was answered where its connection ends.
        b"expect",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        NEIGHBOUR[0],
    }
)
# No client may have these left out by calling them matters of its connection.
_ALWAYS: Final = frozenset({b"host", b"content-length"})
_CLOSE: Final = (b"connection", b"close")
_CHUNKED: Final = (b"transfer-encoding", b"chunked")

Headers = list[tuple[bytes, bytes]]


class OwnerSilent(PsynapseError):
    """The owner of the data directory does not answer."""

    code = "owner-silent"


async def pass_on(address: str, scope: Scope, receive: Receive, send: Send) -> bool:
    """Let whoever listens at the Unix socket ``address`` answer a request.

    False when nobody did and it may be tried again: no body was read, and nothing was answered. A client that leaves
    ends the exchange on the other side as well.
    """
    connection = await _connected(address)
    if connection is None:
        return False
    with connection:
        return await _Exchange(connection, _request(scope)).carry(receive, send)


async def ask(address: str, path: str) -> bytes:
    """The body of ``GET path`` at the Unix socket ``address``. Raises OwnerSilent when there is no answer of 200."""
    answer = _Answer()
    connection = await _connected(address)
    if connection is not None:
        with connection:
            request = h11.Request(method="GET", target=path, headers=[(b"host", b"localhost"), NEIGHBOUR, _CLOSE])
            await _Exchange(connection, request).carry(_never, answer.take)
    if answer.status != HTTPStatus.OK:
        raise OwnerSilent(f"nobody answers at {address}", hint="the server may be starting or ending: try again")
    return bytes(answer.body)


async def _connected(address: str) -> socket.socket | None:
    with contextlib.ExitStack() as opened:
        connection = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, address)
        except OSError:
            return None
        opened.pop_all()
    return connection


class _Exchange:
    """One request and its answer."""

    def __init__(self, connection: socket.socket, request: h11.Request) -> None:
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT)
        self._request = request
        self._has_body = any(name in {b"content-length", b"transfer-encoding"} for name, _ in request.headers)
        self._retries = request.method in _SAFE_METHODS and not self._has_body
        self._answered = False

    async def carry(self, receive: Receive, send: Send) -> bool:
        """Send up and bring down at the same time. False when the other side has gone and it may be tried again."""
        upward = asyncio.ensure_future(self._send_up(receive))
        downward = asyncio.ensure_future(self._bring_down(send))
        try:
            await asyncio.wait({upward, downward}, return_when=asyncio.FIRST_COMPLETED)
            return not downward.done() or downward.result() or await self._break_off(send)
        finally:
            upward.cancel()
            downward.cancel()
            await asyncio.gather(upward, downward, return_exceptions=True)

    async def _send_up(self, receive: Receive) -> None:
        """The head and the body; returns when the client has gone."""
        with contextlib.suppress(OSError):
            await self._write(self._request)
            while self._has_body:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                await self._write(h11.Data(message.get("body", b"")))
                self._has_body = message.get("more_body", False)
            await self._write(h11.EndOfMessage())
        # An answer may come before the body was wanted: the client must still get rid of it.
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _write(self, event: h11.Request | h11.Data | h11.EndOfMessage) -> None:
        content = self._http.send(event)
        if content:
            await self._loop.sock_sendall(self._connection, content)

    async def _bring_down(self, send: Send) -> bool:
        """The answer, piece by piece. False when it breaks off."""
        while True:
            event = await self._next()
            match event:
                case h11.Response():
                    headers = _end_to_end(event.headers.raw_items())
                    self._answered = True
                    await send({"type": "http.response.start", "status": event.status_code, "headers": headers})
                case h11.Data():
                    await send({"type": "http.response.body", "body": bytes(event.data), "more_body": True})
                case h11.EndOfMessage():
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return True
                case None:
                    return False
                case _:
                    pass

    async def _next(self) -> object:
        """The next event, None when the connection has ended without it."""
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._loop.sock_recv(self._connection, _CHUNK))
        except (OSError, h11.RemoteProtocolError):
            return None
        return None if isinstance(event, h11.ConnectionClosed) else event

    async def _break_off(self, send: Send) -> bool:
        """The owner has ended amid the answer. What has begun stays incomplete, so that the client can tell."""
        if self._answered:
            return True
        if self._retries:
            return False
        hint = "runs that it had are lost; send the request again, another server takes over"
        answer = problem(
            503, "the server ended before it answered", code="owner-lost", hint=hint, headers={"Retry-After": "1"}
        )
        await answer({"type": "http"}, _never, send)
        return True


class _Answer:
    """Takes an answer as ASGI messages."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()

    async def take(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


async def _never() -> Message:
    return await asyncio.get_running_loop().create_future()


def _request(scope: Scope) -> h11.Request:
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.removeprefix(scope.get("root_path", "").encode())
    target = path + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    headers: Headers = scope["headers"]
    kept = _end_to_end(headers)
    if any(name == b"transfer-encoding" for name, _ in headers):
        # A length beside it says nothing, and the two must not be read differently.
        kept = [*_without(kept, {b"content-length"}.__contains__), _CHUNKED]
    return h11.Request(method=scope["method"], target=target or b"/", headers=[*kept, _CLOSE])


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers that are not about one connection alone."""
    known = [(name.lower(), value) for name, value in headers]
    named = {part.strip().lower() for name, value in known if name == b"connection" for part in value.split(b",")}
    return _without(known, (_HOP_BY_HOP | named - _ALWAYS).__contains__)


def _without(headers: Headers, unwanted: Callable[[bytes], bool]) -> Headers:
    return [(name, value) for name, value in headers if not unwanted(name)]
