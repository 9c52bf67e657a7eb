"""``psynapse serve``: the server as a program."""

import contextlib
import errno
import logging
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import uvicorn

import psynapse
from psynapse.cli.program import SUCCESS
from psynapse.errors import SettingError
from psynapse.server.app import create_app
from psynapse.server.security import token_address
from psynapse.server.token import server_token
from psynapse.settings import Setting, Settings, is_loopback, read_settings

_BACKLOG: Final = 2048
_STREAMS_END_WITHIN: Final = 2
"""Seconds that open streams may delay the end of the server."""
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, never bound to
# The access log would hold what clients put into addresses.
_OPTIONS: Final[Mapping[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": _STREAMS_END_WITHIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeRequest:
    """What the command line asked for; None where it said nothing."""

    host: str | None = None
    port: int | None = None
    nodepacks_dir: Path | None = None
    data_dir: Path | None = None
    reload: bool = False


def serve(request: ServeRequest) -> int:
    """Run the server until it is stopped, and return the exit code. Raises SettingError when it cannot listen."""
    settings = read_settings(
        nodepacks_dir=request.nodepacks_dir, data_dir=request.data_dir, host=request.host, port=request.port
    )
    _show_log()
    return _serve_reloading(settings) if request.reload else _serve(settings)


def _serve(settings: Settings) -> int:
    with _listen(settings.host.value, settings.port.value) as listener:
        settings = replace(settings, port=Setting(listener.getsockname()[1], settings.port.source))
        server = _Server(uvicorn.Config(create_app(settings), **_OPTIONS))
        server.greeting = _greeting(settings)
        # Ctrl-C is how a server is meant to end.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    return SUCCESS if server.started else 1


class _Server(uvicorn.Server):
    """Says where it can be reached as soon as it can be."""

    greeting = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stderr.write(self.greeting)
            sys.stderr.flush()


def _serve_reloading(settings: Settings) -> int:
    """For work on psynapse itself: start again when its source changes. Nodepacks need no restart."""
    os.environ |= {
        "PSYNAPSE_HOST": settings.host.value,
        "PSYNAPSE_PORT": str(settings.port.value),
        "PSYNAPSE_DATA_DIR": str(settings.data_dir.value),
    }
    if settings.nodepacks_dir.source != "default":
        os.environ["NODEPACKS_DIR"] = str(settings.nodepacks_dir.value)
    sys.stderr.write(_greeting(settings))
    uvicorn.run(
        "psynapse_backend.main:app",
        host=settings.host.value,
        port=settings.port.value,
        reload=True,
        reload_dirs=[str(Path(psynapse.__file__).parent)],
        **_OPTIONS,
    )
    return SUCCESS


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio turn off Nagle's algorithm, which costs 40 ms an answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot_listen(error, host, port) from error
    return listener


def _cannot_listen(error: OSError, host: str, port: int) -> SettingError:
    where = f"{host} port {port}"
    if error.errno == errno.EADDRINUSE:
        hint = "stop the other program, or choose a port with --port; 0 takes a free one"
        return SettingError(f"another program listens on {where}", hint=hint)
    if error.errno == errno.EACCES:
        return SettingError(f"this user may not listen on {where}", hint="choose a port from 1024 on")
    return SettingError(f"cannot listen on {where}: {error.strerror or error}", hint="check --host and --port")


def _greeting(settings: Settings) -> str:
    host, port = settings.host.value, settings.port.value
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    origin = f"http://{shown}:{port}"
    lines = [f"Psynapse serves {origin} (Ctrl-C stops it)"]
    if not is_loopback(host):
        # A token that was set is known to whoever set it.
        lines.append(f"open {origin if settings.token.value else token_address(origin, server_token(settings))}")
    if host in _EVERYWHERE and not settings.allowed_hosts.value:
        lines.append("other machines reach it once PSYNAPSE_ALLOWED_HOSTS has the name or address they use")
    return "\n".join(lines) + "\n"


def _show_log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
