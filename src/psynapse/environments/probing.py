"""Whether a generation can be used: a worker of it imports its packages and says what they bring."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from psynapse.environments.generation import IN_USE, Generation
from psynapse.environments.waiting import whatever_comes
from psynapse.model.packages import DisabledPackage, LoadFailure, NodePackage
from psynapse.worker.client import Worker
from psynapse.worker.greeting import PackageImportDied
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """The node packages of a generation, and what of them cannot be had."""

    packages: tuple[NodePackage, ...] = ()
    failures: tuple[LoadFailure, ...] = ()


Probe = Callable[[Generation], AbstractAsyncContextManager[ProbeReport]]
"""Tries a generation that is built, but not sealed. What tried it is gone when the block ends."""


class WorkerProbe:
    """Tries generations in workers. ``launcher`` starts them; without one each is spawned.

    ``disabled`` says which packages are switched off: those are not imported.
    """

    def __init__(
        self, launcher: Launcher | None = None, disabled: Callable[[], tuple[DisabledPackage, ...]] = tuple
    ) -> None:
        self._launcher = launcher
        self._disabled = disabled

    @asynccontextmanager
    async def __call__(self, generation: Generation) -> AsyncGenerator[ProbeReport]:
        """Import every package of a generation. One that ends its worker is a failure, and the others are tried again.

        Raises WorkerError when no worker of it comes up at all.
        """
        worker, died = await self._start(generation)
        # It has said all that it can. To find what it may have left running takes a moment.
        ending = asyncio.ensure_future(worker.kill())
        try:
            yield _report(worker, died)
        finally:
            await whatever_comes(ending)

    async def _start(self, generation: Generation) -> tuple[Worker, tuple[LoadFailure, ...]]:
        died: dict[str, LoadFailure] = {}
        spec = replace(_spec(generation), disabled=self._disabled())
        if generation.merged and self._launcher:
            # It may have been tried before, when its Python still had to look for the base.
            self._launcher.forget(generation.python)
        while True:
            try:
                worker = await Worker.start(replace(spec, skip_packages=tuple(died)), self._launcher)
            except PackageImportDied as error:
                died[error.package] = _as_failure(error)
            else:
                return worker, tuple(died.values())


def _spec(generation: Generation) -> WorkerSpec:
    folder = Path(generation.python).parents[1]
    site = generation.own_site(folder)
    return WorkerSpec(roots=(), python=generation.python, site=site, in_use=folder / IN_USE)


def _report(worker: Worker, died: tuple[LoadFailure, ...]) -> ProbeReport:
    catalog = worker.catalog
    of_packages = (failure for failure in catalog.failures if failure.package)
    known = {failure.package for failure in died}
    # A package that was skipped is reported as such as well; why it was comes first.
    failures = [*died, *(failure for failure in of_packages if failure.package not in known)]
    return ProbeReport(packages=catalog.packages, failures=tuple(failures))


def _as_failure(error: PackageImportDied) -> LoadFailure:
    return LoadFailure(
        nodepack="",
        filepath="",
        package=error.package,
        error_type=type(error).__name__,
        message=error.message,
        hint=error.hint,
    )
