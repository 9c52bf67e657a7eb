"""Generations put into a store without building anything: folders with a manifest, as a change leaves them."""

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from psynapse.environments.change_lock import ChangeLock
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
from psynapse.environments.requirement import Requirement, parse_requirement
from psynapse.environments.store import GenerationStore


def requirement(name: str) -> Requirement:
    return parse_requirement(name)


def locked(name: str, version: str = "1.0", *, needed_by: Sequence[str] = ()) -> Locked:
    return Locked(name=name, version=version, line=f"{name}=={version}", needed_by=tuple(needed_by))


def make_generation(number: int, *names: str, parent: int = 0) -> Generation:
    """A generation that was asked for these packages, each of version 1.0."""
    return Generation(
        id=number,
        parent=parent,
        requirements=tuple(requirement(name) for name in names),
        locked=tuple(locked(name) for name in names),
        summary=f"install {' '.join(names)}",
        created_at="2026-01-02T03:04:05+00:00",
    )


def claimed(store: GenerationStore) -> int:
    """The number of a generation that is to be built."""
    number = store.reserve()
    store.claim(number)
    return number


def add_generation(store: GenerationStore, *names: str, activate: bool = True) -> Generation:
    """Seal another generation, and make it current."""
    number = claimed(store)
    (store.folder_of(number) / "module.py").write_text(f"NAMES = {names}\n", encoding="utf-8")
    generation = make_generation(number, *names, parent=store.pointer().current)
    store.seal(generation)
    if activate:
        store.activate(number)
        store.project()
    return generation


def filled_store(folder: Path, count: int) -> GenerationStore:
    """A store of that many generations, each with one package more, the last of them current."""
    store = GenerationStore(folder)
    with changing(store):
        for number in range(1, count + 1):
            add_generation(store, *(f"scope-{one}" for one in range(number)))
    return store


@contextmanager
def changing(store: GenerationStore, what: str = "a test") -> Generator[ChangeLock]:
    """The lock of a store, in a block that needs no event loop."""
    lock = store._take_lock(what, or_none=False)
    assert lock is not None
    try:
        yield lock
    finally:
        lock.release()


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Another process that runs this code, to its end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def start_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process that runs this code; what it prints is read from its ``stdout``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
