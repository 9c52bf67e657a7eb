"""Where the owner of a data directory listens for other processes of the same user."""

import asyncio
import contextlib
import os
import socket
import stat
import tempfile
from collections.abc import Generator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from psynapse.errors import StorageError
from psynapse.logs import logger

_LONGEST_ADDRESS: Final = 100
"""Bytes. What systems allow begins at 104, and a terminating zero counts."""
_BACKLOG: Final = 2048
_ENDS_WITHIN: Final = 1


def socket_address(data_dir: Path) -> str:
    """The path of a data directory's socket: in it, or in the temporary folder when that is too long for a socket."""
    path = data_dir / "server.sock"
    name = os.fsencode(path)
    if len(name) <= _LONGEST_ADDRESS:
        return str(path)
    folder = Path(tempfile.gettempdir()) / f"psynapse-{os.getuid()}"
    return str(folder / f"{blake2b(name, digest_size=8).hexdigest()}.sock")


class LocalListener:
    """Serves an application on a Unix socket, inside a server that runs already."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = Path(address)
        self._server: _QuietServer | None = None
        self._serving: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to listen; only for the owner of the data directory, because what is in the way is removed.

        Where that is impossible, the server goes on without: nobody but other processes needs it.
        """
        try:
            listener = _listen(self._address)
        except (OSError, StorageError) as error:
            logger.warning("other processes cannot share this server: %s: %s", self._address, error)
            return
        # One's own date and log belong to the process that the client talks to.
        config: dict[str, Any] = {"date_header": False, "server_header": False, "log_config": None, "log_level": None}
        self._server = _QuietServer(
            uvicorn.Config(
                self._app, lifespan="off", http=_SilentProtocol, timeout_graceful_shutdown=_ENDS_WITHIN, **config
            )
        )
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))

    def begin_end(self) -> None:
        """Accept nothing more. What has begun may still be answered."""
        if self._server is not None and not self._server.should_exit:
            self._server.should_exit = True
            with contextlib.suppress(OSError):
                self._address.unlink()

    async def close(self) -> None:
        """Wait until what has begun is answered, for a second at most."""
        self.begin_end()
        if self._serving is not None:
            await asyncio.gather(self._serving, return_exceptions=True)


class _QuietServer(uvicorn.Server):
    """One that leaves the signals to the server it is inside of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class _SilentProtocol(H11Protocol):
    """One that writes no access log: the process that passes a request on has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False


def _listen(path: Path) -> socket.socket:
    if path.parent.parent == Path(tempfile.gettempdir()):
        _make_private(path.parent)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        # Before anybody can connect, which is from listen() on.
        path.chmod(0o600)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _make_private(folder: Path) -> None:
    """Everybody may write into the temporary folder: what stands there under our name need not be ours."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise StorageError(f"{folder} is not this user's own", hint="remove it, or choose a shorter data directory")
