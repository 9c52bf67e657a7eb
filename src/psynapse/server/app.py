"""The server as an ASGI application."""

import asyncio
import os
from contextlib import ExitStack
from functools import cache

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from psynapse.errors import PsynapseError
from psynapse.logs.recent import earlier_lines
from psynapse.server.arrival import plain_path
from psynapse.server.ending import Requests, ServerEnds, ends_problem, hearing_signals
from psynapse.server.errors import add_error_handlers
from psynapse.server.heads import Heads
from psynapse.server.openapi import DescribedApp
from psynapse.server.ownership import Ownership
from psynapse.server.restart import Restart
from psynapse.server.routes import (
    editor,
    events,
    logs,
    nodes,
    pipelines,
    plugins,
    restart,
    runs,
    secrets,
    seed,
    system,
    templates,
    workflows,
)
from psynapse.server.security import Security, access_rules
from psynapse.server.state import ServerState, attach
from psynapse.server.token import server_token
from psynapse.server.tuning import tune_process
from psynapse.settings import Settings
from psynapse.worker.launcher import Launcher

_DESCRIPTION = (
    "Runs workflows of typed Python functions. Everything is served at the root and, identically, under /api/."
)


class Server:
    """The whole server: ``open`` it before the first request, or let the lifespan protocol do so."""

    def __init__(self, settings: Settings, url: str = "", launcher: Launcher | None = None) -> None:
        self.restart = Restart(managed=settings.managed.value)
        self._state = ServerState(settings, url, restart=self.restart)
        self._requests = Requests()
        routes = _without_prefix(Heads(described_app(self._state)))
        self._ownership = Ownership(self._state, routes, self._requests.layer(routes), launcher)
        rules = access_rules(settings, cache(lambda: server_token(settings)))
        self._app = self._requests.layer(Security(self._ownership, rules))
        self._last_steps: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or begin and end with the server that asks for it."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if not self._state.url and scope.get("server"):
            # Where others let it listen; they do not say so before.
            self._state.url = _address(scope)
        await self._app(scope, receive, send)

    async def open(self) -> None:
        """Own the data directory and start workers, or find who does. Raises StorageError and WorkerError."""
        self._begin_log()
        await self._ownership.open()
        tune_process()
        self._state.log.note(f"Psynapse {self._state.version} has started")

    def begin_end(self) -> None:
        """Begin nothing more, and end what goes on. Again is harmless."""
        if not self._state.ending:
            self._state.ending = True
            self._ownership.begin_end()
            self._last_steps.append(asyncio.create_task(self._requests.cut()))
            if self._state.services is not None:
                self._last_steps.append(asyncio.create_task(self._state.services.runs.close()))

    async def close(self) -> None:
        """End everything: requests, runs, workers, and the ownership of the data directory."""
        self.begin_end()
        # What went wrong with runs does so again when they are closed for good.
        await asyncio.gather(*self._last_steps, return_exceptions=True)
        await self._ownership.close()
        self._state.log.stop()

    def _begin_log(self) -> None:
        file = self._state.settings.log_file.value
        if file:
            self._state.log.remember(earlier_lines(file))
        self._state.log.listen()

    async def _live(self, receive: Receive, send: Send) -> None:
        """The lifespan protocol. What keeps the server from starting is said in words, not as a traceback."""
        with ExitStack() as listening:
            while True:
                message = await receive()
                if message["type"] == "lifespan.startup":
                    try:
                        await self.open()
                    except PsynapseError as error:
                        await send({"type": "lifespan.startup.failed", "message": str(error)})
                        return
                    listening.enter_context(hearing_signals(self.begin_end))
                    await send({"type": "lifespan.startup.complete"})
                else:
                    await self.close()
                    if self.restart.asked:
                        # Not an exception: whoever runs this application would take it for a failure.
                        os._exit(self.restart.carry_out())
                    await send({"type": "lifespan.shutdown.complete"})
                    return


def create_app(settings: Settings, url: str = "", launcher: Launcher | None = None) -> Server:
    """The whole server. ``url`` is where it will listen, if that is known; ``launcher`` may be prepared already."""
    return Server(settings, url, launcher)


def described_app(state: ServerState) -> FastAPI:
    """The routes, with their description at ``/openapi.json``."""
    # The interactive pages of FastAPI load scripts from elsewhere, which could then use this server.
    app = DescribedApp(
        title="Psynapse",
        version=state.version,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    attach(app, state)
    add_error_handlers(app)
    app.add_exception_handler(ServerEnds, _on_end)
    shown = (
        editor,
        system,
        seed,
        runs,
        workflows,
        nodes,
        pipelines,
        secrets,
        templates,
        events,
        logs,
        restart,
        plugins,
    )
    for module in shown:
        app.include_router(module.router)
    return app


async def _on_end(_: Request, __: Exception) -> Response:
    return ends_problem()


def _address(scope: Scope) -> str:
    host, port = scope["server"]
    return f"{scope['scheme']}://{f'[{host}]' if ':' in host else host}:{port}"


def _without_prefix(app: ASGIApp) -> ASGIApp:
    """Serve everything under ``/api`` as well: existing deployments have a proxy that may or may not strip it."""

    async def unprefixed(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        plain = plain_path(path)
        await app({**scope, "path": plain} if plain != path else scope, receive, send)

    return unprefixed
