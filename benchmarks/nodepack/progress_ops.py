"""The node with progress that the benchmarks run."""

import time

from psynapse import ProgressReporter


class Work:
    """Takes some time and says how far it is."""

    def __init__(self) -> None:
        self._progress_reporter = ProgressReporter()

    def __call__(self, x: int, seconds: float) -> int:
        """Count one on after the given time."""
        self._progress_reporter.update(1, 2, "half way")
        time.sleep(seconds)
        return x + 1
