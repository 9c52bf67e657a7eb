"""What is asked of the node packages, and what is told of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from psynapse.environments.change import Change
from psynapse.environments.edits import Edit, Install, Rebuild, Remove, Rollback
from psynapse.environments.locked import Changes
from psynapse.environments.requirement import parse_requirement
from psynapse.model.packages import LoadFailure
from psynapse.services.node_list import ExtraEntry, NodeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A node package that somebody would like to have. ``editable`` None: folders are, everything else is not."""

    spec: str
    editable: bool | None = None
    upgrade: bool = False
    pre: bool = False

    def edit(self) -> Install:
        """The same as an edit of the node packages. Raises BadRequirement."""
        return Install(parse_requirement(self.spec, editable=self.editable), self.upgrade, self.pre)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A change that has been made. ``problem``: why its generation is used only after a restart; empty when it is."""

    message: str
    generation: int
    differences: Changes
    node: NodeEntry | None = None
    unloaded: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """A package whose edited code is in use, and ids of pipelines: loaded again, new, gone."""

    node: NodeEntry
    reloaded: Sequence[str]
    added: Sequence[str]
    removed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """A package that was switched off or on, and ids of pipelines that were loaded and go with it."""

    message: str
    node: NodeEntry
    unloaded: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeList:
    """All node packages, what could not be loaded, and why they may not be what was installed."""

    entries: Sequence[NodeEntry]
    failures: Sequence[LoadFailure]
    extras: Sequence[ExtraEntry]
    generation: int
    problem: str


def summarize(edit: Edit, change: Change, name: str) -> str:
    """What a change has come to, in a few words; ``name`` is the package that was asked for."""
    match edit:
        case Install(wanted) if wanted.of_product:
            extras = ", ".join(wanted.extras)
            there = change.after.id == change.before.id
            return f"the libraries for {extras} {'were there already' if there else 'are installed'}"
        case Install():
            return _installation(change, name)
        case Remove():
            return f"uninstalled {edit.name}"
        case Rollback():
            return f"went back to generation {change.after.id}: {change.after.summary}"
        case Rebuild():
            return "built the node packages again"


def _installation(change: Change, name: str) -> str:
    for one in change.changes.added:
        if one.name == name:
            return f"installed {name} {one.after}"
    for one in change.changes.changed:
        if one.name == name:
            return f"updated {name} from {one.before} to {one.after}"
    return f"{name} is installed already" if change.after.id == change.before.id else f"installed {name} again"


def asked_for(edit: Edit, change: Change) -> str:
    """The name of the package that was to be installed; empty for another change."""
    if not isinstance(edit, Install):
        return ""
    wanted = edit.requirement
    if wanted.of_product:
        return wanted.names[0]
    names = (one.name for one in change.after.requirements if one.spec == wanted.spec)
    return next(names, wanted.name)
