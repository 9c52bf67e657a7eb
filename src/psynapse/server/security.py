"""Who may talk to the server: one layer for HTTP and WebSocket, before anything else looks at a request.

Pages in the user's own browser are the adversary. Another site's page is refused by its Origin, a name rebound to
this machine by its Host, a form by its content type, anybody who is not plainly local by the token.
"""

import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, cast
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from psynapse.errors import PsynapseError
from psynapse.server.arrival import Arrival
from psynapse.server.errors import NotJson, problem_for
from psynapse.server.peer import is_same_user
from psynapse.settings import Settings, is_loopback

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, never bound to
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXY_HEADERS: Final = frozenset({"forwarded", "x-real-ip", "via"})
_OURS: Final = "x-psynapse"
_COOKIE_SECONDS: Final = 30 * 86_400
_POLICY_VIOLATION: Final = 1008
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, X-Psynapse",
    "Access-Control-Max-Age": "600",
}


class ForeignHost(PsynapseError):
    """The request is for another host: a name that leads here, but is not ours."""

    code = "foreign-host"


class ForeignOrigin(PsynapseError):
    """The request comes from a page of another site."""

    code = "foreign-origin"


class TokenNeeded(PsynapseError):
    """The client is not plainly local and does not know the token."""

    code = "token-needed"


@dataclass(frozen=True, slots=True)
class AccessRules:
    """``hosts``: names beside the loopback ones; ``origins``: other sites whose pages may use the server.

    ``local_is_enough``: the same user of the same machine needs no token. ``token`` is asked for when it is first
    needed. ``announces``: whether somebody has to be told where the token can be used.
    """

    hosts: frozenset[str]
    origins: frozenset[str]
    local_is_enough: bool
    announces: bool
    token: Callable[[], str]


def access_rules(settings: Settings, token: Callable[[], str]) -> AccessRules:
    """The rules that follow from the settings. A token that was set is needed everywhere."""
    host = settings.host.value
    return AccessRules(
        hosts=settings.allowed_hosts.value | ({host} - _EVERYWHERE),
        origins=settings.cors_origins.value,
        local_is_enough=is_loopback(host) and not settings.token.value,
        announces=not settings.token.value,
        token=token,
    )


def token_address(origin: str, token: str) -> str:
    """The address of the first visit, which leaves a cookie."""
    return f"{origin}/?{urlencode({'token': token})}"


def check_own_page(scope: Scope) -> None:
    """Raise ForeignOrigin for a page of another site, also for one that may use the rest of the server."""
    arrival = Arrival(scope)
    if any(origin.lower() != arrival.origin for origin in arrival.headers.get("origin", [])):
        raise ForeignOrigin("only the server's own pages may read this", hint="open the editor at the server's address")


class Security:
    """The layer itself, around an application."""

    def __init__(self, app: ASGIApp, rules: AccessRules) -> None:
        self._app = app
        self._rules = rules
        self._announced = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        arrival = Arrival(scope)
        try:
            answer = self._answer(arrival)
        except PsynapseError as error:
            answer = problem_for(error)
        if scope["type"] == "websocket":
            await (_refuse_socket(send) if answer else self._app(scope, receive, send))
            return
        await (answer or self._app)(scope, receive, partial(_send_with, send, self._headers(arrival)))

    def _answer(self, arrival: Arrival) -> Response | None:
        """What is answered without asking the application. Raises what refuses the request."""
        self._check_host(arrival)
        self._check_origin(arrival)
        if arrival.is_preflight:
            return Response(status_code=204, headers=_PREFLIGHT)
        _check_body(arrival)
        return self._check_token(arrival)

    def _check_host(self, arrival: Arrival) -> None:
        host = arrival.host
        if not host or not (is_loopback(host) or host in self._rules.hosts):
            message = f"this server is not {host[:80] or 'what the Host header names'}"
            raise ForeignHost(message, hint="use 127.0.0.1, or add the name to PSYNAPSE_ALLOWED_HOSTS")

    def _check_origin(self, arrival: Arrival) -> None:
        origins = arrival.headers.get("origin", [])
        ours = self._rules.origins | {arrival.origin}
        if any(origin.lower() not in ours for origin in origins):
            message = f"pages of {origins[0][:80] or 'an unnamed origin'} may not use this server"
            raise ForeignOrigin(message, hint="add the origin, port included, to CORS_ORIGINS")
        # A browser that leaves the Origin out says here where the request comes from.
        if not origins and arrival.method not in _SAFE_METHODS:
            site = arrival.header("sec-fetch-site").lower() or "none"
            if site not in {"same-origin", "none"}:
                raise ForeignOrigin("pages of another site may not use this server", hint="send an Origin")

    def _check_token(self, arrival: Arrival) -> Response | None:
        given = arrival.query_token if arrival.path == "/" else ""
        if given:
            # Servers log the address of a request when they have answered it.
            arrival.scope["query_string"] = b""
            if arrival.method == "GET" and self._knows(given):
                return _first_visit(arrival, given)
        if _is_open(arrival) or (self._rules.local_is_enough and _is_local(arrival)):
            return None
        if self._knows(arrival.bearer_token) or self._knows(arrival.cookie_token):
            return None
        self._announce(arrival)
        hint = "open the address that the server printed, or send PSYNAPSE_TOKEN as Authorization: Bearer"
        raise TokenNeeded("this server needs its token", hint=hint)

    def _knows(self, given: str) -> bool:
        return bool(given) and secrets.compare_digest(given.encode(), self._rules.token().encode())

    def _announce(self, arrival: Arrival) -> None:
        """Print, once, where the token can be used. A server started by others learns only now that it is needed."""
        if self._rules.announces and not self._announced:
            self._announced = True
            sys.stderr.write(f"\nopen {token_address(arrival.origin, self._rules.token())}\n")
            sys.stderr.flush()

    def _headers(self, arrival: Arrival) -> Mapping[str, str]:
        if not self._rules.origins:
            return _ALWAYS
        origin = arrival.header("origin").lower()
        headers = {**_ALWAYS, "Vary": "Origin"}
        if origin in self._rules.origins:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "ETag, Location"
        return headers


def _check_body(arrival: Arrival) -> None:
    if arrival.method in _SAFE_METHODS:
        return
    media_type = arrival.media_type
    # No page sends our header to another site unasked. Files come so; a route that takes none says so itself.
    if media_type == "multipart/form-data" and arrival.header(_OURS) == "1":
        return
    if media_type != "application/json" and (media_type or arrival.has_body):
        message = f"the body is {media_type[:80] or 'of no declared type'}, not JSON"
        raise NotJson(message, hint="send it with Content-Type: application/json")


def _is_open(arrival: Arrival) -> bool:
    """What tells nothing but that the server is there."""
    if arrival.scope["type"] == "websocket" or arrival.method not in {"GET", "HEAD"}:
        return False
    return arrival.path == "/health" or (arrival.path == "/" and not arrival.wants_html)


def _is_local(arrival: Arrival) -> bool:
    """True for a connection within this machine, by the same user as far as can be told, not passed on by a proxy."""
    if any(name in _PROXY_HEADERS or name.startswith("x-forwarded-") for name in arrival.headers):
        return False
    client, server = arrival.scope.get("client"), arrival.scope.get("server")
    if not client or not server or not (is_loopback(client[0]) and is_loopback(server[0])):
        return False
    return is_same_user(cast("tuple[str, int]", tuple(client)), cast("tuple[str, int]", tuple(server))) is not False


def _first_visit(arrival: Arrival, token: str) -> Response:
    response = RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        arrival.cookie_name,
        token,
        max_age=_COOKIE_SECONDS,
        secure=arrival.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


async def _refuse_socket(send: Send) -> None:
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


async def _send_with(send: Send, headers: Mapping[str, str], message: Message) -> None:
    if message["type"] == "http.response.start":
        MutableHeaders(scope=message).update(headers)
    await send(message)
