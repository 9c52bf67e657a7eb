"""Are the node packages what was installed, and can they be imported."""

import asyncio

from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.cli.in_worker import workers_possible
from psynapse.cli.streams import one_line
from psynapse.environments.base import read_base
from psynapse.environments.condition import degradation
from psynapse.environments.generation import Generation
from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.store import GenerationStore
from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog
from psynapse.services.beginning import spec_for
from psynapse.settings import Settings
from psynapse.worker.client import Worker
from psynapse.worker.greeting import PackageImportDied
from psynapse.worker.process import WorkerSpec

_BACK = "psynapse nodes rollback goes back to what there was before"


def node_packages(settings: Settings) -> Finding:
    """Whether the current generation is complete, fits the base, and every package of it can be imported."""
    store = GenerationStore(settings.nodes_dir.value)
    try:
        generation = store.current()
        sound = degradation(generation, read_base(), store.folder_of(generation.id))
    except StoreUnusable as error:
        return problem(error.message, error.hint)
    except OSError as error:
        return problem(f"the node packages in {store.folder} cannot be read: {error.strerror}", "make them readable")
    if generation.id == 0:
        return ok(f"no node packages are installed in {store.folder}")
    if sound:
        hint = f"the next start of the server builds them again; {_BACK}"
        return problem(f"generation {generation.id} may not work any more: {sound}", hint)
    if not workers_possible():
        return warning("workers do not run on this system yet", "node packages are used by workers only")
    return _imported(store, generation)


def _imported(store: GenerationStore, generation: Generation) -> Finding:
    spec = spec_for(WorkerSpec(roots=()), generation, store, store.disabled())
    try:
        catalog = asyncio.run(_catalog(spec))
    except PackageImportDied as error:
        return problem(f"{error.package}: {error.message}", f"psynapse nodes disable {error.package}; or {_BACK}")
    except WorkerError as error:
        return problem(f"no worker can start with generation {generation.id}: {error.message}", _BACK)
    failures = [one for one in catalog.failures if one.package]
    if failures:
        lines = [one_line(f"{one.package}: {one.error_type}: {one.message}") for one in failures]
        return problem(f"{len(lines)} parts of node packages could not be loaded", _BACK, *lines)
    pipelines = sum(len(package.pipelines) for package in catalog.packages)
    off = [
        f"{package.name} is disabled: psynapse nodes enable {package.name}"
        for package in catalog.packages
        if package.disabled
    ]
    return ok(f"generation {generation.id}: {len(catalog.packages)} node packages with {pipelines} pipelines", *off)


async def _catalog(spec: WorkerSpec) -> Catalog:
    worker = await Worker.start(spec)
    try:
        return worker.catalog
    finally:
        await worker.stop()
