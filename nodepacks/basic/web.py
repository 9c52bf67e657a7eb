"""Get a text over http and https with the standard library alone: bounded in time and size, with errors for people."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import IO, Any, TypedDict
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

_OK = range(200, 300)
_SERVER_ERROR = 500
_ADVICE = {
    401: "it wants to know who asks",
    403: "it does not allow this",
    404: "check the address",
    429: "it was asked too often, wait a little",
}


class Answer(TypedDict):
    """What a server said. Names of headers are in lower case."""

    text: str
    status: int
    headers: dict[str, str]


class _BadStatus(Exception):
    pass


def fetch(url: str, headers: Mapping[Any, Any], timeout: float, max_bytes: int, *, accept_errors: bool) -> Answer:
    """The answer to a GET request, complete within ``timeout`` seconds and not larger than ``max_bytes``.

    Raises ValueError for an address that is not http or https and for a larger answer, ConnectionError or
    TimeoutError when there is no answer, or none that is a success; messages leave out what follows the ``?``.
    """
    shown, request = _request(url, headers)
    deadline = time.monotonic() + timeout
    try:
        with _opened(request, timeout) as response:
            if response.status not in _OK and not accept_errors:
                raise _BadStatus(f"the server answered {response.status} {response.reason}: {_advice(response.status)}")
            body = b"".join(_within(response, deadline, max_bytes))
            text, named = _decoded(body, response.headers), _plain(response.headers)
            return Answer(text=text, status=response.status, headers=named)
    except (OSError, http.client.HTTPException, _BadStatus) as error:
        raise _unreachable(shown, error, timeout) from None


def _request(url: str, headers: Mapping[Any, Any]) -> tuple[str, Request]:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{url.partition('?')[0]!r} is not a web address: {error}") from None
    if parts.username is not None:
        raise ValueError("the address holds a user name or password; send them in an Authorization header instead")
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"{url.partition('?')[0]!r} is not a web address; it begins with https:// or http://")
    # People paste addresses with spaces and umlauts; those that are encoded already stay as they are.
    safe = quote(url.strip().partition("#")[0], safe="%/:=&?~+!$,;'@()*[]")
    sent = {"User-Agent": "psynapse", **{str(name): str(value) for name, value in headers.items()}}
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}", Request(safe, headers=sent)  # noqa: S310 -- checked above


class _Redirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage, newurl: str
    ) -> Request | None:
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        # A password or token for one server must not reach another that it points to.
        if following and urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            following.headers = {"User-agent": "psynapse"}
        return following


def _opened(request: Request, timeout: float) -> Any:
    # Python's own opener also reads local files and FTP, and a redirect could lead there.
    opener = OpenerDirector()
    for handler in (ProxyHandler, UnknownHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, _Redirects):
        opener.add_handler(handler())
    opener.add_handler(HTTPErrorProcessor())
    try:
        return opener.open(request, timeout=timeout)
    except HTTPError as error:
        return error


def _within(response: Any, deadline: float, max_bytes: int) -> Iterator[bytes]:
    # A server that sends a byte now and then never runs into the socket's own timeout.
    received = 0
    while chunk := response.read1(65_536):
        received += len(chunk)
        if received > max_bytes:
            raise ValueError(f"the answer is larger than {max_bytes:,} bytes; allow more with max_bytes")
        if time.monotonic() > deadline:
            raise TimeoutError
        yield chunk
    # Chunked answers end with a mark, and Python misses it itself if they break off.
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and received < int(announced):
        raise ConnectionError(f"the connection broke off after {received:,} of {int(announced):,} bytes")


def _decoded(body: bytes, headers: Message) -> str:
    try:
        return body.decode(headers.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return body.decode("utf-8", errors="replace")


def _plain(headers: Message) -> dict[str, str]:
    return {name.lower(): ", ".join(headers.get_all(name, [])) for name in headers}


def _advice(status: int) -> str:
    return _ADVICE.get(status, "try again later" if status >= _SERVER_ERROR else "check the request")


def _unreachable(shown: str, error: Exception, timeout: float) -> OSError:
    reason = error.reason if isinstance(error, URLError) else error
    match reason:
        case TimeoutError():
            return TimeoutError(f"{shown}: no complete answer within {timeout:g} seconds; try again or allow more time")
        case socket.gaierror():
            return ConnectionError(f"{shown}: there is no server of that name; check the address and your connection")
        case ConnectionRefusedError():
            return ConnectionError(f"{shown}: the server refused the connection; is it running, and the port right?")
        case ssl.SSLError():
            return ConnectionError(f"{shown}: the secure connection failed: {reason.reason or reason}")
        case _:
            return ConnectionError(f"{shown}: {reason}")
