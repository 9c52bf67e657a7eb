"""The node packages of a server or a command: what they are kept in, and what is made of them."""

from dataclasses import dataclass
from pathlib import Path

from psynapse.environments.base import read_base
from psynapse.environments.generation import BASE_ALONE, Generation
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.updates import Updates
from psynapse.environments.uv import Uv
from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.services.nodes import Changing, Nodes
from psynapse.services.workforce import Workforce, spec_for
from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.pool import WorkerPool
from psynapse.worker.process import WorkerSpec


@dataclass(slots=True)
class Beginning:
    """The generation that a process begins with, and what was to be said about that; empty when nothing was."""

    store: GenerationStore
    generation: Generation = BASE_ALONE
    problem: str = ""

    def spec(self, spec: WorkerSpec) -> WorkerSpec:
        """What workers of it are made from."""
        return spec_for(spec, self.generation, self.store)

    async def first_worker(self, pool: WorkerPool, spec: WorkerSpec) -> Worker:
        """The first worker of a pool made from ``self.spec(spec)``; without node packages if none comes up with them.

        Raises WorkerError.
        """
        try:
            return await pool.start()
        except WorkerError as error:
            if self.generation.id == 0:
                raise
            self.problem = f"no worker can start with the node packages: {error.message}"
            self.generation = BASE_ALONE
            logger.warning("%s", self.problem)
            return await pool.replace_all(self.spec(spec))


def begin(folder: Path, *, mend: bool = False) -> Beginning:
    """The current generation of a folder of node packages; ``mend`` puts in order what was left behind there first."""
    store = GenerationStore(folder)
    problem = store.recover().problem if mend else ""
    try:
        return Beginning(store, store.current(), problem)
    except StoreUnusable as error:
        logger.warning("%s", error)
        return Beginning(store, problem=error.message)


def open_nodes(beginning: Beginning, workforce: Workforce, launcher: Launcher | None = None) -> Nodes:
    """The node packages, used by a workforce. Raises BaseUnreadable."""
    base, store = read_base(), beginning.store
    uv = Uv(store.folder / "cache")
    changer = Changer(store, base, uv, WorkerProbe(launcher))
    return Nodes(Changing(store, base, changer, Updates(uv, base)), workforce, beginning.generation, beginning.problem)
