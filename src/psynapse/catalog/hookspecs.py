"""The hooks of a node package, as pluggy knows them: project ``scope``."""

from collections.abc import Callable
from os import PathLike
from typing import Final

from pluggy import HookimplMarker, HookspecMarker

PROJECT: Final = "scope"
hookimpl: Final = HookimplMarker(PROJECT)
"""Marks a function, or a method of the object that the entry point names, as a hook."""
_hookspec = HookspecMarker(PROJECT)


class Hooks:
    """What a package may have. Each is called once, when a worker starts, and calls ``register`` for all it has."""

    @_hookspec
    def register_pipelines(self, register: Callable[[type], None]) -> None:
        """Register pipelines: classes with a config."""

    @_hookspec
    def register_nodes(self, register: Callable[[type], None]) -> None:
        """Register event-style nodes and sources of frames. Pipelines may come this way as well."""

    @_hookspec
    def register_nodepacks(self, register: Callable[[str | PathLike[str]], None]) -> None:
        """Register folders: each a nodepack, or with nodepacks in it."""
