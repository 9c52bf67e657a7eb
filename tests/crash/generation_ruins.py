"""What there has to be after a change was killed and a new process has recovered."""

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from change_process import MARK

from psynapse.environments.base import read_base
from psynapse.environments.generation import Generation
from psynapse.environments.store import GenerationStore

NEED_HELPER: Final = frozenset({"scope-a", "scope-c"})
"""The packages that need ``helper-lib``, which is of version 1.0."""
_PATIENCE: Final = 10.0

State = Mapping[str, tuple[str, str]]
"""By name of the package: what was asked for, and the version that is there."""


class Ruin(AssertionError):
    """Something is not as it was nor as it was to be."""


def base_files() -> dict[str, tuple[int, int, int]]:
    """Size, time and inode of every file of the base, but for bytecode."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in _paths_of_base():
        status = os.lstat(path)
        found[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def base_content() -> dict[str, str]:
    """A digest of the content of every file of the base, but for bytecode; of a link, where it leads."""
    return {path: os.readlink(path) if os.path.islink(path) else _digest(path) for path in _paths_of_base()}  # noqa: PTH114, PTH115 -- a Path for each of so many files costs as much as reading it


def look_at_base(before: Mapping[str, tuple[int, int, int]]) -> None:
    """The base's files are those that were there. Raises Ruin."""
    _compare(base_files(), before)


def look_at_content_of_base(before: Mapping[str, str]) -> None:
    """The base's files are byte by byte what they were. Raises Ruin."""
    _compare(base_content(), before)


def _compare(now: Mapping[str, object], before: Mapping[str, object]) -> None:
    if different := {path for path, _ in now.items() ^ before.items()}:
        raise Ruin(f"files of the base are not what they were: {sorted(different)[:10]}")


def state_of(generation: Generation) -> State:
    """What a generation says that it holds."""
    versions = {one.name: one.version for one in generation.locked}
    return {one.name: (one.spec, versions[one.name]) for one in generation.requirements}


def look_at_files(store: GenerationStore, current: Generation) -> None:
    """The projections agree with the current generation, and nothing half done is left. Raises Ruin."""
    state = state_of(current)
    before = store.before()
    wanted = {
        "nodes.txt": [spec for spec, _ in state.values()],
        "resolved.txt": _lines(state),
        "freeze.txt": _lines(state_of(before)),
    }
    for name, lines in wanted.items():
        found = (store.folder / name).read_text(encoding="utf-8").splitlines()
        if found != lines:
            raise Ruin(f"{name} says {found}, not {lines}")
    sealed = {str(one.id) for one in store.history()}
    there = {path.name for path in (store.folder / "generations").iterdir()}
    if there - {"last"} != sealed:
        raise Ruin(f"the generations {sealed} are sealed, and there are {there}")
    if unfinished := list(store.folder.glob("*.part")):
        raise Ruin(f"half written files are left: {unfinished}")


def look_at_imports(generation: Generation, state: State) -> None:
    """Every package can be imported by the generation's Python, and is of the version that it is said to be."""
    modules = {name.replace("-", "_"): version for name, (_, version) in state.items()}
    modules |= {"helper_lib": "1.0"} if NEED_HELPER & state.keys() else {}
    code = f"import importlib, psynapse\nprint([importlib.import_module(one).VERSION for one in {list(modules)}])"
    ran = subprocess.run([generation.python, "-c", code], capture_output=True, text=True, check=False)
    if ran.stdout.strip() != str(list(modules.values())):
        raise Ruin(f"{modules} cannot be imported from generation {generation.id}: {ran.stdout}{ran.stderr}")


def look_for_orphans(mark: str) -> None:
    """No process that carries the mark is left. Raises Ruin."""
    ends = time.monotonic() + _PATIENCE
    while orphans := list(_marked(mark)):
        if time.monotonic() > ends:
            raise Ruin(f"processes are left: {orphans}")
        time.sleep(0.01)


def _paths_of_base() -> Iterator[str]:
    for site in read_base().site_dirs:
        for folder, folders, names in os.walk(site):
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (f"{folder}/{name}" for name in names)


def _digest(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 -- as above
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(state: State) -> list[str]:
    versions = {name: version for name, (_, version) in state.items()}
    helper = {"helper-lib": "1.0"} if NEED_HELPER & state.keys() else {}
    return [f"{name}=={version}" for name, version in sorted({**versions, **helper}.items())]


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
