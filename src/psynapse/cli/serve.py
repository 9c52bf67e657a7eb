"""``psynapse serve``: the server as a program."""

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import uvicorn

import psynapse
from psynapse.cli.early import ServeRequest
from psynapse.cli.page import open_page
from psynapse.cli.program import FAILED, SUCCESS, complain
from psynapse.errors import SettingError, StorageError, WorkerError
from psynapse.logs.stderr import log_to_stderr
from psynapse.server.app import Server, create_app
from psynapse.server.neighbours import OWNER_PATH
from psynapse.server.proxy import OwnerSilent, ask
from psynapse.server.restart import inherited_listener
from psynapse.server.security import token_address
from psynapse.server.token import server_token
from psynapse.settings import Setting, Settings, is_loopback
from psynapse.storage.data_dir import DataDirectory
from psynapse.worker.launcher import Launcher

_BACKLOG: Final = 2048
_STREAMS_END_WITHIN: Final = 2
"""Seconds that open streams may delay the end of the server."""
_STARTS_WITHIN: Final = 5
PageOpener = Callable[[str], bool]
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, never bound to
# The access log would hold what clients put into addresses.
_OPTIONS: Final[Mapping[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": _STREAMS_END_WITHIN,
}


def serve(request: ServeRequest, launcher: Launcher | None = None) -> int:
    """Run the server until it is stopped, and return the exit code. Raises SettingError when it cannot listen."""
    settings = request.settings()
    log_to_stderr()
    if request.reload:
        return _serve_reloading(settings)
    return _serve(settings, launcher, open_page if request.open_editor else _open_nothing)


def _open_nothing(address: str) -> bool:
    del address
    return False


def _serve(settings: Settings, launcher: Launcher | None, show: PageOpener) -> int:
    if inherited := inherited_listener():
        # The pages that were open still are.
        return _run(settings, inherited, launcher, _open_nothing)
    running = _running(settings) if settings.port.source != "cli" else ""
    if running:
        show(running)
        return _already(running)
    try:
        listener = _listen(settings.host.value, settings.port.value)
    except SettingError:
        # Perhaps by the very server that is asked for, started a moment ago.
        running = _running(settings)
        if running.endswith(f":{settings.port.value}"):
            return _already(running)
        raise
    return _run(settings, listener, launcher, show)


def _run(settings: Settings, listener: socket.socket, launcher: Launcher | None, show: PageOpener) -> int:
    settings = replace(settings, port=Setting(listener.getsockname()[1], settings.port.source))
    app = create_app(settings, _origin(settings), launcher)
    with listener, listener.dup() as kept:
        code = _run_to_end(app, listener, settings, show)
        return app.restart.carry_out(kept) if app.restart.asked else code


def _run_to_end(app: Server, listener: socket.socket, settings: Settings, show: PageOpener) -> int:
    server = _Server(app, _greeting(settings))
    server.on_start = lambda: show(_first_address(settings))
    # Both are how a server is meant to end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    except (StorageError, WorkerError) as error:
        complain(error.message, error.hint)
        return FAILED
    return SUCCESS if server.started else FAILED


class _Server(uvicorn.Server):
    """Opens and closes the application itself, and says where it can be reached as soon as it can be."""

    on_start: Callable[[], object] = staticmethod(lambda: None)

    def __init__(self, app: Server, greeting: str) -> None:
        super().__init__(uvicorn.Config(app, lifespan="off", **_OPTIONS))
        self._app = app
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self._app.open()
        await super().startup(sockets)
        if self.started:
            sys.stderr.write(self._greeting)
            sys.stderr.flush()
            self.on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.begin_end()
        await super().shutdown(sockets)
        await self._app.close()


def _running(settings: Settings) -> str:
    """Where the server of this data directory listens; empty when there is none, or none that knows."""
    owner = DataDirectory(settings.data_dir.value).owner()
    return asyncio.run(_url_of(owner.address)) if owner and owner.address else ""


async def _url_of(address: str) -> str:
    """Ask the owner. One that is only just starting gets a few seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_STARTS_WITHIN):
            while True:
                with contextlib.suppress(OwnerSilent):
                    return str(json.loads(await ask(address, OWNER_PATH))["url"])
                await asyncio.sleep(0.1)
    return ""


def _already(url: str) -> int:
    sys.stderr.write(f"Psynapse already runs at {url}\n")
    return SUCCESS


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


def _first_address(settings: Settings) -> str:
    """What to open at first: with the token if one is needed, unless it was set and thus is known to who set it."""
    origin = _origin(settings)
    if is_loopback(settings.host.value) or settings.token.value:
        return origin
    return token_address(origin, server_token(settings))


def _origin(settings: Settings) -> str:
    host = settings.host.value
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{settings.port.value}"


def _greeting(settings: Settings) -> str:
    host, origin = settings.host.value, _origin(settings)
    lines = [f"Psynapse serves {origin} (Ctrl-C stops it)"]
    if not is_loopback(host):
        lines.append(f"open {_first_address(settings)}")
    if host in _EVERYWHERE and not settings.allowed_hosts.value:
        lines.append("other machines reach it once PSYNAPSE_ALLOWED_HOSTS has the name or address they use")
    return "\n".join(lines) + "\n"
