"""What a server or a command begins with: the current generation, and what its workers are made from.

It is loaded before the rest of a server: the first worker is started meanwhile.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from psynapse.catalog.nodepacks import shipped_root
from psynapse.environments.generation import BASE_ALONE, IN_USE, Generation
from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.store import GenerationStore
from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.model.packages import DisabledPackage
from psynapse.settings import Settings
from psynapse.worker.process import WorkerSpec

if TYPE_CHECKING:
    from psynapse.worker.client import Worker
    from psynapse.worker.pool import WorkerPool


@dataclass(slots=True)
class Beginning:
    """The generation that a process begins with, and what was to be said about that; empty when nothing was."""

    store: GenerationStore
    generation: Generation = BASE_ALONE
    problem: str = ""
    disabled: tuple[DisabledPackage, ...] = ()

    def spec(self, spec: WorkerSpec) -> WorkerSpec:
        """What workers of it are made from."""
        return spec_for(spec, self.generation, self.store, self.disabled)

    async def first_worker(self, pool: "WorkerPool", spec: WorkerSpec) -> "Worker":
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
        return Beginning(store, store.current(), problem, store.disabled())
    except StoreUnusable as error:
        logger.warning("%s", error)
        return Beginning(store, problem=error.message)


def plain_spec(settings: Settings) -> WorkerSpec:
    """What workers are made from, whatever the generation."""
    return WorkerSpec(
        roots=((settings.nodepacks_dir.value, "user"), (shipped_root(), "shipped")),
        memory_bytes=settings.worker_memory_bytes.value,
    )


def spec_for(
    spec: WorkerSpec, generation: Generation, store: GenerationStore, disabled: tuple[DisabledPackage, ...]
) -> WorkerSpec:
    """``spec`` with the Python of a generation, which is not removed as long as such a worker lives.

    Packages that are ``disabled`` are not imported.
    """
    folder = store.folder_of(generation.id) if generation.id else None
    return replace(
        spec,
        python=generation.python,
        site=generation.own_site(folder) if folder else None,
        in_use=folder / IN_USE if folder else None,
        disabled=disabled,
    )
