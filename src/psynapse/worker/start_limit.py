"""Workers that cannot start are not started again and again."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

from psynapse.errors import WorkerError
from psynapse.worker.places import Environment


class _Failure(NamedTuple):
    at: float
    error: WorkerError


@dataclass(slots=True)
class StartLimit:
    """After ``most`` failed starts within ``seconds`` there is a pause, for each set of environment variables its own.

    One run's variables that no worker can start with must not keep others from running.
    """

    most: int = 5
    seconds: float = 60.0
    _failures: dict[Environment, deque[_Failure]] = field(default_factory=dict[Environment, "deque[_Failure]"])

    def note(self, env: Environment, error: WorkerError) -> None:
        """A start has failed."""
        self._forget_old()
        self._failures.setdefault(env, deque(maxlen=self.most)).append(_Failure(time.monotonic(), error))

    def clear(self) -> None:
        """Starts have a reason to succeed again."""
        self._failures.clear()

    def allows(self, env: Environment) -> bool:
        """False during the pause."""
        return self._seconds_left(env) <= 0

    def refusal(self, env: Environment) -> WorkerError:
        """Why no worker is started now: what went wrong last, and when it is tried again."""
        last = self._failures[env][-1].error
        message = f"no worker is started for now, because the last {self.most} attempts failed: {last.message}"
        left = max(1, round(self._seconds_left(env)))
        advice = f"{last.hint.rstrip('.')}; " if last.hint else "mend what stops workers from starting; "
        return WorkerError(message, hint=f"{advice}it is tried again in {left} s, or when a nodepack is edited")

    def _seconds_left(self, env: Environment) -> float:
        failures = self._failures.get(env)
        if failures is None or len(failures) < self.most:
            return 0.0
        return failures[0].at + self.seconds - time.monotonic()

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self.seconds
        self._failures = {env: failures for env, failures in self._failures.items() if failures[-1].at > oldest}
