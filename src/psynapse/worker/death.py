"""How a worker process ended, in words, and what to do about it."""

import signal
from typing import Final

from psynapse.worker.process import WorkerSpec

_MEMORY_SETTING: Final = "PSYNAPSE_WORKER_MEMORY_MB"
# What libraries do that are refused memory and do not cope; others end the process with an exit code of theirs.
_CRASHES: Final = frozenset({-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS})


def how_it_ended(status: int | None, *, lost: bool) -> str:
    """What became of a process with that exit code, or that signal as a negative number; ``lost``: or did not."""
    if lost:
        return "the worker process lost its connection: a node closed it, or wrote into it"
    if status is not None and status < 0:
        return f"the worker process was ended by {_signal_name(-status)}"
    return f"the worker process ended with exit code {status}"


def what_to_do(status: int | None, spec: WorkerSpec, *, lost: bool) -> str:
    """The hint that goes with it: memory may have been short."""
    if spec.memory_bytes and not lost and status is not None and (status > 0 or status in _CRASHES):
        bound = f"{spec.memory_bytes >> 20:,} MB of memory"
        return f"it may have reached its limit of {bound}; to raise that, set {_MEMORY_SETTING}"
    return "run it again: a new worker takes over"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
