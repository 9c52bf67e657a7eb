"""The graph by numbers, and an order to run it in.

A. B. Kahn, "Topological sorting of large networks", Communications of the ACM 5(11), 1962: FIFO, seeded in the order of
the nodes, neighbours in the order of the edges. That order is part of the contract: it numbers the nodes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psynapse.model.ids import NodeId
from psynapse.model.workflow import Edge, Workflow


class Wire(NamedTuple):
    """An edge whose ends both exist: the indices of its nodes."""

    source: int
    target: int
    edge: Edge


_new = tuple.__new__


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by index. ``dangling`` are edges that miss a node; the others are wires, in the order of the edges."""

    ids: tuple[NodeId, ...]
    incoming: Sequence[Sequence[Wire]]
    """The wires that end at each node."""
    successors: Sequence[Sequence[int]]
    """What each node leads to, once per wire."""
    dangling: tuple[Edge, ...] = ()


def make_graph(workflow: Workflow) -> Graph:
    """Number the nodes. Of several nodes with one id the first is meant; the others are reported elsewhere."""
    ids = tuple([node.id for node in workflow.nodes])
    # Backwards, so that the first of several is the one that stays.
    index = dict(zip(reversed(ids), range(len(ids) - 1, -1, -1), strict=True))
    try:
        return Graph(ids, *_wired(index, workflow.edges, len(ids)))
    except KeyError:
        dangling = tuple([edge for edge in workflow.edges if edge.source not in index or edge.target not in index])
        there = [edge for edge in workflow.edges if edge.source in index and edge.target in index]
        return Graph(ids, *_wired(index, there, len(ids)), dangling)


def _wired(index: Mapping[NodeId, int], edges: Iterable[Edge], count: int) -> tuple[list[list[Wire]], list[list[int]]]:
    """What arrives at each of ``count`` nodes, and what it leads to. Raises KeyError for an edge that misses one."""
    incoming: list[list[Wire]] = [[] for _ in range(count)]
    successors: list[list[int]] = [[] for _ in range(count)]
    for edge in edges:
        source, target = index[edge[0]], index[edge[1]]
        # Graphs have thousands of wires. What NamedTuple has for keywords takes two thirds of making one.
        incoming[target].append(_new(Wire, (source, target, edge)))
        successors[source].append(target)
    return incoming, successors


def topological_order(successors: Sequence[Sequence[int]]) -> list[int]:
    """Kahn's order. Nodes on a circle, and what hangs on one, are left out."""
    waiting = [0] * len(successors)
    for following in successors:
        for target in following:
            waiting[target] += 1
    order = [index for index, count in enumerate(waiting) if not count]
    # The order is its own queue: what is put at its end while it is walked through is met in its turn.
    for current in order:
        for target in successors[current]:
            left = waiting[target] = waiting[target] - 1
            if not left:
                order.append(target)
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


def ancestors(incoming: Sequence[Iterable[Wire]], targets: Iterable[int]) -> set[int]:
    """``targets`` and everything they depend on."""
    found: set[int] = set()
    pending = list(targets)
    while pending:
        current = pending.pop()
        if current not in found:
            found.add(current)
            pending += [wire.source for wire in incoming[current]]
    return found
