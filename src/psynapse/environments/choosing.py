"""What an edit of the current generation comes to: its requirements, resolved."""

from dataclasses import dataclass
from functools import partial

from psynapse.environments.base import Base
from psynapse.environments.edits import Install, Rebuild, Remove, describe, edited, summary
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
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
    choosing = partial(resolve, uv, base, current=before.locked, build=build, on_line=on_line)
    if not isinstance(edit, Install):
        resolution = await choosing(edited(before.requirements, edit))
        fresh = _names(resolution.locked) if isinstance(edit, Rebuild) else frozenset[str]()
        return Choice(resolution=resolution, summary=describe(edit), fresh=fresh)
    asked = edit.requirement
    upgrade = frozenset({asked.name} if edit.upgrade else ())
    resolution = await choosing(edited(before.requirements, edit), upgrade=upgrade, pre=edit.pre)
    # Its address was all that was known of it; nothing else has the same one.
    name = asked.name or next(one.name for one in resolution.requirements if one.spec == asked.spec)
    fresh = frozenset({name} if asked.source == "local" else ())
    return Choice(resolution=resolution, summary=summary(edit, name, resolution.locked), fresh=fresh)


def _names(locked: tuple[Locked, ...]) -> frozenset[str]:
    return frozenset(one.name for one in locked)
