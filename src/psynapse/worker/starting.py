"""Whether another worker may be started, and starting it."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.packages import LoadFailure
from psynapse.worker.client import Worker
from psynapse.worker.greeting import PackageImportDied
from psynapse.worker.launcher import Launcher
from psynapse.worker.memory import held_bytes, memory_budget
from psynapse.worker.places import Environment
from psynapse.worker.process import WorkerSpec
from psynapse.worker.start_limit import StartLimit

_IDLE_WITH_ENV_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRules:
    """What holds for the workers of a pool. ``memory_bytes``: what they may hold together before no more start."""

    memory_bytes: int = field(default_factory=memory_budget)
    idle_with_env_seconds: float = _IDLE_WITH_ENV_SECONDS
    """Secrets do not stay in memory for long."""
    most_failed_starts: int = 5
    failed_starts_seconds: float = 60.0


class Starter:
    """Starts workers of one kind. ``failures`` remembers which starts went wrong."""

    def __init__(self, spec: WorkerSpec, launcher: Launcher | None, rules: PoolRules) -> None:
        self.failures = StartLimit(rules.most_failed_starts, rules.failed_starts_seconds)
        self.spec = spec
        self._skipped: dict[str, PackageImportDied] = {}
        self._tried: dict[str, PackageImportDied] = {}
        self._launcher = launcher
        self._memory_bytes = rules.memory_bytes

    def use(self, spec: WorkerSpec) -> None:
        """Start workers of this kind from now on; fork servers of other Pythons are not wanted any more."""
        self.spec = spec
        self._skipped = self._tried
        if self._launcher:
            self._launcher.keep_only(spec)

    async def start(self, env: Environment = (), spec: WorkerSpec | None = None) -> Worker:
        """A worker with these environment variables, of another kind if a ``spec`` is given.

        Node packages that end it at their import are left out of it: its catalog has a failure for each. Raises
        WorkerError when it does not come up.
        """
        kind = spec or self.spec
        if spec:
            self._tried = {}
        try:
            return await self._started(
                replace(kind, env=dict(env)) if env else kind, self._tried if spec else self._skipped
            )
        except WorkerError as error:
            self.failures.note(env, error)
            raise
        except (OSError, ValueError) as error:
            failure = WorkerError(f"no worker can be started: {error}", hint="look at the limits of this system")
            self.failures.note(env, failure)
            raise failure from error

    async def _started(self, spec: WorkerSpec, skipped: dict[str, PackageImportDied]) -> Worker:
        while True:
            try:
                wanted = replace(spec, skip_packages=(*spec.skip_packages, *skipped)) if skipped else spec
                worker = await Worker.start(wanted, self._launcher)
            except PackageImportDied as error:
                if error.package in skipped:
                    raise
                skipped[error.package] = error
            else:
                worker.catalog = _with_reasons(worker.catalog, skipped)
                return worker

    async def has_memory(self, workers: Collection[Worker]) -> bool:
        """Whether there is memory for one more worker beside these."""
        if not workers:
            return True
        # Reading takes as long as the processes are large.
        return await asyncio.to_thread(held_bytes, [worker.pid for worker in workers]) < self._memory_bytes

    async def close(self) -> None:
        """End what starts workers, and with it all of them."""
        if self._launcher:
            await self._launcher.close()


def _with_reasons(catalog: Catalog, skipped: Mapping[str, PackageImportDied]) -> Catalog:
    """The catalog with what is known here of packages that ended the process: it was another one."""
    if not skipped:
        return catalog
    failures = tuple(_reason(failure, skipped) for failure in catalog.failures)
    packages = tuple(
        replace(package, failures=tuple(_reason(failure, skipped) for failure in package.failures))
        for package in catalog.packages
    )
    return Catalog(catalog.schemas, failures, packages)


def _reason(failure: LoadFailure, skipped: Mapping[str, PackageImportDied]) -> LoadFailure:
    error = skipped.get(failure.package)
    return (
        replace(failure, error_type=type(error).__name__, message=error.message, hint=error.hint) if error else failure
    )
