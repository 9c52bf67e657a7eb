"""What an edit of the current generation comes to: its requirements, resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from packaging.utils import canonicalize_name

from psynapse.environments.base import Base, Distribution, installed_in
from psynapse.environments.edits import Install, Rebuild, Remove, describe, edited, known_name, summary
from psynapse.environments.extras import check_product, libraries
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
from psynapse.environments.overlay import Overlay
from psynapse.environments.requirement import Requirement
from psynapse.environments.resolution import Resolution, resolve
from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.uv import Uv


@dataclass(frozen=True, slots=True)
class Wanted:
    """The package that an installation asks for, with name and commit filled in, and its version if that is known."""

    requirement: Requirement
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A resolution and where it comes from. ``fresh``: names of what is built again although it is the same."""

    resolution: Resolution
    summary: str
    fresh: frozenset[str] = frozenset()

    def changes_nothing(self, before: Generation) -> bool:
        """Whether the generation before is this already."""
        wanted = (self.resolution.requirements, self.resolution.locked)
        return not self.fresh and wanted == (before.requirements, before.locked)

    def wanted(self, edit: Install) -> Wanted:
        """What the installation of this choice would have."""
        asked = edit.requirement
        named = (one for one in self.resolution.requirements if asked.name in {one.name, ""} and one.spec == asked.spec)
        requirement = next(named, asked)
        versions = (one.version for one in self.resolution.locked if one.name == requirement.name)
        return Wanted(requirement, next(versions, ""))


async def choose(
    uv: Uv,
    base: Base,
    before: Generation,
    edit: Install | Remove | Rebuild,
    *,
    build: bool = True,
    on_line: Listener = ignore_line,
) -> Choice:
    """Resolve an edit; nothing moves that it is not about. Raises NotInstalled and what ``resolve`` does."""
    choosing = partial(
        resolve, uv, base, current=before.locked, there=_there(before, base), build=build, on_line=on_line
    )
    if not isinstance(edit, Install):
        resolution = await choosing(edited(before.requirements, edit))
        fresh = _names(resolution.locked) if isinstance(edit, Rebuild) else frozenset[str]()
        return Choice(resolution=resolution, summary=describe(edit), fresh=fresh)
    asked = edit.requirement
    check_product(base, asked)
    upgrade = _moved(base, before, asked) if edit.upgrade else frozenset[str]()
    resolution = await choosing(edited(before.requirements, edit), upgrade=upgrade, pre=edit.pre)
    # Its address was all that was known of it; nothing else has the same one.
    name = asked.name or next(one.name for one in resolution.requirements if one.spec == asked.spec)
    # Another file may be at the same address by now, as another state may be in the same folder.
    replaced = asked.source == "local" or (edit.upgrade and asked.source == "pypi" and asked.url)
    fresh = frozenset({name} if replaced else ())
    return Choice(resolution=resolution, summary=summary(edit, name, resolution.locked), fresh=fresh)


def _there(before: Generation, base: Base) -> Mapping[str, Distribution]:
    """What the generation has installed, as far as it can be read."""
    return installed_in(Overlay(Path(before.python).parents[1], base.version).site) if before.id else {}


def _moved(base: Base, before: Generation, asked: Requirement) -> frozenset[str]:
    """What an update is about: psynapse stays where it is, and the libraries of its extras move."""
    if not asked.of_product:
        name = known_name(before.requirements, asked)
        return frozenset({name} if name else ())
    known = libraries(base)
    return frozenset(canonicalize_name(one.name) for extra in asked.extras for one in known[extra])


def _names(locked: tuple[Locked, ...]) -> frozenset[str]:
    return frozenset(one.name for one in locked)
