"""All nodes of all nodepacks: the catalog that can be sent, and beside it the callables that cannot."""

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psynapse.catalog.failures import LoadError
from psynapse.catalog.introspect import operations_of
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, discover_all, source_digest
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Ref
from psynapse.model.operation import Operation
from psynapse.model.packages import LoadFailure
from psynapse.model.schema import Origin

if TYPE_CHECKING:
    # At run time only where there is a node package.
    from psynapse.catalog.event_nodes import EventNode
    from psynapse.catalog.hosting import PipelineHost
    from psynapse.catalog.packages import LoadedPackages


@dataclass(frozen=True, slots=True)
class Registry:
    """``operations`` has one entry for each schema of the catalog; ``host`` has the pipelines, where there are any.

    ``event_nodes`` are those of the callables that keep something between the runs of a workflow.
    """

    catalog: Catalog
    operations: Mapping[Ref, Operation]
    host: "PipelineHost | None" = None
    event_nodes: "tuple[EventNode, ...]" = ()

    def turn_to(self, workflow: str) -> None:
        """Have what nodes keep be that of an open workflow, empty for runs that are of none."""
        for node in self.event_nodes:
            node.workflow = workflow


def load_registry(roots: Sequence[tuple[Path, Origin]], packages: "LoadedPackages | None" = None) -> Registry:
    """Import every nodepack under ``roots`` and describe its nodes: the user's first, packs by name, files in order.

    What node packages bring comes after them.

    Raises nothing for what nodepacks do wrong, short of killing the process: each such file or function becomes a
    LoadFailure in the catalog, and its neighbours stay. KeyboardInterrupt passes through.
    """
    # Folders may have been written a moment ago, and Python caches what it saw in them.
    importlib.invalidate_caches()
    packs = {pack.name: pack for pack in discover_all(roots)}
    for pack in packages.nodepacks if packages else ():
        packs.setdefault(pack.name, pack)
    items = [item for pack in packs.values() for item in _load(pack)]
    return _with_packages(items, packages) if packages else _registry(items)


def _with_packages(items: list[Operation | LoadFailure], packages: "LoadedPackages") -> Registry:
    failures = [failure for package in packages.packages for failure in package.failures]
    registry = _registry([*items, *packages.operations, *failures])
    catalog = Catalog(registry.catalog.schemas, registry.catalog.failures, tuple(packages.packages))
    return Registry(catalog, registry.operations, packages.host, tuple(packages.event_nodes))


def _registry(items: Iterable[Operation | LoadFailure]) -> Registry:
    operations: dict[Ref, Operation] = {}
    failures: list[LoadFailure] = []
    for item in items:
        if isinstance(item, Operation):
            operations[item.schema.ref] = item
        else:
            failures.append(item)
    schemas = tuple(operation.schema for operation in operations.values())
    return Registry(Catalog(schemas, tuple(failures)), operations)


def _load(pack: Nodepack) -> Iterator[Operation | LoadFailure]:
    if pack.problem:
        yield _unreadable(pack)
        return
    code = source_digest(pack)
    for filename in pack.files:
        yield from _load_file(pack, filename, code)


def _load_file(pack: Nodepack, filename: str, code: str) -> Iterator[Operation | LoadFailure]:
    try:
        yield from operations_of(load_file(pack, filename), pack, filename, code)
    except LoadError as error:
        yield error.failure


def _unreadable(pack: Nodepack) -> LoadFailure:
    return LoadFailure(
        nodepack=pack.name,
        filepath=str(pack.path).encode("utf-8", "replace").decode(),
        error_type="OSError",
        message=f"the folder cannot be read: {pack.problem}",
        hint="check the folder's name and permissions, then reload",
    )
