"""The workers of the current generation, and what they offer: replaced together when either changes."""

from collections.abc import Callable, Mapping

from psynapse.environments.generation import Generation
from psynapse.environments.store import GenerationStore
from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.packages import DisabledPackage
from psynapse.services.beginning import spec_for
from psynapse.services.pipelines import Pipelines
from psynapse.services.runs import Runs
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec

Announce = Callable[[Mapping[str, Json]], None]


class Workforce:
    """Everything that has to hear of new code."""

    def __init__(self, pool: WorkerPool, runs: Runs, pipelines: Pipelines, spec: WorkerSpec) -> None:
        self.runs = runs
        self.pipelines = pipelines
        self.announce: Announce = _nobody
        self._pool = pool
        self._spec = spec

    @property
    def catalog(self) -> Catalog:
        """What the newest worker offers."""
        return self.runs.catalog

    async def renew(self) -> Catalog:
        """New workers with the code of now; runs that go on finish with the old. Raises WorkerError: all stays then."""
        return self._offer((await self._pool.replace_all()).catalog)

    async def adopt(self, spec: WorkerSpec) -> str:
        """New workers made from ``spec``. Returns why that is impossible, and empty when it is done."""
        try:
            fresh = await self._pool.replace_all(spec)
        except WorkerError as error:
            logger.warning("%s", error)
            return error.message
        self._spec = spec
        self._offer(fresh.catalog)
        return ""

    def spec_for(
        self, generation: Generation, store: GenerationStore, disabled: tuple[DisabledPackage, ...]
    ) -> WorkerSpec:
        """What the workers of a generation are made from."""
        return spec_for(self._spec, generation, store, disabled)

    def _offer(self, catalog: Catalog) -> Catalog:
        self.runs.catalog = catalog
        self.pipelines.replace_catalog(catalog)
        self.announce({"type": "catalog"})
        return catalog


def _nobody(_: Mapping[str, Json]) -> None:
    pass
