"""Importing node packages and calling their hooks. What one of them does wrong is its failure, and nobody else's.

Imported only where there is a node package: workers without one start without pluggy.
"""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, PathDistribution
from os import PathLike
from pathlib import Path
from typing import Any, Final, TypeVar

from pluggy import PluginManager

from psynapse.catalog.chunks import PipelineCall
from psynapse.catalog.distributions import InstalledPackage, readable
from psynapse.catalog.event_nodes import EventNode, FrameSource, Owner, event_node, frame_source
from psynapse.catalog.failures import load_failure
from psynapse.catalog.hookspecs import PROJECT, Hooks
from psynapse.catalog.hosting import PipelineHost
from psynapse.catalog.nodepacks import Nodepack, nodepacks_at, source_digest
from psynapse.catalog.pipelines import Pipeline, described, info_of
from psynapse.errors import PsynapseError
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.operation import Address, Operation, Validator
from psynapse.model.packages import DisabledPackage, LoadFailure, NodePackage, PipelineInfo
from psynapse.model.schema import NodeSchema

COMPAT: Final = Path(__file__).resolve().parents[1] / "compat"
"""The folder with the names of ``scope`` that packages import."""

Result = TypeVar("Result")


class InvalidPackage(PsynapseError):
    """A node package that cannot be one, or a class that it cannot register."""

    code = "invalid-package"


@dataclass(slots=True)
class LoadedPackages:
    """What all packages together bring. ``owners`` has the distribution that registered an id first."""

    host: PipelineHost = field(default_factory=PipelineHost)
    packages: list[NodePackage] = field(default_factory=list[NodePackage])
    operations: list[Operation] = field(default_factory=list[Operation])
    event_nodes: list[EventNode] = field(default_factory=list[EventNode])
    nodepacks: list[Nodepack] = field(default_factory=list[Nodepack])
    owners: dict[str, tuple[str, type]] = field(default_factory=dict[str, "tuple[str, type]"])


def load_packages(
    found: Iterable[InstalledPackage],
    skip: Sequence[str],
    announce: Callable[[str], None],
    disabled: Iterable[DisabledPackage] = (),
) -> LoadedPackages:
    """Import these packages and call each of their hooks once. ``announce`` hears the name of each before that.

    Those in ``skip`` and ``disabled`` are listed, but not imported. Raises nothing for what packages do wrong, short
    of killing the process: it becomes a LoadFailure of that package. KeyboardInterrupt passes through.
    """
    if str(COMPAT) not in sys.path:
        sys.path.append(str(COMPAT))
    loaded = LoadedPackages()
    off = {one.name: one for one in disabled}
    for package in found:
        loading = _Loading(package, loaded)
        if package.name in off:
            loading.disable(off[package.name])
        elif package.name in skip:
            loading.skip()
        else:
            announce(package.name)
            loading.load()
        loaded.packages.append(loading.result())
    return loaded


class _Loading:
    """One package on its way."""

    def __init__(self, package: InstalledPackage, loaded: LoadedPackages) -> None:
        self._name = package.name
        self._version = package.version
        self._info = package.info
        self._distribution = PathDistribution(package.info)
        self._loaded = loaded
        self._failures: list[LoadFailure] = []
        self._pipelines: list[PipelineInfo] = []
        self._node_types: list[str] = []
        self._nodepacks: list[str] = []
        self._target = ""
        self._folder = package.info.parent
        self._code = ""
        self._disabled = False

    def disable(self, package: DisabledPackage) -> None:
        """Note that it is switched off, and what it would bring."""
        self._disabled = True
        self._nodepacks.extend(package.nodepacks)

    def skip(self) -> None:
        """Note that it was not imported."""
        hint = "install another version of it, or remove it"
        self._fail(InvalidPackage("it was not imported, because that ended the worker before", hint=hint))

    def load(self) -> None:
        """Import it and call its hooks."""
        if (entry := self._attempt(self._entry_point)) and (plugin := self._attempt(_plugin_of, entry)):
            hooks = self._attempt(_hooks_of, plugin)
            for name, register in (
                ("register_pipelines", self._register),
                ("register_nodes", self._register),
                ("register_nodepacks", self._register_nodepacks),
            ):
                if hooks:
                    self._attempt(_call_hook, hooks, name, register)

    def result(self) -> NodePackage:
        """The package with what it has brought."""
        meta: Any = attempt(None, lambda: self._distribution.metadata)
        text: Callable[[str], str] = lambda name: readable(str(meta.get(name, "") or "")) if meta else ""  # noqa: E731
        return NodePackage(
            name=self._name,
            version=text("Version") or self._version,
            summary=text("Summary"),
            author=text("Author") or text("Author-email"),
            pipelines=tuple(self._pipelines),
            node_types=tuple(self._node_types),
            nodepacks=tuple(self._nodepacks),
            failures=tuple(self._failures),
            disabled=self._disabled,
        )

    def _attempt(self, function: Callable[..., Result], *args: object) -> Result | None:
        found = outcome(function, *args)
        if isinstance(found, Raised):
            self._fail(found.error)
            return None
        return found

    def _fail(self, error: BaseException, name: str = "") -> None:
        failure = load_failure(error, self._folder, Path(self._target or self._info), name)
        hint = _missing(error, self._name) if isinstance(error, ModuleNotFoundError) else failure.hint
        # A package declares what it needs: that it lacks something is a fault of the package.
        named = replace(failure, nodepack=self._name, package=self._name, hint=hint, extra=None)
        self._failures.append(named)

    def _entry_point(self) -> EntryPoint:
        entries = list(self._distribution.entry_points.select(group=PROJECT))
        if len(entries) != 1:
            names = ", ".join(sorted(entry.name for entry in entries))
            message = f"it has {len(entries)} entry points in the group {PROJECT}, where one is wanted: {names}"
            raise InvalidPackage(message, hint="ask its author to leave only one")
        self._target = entries[0].value
        self._folder = _folder_of(entries[0].module) or self._folder
        self._code = self._digest()
        return entries[0]

    def _digest(self) -> str:
        """What changes when the package's code does: its own list of files, or for a folder being edited the files."""
        origin = self._distribution.read_text("direct_url.json")
        editable = origin is not None and bool(json.loads(origin).get("dir_info", {}).get("editable"))
        record = None if editable else self._distribution.read_text("RECORD")
        if record is None:
            return source_digest(Nodepack(self._name, self._folder, "package"))
        return hashlib.blake2b(f"{self._version}\0{record}".encode(), digest_size=16).hexdigest()

    # Registering

    def _register(self, cls: type) -> None:
        """What hooks call. A class that cannot be registered does not keep the others from being."""
        registered = outcome(self._add, cls)
        if isinstance(registered, Raised):
            self._fail(registered.error, str(getattr(cls, "__name__", "")))

    def _add(self, cls: Any) -> None:
        if not isinstance(cls, type):
            hint = "register the class itself"
            raise InvalidPackage(f"a {type(cls).__name__} was registered, where a class is wanted", hint=hint)
        filepath = getattr(sys.modules.get(cls.__module__), "__file__", None) or self._target
        any_class: Any = cls
        config = any_class.get_config_class() if hasattr(cls, "get_config_class") else None
        if config is not None:
            self._add_pipeline(Pipeline(cls, config, self._name, filepath, self._folder, self._code))
        elif getattr(cls, "node_type_id", "") or getattr(cls, "source_id", ""):
            self._add_node(any_class, Owner(self._name, filepath, self._code))
        else:
            message = f"{cls.__name__} is no pipeline (it has no config), and no node or source (it has no id)"
            raise InvalidPackage(message, hint="set pipeline_id, node_type_id or source_id")

    def _add_pipeline(self, pipeline: Pipeline) -> None:
        schema, validators = described(pipeline)
        info = info_of(pipeline)
        if self._takes(pipeline.id, pipeline.cls):
            self._loaded.host.add(pipeline)
            self._pipelines.append(info)
            self._operate(schema, PipelineCall(pipeline, self._loaded.host), validators)

    def _add_node(self, cls: Any, owner: Owner) -> None:
        schema, callee = frame_source(cls, owner) if hasattr(cls, "source_id") else event_node(cls, owner)
        if self._takes(schema.name, cls):
            self._node_types.append(schema.name)
            self._operate(schema, callee, {})

    def _takes(self, key: str, cls: type) -> bool:
        """Whether the id is free; False where the same class has it. Raises InvalidPackage when another one has."""
        if key not in self._loaded.owners:
            self._loaded.owners[key] = (self._name, cls)
            return True
        owner, other = self._loaded.owners[key]
        if other is cls:
            return False
        whose = "itself" if owner == self._name else owner
        message = f"the id {key!r} of {cls.__name__} in {self._name} is taken by {other.__name__} in {whose}"
        raise InvalidPackage(
            message, hint=f"remove one of the packages, or ask the author of {self._name} for another id"
        )

    def _operate(
        self, schema: NodeSchema, callee: PipelineCall | EventNode | FrameSource, validators: Mapping[str, Validator]
    ) -> None:
        address = Address("", schema.filepath, "", schema.name)
        per_node = isinstance(callee, EventNode)
        if isinstance(callee, EventNode):
            self._loaded.event_nodes.append(callee)
        self._loaded.operations.append(Operation(schema, callee, address, False, validators, per_node))

    def _register_nodepacks(self, folder: str | PathLike[str]) -> None:
        packs = nodepacks_at(Path(folder), "package")
        if not packs:
            message = f"{folder} is no nodepack, and there is none in it"
            self._fail(InvalidPackage(message, hint="put an ops.py into the folder"))
        taken = {pack.name for pack in self._loaded.nodepacks}
        for pack in packs:
            if pack.name in taken:
                self._fail(InvalidPackage(f"another package has a nodepack {pack.name!r}", hint="rename the folder"))
            else:
                self._loaded.nodepacks.append(pack)
                self._nodepacks.append(pack.name)


def _plugin_of(entry: EntryPoint) -> object:
    """The module or object of an entry point; of a class an instance."""
    found = entry.load()
    return found() if isinstance(found, type) else found


def _hooks_of(plugin: object) -> PluginManager:
    """A plugin manager of its own for each package: in a common one the first hook that raises ends them all."""
    manager = PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    manager.register(plugin)
    return manager


def _call_hook(manager: PluginManager, name: str, register: Callable[..., None]) -> None:
    getattr(manager.hook, name)(register=register)


def _folder_of(module: str) -> Path | None:
    """Where a module's package is, found without importing it; for a module that is no package the file."""
    spec = importlib.util.find_spec(module.partition(".")[0])
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(spec.origin) if spec.origin else None


def _missing(error: ModuleNotFoundError, package: str) -> str:
    name = error.name or "a module"
    if name.partition(".")[0] == PROJECT:
        return f"{package} uses a part of Scope that is not offered here: look for another version of it"
    return f"{package} needs {name.partition('.')[0]}, which nothing installed brings: install that as well"
