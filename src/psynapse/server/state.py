"""What one server has: shared by its routes, opened and closed with it."""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import cast

from fastapi import FastAPI, Request

from psynapse.logs.recent import RecentLog
from psynapse.model.catalog import Catalog
from psynapse.server.editor_files import EditorFiles, editor_folder
from psynapse.server.ending import ServerEnds
from psynapse.server.restart import Restart
from psynapse.services.nodes import Nodes
from psynapse.services.open import Desk, Services
from psynapse.services.pipelines import Pipelines
from psynapse.services.runs import Runs
from psynapse.settings import Settings


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _version() -> str:
    return version("psynapse")


def _new_id() -> str:
    return uuid.uuid4().hex


def _editor() -> EditorFiles:
    return EditorFiles(editor_folder())


def _unmanaged() -> Restart:
    return Restart(managed=False)


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
    """``boot_id`` tells one start of the server from the next; ``url`` is where it listens, as far as that is known.

    ``services`` are there while this process owns the data directory; ``ending`` when it begins nothing more.
    """

    settings: Settings
    url: str = ""
    version: str = field(default_factory=_version)
    boot_id: str = field(default_factory=_new_id)
    started_at: str = field(default_factory=_now)
    large_bodies: asyncio.Semaphore = field(default_factory=_one_at_a_time)
    services: Services | None = None
    encoded: EncodedCatalog | None = None
    editor: EditorFiles = field(default_factory=_editor)
    restart: Restart = field(default_factory=_unmanaged)
    log: RecentLog = field(default_factory=RecentLog)
    ending: bool = False

    def check_serving(self) -> None:
        """Raise ServerEnds when that is so."""
        if self.ending:
            raise ServerEnds


def attach(app: FastAPI, state: ServerState) -> None:
    """Make ``state`` what ``state_of`` finds."""
    app.state.psynapse = state


def state_of(request: Request) -> ServerState:
    """The state of the server that answers ``request``."""
    return cast("ServerState", request.app.state.psynapse)


def runs_of(request: Request) -> Runs:
    """The runs of the server that answers ``request``. Raises ServerEnds when it begins nothing more."""
    return _services_of(request).runs


def desk_of(request: Request) -> Desk:
    """What the server that answers ``request`` has beside runs. Raises ServerEnds when it begins nothing more."""
    desk = _services_of(request).desk
    assert desk is not None, "a server has all services"
    return desk


def nodes_of(request: Request) -> Nodes:
    """The node packages of the server that answers ``request``. Raises ServerEnds when it begins nothing more."""
    return desk_of(request).nodes


def pipelines_of(request: Request) -> Pipelines:
    """The pipelines of the server that answers ``request``. Raises ServerEnds when it begins nothing more."""
    return _services_of(request).pipelines


def _services_of(request: Request) -> Services:
    state = state_of(request)
    state.check_serving()
    assert state.services is not None, "requests are only answered while the server is open"
    return state.services
