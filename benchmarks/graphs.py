"""The graphs that are measured, described once for all engines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from psynapse.model.ids import Json, NodeId
from psynapse.model.workflow import Edge, Node, Workflow

GATHER = "gather"
"""The function of a step that makes a list of what arrives."""


@dataclass(frozen=True, slots=True)
class Step:
    """A call of a function with ``constants``, and ``inputs``: by parameter, the number of an earlier step."""

    function: str
    constants: Mapping[str, Json] = field(default_factory=dict[str, Json])
    inputs: Mapping[str, int] = field(default_factory=dict[str, int])


Graph = Sequence[Step]
"""Steps in an order in which they can be run. The value of the last one is the value of the graph."""


def chain(length: int, function: str = "add", parameter: str = "x", **constants: Json) -> list[Step]:
    """Each step takes the one before; the first takes 0."""
    first = Step(function, {parameter: 0, **constants})
    return [first, *(Step(function, constants, {parameter: index}) for index in range(length - 1))]


def fan(width: int, function: str = "add", **constants: Json) -> list[Step]:
    """Steps that need nothing, and one that gathers them."""
    return [*(Step(function, constants) for _ in range(width)), gather(range(width))]


def tree(leaves: int) -> list[Step]:
    """Leaves of 1, added up two by two."""
    ends = [Step("add", {"x": 0, "y": 1}) for _ in range(leaves)]
    return [*ends, *(Step("add", {}, {"x": left, "y": left + 1}) for left in range(0, 2 * leaves - 2, 2))]


def chains(count: int, length: int, function: str) -> list[Step]:
    """Chains beside each other, chain ``i`` starting from ``i``, their ends gathered."""
    steps: list[Step] = []
    for index in range(count):
        base = len(steps)
        steps += [Step(function, {"x": index, "y": 1})]
        steps += [Step(function, {"y": 1}, {"x": base + place}) for place in range(length - 1)]
    return [*steps, gather(range(length - 1, count * length, length))]


def gather(sources: Sequence[int]) -> Step:
    """A step that makes a list of the values of ``sources``."""
    return Step(GATHER, {}, {f"input-{place}": source for place, source in enumerate(sources)})


def node_id(index: int) -> NodeId:
    """What step ``index`` is called in workflows and in other engines."""
    return NodeId(f"n{index}")


def to_workflow(graph: Graph) -> Workflow:
    """The graph as a workflow, as an editor would save it."""
    edges = tuple(
        Edge(node_id(source), node_id(target), "output", parameter)
        for target, step in enumerate(graph)
        for parameter, source in step.inputs.items()
    )
    return Workflow(tuple(_node(index, step) for index, step in enumerate(graph)), edges)


def _node(index: int, step: Step) -> Node:
    if step.function == GATHER:
        return Node(node_id(index), "listNode", {"inputCount": len(step.inputs)})
    return Node(node_id(index), "functionNode", {"functionName": step.function, **step.constants})
