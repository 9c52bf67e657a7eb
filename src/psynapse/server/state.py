"""What one server has: shared by its routes, opened and closed with it."""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import cast

from fastapi import FastAPI, Request

from psynapse.model.catalog import Catalog
from psynapse.services.open import Services
from psynapse.services.runs import Runs
from psynapse.settings import Settings


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _version() -> str:
    return version("psynapse")


def _new_id() -> str:
    return uuid.uuid4().hex


def _one_at_a_time() -> asyncio.Semaphore:
    return asyncio.Semaphore(1)


@dataclass(frozen=True, slots=True)
class EncodedCatalog:
    """A catalog as ``GET /get_schema`` sends it."""

    catalog: Catalog
    content: bytes
    etag: str


@dataclass(slots=True)
class ServerState:
    """``boot_id`` tells one start of the server from the next; ``services`` are there while it serves."""

    settings: Settings
    version: str = field(default_factory=_version)
    boot_id: str = field(default_factory=_new_id)
    started_at: str = field(default_factory=_now)
    large_bodies: asyncio.Semaphore = field(default_factory=_one_at_a_time)
    services: Services | None = None
    encoded: EncodedCatalog | None = None


def attach(app: FastAPI, state: ServerState) -> None:
    """Make ``state`` what ``state_of`` finds."""
    app.state.psynapse = state


def state_of(request: Request) -> ServerState:
    """The state of the server that answers ``request``."""
    return cast("ServerState", request.app.state.psynapse)


def runs_of(request: Request) -> Runs:
    """The runs of the server that answers ``request``."""
    services = state_of(request).services
    assert services is not None, "requests are only answered while the server is open"
    return services.runs
