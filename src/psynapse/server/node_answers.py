"""What is known of node packages as the shapes that are sent."""

from typing import TypeVar

from psynapse.environments.change import Preview
from psynapse.environments.choosing import Wanted
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Changes, HeldBack
from psynapse.model.packages import LoadFailure
from psynapse.server.node_shapes import (
    ChangeAnswer,
    DistributionChanges,
    ExtraInfo,
    FailedNode,
    GenerationItem,
    GenerationList,
    Held,
    InstallAnswer,
    NodeInfo,
    NodeList,
    PackageRequest,
    PipelineName,
    PreviewAnswer,
    ReloadAnswer,
    SwitchAnswer,
    UninstallAnswer,
    VersionChange,
    WantedPackage,
)
from psynapse.services.node_answers import Done, Reloaded, Switched, Wish
from psynapse.services.node_answers import NodeList as Found
from psynapse.services.node_list import ExtraEntry, NodeEntry
from psynapse.services.nodes import Nodes

Answer = TypeVar("Answer", bound=ChangeAnswer)


def as_node(entry: NodeEntry) -> NodeInfo:
    """A package as lists show it."""
    return NodeInfo(
        name=entry.name,
        version=entry.version,
        description=entry.description,
        author=entry.author,
        source=entry.source,
        spec=entry.spec,
        editable=entry.editable,
        editable_path=entry.path if entry.editable else None,
        pipelines=[PipelineName(pipeline_id=key, pipeline_name=name) for key, name in entry.pipelines.items()],
        node_types=list(entry.node_types),
        nodepacks=list(entry.nodepacks),
        latest_version=entry.latest_version or None,
        update_available=entry.update_available,
        commit=entry.commit or None,
        removable=entry.removable,
        disabled=entry.disabled,
        extra=entry.extra or None,
    )


def as_list(found: Found) -> NodeList:
    """All packages."""
    return NodeList(
        nodes=[as_node(entry) for entry in found.entries],
        failed=[as_failed(failure) for failure in found.failures],
        extras=[as_extra(entry) for entry in found.extras],
        generation=found.generation,
        problem=found.problem,
    )


def as_extra(entry: ExtraEntry) -> ExtraInfo:
    """An extra of psynapse as lists show it."""
    return ExtraInfo(name=entry.name, spec=entry.spec, libraries=list(entry.libraries), missing=list(entry.missing))


def as_preview(found: Preview) -> PreviewAnswer:
    """What a change would come to."""
    return PreviewAnswer(
        package=as_wanted(found.wanted) if found.wanted else None,
        changes=as_changes(found.changes),
        held_back=[as_held(one) for one in found.held_back],
    )


def as_wanted(wanted: Wanted) -> WantedPackage:
    """The package that would be installed."""
    asked = wanted.requirement
    return WantedPackage(
        name=asked.name,
        version=wanted.version,
        source=asked.source,
        spec=asked.spec,
        url=asked.url,
        path=asked.path,
        commit=asked.commit,
        editable=asked.editable,
    )


def as_history(nodes: Nodes) -> GenerationList:
    """The generations that are there. Reads files. Raises StoreUnusable."""
    current = nodes.current
    return GenerationList(current=current, generations=[as_generation(*one, current) for one in nodes.history()])


def as_wish(asked: PackageRequest) -> Wish:
    """What was asked for."""
    return Wish(spec=asked.package, editable=asked.editable, upgrade=asked.upgrade, pre=asked.pre)


def as_failed(failure: LoadFailure) -> FailedNode:
    """What could not be loaded of a package."""
    return FailedNode(
        package_name=failure.package,
        entry_point_name=failure.name,
        error_type=failure.error_type,
        error_message=failure.message,
        traceback=failure.traceback,
        hint=failure.hint,
    )


def as_changes(changes: Changes) -> DistributionChanges:
    """What becomes of distributions."""
    added, changed, removed = (
        [VersionChange(name=one.name, before=one.before, after=one.after) for one in group]
        for group in (changes.added, changes.changed, changes.removed)
    )
    return DistributionChanges(added=added, changed=changed, removed=removed)


def as_held(held: HeldBack) -> Held:
    """What is held back."""
    return Held(name=held.name, version=held.version, newest=held.newest, because=list(held.because))


def as_generation(generation: Generation, changes: Changes, current: int) -> GenerationItem:
    """A generation as the history shows it."""
    return GenerationItem(
        id=generation.id,
        parent=generation.parent,
        current=generation.id == current,
        summary=generation.summary,
        created_at=generation.created_at,
        packages=[requirement.spec for requirement in generation.requirements],
        changes=as_changes(changes),
    )


def as_done(done: Done, model: type[Answer]) -> Answer:
    """The answer to a change that has been made."""
    extra: dict[str, object] = {}
    if issubclass(model, InstallAnswer):
        assert done.node is not None, "what was installed is listed"
        extra["node"] = as_node(done.node)
    elif issubclass(model, UninstallAnswer):
        extra["unloaded_pipelines"] = list(done.unloaded)
    return model.model_validate(
        {
            "success": True,
            "message": done.message,
            "restart_required": bool(done.problem),
            "generation": done.generation,
            "changes": as_changes(done.differences),
            **extra,
        }
    )


def switched_answer(done: Switched) -> SwitchAnswer:
    """The answer when a package was switched off or on."""
    return SwitchAnswer(
        success=True,
        message=done.message,
        restart_required=bool(done.problem),
        node=as_node(done.node),
        unloaded_pipelines=list(done.unloaded),
    )


def reloaded_answer(done: Reloaded) -> ReloadAnswer:
    """The answer to a reload."""
    return ReloadAnswer(
        success=True,
        message=f"{done.node.name} was reloaded",
        restart_required=False,
        node=as_node(done.node),
        reloaded_pipelines=list(done.reloaded),
        added_pipelines=list(done.added),
        removed_pipelines=list(done.removed),
    )
