"""Node packages as they are shown: what was asked for, what is there, and what a worker could make of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from psynapse.catalog.distributions import readable
from psynapse.environments.base import PRODUCT
from psynapse.environments.extras import lacking
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
from psynapse.environments.requirement import Requirement, Source
from psynapse.model.catalog import Catalog
from psynapse.model.packages import NodePackage

_SHOWN: Final = ("Summary", "Author", "Author-email")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEntry:
    """A node package. ``spec`` is what was asked for; one that is not ``removable`` came otherwise.

    ``latest_version`` and ``update_available`` are empty and None while nothing is known.
    """

    name: str
    version: str = ""
    description: str = ""
    author: str = ""
    source: Source = "pypi"
    spec: str = ""
    editable: bool = False
    path: str = ""
    commit: str = ""
    removable: bool = True
    extra: str = ""
    """The extra of psynapse that it is, a set of libraries; empty for a package."""
    pipelines: Mapping[str, str]
    """Names by id."""
    node_types: Sequence[str] = ()
    nodepacks: Sequence[str] = ()
    latest_version: str = ""
    update_available: bool | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraEntry:
    """An extra of psynapse: what asks for it, its libraries, and those of them that are not there."""

    name: str
    spec: str
    libraries: Sequence[str]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Installed:
    """A generation with what is known of its distributions, and what its workers offer.

    ``libraries``: what each extra of psynapse asks for. ``disabled``: normalised names of what is switched off.
    """

    generation: Generation
    distributions: Mapping[str, Distribution]
    base_versions: Mapping[str, str]
    catalog: Catalog
    libraries: Mapping[str, tuple[Parsed, ...]]
    disabled: Collection[str] = ()

    def entries(self) -> Iterator[NodeEntry]:
        """What was asked for, in that order, then node packages that came otherwise."""
        for entry in self._found():
            yield replace(entry, disabled=True) if canonicalize_name(entry.name) in self.disabled else entry

    def _found(self) -> Iterator[NodeEntry]:
        packages = {canonicalize_name(package.name): package for package in self.catalog.packages}
        for requirement in self.generation.requirements:
            if requirement.of_product:
                yield from map(self._extra, requirement.extras)
                continue
            yield self._asked_for(requirement, packages.pop(canonicalize_name(requirement.name), None))
        for name, package in packages.items():
            yield self._brought(name, package)

    def extras(self) -> Iterator[ExtraEntry]:
        """All extras of psynapse that are for nodepacks, wherever their libraries are."""
        versions = self._versions()
        for name, wanted in self.libraries.items():
            yield ExtraEntry(
                name=name,
                spec=f"{PRODUCT}[{name}]",
                libraries=[one.name for one in wanted],
                missing=lacking(wanted, versions),
            )

    def entry(self, name: str) -> NodeEntry | None:
        """The node package of that name, however it is written."""
        wanted = canonicalize_name(name)
        return next((entry for entry in self.entries() if canonicalize_name(entry.name) == wanted), None)

    def _extra(self, name: str) -> NodeEntry:
        versions = self._versions()
        there = (canonicalize_name(one.name) for one in self.libraries.get(name, ()))
        listed = ", ".join(f"{one} {versions[one]}" for one in there if one in versions)
        title = f"{PRODUCT}[{name}]"
        return NodeEntry(
            name=title, description=f"Libraries for {name}: {listed}", spec=title, extra=name, pipelines={}
        )

    def _versions(self) -> Mapping[str, str]:
        return {**self.base_versions, **{name: one.version for name, one in self.distributions.items()}}

    def _asked_for(self, requirement: Requirement, package: NodePackage | None) -> NodeEntry:
        name = requirement.name
        locked = self._locked(name)
        version = locked.version if locked else self.base_versions.get(canonicalize_name(name), "")
        metadata = self._metadata(name)
        return NodeEntry(
            name=name,
            version=version,
            description=package.summary if package else metadata.get("Summary", ""),
            author=package.author if package else readable(metadata.get("Author") or metadata.get("Author-email", "")),
            source=requirement.source,
            spec=requirement.spec,
            editable=requirement.editable,
            path=requirement.path,
            commit=requirement.commit or (locked.commit if locked else ""),
            pipelines=_pipelines(package),
            node_types=package.node_types if package else (),
            nodepacks=package.nodepacks if package else (),
        )

    def _brought(self, name: str, package: NodePackage) -> NodeEntry:
        locked = self._locked(name)
        return NodeEntry(
            name=package.name,
            version=package.version,
            description=package.summary,
            author=package.author,
            source=locked.source if locked else "pypi",
            spec=locked.line if locked else "",
            editable=locked.editable if locked else False,
            path=locked.path if locked else "",
            commit=locked.commit if locked else "",
            removable=False,
            pipelines=_pipelines(package),
            node_types=package.node_types,
            nodepacks=package.nodepacks,
        )

    def _locked(self, name: str) -> Locked | None:
        wanted = canonicalize_name(name)
        return next((one for one in self.generation.locked if canonicalize_name(one.name) == wanted), None)

    def _metadata(self, name: str) -> Mapping[str, str]:
        found = self.distributions.get(canonicalize_name(name))
        return {key: found.metadata[key] for key in _SHOWN if key in found.metadata} if found else {}


def project_changed_since(folder: Path, file: Path) -> bool:
    """Whether what a project says of itself is newer than a file, which has to be there."""
    written = file.stat().st_mtime
    there = (folder / name for name in ("pyproject.toml", "setup.py", "setup.cfg"))
    return any(one.is_file() and one.stat().st_mtime > written for one in there)


def _pipelines(package: NodePackage | None) -> Mapping[str, str]:
    return {pipeline.id: pipeline.name for pipeline in package.pipelines} if package else {}
