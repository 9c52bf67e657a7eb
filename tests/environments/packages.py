"""Packages for tests of changes, and short ways to make and to ask about them."""

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path

from local_index import LocalIndex
from package_project import build_wheel, make_package, module_name

from psynapse.environments.change import Change
from psynapse.environments.edits import Edit, Install
from psynapse.environments.generation import Generation
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.steps import StepListener, ignore_step
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer


def offer(index: LocalIndex, folder: Path, name: str, version: str = "1.0", *, requires: Sequence[str] = ()) -> None:
    """Put a plain package into the index."""
    index.add(build_wheel(make_package(folder / version, name, version, requires=requires)))


def offer_code(index: LocalIndex, folder: Path, name: str, code: str, version: str = "1.0", *requires: str) -> None:
    """Put a package into the index that runs this when it is imported."""
    files = {f"{module_name(name)}/__init__.py": code}
    index.add(build_wheel(make_package(folder / version, name, version, files=files, requires=requires)))


def change(changer: Changer, edit: Edit, listener: StepListener = ignore_step) -> Change:
    return asyncio.run(changer.change(edit, listener))


def install(changer: Changer, spec: str | Path, *, upgrade: bool = False, editable: bool | None = None) -> Change:
    return change(changer, Install(parse_requirement(str(spec), editable=editable), upgrade=upgrade))


def versions(generation: Generation, *modules: str) -> list[str]:
    """The ``VERSION`` of modules, as the generation's Python imports them."""
    code = f"import importlib\nfor name in {list(modules)}: print(importlib.import_module(name).VERSION)"
    ran = subprocess.run([generation.python, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


def snapshot(store: GenerationStore) -> dict[str, bytes]:
    """Everything that says what is there: the pointer, the projections, and which generations are sealed."""
    names = ("current", "nodes.txt", "resolved.txt", "freeze.txt", "lock")
    files = {name: (store.folder / name).read_bytes() for name in names if (store.folder / name).exists()}
    return files | {str(one.id): b"" for one in store.history()}


def held(store: GenerationStore) -> dict[str, str]:
    """Name and version of all that the current generation holds."""
    return {one.name: one.version for one in store.current().locked}
