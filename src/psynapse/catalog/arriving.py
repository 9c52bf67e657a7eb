"""Modules that one thread is importing while another one looks at them.

Libraries look into ``sys.modules`` to learn whether a value could be of pandas without importing it (Plotly, Altair,
narwhals do). Nodes run side by side and import when they first need something, so one may find there what another is
still importing: half of a module. Here it waits for the other half.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType


def wait_for_arriving() -> None:
    """From now on, have threads that look for something in a package wait until its import is over."""
    if not any(isinstance(finder, _ArrivingFinder) for finder in sys.meta_path):
        # In the place of the usual one: what others have put before that stays before it.
        sys.meta_path.insert(sys.meta_path.index(PathFinder), _ArrivingFinder())


class _ArrivingFinder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # What others look for in ``sys.modules`` is whole packages.
        if "." in fullname:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.submodule_search_locations is None or type(spec.loader) is not SourceFileLoader:
            return None
        spec.loader = _ArrivingLoader(spec.loader)
        return spec


class _Arriving(ModuleType):
    """A module until its import is over."""

    def __getattr__(self, name: str) -> object:
        # Waits for the thread that is importing it; does nothing in that thread, nor where both wait for each other.
        if sys.modules.get(self.__name__) is self:
            import_module(self.__name__)
        return ModuleType.__getattribute__(self, name)


class _ArrivingLoader(Loader):
    def __init__(self, loader: SourceFileLoader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Arriving(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        # Those who ask the module where it is from are to find what they expect.
        if module.__spec__:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        try:
            self._loader.exec_module(module)
        finally:
            if type(module) is _Arriving:
                object.__setattr__(module, "__class__", ModuleType)
