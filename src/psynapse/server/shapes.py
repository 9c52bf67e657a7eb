"""What requests and answers look like: checked where bytes enter, described in ``/openapi.json``."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from psynapse.model.ids import Json

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
    secrets: Any = Field(default=None, description="Names of secrets that all nodes may read as variables.")

    def workflow(self) -> dict[str, Json]:
        """The graph as a workflow."""
        secrets = {} if self.secrets is None else {"secrets": self.secrets}
        return {"version": self.version, "nodes": self.nodes, "edges": self.edges, **secrets}


class RunRequest(BaseModel):
    """A workflow to run, and how."""

    model_config = ConfigDict(extra="forbid")

    workflow: dict[str, Any] = Field(description="The workflow: nodes and edges.")
    targets: list[str] = Field(default=[], description="Nodes to run to, instead of everything.")
    cache: Literal["off", "reuse", "fresh"] = Field(
        default="off",
        description="Whether results of earlier runs are taken; fresh: none, and a new worker for the workflow.",
    )
    workflow_id: str | None = Field(
        default=None,
        max_length=1_000,
        description="The open workflow it belongs to: its runs share a worker, as cells share a notebook kernel.",
    )
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


class LogItem(BaseModel):
    """A line of the server's log."""

    seq: int
    at: str = Field(description="ISO 8601, UTC; empty where nobody knows.")
    level: Literal["debug", "info", "warning", "error"]
    source: str = Field(description="The part of the program that said it.")
    text: str
    earlier: bool = Field(description="Said by the server in whose place this one is.")


class LogAnswer(BaseModel):
    """Lines of the server's log, in order, numbered from 1 in each start of the server."""

    boot_id: str = Field(description="The start of the server whose numbers these are.")
    first: int = Field(description="The number of the oldest line that is kept.")
    last: int = Field(description="The number of the newest line.")
    lines: list[LogItem]


class ExecuteAnswer(BaseModel):
    """The whole values of the views by node id; null behind a failed node."""

    results: dict[str, Any]


class Diagnostic(BaseModel):
    """A diagnostic: something about a workflow that its author should know."""

    code: str
    severity: Literal["error", "warning"]
    blocks: Literal["graph", "node", "nothing"]
    message: str
    node: str | None
    port: str | None
    hint: str
    pointer: str = Field(description="JSON pointer into the workflow, where it is about its text.")


class LoadFailure(BaseModel):
    """A nodepack file, a node package, or one name in either, that could not become nodes."""

    nodepack: str
    package: str = Field(description="The node package it belongs to; empty where there is none.")
    filepath: str
    name: str = Field(description="The function or class, when only that one failed; else empty.")
    error_type: str
    message: str
    traceback: str = Field(description="Begins in the nodepack's own code; empty where there is none.")
    hint: str
    extra: str | None = Field(
        description="The extra of psynapse that it needs: nothing is broken, this is only not installed. Else null."
    )


class Param(BaseModel):
    """A parameter of a node, which is also an input port."""

    name: str
    type: str = Field(description="As in Python, with its arguments; Literal has its options in literal_values.")
    required: bool
    json_schema: dict[str, Any]
    default: Any = Field(default=None, description="Missing where there is none, or none that is JSON.")
    default_repr: str = Field(default="", description="A default that is not JSON, as Python shows it.")
    literal_values: list[bool | int | float | str | None] = []


class Return(BaseModel):
    """An output port."""

    name: str
    type: str


class Schema(BaseModel):
    """What a function node can be."""

    name: str
    title: str = Field(description="What people call it; empty where that is its name.")
    ref: str = Field(description="pack/file.py:name")
    nodepack: str
    style: Literal["function", "progress", "stream", "pipeline"]
    origin: Literal["user", "shipped", "package"]
    params: list[Param]
    returns: list[Return]
    docstring: str
    filepath: str
    is_progress_node: bool
    is_stream_node: bool


class ValidateAnswer(BaseModel):
    """``ok`` is false when some node cannot run."""

    ok: bool
    diagnostics: list[Diagnostic]


class RunDescription(BaseModel):
    """A run as lists show it. ``queue_position`` is 0 unless it waits for a worker."""

    id: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
    started_at: str = Field(description="ISO 8601, UTC.")
    seconds: float
    nodes: int
    queue_position: int
    unlogged: str = Field(description="Why the run log does not have all of its events; empty when it does.")


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
