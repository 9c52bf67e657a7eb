"""All nodes of all nodepacks: the catalog that can be sent, and beside it the callables that cannot."""

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from psynapse.catalog.failures import LoadError
from psynapse.catalog.introspect import operations_of
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, discover_all, source_digest
from psynapse.model.catalog import Catalog, LoadFailure
from psynapse.model.ids import Ref
from psynapse.model.operation import Operation
from psynapse.model.schema import Origin


@dataclass(frozen=True, slots=True)
class Registry:
    """``operations`` has one entry for each schema of the catalog."""

    catalog: Catalog
    operations: Mapping[Ref, Operation]


def load_registry(roots: Sequence[tuple[Path, Origin]]) -> Registry:
    """Import every nodepack under ``roots`` and describe its nodes: the user's first, packs by name, files in order.

    Raises nothing for what nodepacks do wrong, short of killing the process: each such file or function becomes a
    LoadFailure in the catalog, and its neighbours stay. KeyboardInterrupt passes through.
    """
    # Folders may have been written a moment ago, and Python caches what it saw in them.
    importlib.invalidate_caches()
    return _registry(item for pack in discover_all(roots) for item in _load(pack))


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
