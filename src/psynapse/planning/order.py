"""The graph by numbers, and an order to run it in.

A. B. Kahn, "Topological sorting of large networks", Communications of the ACM 5(11), 1962: FIFO, seeded in the order of
the nodes, neighbours in the order of the edges. That order is part of the contract: it numbers the nodes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from psynapse.model.ids import NodeId
from psynapse.model.workflow import Edge, Workflow


class Wire(NamedTuple):
    """An edge whose ends both exist: the indices of its nodes."""

    source: int
    target: int
    edge: Edge


# Of what graphs have thousands of. What NamedTuple has for keywords and defaults takes two thirds of making one.
_wire_of: Callable[[tuple[int, int, Edge]], Wire] = partial(tuple.__new__, Wire)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by index, with the wires between them; ``dangling`` are edges that miss a node."""

    ids: tuple[NodeId, ...]
    wires: tuple[Wire, ...]
    dangling: tuple[Edge, ...] = ()

    def incoming(self) -> list[list[Wire]]:
        """The wires that end at each node, in the order of the edges."""
        arriving: list[list[Wire]] = [[] for _ in self.ids]
        for wire in self.wires:
            arriving[wire.target].append(wire)
        return arriving

    def successors(self) -> list[list[int]]:
        """What each node leads to, once per wire, in the order of the edges."""
        following: list[list[int]] = [[] for _ in self.ids]
        for wire in self.wires:
            following[wire.source].append(wire.target)
        return following


def make_graph(workflow: Workflow) -> Graph:
    """Number the nodes. Of several nodes with one id the first is meant; the others are reported elsewhere."""
    ids = tuple([node.id for node in workflow.nodes])
    # Backwards, so that the first of several is the one that stays.
    index = dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True))
    try:
        return Graph(ids, tuple([_wire_of((index[edge[0]], index[edge[1]], edge)) for edge in workflow.edges]))
    except KeyError:
        dangling = tuple([edge for edge in workflow.edges if edge.source not in index or edge.target not in index])
        there = [edge for edge in workflow.edges if edge.source in index and edge.target in index]
        return Graph(ids, tuple([Wire(index[edge.source], index[edge.target], edge) for edge in there]), dangling)


def topological_order(successors: Sequence[Sequence[int]]) -> list[int]:
    """Kahn's order. Nodes on a circle, and what hangs on one, are left out."""
    waiting = [0] * len(successors)
    for following in successors:
        for target in following:
            waiting[target] += 1
    queue = deque(index for index, count in enumerate(waiting) if not count)
    order: list[int] = []
    while queue:
        current = queue.popleft()
        order.append(current)
        for target in successors[current]:
            waiting[target] -= 1
            if not waiting[target]:
                queue.append(target)
    return order


def find_cycle(successors: Sequence[Sequence[int]]) -> list[int]:
    """One circle of nodes, first and last the same; empty when there is none."""
    unordered = set(range(len(successors))) - set(topological_order(successors))
    if not unordered:
        return []
    # Every node left over has a predecessor that is left over too, so walking backwards must come round.
    predecessor: dict[int, int] = {}
    for source in sorted(unordered, reverse=True):
        predecessor.update(dict.fromkeys((target for target in successors[source] if target in unordered), source))
    path, seen = [min(unordered)], {min(unordered): 0}
    while (current := predecessor[path[-1]]) not in seen:
        seen[current] = len(path)
        path.append(current)
    circle = path[seen[current] :]
    return [current, *reversed(circle)]


def ancestors(wires: Iterable[Wire], targets: Iterable[int]) -> set[int]:
    """``targets`` and everything they depend on."""
    sources: dict[int, list[int]] = {}
    for wire in wires:
        sources.setdefault(wire.target, []).append(wire.source)
    found: set[int] = set()
    pending = list(targets)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending.extend(sources.get(current, ()))
    return found
