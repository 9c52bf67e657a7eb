"""Whether a server answers, and which one it is."""

import http.client
import json
from typing import Final

from psynapse.desktop.ports import HOST

_ANSWERS_WITHIN: Final = 2.0
_LONGEST: Final = 65_536


def boot_id_at(port: int) -> str:
    """The ``boot_id`` of the server on that port of this machine; empty when none answers, or something else does."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_ANSWERS_WITHIN)
    try:
        connection.request("GET", "/health", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read(_LONGEST))
    except (OSError, http.client.HTTPException, ValueError, RecursionError):
        return ""
    finally:
        connection.close()
    if not isinstance(said, dict) or said.get("status") != "healthy":
        return ""
    boot_id = said.get("boot_id")
    return boot_id if isinstance(boot_id, str) else ""
