"""What can be changed about the node packages: each edit makes a tuple of requirements from another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from psynapse.environments.locked import Locked
from psynapse.environments.refusals import NotInstalled
from psynapse.environments.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Install:
    """Have this package, in place of the one of that name where there is one.

    ``upgrade``: the newest version that fits, not the one that is there. ``pre``: versions before a release count.
    """

    requirement: Requirement
    upgrade: bool = False
    pre: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """No longer have the package of that name, however it is written."""

    name: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """Go back to a generation; without a number, to the one that the current one was made from."""

    to: int | None = None


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Have the same packages for the base as it is now."""


Edit = Install | Remove | Rollback | Rebuild


def describe(edit: Edit) -> str:
    """The edit in a few words, before it is known what it comes to."""
    match edit:
        case Install(requirement, upgrade):
            return f"{'update' if upgrade else 'install'} {requirement.label}"
        case Remove(name):
            return f"uninstall {name}"
        case Rollback(None):
            return "go back to the generation before"
        case Rollback(to):
            return f"go back to generation {to}" if to else "go back to the base alone"
        case _:
            return "rebuild for the changed base"


def summary(edit: Edit, name: str, locked: Iterable[Locked]) -> str:
    """The edit in a few words, with the name and the version that it came to."""
    if not isinstance(edit, Install):
        return describe(edit)
    versions = [one.version for one in locked if one.name == name]
    return " ".join([describe(replace(edit, requirement=replace(edit.requirement, name=name))), *versions])


def edited(requirements: Sequence[Requirement], edit: Install | Remove | Rebuild) -> tuple[Requirement, ...]:
    """The requirements after an edit. Raises NotInstalled for a package that was never asked for."""
    match edit:
        case Install(wanted, upgrade):
            same = [one for one in requirements if is_same_package(one, wanted)]
            at = requirements.index(same[0]) if same else len(requirements)
            rest = [one for one in requirements if one not in same]
            placed = wanted if upgrade else _pinned_like(wanted, same)
            return (*rest[:at], _added_up(placed, same), *rest[at:])
        case Remove(name):
            left = tuple(_left(requirements, canonicalize_name(name)))
            if left == tuple(requirements):
                raise NotInstalled(f"there is no node package {name!r}", hint=_names(requirements))
            return left
        case _:
            return tuple(requirements)


def dependents(names: Iterable[str], locked: Sequence[Locked]) -> frozenset[str]:
    """These, and all that need them, directly or not."""
    reached = set(names)
    while more := _asking(reached, locked) - reached:
        reached |= more
    return frozenset(reached)


def _asking(names: set[str], locked: Sequence[Locked]) -> set[str]:
    return {asker for one in locked if one.name in names for asker in one.needed_by}


def is_same_package(one: Requirement, wanted: Requirement) -> bool:
    """Whether one requirement takes the place of the other: they have the same name, or come from the same place."""
    if wanted.name:
        return one.name == wanted.name
    return (one.url, one.path, one.subdirectory) == (wanted.url, wanted.path, wanted.subdirectory)


def known_name(requirements: Iterable[Requirement], wanted: Requirement) -> str:
    """The name of what is wanted; of a bare address that of what came from there before, empty where nothing did."""
    return wanted.name or next((one.name for one in requirements if is_same_package(one, wanted)), "")


def _pinned_like(wanted: Requirement, same: Sequence[Requirement]) -> Requirement:
    """Asked for again without an upgrade, a repository stays at the commit it is at."""
    for one in same:
        if (one.url, one.ref, one.subdirectory) == (wanted.url, wanted.ref, wanted.subdirectory):
            return replace(wanted, commit=wanted.commit or one.commit)
    return wanted


def _added_up(wanted: Requirement, same: Sequence[Requirement]) -> Requirement:
    """Extras of psynapse beside those that were asked for before."""
    extras = [extra for one in same if one.of_product for extra in one.extras]
    return wanted.with_extras([*wanted.extras, *extras]) if wanted.of_product and extras else wanted


def _left(requirements: Sequence[Requirement], name: str) -> Iterator[Requirement]:
    for one in requirements:
        if one.of_product and name in one.names:
            if rest := [extra for extra, title in zip(one.extras, one.names, strict=True) if title != name]:
                yield one.with_extras(rest)
        elif one.name != name:
            yield one


def _names(requirements: Sequence[Requirement]) -> str:
    names = ", ".join(name for one in requirements for name in one.names)
    return f"there are: {names}" if names else "none is installed"
