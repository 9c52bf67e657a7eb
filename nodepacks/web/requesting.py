"""Requests over HTTP: bounded in time and size, tried again where that may help, with errors for people."""

import asyncio
import codecs
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

if find_spec("httpx") is None:
    raise ImportError('the nodes for the web need httpx; add it with: pip install "psynapse[web]"')

_MOST_REDIRECTS = 10
_LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_SERVER_ERROR = 500
_BUSY = (429, 502, 503, 504)
# Sent twice, these do no more than sent once.
_HARMLESS = ("GET", "HEAD", "PUT", "DELETE")
_ADVICE = {
    401: "it wants to know who asks",
    403: "it does not allow this",
    404: "check the address",
    405: "choose another method",
    429: "it was asked too often, wait a little",
}


class Request(NamedTuple):
    """What is sent to whom."""

    method: str
    url: str
    params: Mapping[Any, Any] | None
    headers: Mapping[Any, Any] | None
    body: Any

    @property
    def shown(self) -> str:
        """The address without what is behind the ``?``, which may be secret."""
        return self.url.partition("?")[0]


class Limits(NamedTuple):
    """How long, how often and how much at most."""

    seconds: float
    retries: int
    max_bytes: int
    accept_errors: bool


class Again(Exception):
    """It may work in some seconds; ``error`` is what to raise when there is no further try."""

    def __init__(self, error: Exception, seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


async def answer(request: Request, limits: Limits) -> dict[str, Any]:
    """What the server says. Raises ConnectionError, TimeoutError, or ValueError for what cannot be sent or is huge."""
    for number in range(limits.retries + 1):
        try:
            return await _once(request, limits)
        except Again as again:
            error = again.error
            wait = again.seconds if again.seconds is not None else _FIRST_WAIT * 2**number
        if number == limits.retries or wait > _LONGEST_WAIT:
            break
        await asyncio.sleep(wait)
    raise error


async def _once(request: Request, limits: Limits) -> dict[str, Any]:
    async with opened(request, limits) as response:
        parts = [part async for part in bounded(response, limits.max_bytes)]
        content = b"".join(parts)
    text = content.decode(_charset(response), errors="replace")
    # Without address and headers a value would say less than the answer did.
    headers = {name.lower(): value for name, value in response.headers.items()}
    found = {"text": text, "data": _json_or_none(text), "status": response.status_code}
    return {**found, "headers": headers, "url": str(response.url)}


def _charset(response: Any) -> str:
    try:
        return codecs.lookup(response.charset_encoding or "utf-8").name
    except LookupError:
        return "utf-8"


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def json_of(found: Mapping[str, Any]) -> Any:
    """The value. Raises ValueError when the answer was none."""
    if found["data"] is None and found["text"].strip() != "null":
        raise ValueError(f"{found['url'].partition('?')[0]} did not answer in JSON but with {found['text'][:100]!r}")
    return found["data"]


async def bounded(response: Any, max_bytes: int) -> AsyncGenerator[bytes]:
    """The parts of the answer. Raises ValueError when they become too many."""
    received = 0
    async for part in response.aiter_bytes():
        received += len(part)
        if received > max_bytes:
            raise ValueError(f"the answer is larger than {max_bytes:,} bytes; allow more with max_bytes")
        yield part


@asynccontextmanager
async def opened(request: Request, limits: Limits) -> AsyncGenerator[Any]:
    """The response, if it is one that is wanted."""
    # It takes a moment to import, and most workflows need no web.
    httpx = import_module("httpx")
    harmless = request.method in _HARMLESS
    try:
        async with (
            asyncio.timeout(limits.seconds),
            httpx.AsyncClient(follow_redirects=True, max_redirects=_MOST_REDIRECTS, timeout=limits.seconds) as client,
            client.stream(request.method, request.url, **_content(request)) as response,
        ):
            if response.status_code >= 400 and not limits.accept_errors:  # noqa: PLR2004 -- from here on HTTP has errors
                raise _refusal(request, response, harmless=harmless)
            yield response
    except httpx.ConnectError as error:
        raise Again(ConnectionError(f"{request.shown} cannot be reached: {_why(error)}")) from None
    except (TimeoutError, httpx.TimeoutException):
        message = f"{request.shown}: no complete answer within {limits.seconds:g} seconds; try again or allow more time"
        raise TimeoutError(message) from None
    except (httpx.RemoteProtocolError, httpx.NetworkError) as error:
        broken = ConnectionError(f"{request.shown} broke off the connection: {error or type(error).__name__}")
        raise (Again(broken) if harmless else broken) from None
    except httpx.TooManyRedirects:
        raise ConnectionError(f"{request.shown} leads round in a circle; check the address") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.DecodingError) as error:
        raise ConnectionError(f"{request.shown} could not be asked: {error}") from None


def _content(request: Request) -> dict[str, Any]:
    headers = {"User-Agent": "psynapse", **{str(name): str(value) for name, value in (request.headers or {}).items()}}
    options: dict[str, Any] = {"headers": headers}
    if request.params:
        # Given as such, they would take the place of those in the address.
        options["params"] = [*_query(request.url), *_pairs(request.params)]
    if isinstance(request.body, (str, bytes)):
        options["content"] = request.body
    elif request.body is not None:
        options["json"] = request.body
    return options


def _query(url: str) -> list[tuple[str, str]]:
    return list(import_module("httpx").URL(url).params.multi_items())


def _pairs(params: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    several = ((name, value if isinstance(value, list) else [value]) for name, value in params.items())
    return [(str(name), one) for name, values in several for one in values if one is not None]


def _why(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE" in text.upper() or "SSL" in text.upper():
        return f"the secure connection failed ({text})"
    if "name" in text.lower() and "known" in text.lower():
        return "there is no server of that name; check the address and your connection"
    return "is the server running, and the address right?"


def _refusal(request: Request, response: Any, *, harmless: bool) -> Exception:
    status = response.status_code
    advice = _ADVICE.get(status, "try again later" if status >= _SERVER_ERROR else "check the request")
    error = ConnectionError(f"{request.shown}: the server answered {status} {response.reason_phrase}: {advice}")
    if status not in _BUSY or not harmless:
        return error
    try:
        return Again(error, max(float(response.headers.get("retry-after", "")), 0.0))
    except ValueError:
        return Again(error)
