"""Whether another worker may be started, and starting it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from psynapse.errors import WorkerError
from psynapse.worker.client import Worker
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
        self._spec = spec
        self._launcher = launcher
        self._memory_bytes = rules.memory_bytes

    async def start(self, env: Environment = ()) -> Worker:
        """A worker with these environment variables. Raises WorkerError when it does not come up."""
        spec = replace(self._spec, env=dict(env)) if env else self._spec
        try:
            return await Worker.start(spec, self._launcher)
        except WorkerError as error:
            self.failures.note(env, error)
            raise
        except (OSError, ValueError) as error:
            failure = WorkerError(f"no worker can be started: {error}", hint="look at the limits of this system")
            self.failures.note(env, failure)
            raise failure from error

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
