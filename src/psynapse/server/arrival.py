"""A request or WebSocket as it arrives, before anybody trusts it."""

import re
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import parse_qs

from starlette.types import Scope

_AUTHORITY: Final = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\[\]:/?#@\s]+))(?::(?P<port>[0-9]{1,5}))?")
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_PREFIX: Final = "/api"


def plain_path(path: str) -> str:
    """The path without ``/api``, under which everything is served a second time."""
    if path == _PREFIX or path.startswith(_PREFIX + "/"):
        return path[len(_PREFIX) :] or "/"
    return path


@dataclass(slots=True)
class Arrival:
    """What the head of a request says."""

    scope: Scope
    headers: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {}
        for name, value in cast("list[tuple[bytes, bytes]]", self.scope["headers"]):
            self.headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())

    def header(self, name: str) -> str:
        """The header's value, or nothing; several are joined as HTTP says."""
        return ", ".join(self.headers.get(name, ()))

    @property
    def method(self) -> str:
        """The method; a WebSocket begins with a GET."""
        return cast("str", self.scope.get("method", "GET"))

    @property
    def path(self) -> str:
        """The path that is asked for, without ``/api``."""
        return plain_path(cast("str", self.scope["path"]))

    @property
    def scheme(self) -> str:
        """``http`` or ``https``, also for a WebSocket."""
        scheme = cast("str", self.scope["scheme"])
        return {"ws": "http", "wss": "https"}.get(scheme, scheme)

    @property
    def host(self) -> str:
        """The name or address in the Host header, in lower case; nothing unless there is exactly one, and valid."""
        found = _AUTHORITY.fullmatch(self.header("host").lower())
        return (found["v6"] or found["name"]) if found else ""

    @property
    def port(self) -> str:
        """The port in the Host header, else the scheme's own."""
        found = _AUTHORITY.fullmatch(self.header("host").lower())
        return (found["port"] if found else "") or _DEFAULT_PORTS.get(self.scheme, "")

    @property
    def origin(self) -> str:
        """The origin of the pages that this server gives out, as a browser writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def is_preflight(self) -> bool:
        """True when a browser asks whether a page may send a request."""
        return self.method == "OPTIONS" and "access-control-request-method" in self.headers

    @property
    def wants_html(self) -> bool:
        """True for a browser that opens an address."""
        return "text/html" in self.header("accept").lower()

    @property
    def has_body(self) -> bool:
        """True unless the head says that no body follows."""
        return "transfer-encoding" in self.headers or self.header("content-length") not in {"", "0"}

    @property
    def media_type(self) -> str:
        """What the body is declared as, in lower case and without parameters; nothing if it is not."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def query_token(self) -> str:
        """The token in the address of a first visit."""
        query = cast("bytes", self.scope["query_string"]).decode("latin-1")
        return parse_qs(query).get("token", [""])[0] if "token=" in query else ""

    @property
    def bearer_token(self) -> str:
        """The token of ``Authorization: Bearer``."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def cookie_name(self) -> str:
        """Named by port: a host's ports share their cookies, and two servers must not overwrite each other's."""
        return f"psynapse_token_{self.port}"

    @property
    def cookie_token(self) -> str:
        """The token in the cookie of that name."""
        pairs = (pair.strip().partition("=") for pair in self.header("cookie").replace(",", ";").split(";"))
        return next((value for name, _, value in pairs if name == self.cookie_name), "")
