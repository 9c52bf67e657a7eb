"""The server as an ASGI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from psynapse.server.arrival import plain_path
from psynapse.server.errors import add_error_handlers
from psynapse.server.openapi import DescribedApp
from psynapse.server.routes import runs, seed, system
from psynapse.server.security import Security, access_rules
from psynapse.server.state import ServerState, attach
from psynapse.server.token import server_token
from psynapse.services.open import open_services
from psynapse.settings import Settings

_DESCRIPTION = (
    "Runs workflows of typed Python functions. Everything is served at the root and, identically, under /api/."
)


def create_app(settings: Settings) -> ASGIApp:
    """The whole server. Its workers start and end with the application's lifespan."""
    state = ServerState(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        state.services = await open_services(settings)
        try:
            yield
        finally:
            await state.services.close()

    # The interactive pages of FastAPI load scripts from elsewhere, which could then use this server.
    app = DescribedApp(
        title="Psynapse",
        version=state.version,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    attach(app, state)
    add_error_handlers(app)
    for module in (system, seed, runs):
        app.include_router(module.router)
    return Security(_without_prefix(app), access_rules(settings, cache(lambda: server_token(settings))))


def _without_prefix(app: ASGIApp) -> ASGIApp:
    """Serve everything under ``/api`` as well: existing deployments have a proxy that may or may not strip it."""

    async def unprefixed(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        plain = plain_path(path)
        await app({**scope, "path": plain} if plain != path else scope, receive, send)

    return unprefixed
