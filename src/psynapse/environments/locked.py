"""Exactly which distributions a generation holds, and how two of these lists differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from psynapse.environments.requirement import Source, source_of, text_of
from psynapse.model.ids import Json

_SHOWN_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One distribution of a generation, pinned.

    ``line`` is what uv installs exactly this from, ``needed_by`` the names of the distributions that asked for it.
    """

    name: str
    version: str
    line: str
    source: Source = "pypi"
    commit: str = ""
    editable: bool = False
    path: str = ""
    needed_by: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Everything, for a manifest."""
        return {
            "name": self.name,
            "version": self.version,
            "line": self.line,
            "source": self.source,
            "commit": self.commit,
            "editable": self.editable,
            "path": self.path,
            "needed_by": list(self.needed_by),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> "Locked":
        """What ``to_json`` returned. Raises KeyError, TypeError or ValueError when it is something else."""
        needed_by = data["needed_by"]
        if not isinstance(needed_by, list):
            raise TypeError("needed_by is a list")
        return cls(
            name=text_of(data, "name"),
            version=text_of(data, "version"),
            line=text_of(data, "line"),
            source=source_of(data),
            commit=text_of(data, "commit"),
            editable=data["editable"] is True,
            path=text_of(data, "path"),
            needed_by=tuple(str(name) for name in needed_by),
        )

    @property
    def shown(self) -> str:
        """Its version as people read it: with the beginning of the commit, when it is from Git."""
        return f"{self.version} ({self.commit[:_SHOWN_DIGITS]})" if self.commit else self.version


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A distribution that is older than it would be by itself, and the pins that hold it there."""

    name: str
    version: str
    newest: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One distribution before and after; ``before`` is empty for an added one, ``after`` for a removed one."""

    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How two lists of distributions differ, sorted by name."""

    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()


def compare(old: Sequence[Locked], new: Sequence[Locked]) -> Changes:
    """What becomes of ``old`` when it is replaced by ``new``."""
    before, after = ({one.name: one for one in locked} for locked in (old, new))
    return Changes(
        added=tuple(Change(name=name, after=after[name].shown) for name in sorted(after.keys() - before)),
        changed=tuple(
            Change(name=name, before=before[name].shown, after=after[name].shown)
            for name in sorted(before.keys() & after)
            if _differs(before[name], after[name])
        ),
        removed=tuple(Change(name=name, before=before[name].shown) for name in sorted(before.keys() - after)),
    )


def _differs(old: Locked, new: Locked) -> bool:
    """Who asked for it says nothing about what is installed."""
    return replace(old, needed_by=()) != replace(new, needed_by=())
