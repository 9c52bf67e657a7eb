"""All nodes there are, for a command that only looks at them."""

import asyncio

from psynapse.environments.pointer import read_pointer
from psynapse.model.catalog import Catalog
from psynapse.services.local import open_registry
from psynapse.settings import Settings


def whole_catalog(settings: Settings) -> Catalog:
    """The nodes of nodepacks, and of node packages where there are any: those only a worker can import.

    Raises WorkerError when none can start.
    """
    pointer = read_pointer(settings.nodes_dir.value)
    if pointer is None or pointer.current == 0:
        return open_registry(settings.nodepacks_dir.value).catalog
    return asyncio.run(_catalog_of_a_worker(settings))


async def _catalog_of_a_worker(settings: Settings) -> Catalog:
    from psynapse.services.open import open_headless  # noqa: PLC0415 -- loads all that a server has

    services = await open_headless(settings)
    await services.close()
    return services.runs.catalog
