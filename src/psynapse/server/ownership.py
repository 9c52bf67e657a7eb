"""One process owns a data directory and has its runs; the others pass requests on to it, and one succeeds it."""

import asyncio
import contextlib
import os
import time
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from psynapse.errors import StorageError, WorkerError
from psynapse.logs import logger
from psynapse.model.json_text import dumps
from psynapse.server.errors import problem
from psynapse.server.local_socket import LocalListener, socket_address
from psynapse.server.neighbours import NEIGHBOUR, OWNER_PATH
from psynapse.server.proxy import pass_on
from psynapse.server.state import ServerState
from psynapse.services.open import open_services
from psynapse.storage.data_dir import DataDirectory, DataDirectoryBusy
from psynapse.worker.launcher import Launcher

_LONGEST_WAIT: Final = 5.0
_BETWEEN_TRIES: Final = 0.05
_AFTER_FAILURE: Final = 2.0
_SOCKET_LATER: Final = 1013


class Ownership:
    """Answers requests: itself while it owns the data directory, else through the process that does."""

    def __init__(self, state: ServerState, served: ASGIApp, local: ASGIApp, launcher: Launcher | None = None) -> None:
        data_dir = state.settings.data_dir.value
        self._state = state
        self._served = served
        self._directory = DataDirectory(data_dir)
        self._address = socket_address(data_dir)
        self._listener = LocalListener(self._neighbour(local), self._address)
        self._launcher = launcher
        self._owner_address = ""
        self._follower: asyncio.Task[None] | None = None
        self._failure = "another process is just taking over"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Waits a few seconds for an owner when there is none."""
        if self._state.services is not None:
            await self._served(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _SOCKET_LATER})
        else:
            await self._pass_on(scope, receive, send)

    async def open(self) -> None:
        """Become the owner, or find that another process is. Raises WorkerError and StorageError."""
        if not await self._succeed():
            if self._launcher:
                await self._launcher.close()
                self._launcher = None
            self._follower = asyncio.create_task(self._follow())

    def begin_end(self) -> None:
        """Other processes may look for another owner."""
        if self._follower:
            self._follower.cancel()
        self._listener.begin_end()

    async def close(self) -> None:
        """End what was opened; the lock last."""
        self.begin_end()
        if self._follower:
            await asyncio.gather(self._follower, return_exceptions=True)
        await self._listener.close()
        if self._state.services is not None:
            await self._state.services.close()

    # Answering

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        ends = time.monotonic() + _LONGEST_WAIT
        while time.monotonic() < ends:
            if self._state.services is not None:
                await self._served(scope, receive, send)
                return
            if self._owner_address and await pass_on(self._owner_address, scope, receive, send):
                return
            await asyncio.sleep(_BETWEEN_TRIES)
        await self._no_owner()(scope, receive, send)

    def _no_owner(self) -> Response:
        return problem(
            503,
            f"no server answers for the data directory {self._directory.path}: {self._failure}",
            code="no-owner",
            hint="send the request again in a moment",
            headers={"Retry-After": "2"},
        )

    def _neighbour(self, app: ASGIApp) -> ASGIApp:
        """What other processes of this machine get: ``app``, and who is behind it."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == OWNER_PATH and NEIGHBOUR in scope["headers"] and not self._state.ending:
                nodes_dir = str(self._state.settings.nodes_dir.value)
                who = {"pid": os.getpid(), "boot_id": self._state.boot_id, "url": self._state.url, "nodes": nodes_dir}
                await Response(dumps(who), media_type="application/json")(scope, receive, send)
            else:
                await app(scope, receive, send)

        return answer

    # Who owns the directory

    async def _succeed(self) -> bool:
        """Become the owner; False when another process is. Raises WorkerError and StorageError."""
        try:
            services = await open_services(self._state.settings, self._state.boot_id, self._address, self._launcher)
        except DataDirectoryBusy:
            return False
        self._listener.open()
        self._state.services = services
        return True

    async def _follow(self) -> None:
        """Stay with the owner; when it has gone become the next one, or stay with whoever does."""
        while True:
            owner = self._directory.owner()
            try:
                if owner is not None:
                    self._failure = f"process {owner.pid} owns it and does not answer"
                    await self._stay_with(owner.address)
                elif await self._succeed():
                    logger.info("this process now owns the data directory %s", self._directory.path)
                    return
            except (WorkerError, StorageError) as error:
                self._failure = error.message
                logger.error("the data directory %s has no owner: %s", self._directory.path, error)
                await asyncio.sleep(_AFTER_FAILURE)
            await asyncio.sleep(_BETWEEN_TRIES)

    async def _stay_with(self, address: str) -> None:
        """Hold a connection to the owner, which says nothing and ends when the owner does."""
        try:
            reader, writer = await asyncio.open_unix_connection(address)
        except OSError:
            return
        self._owner_address = address
        try:
            with contextlib.suppress(OSError):
                await reader.read()
        finally:
            self._owner_address = ""
            writer.close()
