"""What requests and answers about workflows, secrets, templates and announcements look like."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from psynapse.server.shapes import Problem


class WorkflowItem(BaseModel):
    """A workflow file as lists show it."""

    name: str
    revision: str = Field(description="SHA-256 of the canonical text: what If-Match takes.")
    modified: str = Field(description="ISO 8601, UTC.")
    nodes: int
    size: int = Field(description="Bytes.")
    problem: str = Field(description="Why the file cannot be opened; empty when it can.")


class WorkflowList(BaseModel):
    """All workflows, by name."""

    workflows: list[WorkflowItem]


class WorkflowFile(BaseModel):
    """A workflow in its canonical form. Other fields at the top are kept as they are."""

    model_config = ConfigDict(extra="allow")

    version: int
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    layout: dict[str, dict[str, Any]] = Field(description="Places and looks of nodes by id.")
    notes: list[dict[str, Any]] = []


class WorkflowStored(BaseModel):
    """Where a workflow is, and what it is now."""

    name: str
    revision: str


class CurrentWorkflow(BaseModel):
    """What a workflow is now; ``workflow`` is null when the file cannot be opened."""

    revision: str
    workflow: WorkflowFile | None


class WorkflowConflictProblem(Problem):
    """RFC 9457. ``current`` is null when the workflow is not there any more."""

    current: CurrentWorkflow | None = None


class RenameRequest(BaseModel):
    """What a workflow is to be called."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=1_000)


class DuplicateRequest(BaseModel):
    """What the copy of a workflow is to be called; left out, it gets a name like ``flow copy``."""

    model_config = ConfigDict(extra="forbid")

    to: str | None = Field(default=None, max_length=1_000)


class SecretItem(BaseModel):
    """A secret without its value, which is never sent."""

    name: str
    updated_at: str = Field(description="ISO 8601, UTC.")


class SecretList(BaseModel):
    """All secrets, by name."""

    secrets: list[SecretItem]


class SecretRequest(BaseModel):
    """The value of a secret."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    value: str


class TemplateItem(BaseModel):
    """A workflow to begin with."""

    name: str
    title: str
    description: str
    nodes: int
    tags: list[str]
    order: float
    level: str = Field(description='For whom it is: "first steps", "everyday", "advanced".')
    teaches: str = Field(description="What can be learnt from it.")
    picture: str | None = Field(description="The address of its picture on this server; another for another picture.")


class TemplateList(BaseModel):
    """All templates, in the order of a gallery."""

    templates: list[TemplateItem]


class HelloAnnouncement(BaseModel):
    """The first event. A new ``boot_id`` means that the server was restarted."""

    type: Literal["hello"]
    boot_id: str


class CatalogAnnouncement(BaseModel):
    """Nodepacks have changed; ``revision`` is the ETag of ``GET /get_schema``."""

    type: Literal["catalog"]
    revision: str


class WorkflowAnnouncement(BaseModel):
    """A workflow file has changed; ``revision`` is null when it is not there any more."""

    type: Literal["workflow"]
    name: str
    revision: str | None


class SecretsAnnouncement(BaseModel):
    """A secret was set or removed."""

    type: Literal["secrets"]


class NodesAnnouncement(BaseModel):
    """Node packages were installed, changed or removed."""

    type: Literal["nodes"]


class PipelinesAnnouncement(BaseModel):
    """A pipeline was loaded or unloaded, or has failed."""

    type: Literal["pipelines"]


class RunsAnnouncement(BaseModel):
    """A run has begun or ended."""

    type: Literal["runs"]
    id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]


class ResyncAnnouncement(BaseModel):
    """The listener was too slow: ask again for everything that is shown."""

    type: Literal["resync"]


Announcement = (
    HelloAnnouncement
    | CatalogAnnouncement
    | WorkflowAnnouncement
    | SecretsAnnouncement
    | NodesAnnouncement
    | PipelinesAnnouncement
    | RunsAnnouncement
    | ResyncAnnouncement
)
