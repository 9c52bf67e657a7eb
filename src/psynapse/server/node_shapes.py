"""What requests and answers about node packages look like."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from psynapse.server.shapes import Problem

_LONGEST_SPEC = 2_000
Spec = Annotated[str, Field(min_length=1, max_length=_LONGEST_SPEC)]
Source = Literal["pypi", "git", "local"]
ChangeVerb = Literal["install", "uninstall", "reload", "rollback", "rebuild", "disable", "enable"]


class PackageRequest(BaseModel):
    """A node package to install: an index name with or without version, a Git address, or a path of this machine."""

    model_config = ConfigDict(extra="forbid")

    package: Spec = Field(description="Such as scope-hello==1.0, https://host/user/repo@main, /path/of/a/project.")
    editable: bool | None = Field(default=None, description="In place. Left out: folders are, everything else is not.")
    upgrade: bool = Field(default=False, description="Take the newest version, of this package only.")
    pre: bool = Field(default=False, description="Allow versions before a release.")


class RollbackRequest(BaseModel):
    """Which generation to go back to; left out, the one before the last change."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[int, Field(ge=0, le=1 << 53)] | None = None


class PipelineName(BaseModel):
    """A pipeline as lists of packages show it."""

    pipeline_id: str
    pipeline_name: str


class NodeInfo(BaseModel):
    """An installed node package."""

    name: str
    version: str
    description: str
    author: str
    source: Source
    spec: str = Field(description="What was asked for.")
    editable: bool
    editable_path: str | None
    pipelines: list[PipelineName]
    node_types: list[str]
    nodepacks: list[str] = Field(description="Names of the nodepack folders that it brings.")
    latest_version: str | None = Field(description="Version, or short commit; null when it is not known.")
    update_available: bool | None = Field(description="Null when it is not known.")
    commit: str | None
    removable: bool = Field(description="False for one that others brought, or that is part of the base.")
    disabled: bool = Field(description="It is switched off: installed, but no worker imports it.")
    extra: str | None = Field(description="The extra of psynapse that it is, a set of libraries; null for a package.")


class FailedNode(BaseModel):
    """A node package, or a part of it, that could not be loaded."""

    package_name: str
    entry_point_name: str
    error_type: str
    error_message: str
    traceback: str
    hint: str


class ExtraInfo(BaseModel):
    """An extra of psynapse: libraries that nodepacks need. Asking for ``spec`` installs those that are missing."""

    name: str
    spec: str
    libraries: list[str]
    missing: list[str]


class NodeList(BaseModel):
    """All node packages. ``problem`` says why they may not be what was installed; empty when they are."""

    nodes: list[NodeInfo]
    failed: list[FailedNode]
    extras: list[ExtraInfo]
    generation: int
    problem: str


class VersionChange(BaseModel):
    """A distribution before and after; empty where it is not there."""

    name: str
    before: str
    after: str


class Held(BaseModel):
    """A distribution that stays older than it could be, and why."""

    name: str
    version: str
    newest: str
    because: list[str]


class DistributionChanges(BaseModel):
    """What a change does to the distributions of a generation."""

    added: list[VersionChange]
    changed: list[VersionChange]
    removed: list[VersionChange]


class WantedPackage(BaseModel):
    """The package that would be installed, and where it comes from. Empty: not known without running its code."""

    name: str
    version: str
    source: Source
    spec: str
    url: str = Field(description="The address of the repository or archive; empty for an index or a path.")
    path: str
    commit: str
    editable: bool


class PreviewAnswer(BaseModel):
    """What an installation would do. No code of a package was run to find out."""

    package: WantedPackage | None
    changes: DistributionChanges
    held_back: list[Held]


class ChangeAnswer(BaseModel):
    """A change that has been made. ``restart_required`` is false: new runs use it at once."""

    success: Literal[True]
    message: str
    restart_required: bool
    generation: int
    changes: DistributionChanges


class InstallAnswer(ChangeAnswer):
    """A node package that has been installed or updated."""

    node: NodeInfo


class UninstallAnswer(ChangeAnswer):
    """A node package that is gone, and the pipelines that were unloaded before."""

    unloaded_pipelines: list[str]


class ReloadAnswer(BaseModel):
    """A package whose edited code is in use now, and what that changed."""

    success: Literal[True]
    message: str
    restart_required: bool
    node: NodeInfo
    reloaded_pipelines: list[str]
    added_pipelines: list[str]
    removed_pipelines: list[str]


class SwitchAnswer(BaseModel):
    """A package that was switched off or on. Pipelines that were loaded go when no run uses them any more."""

    success: Literal[True]
    message: str
    restart_required: bool
    node: NodeInfo
    unloaded_pipelines: list[str]


class CancelAnswer(BaseModel):
    """``cancelled`` is false when nothing goes on, or when it is too late."""

    cancelled: bool
    message: str


class GenerationItem(BaseModel):
    """A generation of node packages."""

    id: int
    parent: int
    current: bool
    summary: str
    created_at: str = Field(description="ISO 8601, UTC; empty for the base alone, which is generation 0.")
    packages: list[str] = Field(description="What was asked for, all in all.")
    changes: DistributionChanges = Field(description="Compared with its parent, as far as that is there.")


class GenerationList(BaseModel):
    """The generations one can go back to, the newest first."""

    current: int
    generations: list[GenerationItem]


class ChangeStep(BaseModel):
    """A step of the change that goes on. ``fraction`` is 0 to 1, of all of it."""

    type: Literal["step"]
    id: str
    verb: ChangeVerb
    package: str
    step: str
    message: str
    fraction: float
    cancellable: bool


class ChangeEnd(BaseModel):
    """The change has ended. ``problem`` is what its request was answered with, when that was one."""

    type: Literal["end"]
    id: str
    verb: ChangeVerb
    package: str
    outcome: Literal["succeeded", "failed", "cancelled"]
    message: str
    problem: dict[str, Any] | None


class NoChange(BaseModel):
    """The first event where nothing goes on and nothing has ended yet."""

    type: Literal["idle"]


ChangeEvent = NoChange | ChangeStep | ChangeEnd


class ConflictProblem(Problem):
    """RFC 9457. What was asked for cannot be had beside what is there, or something else is going on."""

    explanation: str = Field(default="", description="What uv said.")
    culprits: list[str] = Field(default=[], description="The distributions at fault.")


class PackageProblem(Problem):
    """RFC 9457. The package was built, but cannot be imported."""

    package: str = ""
    traceback: str = ""
