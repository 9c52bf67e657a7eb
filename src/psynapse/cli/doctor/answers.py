"""What a server at an address says about itself."""

import http.client
import json
import socket
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import urlsplit

_SECONDS: Final = 3.0
_LONGEST: Final = 65_536


class _LocalConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def health_at(address: str) -> Mapping[str, object] | None:
    """What a psynapse server says of its health, or None when none answers there.

    ``address`` is a URL such as ``http://127.0.0.1:8000``, or the path of a Unix socket.
    """
    connection = _connection(address)
    try:
        connection.request("GET", "/health")
        content: object = json.loads(connection.getresponse().read(_LONGEST))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    health = cast("Mapping[str, object]", content)
    return health if isinstance(content, dict) and "boot_id" in content else None


def _connection(address: str) -> http.client.HTTPConnection:
    if "://" not in address:
        return _LocalConnection(address)
    parts = urlsplit(address)
    return http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_SECONDS)
