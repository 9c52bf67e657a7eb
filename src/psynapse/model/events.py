"""What happened in a run: immutable facts, numbered by ``seq`` without gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from psynapse.model.ids import Json, NodeId

RunStatus = Literal["succeeded", "failed", "cancelled"]
OutputStream = Literal["stdout", "stderr", "log"]


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins; ``cached`` are the nodes whose results are reused without running."""

    nodes: int
    cached: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """A node begins. ``why`` says, when results are cached, what made it run: see ``engine.cache.Miss``."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """How far a node is, 0.0 to 1.0."""

    fraction: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class TaskStreamed:
    """A piece of text a node sent."""

    chunk: str


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """Text a node printed or logged."""

    stream: OutputStream
    text: str


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A node ended well. ``output`` is its preview, ``seconds`` its wall time.

    ``cached``: the result is an earlier run's, and ``why`` says where it was kept.
    """

    output: Json
    seconds: float = 0.0
    cached: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A node ended badly. ``traceback`` starts at the user's code."""

    error: str
    error_type: str
    traceback: str = ""
    hint: str = ""
    port: str | None = None
    code: str = ""
    """The diagnostic's or error's code, or nothing for an exception of the user's."""


@dataclass(frozen=True, slots=True)
class TaskSkipped:
    """A node did not run ``because`` another one failed."""

    because: NodeId


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    """A node was stopped, or had not begun when the run was."""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of a run. ``error`` says why nothing could run, when that was no node's doing."""

    status: RunStatus
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class RunUnlogged:
    """From here on the run is not in the log: who comes later, or after a restart, finds it incomplete."""

    reason: str


Body: TypeAlias = (
    RunStarted
    | TaskStarted
    | TaskProgress
    | TaskStreamed
    | TaskOutput
    | TaskCompleted
    | TaskFailed
    | TaskSkipped
    | TaskCancelled
    | RunFinished
    | RunUnlogged
)


class RunEvent(NamedTuple):
    """One fact about a run. ``at`` is seconds since the run began; ``node`` is empty for facts about the run."""

    seq: int
    at: float
    node: NodeId | None
    body: Body


# Runs have thousands of them. What NamedTuple has for keywords and defaults takes two thirds of making one.
event_of: Callable[[tuple[int, float, NodeId | None, Body]], RunEvent] = partial(tuple.__new__, RunEvent)
"""An event from all of its fields."""
