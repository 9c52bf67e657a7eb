"""Which distributions it takes to have what was asked for, without touching what is pinned."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from psynapse.environments.base import Base, Distribution, parse_version
from psynapse.environments.compilation import Chosen, Compilation, Compiler
from psynapse.environments.conflict import Surroundings
from psynapse.environments.errors import AddressConflict, EnvironmentsError
from psynapse.environments.held_back import find_held_back
from psynapse.environments.identity import Identified, identify, read_project
from psynapse.environments.locked import HeldBack, Locked
from psynapse.environments.requirement import Requirement, Source
from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.uv import Uv


async def _nothing() -> tuple[HeldBack, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What was asked for with names and commits filled in, and exactly what the base lacks for it, sorted by name.

    ``from_base`` names what is taken from the base. ``find_held_back`` says what could be newer, which takes about as
    long as resolving did; nothing else depends on it. It raises BuildNeeded where no code may be run.
    """

    requirements: tuple[Requirement, ...]
    locked: tuple[Locked, ...]
    from_base: tuple[str, ...] = ()
    find_held_back: Callable[[], Awaitable[tuple[HeldBack, ...]]] = field(default=_nothing, compare=False, repr=False)


async def resolve(  # noqa: PLR0913 - each is a choice of the caller's, and most have a default
    uv: Uv,
    base: Base,
    requirements: Sequence[Requirement],
    *,
    current: Sequence[Locked] = (),
    there: Mapping[str, Distribution] | None = None,
    upgrade: frozenset[str] = frozenset(),
    pre: bool = False,
    build: bool = True,
    on_line: Listener = ignore_line,
) -> Resolution:
    """Choose versions. Nothing moves that is in ``current`` and not in ``upgrade``, unless something new needs it to.

    ``there`` is how ``current`` is installed: what is known of it needs no network, nor uv's cache. Of two requirements
    with one name the later counts. ``pre`` allows pre-releases of what is new or upgraded. With
    ``build`` false no code of any package is run. Raises DependencyConflict, RequirementNotFound, BadRequirement,
    BuildNeeded, BuildFailed, NetworkUnreachable, UvFailed, UvMissing or OSError.
    """
    held = {one.name: one for one in current}
    return await _Resolver(uv, base, held, there or {}, upgrade, on_line).resolve(requirements, pre=pre, build=build)


class _Resolver:
    def __init__(
        self,
        uv: Uv,
        base: Base,
        current: Mapping[str, Locked],
        there: Mapping[str, Distribution],
        upgrade: frozenset[str],
        on_line: Listener,
    ) -> None:
        self._uv = uv
        self._base = base
        self._pins = base.pins()
        self._current = current
        self._there = there
        self._upgrade = upgrade
        self._on_line = on_line

    async def resolve(self, requirements: Sequence[Requirement], *, pre: bool, build: bool) -> Resolution:
        identified = await self._identify(requirements, build=build)
        asked = tuple(one.requirement for one in identified.values())
        if not asked:
            return Resolution(requirements=(), locked=())
        moving = [one for one in asked if self._moves(one)]
        what = self._compilation(asked, moving, pre=pre, build=build)
        compiler = self._compiler(asked, self._on_line)
        chosen = await self._compile(compiler, what, asked)
        lacking = [one for one in chosen if one.name not in self._pins and (one.url or not self._in_base(one))]
        locked = await asyncio.gather(*(self._lock(one, identified.get(one.name), compiler) for one in lacking))
        names = {one.name for one in lacking}
        return Resolution(
            requirements=asked,
            locked=tuple(sorted(locked, key=lambda one: one.name)),
            from_base=tuple(sorted(one.name for one in chosen if one.name not in names)),
            # Nobody hears of it: by then the next step is going on.
            find_held_back=partial(find_held_back, self._compiler(asked, ignore_line), moving, chosen, what),
        )

    def _compiler(self, asked: Sequence[Requirement], on_line: Listener) -> Compiler:
        surroundings = Surroundings(asked=asked, pins=self._pins, python=self._base.version)
        return Compiler(self._uv, self._base, surroundings, on_line)

    async def _identify(self, requirements: Sequence[Requirement], *, build: bool) -> Mapping[str, Identified]:
        """By name; a later one of the same name takes the place of an earlier one."""
        compiler = self._compiler(requirements, self._on_line)
        found = await asyncio.gather(
            *(identify(one, compiler, moving=self._moves(one), build=build) for one in requirements)
        )
        return {one.requirement.name: one for one in found}

    def _moves(self, asked: Requirement) -> bool:
        return asked.name not in self._current or asked.name in self._upgrade

    def _is_known(self, asked: Requirement) -> bool:
        """Whether it is there already, as it is asked for: then nothing new is needed to know."""
        if self._moves(asked):
            return False
        version = self._current[asked.name].version
        return not asked.specifier or SpecifierSet(asked.specifier).contains(version, prereleases=True)

    def _compilation(
        self, asked: Sequence[Requirement], moving: Sequence[Requirement], *, pre: bool, build: bool
    ) -> Compilation:
        held = self._base.preferences().items()
        base = {name: version for name, version in held if name not in self._upgrade and self._base_version(name)}
        kept = [one for one in self._current.values() if one.name not in self._upgrade]
        roots = {one.name for one in asked}
        return Compilation(
            lines=[replace(one, editable=False).line() for one in asked],
            preferred=base | {one.name: one.version for one in kept if not _is_address(one)},
            overrides=[one.line for one in kept if one.commit and one.name not in roots and self._stays(one)],
            fresh=self._upgrade,
            prereleases=frozenset(one.name for one in moving if pre and not one.url and not one.path),
            build=build,
        )

    def _stays(self, locked: Locked) -> bool:
        """Whether nothing moves that brought it in, so that its commit is still the one that is meant."""
        return not self._upgrade.intersection(locked.needed_by)

    async def _compile(self, compiler: Compiler, what: Compilation, asked: Sequence[Requirement]) -> tuple[Chosen, ...]:
        if all(map(self._is_known, asked)):
            # Asking the network first would make removals depend on it.
            with contextlib.suppress(EnvironmentsError):
                return await compiler.compile(replace(what, installed=self._installed()), offline=True)
        try:
            return await compiler.compile(what)
        except AddressConflict as conflict:
            pinned = [one.line() for one in asked if _is_pinned_of(one, conflict)]
            if not pinned:
                raise
            return await compiler.compile(replace(what, overrides=[*what.overrides, *pinned]))

    def _installed(self) -> list[Distribution]:
        """What stays of what is there, and is from an index."""
        staying = (one.name for one in self._current.values() if not _is_address(one) and one.name not in self._upgrade)
        return [self._there[name] for name in staying if name in self._there]

    def _in_base(self, chosen: Chosen) -> bool:
        held = self._base_version(chosen.name)
        return held is not None and held == Version(chosen.version)

    def _base_version(self, name: str) -> Version | None:
        held = self._base.distributions.get(name)
        return parse_version(held.version) if held else None

    async def _lock(self, chosen: Chosen, root: Identified | None, compiler: Compiler) -> Locked:
        if not chosen.url:
            line = f"{chosen.name}=={chosen.version}"
            return Locked(name=chosen.name, version=chosen.version, line=line, needed_by=chosen.needed_by)
        asked = root.requirement if root else None
        path = asked.path if asked else _path_of(chosen.url)
        editable = bool(asked and asked.editable)
        line = f"-e {Path(path).as_uri()}" if editable else f"{chosen.name} @ {chosen.url}"
        source: Source = "local" if path else "git" if chosen.commit else "pypi"
        version = (root.version if root else "") or self._known_version(chosen.name, line)
        return Locked(
            name=chosen.name,
            version=version or await _version_at(line, path, compiler),
            line=line,
            source=source,
            commit=chosen.commit,
            editable=editable,
            path=path,
            needed_by=chosen.needed_by,
        )

    def _known_version(self, name: str, line: str) -> str:
        """The version that the same line had, if it does not move."""
        held = self._current.get(name)
        return held.version if held and held.line == line and name not in self._upgrade else ""


async def _version_at(line: str, path: str, compiler: Compiler) -> str:
    found = read_project(path).version if path else (await compiler.identify(line)).version
    return found or await compiler.build(line)


def _is_pinned_of(asked: Requirement, conflict: AddressConflict) -> bool:
    """Whether it is the same repository that others want, who do not know which commit it is pinned to."""
    address = f"git+{asked.url}"
    return asked.name == conflict.name and all(one.startswith(address) for one in conflict.addresses)


def _is_address(locked: Locked) -> bool:
    return locked.line.startswith("-e ") or " @ " in locked.line


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == "file" else ""
