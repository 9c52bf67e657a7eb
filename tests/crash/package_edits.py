"""The packages that are installed and killed meanwhile, and which change of them comes next."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from generation_ruins import NEED_HELPER, State, state_of
from local_index import LocalIndex
from package_project import build_wheel, make_package, module_name

from psynapse.environments.store import GenerationStore

NAMES: Final = ("scope-a", "scope-b", "scope-c")
_VERSIONS: Final = ("1.0", "2.0")
_MODULE: Final = """
from pathlib import Path
from psynapse import hookimpl
{imports}
VERSION = "{version}"

@hookimpl
def register_nodepacks(register):
    register(Path(__file__).parent / "{module}_nodes")
"""
_OPS: Final = """
import {module}

def {module}_version() -> str:
    return {module}.VERSION
"""


class PackageEdits:
    """Chooses changes of the packages in ``store``; ``order`` makes one that has to succeed."""

    def __init__(self, store: GenerationStore, chance: random.Random, order: Callable[..., None]) -> None:
        self._store = store
        self._chance = chance
        self._order = order

    def prepare(self, kind: str) -> tuple[list[str], State]:
        """An edit of that kind and the state that it leads to; first another one where there is nothing to change."""
        state = state_of(self._store.current())
        here, missing = list(state), [name for name in NAMES if name not in state]
        if kind == "install" and missing:
            return self._install(state, self._chance.choice(missing))
        if kind == "rollback" and self._store.current().id and self._can_go_back():
            return ["rollback"], state_of(self._store.get(self._store.current().parent))
        if kind == "update" and here:
            return _update(state, self._chance.choice(here))
        if kind == "uninstall" and here:
            name = self._chance.choice(here)
            return ["uninstall", name], {one: what for one, what in state.items() if one != name}
        crowded = kind == "install" or not missing
        self._order(*(["uninstall", here[0]] if crowded else self._install(state, missing[0])[0]))
        return self.prepare(kind)

    def _can_go_back(self) -> bool:
        parent = self._store.current().parent
        return parent == 0 or any(one.id == parent for one in self._store.history())

    def _install(self, state: State, name: str) -> tuple[list[str], State]:
        version = self._chance.choice(_VERSIONS)
        spec = name if version == _VERSIONS[-1] else f"{name}=={version}"
        return ["install", spec], {**state, name: (spec, version)}


def version_ref(name: str) -> str:
    """The node of a package that tells its version."""
    module = module_name(name)
    return f"{module}_nodes/ops.py:{module}_version"


def offer_packages(index: LocalIndex, folder: Path) -> None:
    """Build every version of every package below ``folder``, and offer them."""
    index.add(build_wheel(make_package(folder, "helper-lib", "1.0", entry_point=None)))
    for name in NAMES:
        requires = ["helper-lib>=1"] if name in NEED_HELPER else []
        for version in _VERSIONS:
            scripts = {name: f"{name.replace('-', '_')}:main"}
            files = _files(name, version)
            project = make_package(folder / version, name, version, requires=requires, scripts=scripts, files=files)
            index.add(build_wheel(project))


def _files(name: str, version: str) -> dict[str, str]:
    module = module_name(name)
    imports = "import helper_lib" if name in NEED_HELPER else ""
    return {
        f"{module}/__init__.py": _MODULE.format(module=module, version=version, imports=imports),
        f"{module}/{module}_nodes/ops.py": _OPS.format(module=module),
    }


def _update(state: State, name: str) -> tuple[list[str], State]:
    if state[name][1] == _VERSIONS[0]:
        return ["update", name], {**state, name: (name, _VERSIONS[1])}
    spec = f"{name}=={_VERSIONS[0]}"
    return ["install", spec], {**state, name: (spec, _VERSIONS[0])}
