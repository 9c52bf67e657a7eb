"""What requests and answers look like: checked where bytes enter, described in ``/openapi.json``."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_MOST_ENVIRONMENT = 1_000_000


def _fits(env: dict[str, str] | None) -> dict[str, str] | None:
    """Operating systems start no process with more."""
    size = sum(len(name.encode()) + len(value.encode()) for name, value in (env or {}).items())
    if size > _MOST_ENVIRONMENT:
        raise ValueError(f"all variables together have more than {_MOST_ENVIRONMENT:,} bytes")
    return env


EnvName = Annotated[str, Field(pattern=r"^[^=\x00]+$", max_length=1_000)]
EnvValue = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=30_000)]
Environment = Annotated[dict[EnvName, EnvValue] | None, Field(max_length=10_000), AfterValidator(_fits)]


class ExecuteRequest(BaseModel):
    """A graph to run. Fields that are not named here are ignored."""

    model_config = ConfigDict(extra="ignore")

    nodes: list[Any] = Field(description="Nodes as React Flow has them: id, type, data.")
    edges: list[Any] = Field(description="Edges: source, target, sourceHandle, targetHandle.")
    env_vars: Environment = Field(default=None, description="Environment variables for the nodes of this run alone.")
    version: Any = Field(default=0, description="Version of the workflow format; 0 is what earlier editors send.")

    def workflow(self) -> dict[str, object]:
        """The graph as a workflow."""
        return {"version": self.version, "nodes": self.nodes, "edges": self.edges}


class RunRequest(BaseModel):
    """A workflow to run, and how."""

    model_config = ConfigDict(extra="forbid")

    workflow: dict[str, Any] = Field(description="The workflow: nodes and edges.")
    targets: list[str] = Field(default=[], description="Nodes to run to, instead of everything.")
    cache: Literal["off", "reuse"] = Field(default="off", description="Whether results of earlier runs are taken.")
    env: Environment = Field(default=None, description="Environment variables for the nodes of this run alone.")


class Message(BaseModel):
    """A word from the server."""

    message: str


class Health(BaseModel):
    """The server is there. A new ``boot_id`` means that it was restarted."""

    status: Literal["healthy"]
    version: str
    boot_id: str
    started_at: str = Field(description="ISO 8601, UTC.")


class ExecuteAnswer(BaseModel):
    """The whole values of the views by node id; null behind a failed node."""

    results: dict[str, Any]


class Finding(BaseModel):
    """A diagnostic: something about a workflow that its author should know."""

    code: str
    severity: Literal["error", "warning"]
    blocks: Literal["graph", "node", "nothing"]
    message: str
    node: str | None
    port: str | None
    hint: str
    pointer: str = Field(description="JSON pointer into the workflow, where it is about its text.")


class ValidateAnswer(BaseModel):
    """``ok`` is false when some node cannot run."""

    ok: bool
    diagnostics: list[Finding]


class RunDescription(BaseModel):
    """A run as lists show it. ``queue_position`` is 0 unless it waits for a worker."""

    id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
    started_at: str = Field(description="ISO 8601, UTC.")
    seconds: float
    nodes: int
    queue_position: int


class RunList(BaseModel):
    """The newest runs, the newest first."""

    runs: list[RunDescription]


class Problem(BaseModel):
    """RFC 9457. ``errors`` has a JSON pointer into the request for everything that is wrong with it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str = ""
    errors: list[dict[str, Any]] = []
