"""Packages that are imported once, for all workers that are forked afterwards."""

import importlib
import os
import re
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

_THREADS: Final = Path("/proc/self/task")
_SETTLE_SECONDS: Final = 0.2
_POLITENESS: Final = 10

ALWAYS: Final = (
    "psynapse.catalog.packages",
    "psynapse.engine.executors.aio",
    "psynapse.engine.executors.process",
    "psynapse.engine.executors.thread",
    "numpy",
    "PIL.Image",
)
# Not torch: nobody has shown here that what it sets up when it is imported outlives a fork.
IF_MENTIONED: Final = ("pandas",)


def wanted(roots: list[Path]) -> Iterator[str]:
    """Installed modules that are worth importing for workers of nodepacks under those folders."""
    for module in (*ALWAYS, *_mentioned(roots)):
        if find_spec(module.partition(".")[0]):
            yield module


def _mentioned(roots: list[Path]) -> Iterator[str]:
    for module in IF_MENTIONED:
        statement = re.compile(rb"^\s*(?:import|from)\s+" + module.encode() + rb"\b", re.MULTILINE)
        if any(statement.search(source) for source in _sources(roots)):
            yield module


def _sources(roots: list[Path]) -> Iterator[bytes]:
    for root in roots:
        for path in root.glob("*/*.py"):
            try:
                yield path.read_bytes()
            except OSError:
                continue


def rehearse(module: str) -> NoReturn:
    """End this process: with 0 if that module can be imported and leaves no thread that a fork would lose.

    NumPy's OpenBLAS starts threads when it is imported, but ends them before each fork and starts them again where they
    are needed, as many as its variables say. So what counts is what is left after a fork.
    """
    code = 1
    try:
        os.nice(_POLITENESS)
        importlib.import_module(module)
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)
        code = 0 if _is_single_threaded() else 1
    finally:
        os._exit(code)


def _is_single_threaded() -> bool:
    """A thread that was joined is listed for a moment longer."""
    ends = time.monotonic() + _SETTLE_SECONDS
    while len(list(_THREADS.iterdir())) > 1:
        if time.monotonic() > ends:
            return False
        time.sleep(0.001)
    return True
