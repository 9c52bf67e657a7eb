"""What a worker says when it has started, and until then which package it is importing."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.json_text import loads
from psynapse.worker import protocol
from psynapse.worker.transfer import catalog_from_json

Receive = Callable[[], Awaitable[tuple[int, bytes]]]
_REMOVE: Final = "remove the package, or install another version of it"


class PackageImportDied(WorkerError):
    """The worker process ended, or hung, while it imported a node package: ``package``, its distribution."""

    code = "package-import-died"

    def __init__(self, message: str, *, package: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.package = package


async def greeted(receive: Receive, seconds: float) -> Catalog:
    """The catalog that the worker's greeting brings; each package and all nodepacks together have so many seconds.

    Raises PackageImportDied when it ends or hangs at a package, else WorkerError.
    """
    package = ""
    try:
        while True:
            kind, payload = await asyncio.wait_for(receive(), seconds)
            if kind != protocol.IMPORTING:
                return _catalog(kind, payload)
            package = payload.decode("utf-8", "replace")
    except TimeoutError:
        raise _too_slow(package, seconds) from None
    except WorkerError as error:
        if not package:
            raise
        message = f"while the package {package} was imported, {error.message}"
        raise PackageImportDied(message, package=package, hint=_REMOVE) from error


def content_of(payload: bytes) -> dict[str, Json]:
    """The object in a frame. Raises WorkerError when there is none."""
    try:
        content = loads(payload)
    except ValueError as error:
        raise WorkerError(f"the worker sent something that is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise WorkerError("the worker sent JSON that is not an object")
    return content


def _catalog(kind: int, payload: bytes) -> Catalog:
    hello = content_of(payload)
    if kind != protocol.HELLO or hello.get("version") != protocol.VERSION:
        raise WorkerError("the worker speaks another version", hint="restart the server after an upgrade")
    return catalog_from_json(hello.get("catalog"))


def _too_slow(package: str, seconds: float) -> WorkerError:
    if package:
        message = f"the package {package} was not imported within {seconds:.0f} seconds"
        return PackageImportDied(message, package=package, hint=_REMOVE)
    message = f"the nodepacks were not imported within {seconds:.0f} seconds"
    return WorkerError(message, hint="look for a nodepack that waits or computes when it is imported")
