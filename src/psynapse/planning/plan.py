"""Checked, ordered work: what a worker gets to run, and how it is made from a workflow."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from psynapse.errors import InvalidWorkflow, UnknownNode
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, NodeId, Ref

_NO_CONSTANTS: Final[Mapping[str, Json]] = {}


class Input(NamedTuple):
    """A value that arrives over an edge.

    ``source`` is the index of the task it comes from; ``key`` selects one key of a dict, None takes the whole value.
    """

    port: str
    source: int
    key: str | None = None


class Task(NamedTuple):
    """One unit of work. A task's index in the plan is its place in the order of execution; ``node_number`` is one more.

    ``constants`` are values by port, before conversion. A task with ``blocked`` fails at once with that finding.
    """

    node: NodeId
    kind: str
    name: str
    ref: Ref | None = None
    constants: Mapping[str, Json] = _NO_CONSTANTS
    inputs: tuple[Input, ...] = ()
    blocked: Diagnostic | None = None


# Plans have thousands of both. What NamedTuple has for keywords and defaults takes two thirds of making one.
input_of: Callable[[tuple[str, int, str | None]], Input] = partial(tuple.__new__, Input)
"""An input from all of its fields."""
TaskFields: TypeAlias = tuple[NodeId, str, str, Ref | None, Mapping[str, Json], tuple[Input, ...], Diagnostic | None]
task_of: Callable[[TaskFields], Task] = partial(tuple.__new__, Task)
"""A task from all of its fields."""


class Patterns:
    """Numbers for patterns, in the order in which they are met.

    Tasks of one pattern differ in nothing but their node, its name, the values of their constants, the tasks that their
    inputs come from, and whether they are blocked.
    """

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, task: Task) -> int:
        """The number of a task's pattern."""
        _, kind, _, ref, constants, inputs, _ = task
        arriving = tuple([(port, key) for port, _, key in inputs])
        pattern = (kind, ref, arriving, *constants, *map(type, constants.values()))
        return self._numbers.setdefault(pattern, len(self._numbers))


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks in an order in which each comes after everything it depends on.

    ``targets`` are the tasks whose values the run is for: those asked for, else every view. ``patterns`` has a number
    by task, the one that ``Patterns`` has for it; left out, it is worked out.
    """

    tasks: tuple[Task, ...] = ()
    targets: tuple[int, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    patterns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.patterns) != len(self.tasks):
            object.__setattr__(self, "patterns", tuple(map(Patterns().number, self.tasks)))

    def index(self) -> dict[NodeId, int]:
        """Where each node is in the order."""
        return {task.node: position for position, task in enumerate(self.tasks)}


def require_runnable(findings: Sequence[Diagnostic]) -> None:
    """Raise InvalidWorkflow with all of ``findings`` when one of them stops the whole graph."""
    fatal = [finding for finding in findings if finding.rule.blocks == "graph"]
    if fatal:
        raise InvalidWorkflow(fatal[0].message, diagnostics=tuple(findings), hint=fatal[0].hint)


def require_known(asked: Sequence[str], known: Iterable[str]) -> None:
    """Raise UnknownNode for the first target that is not a node of the workflow."""
    names = frozenset(known if asked else ())
    for name in asked:
        if name not in names:
            some = ", ".join(sorted(names)[:10])
            raise UnknownNode(f"the workflow has no node {name!r}", hint=f"its nodes are: {some}")
