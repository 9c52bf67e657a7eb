"""Requests to a server that speaks OpenAI's protocol: with patience, and with errors that say what to do."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from answers import Growing

if find_spec("httpx") is None:
    raise ImportError('the nodes for language models need httpx; add it with: pip install "psynapse[llms]"')

OPENAI = "https://api.openai.com/v1"
MODEL = "gpt-4o-mini"
_VARIABLE = "OPENAI_API_KEY"
_MOST_BYTES = 200_000_000
_LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_CONNECT_SECONDS = 15.0
_TOO_MANY, _SERVER_ERROR, _OK = 429, 500, 200
_ADVICE = {
    401: "it does not accept the key; check the secret that api_key names",
    402: "the account has no credit left",
    403: "the key does not allow this; check its rights, or use another one",
    404: "there is no such address or model; check base_url and model, and see list_models",
    413: "the messages are too large for it; shorten them",
    429: "it was asked too often, or the quota is used up; wait a little, or ask less at a time",
}


@dataclass(frozen=True)
class Server:
    """Whom to ask, and with how much patience. The key is in no text that Python makes of it."""

    base_url: str
    key: str = field(repr=False)
    seconds: float
    retries: int


class _Again(Exception):
    """It may work in ``seconds``; the message is for the time when there is no further try."""

    def __init__(self, error: Exception, seconds: float | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.seconds = seconds


async def post(server: Server, path: str, body: Mapping[str, Any]) -> Any:
    """The JSON that the server answers. Raises ConnectionError, TimeoutError, PermissionError or ValueError."""
    return await _patiently(server, lambda: _whole(server, "POST", path, body))


async def get(server: Server, path: str) -> Any:
    """The same, for what is only looked up."""
    return await _patiently(server, lambda: _whole(server, "GET", path, None))


async def stream(server: Server, path: str, body: Mapping[str, Any], answer: Growing) -> None:
    """Feed an answer piece by piece. Tried again only as long as nothing of it has come."""
    await _patiently(server, lambda: _pieces(server, path, body, answer))


async def _patiently(server: Server, attempt: Any) -> Any:
    for left in range(server.retries, -1, -1):
        try:
            return await attempt()
        except _Again as again:
            wait = again.seconds if again.seconds is not None else _FIRST_WAIT * 2 ** (server.retries - left)
            error = again.error
        if not left or wait > _LONGEST_WAIT:
            break
        await asyncio.sleep(wait)
    raise _with_wait(error, wait)


def _with_wait(error: Exception, wait: float) -> Exception:
    return type(error)(f"{error} (it says to wait {wait:,.0f} seconds)") if wait > _LONGEST_WAIT else error


async def _whole(server: Server, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
    try:
        # The limit of the connection itself only holds from one byte to the next.
        async with asyncio.timeout(server.seconds), _asked(server, method, path, body) as response:
            content = await _content(response)
    except TimeoutError:
        raise TimeoutError(f"there was no whole answer within {server.seconds:g} seconds; allow more time") from None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        shown = _scrubbed(content[:200].decode(errors="replace"), server)
        raise ValueError(f"the server did not answer in JSON but with {shown!r}; check base_url") from None


async def _pieces(server: Server, path: str, body: Mapping[str, Any], answer: Growing) -> None:
    try:
        async with _asked(server, "POST", path, body) as response:
            async for line in response.aiter_lines():
                if _is_end(line):
                    return
                if line.startswith("data:"):
                    answer.add(_piece(line.removeprefix("data:"), server))
    except _Again as again:
        # Trying again would write the beginning twice.
        if answer.length:
            raise ConnectionError(f"{again} (after {answer.length:,} characters of the answer)") from None
        raise
    if not answer.finished:
        raise ConnectionError(f"the connection broke off after {answer.length:,} characters of the answer; try again")


def _is_end(line: str) -> bool:
    return line.removeprefix("data:").strip() == "[DONE]"


def _piece(text: str, server: Server) -> Any:
    try:
        piece = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(
            f"the server sent a piece that is not JSON: {_scrubbed(text.strip()[:200], server)!r}"
        ) from None
    if isinstance(piece, dict) and piece.get("error"):
        raise ConnectionError(f"the server stopped: {_scrubbed(_reason(piece), server)}")
    return piece


@asynccontextmanager
async def _asked(server: Server, method: str, path: str, body: Mapping[str, Any] | None) -> AsyncIterator[Any]:
    """The response, if it is a success. Raises _Again for what may pass."""
    # It takes a moment to import, and most workflows ask no model.
    httpx = import_module("httpx")
    url, headers = _address(server, path), _headers(server)
    shown = url.partition("?")[0]
    timeout = httpx.Timeout(server.seconds, connect=min(_CONNECT_SECONDS, server.seconds))
    try:
        async with (
            httpx.AsyncClient(timeout=timeout) as client,
            client.stream(method, url, json=body, headers=headers) as response,
        ):
            if response.status_code != _OK:
                raise _refusal(response, _scrubbed(_reason(_json(await _content(response))), server), shown)
            yield response
    except httpx.ConnectError:
        raise _Again(
            ConnectionError(f"{shown} cannot be reached; is the server running, and base_url right?"), None
        ) from None
    except httpx.TimeoutException:
        raise TimeoutError(
            f"{shown} said nothing for {server.seconds:g} seconds; allow more time, or try again"
        ) from None
    except (httpx.RemoteProtocolError, httpx.NetworkError):
        raise _Again(ConnectionError(f"{shown} broke off the connection; try again"), None) from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, TypeError) as error:
        raise ConnectionError(f"{shown} could not be asked: {_scrubbed(str(error), server)}") from None


async def _content(response: Any) -> bytes:
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > _MOST_BYTES:
            raise ValueError(f"the answer is larger than {_MOST_BYTES:,} bytes; ask for less")
    return bytes(content)


def _address(server: Server, path: str) -> str:
    base = server.base_url.strip()
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"base_url {base[:80]!r} is not a web address; it looks like {OPENAI}")
    if parts.username is not None:
        raise ValueError("base_url holds a user name or password; put the key into the secrets and name it in api_key")
    return f"{base.rstrip('/')}/{path}"


def _headers(server: Server) -> dict[str, str]:
    key = server.key.strip()
    if not key and urlsplit(server.base_url.strip()).hostname == urlsplit(OPENAI).hostname:
        # Another server never gets this variable: a workflow from elsewhere could name any.
        key = os.environ.get(_VARIABLE, "")
        if not key:
            raise PermissionError(
                f"OpenAI wants a key and none is set; add {_VARIABLE} to the secrets in the settings and name it in "
                f"api_key, or set it as an environment variable"
            )
    if key and not (key.isascii() and key.isprintable()):
        raise ValueError("the key has characters that no key has; copy it again")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return content[:300].decode(errors="replace")


def _reason(answer: Any) -> str:
    """What a server gives as the reason, in one of several forms."""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    text = error.get("message", error) if isinstance(error, dict) else error
    return str(text).strip()[:500]


def _refusal(response: Any, reason: str, shown: str) -> Exception:
    status = response.status_code
    advice = _ADVICE.get(status, "try again later" if status >= _SERVER_ERROR else "check the settings of the node")
    text = f"{shown} answered {status}: {advice}" + (f" ({reason})" if reason else "")
    if status in (401, 403):
        return PermissionError(text)
    error = ConnectionError(text) if status == _TOO_MANY or status >= _SERVER_ERROR else ValueError(text)
    if isinstance(error, ValueError):
        return error
    return _Again(error, _retry_after(response.headers.get("retry-after", "")))


def _retry_after(text: str) -> float | None:
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _scrubbed(text: str, server: Server) -> str:
    """Servers repeat the key they were given in what they say about it."""
    for key in (server.key.strip(), os.environ.get(_VARIABLE, "")):
        text = text.replace(key, "[key]") if key else text
    return text
