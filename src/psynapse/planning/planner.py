"""The whole way from a workflow to its plan, or to everything that is wrong with it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from psynapse.kinds import KINDS
from psynapse.kinds.base import Ports
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId
from psynapse.model.types import ANY, TypeExpr
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.adopt import adopt
from psynapse.planning.alike import Alike, make_way
from psynapse.planning.checks import (
    WireChecks,
    check_cycle,
    check_ids,
    check_missing_sources,
    check_node,
    unknown_handle,
)
from psynapse.planning.inputs import Arrival, inputs_of, split_wires
from psynapse.planning.lower import lower_node, lower_unknown
from psynapse.planning.order import Graph, Wire, ancestors, make_graph, topological_order
from psynapse.planning.plan import Patterns, Plan, Task, require_known, require_runnable


def make_plan(
    workflow: Workflow,
    catalog: Catalog,
    targets: Sequence[str] = (),
    found: Sequence[Diagnostic] = (),
    previous: Plan | None = None,
) -> Plan:
    """Check ``workflow`` and order its work; with ``targets``, only they and what they depend on.

    ``found`` are findings from reading the file, carried along. Findings about single nodes do not stop the others:
    they are in ``diagnostics`` and in the blocked task. The plan depends on nothing but the arguments; it is equal
    with and without a ``previous`` plan, whose task objects it takes over where nothing about them has changed.

    Raises InvalidWorkflow when the graph as a whole cannot run, UnknownNode for a target that does not exist.
    """
    planner = _Planner(workflow, catalog, found)
    if planner.stopped:
        require_runnable(planner.check())
    require_known(targets, planner.ids)
    plan = planner.plan(targets)
    return replace(plan, tasks=adopt(plan.tasks, previous)) if previous else plan


def diagnose(workflow: Workflow, catalog: Catalog, found: Sequence[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
    """Every finding about a workflow, also when the graph cannot run at all."""
    return _Planner(workflow, catalog, found).check()


class _Planner:
    """The state of one planning: ports by node, wires by target, findings as they come."""

    def __init__(self, workflow: Workflow, catalog: Catalog, found: Sequence[Diagnostic]) -> None:
        graph = make_graph(workflow)
        self.ids = graph.ids
        self._nodes = workflow.nodes
        self._successors = graph.successors
        self._order = topological_order(self._successors)
        self._findings = [*found, *check_ids(workflow, graph, found)]
        if len(self._order) < len(self.ids):
            self._findings.append(check_cycle(self.ids, self._successors))
        self._incoming = graph.incoming
        self._catalog = catalog
        self._known: dict[Hashable, Alike] = {}
        self._ports: list[Ports | Diagnostic] = []
        self._alike: list[Alike | None] = []
        self._meet_all()
        self._patterns = Patterns()
        self._missing_sources = _by_target(graph)
        self._wires = WireChecks()

    @property
    def stopped(self) -> bool:
        """Whether the graph as a whole cannot run."""
        return any(finding.rule.blocks == "graph" for finding in self._findings)

    def _meet_all(self) -> None:
        """Find the ports of each node, which nodes that are alike share, and what these have in common."""
        known = self._known
        for node in self._nodes:
            kind = KINDS.get(node[1])
            pattern = kind.pattern(node) if kind else None
            alike = None if pattern is None else known.get(pattern)
            if alike:
                ports = alike.ports
            else:
                ports = kind.ports(node, self._catalog) if kind else _unknown_kind(node)
                if kind and pattern is not None and isinstance(ports, Ports):
                    alike = known[pattern] = Alike(ports, kind.judges_by_type(ports))
            self._ports.append(ports)
            self._alike.append(alike)

    def plan(self, targets: Sequence[str]) -> Plan:
        order = self._order_to(targets) if targets else self._order
        position = dict(zip(order, range(len(order)), strict=True))
        tasks, patterns = self._tasks(order, position)
        return Plan(tuple(tasks), _targets(tasks, targets), tuple(self._findings), tuple(patterns))

    def check(self) -> tuple[Diagnostic, ...]:
        for index, node in enumerate(self._nodes):
            self._examine(node, self._own_ports(index), self._incoming[index])
        return tuple(self._findings)

    def _order_to(self, targets: Sequence[str]) -> list[int]:
        asked = frozenset(targets)
        needed = ancestors(self._incoming, (index for index, id_ in enumerate(self.ids) if id_ in asked))
        # Left-out nodes keep their numbers but have no edges, so that the order among the others is the same.
        pruned = [[one for one in following if one in needed] for following in self._successors]
        return [index for index in topological_order(pruned) if index in needed]

    def _tasks(self, order: Sequence[int], position: Mapping[int, int]) -> tuple[list[Task], list[int]]:
        """The tasks, and the numbers of their patterns."""
        # Everything at hand, and what most nodes need in one place: this is done for every node of every plan.
        alikes, nodes, incoming, ports, missing = (
            self._alike, self._nodes, self._incoming, self._ports, self._missing_sources
        )  # fmt: skip
        tasks: list[Task] = []
        patterns: list[int] = []
        for index in order:
            node, alike, wires = nodes[index], alikes[index], incoming[index]
            way = connected = None
            if alike:
                if len(wires) == 1:
                    ((source, _, edge),) = wires
                    connected = edge[2], edge[3], id(ports[source])
                else:
                    connected = tuple([(edge[2], edge[3], id(ports[source])) for source, _, edge in wires])
                way = alike.ways.get(connected)
            if way and not (missing and node.id in missing):
                task, pattern = way.task(node, wires, position), way.pattern
            else:
                task, pattern = self._first_of(alike, connected, index, position)
            tasks.append(task)
            patterns.append(pattern)
        return tasks, patterns

    def _first_of(
        self, alike: Alike | None, connected: Hashable, index: int, position: Mapping[int, int]
    ) -> tuple[Task, int]:
        """The task of the first node that is connected in such a way. Those like it follow it, if it is well."""
        before = len(self._findings)
        task, arrivals = self._examined(index, position)
        pattern = self._patterns.number(task)
        if alike and alike.by_type and len(self._findings) == before:
            alike.ways[connected] = make_way(task, pattern, self._nodes[index], alike.ports, arrivals)
        return task, pattern

    def _own_ports(self, index: int) -> Ports | Diagnostic:
        """The ports of one node, also where it is like others, with its own constants."""
        alike, ports = self._alike[index], self._ports[index]
        return alike.ports_of(self._nodes[index]) if alike else ports

    def _examined(self, index: int, position: Mapping[int, int]) -> tuple[Task, Sequence[Arrival]]:
        node, ports = self._nodes[index], self._own_ports(index)
        arrivals, blocked = self._examine(node, ports, self._incoming[index])
        if isinstance(ports, Ports):
            return lower_node(node, ports, arrivals, position, blocked), arrivals
        assert blocked is not None
        return lower_unknown(node, blocked, self._incoming[index], position), arrivals

    def _examine(
        self, node: Node, ports: Ports | Diagnostic, wires: Sequence[Wire]
    ) -> tuple[Sequence[Arrival], Diagnostic | None]:
        """Record the findings about a node. Answers the wires that count, and the first finding that stops it."""
        found: list[Diagnostic] = []
        if self._missing_sources:
            found += check_missing_sources(self._missing_sources.get(node.id, ()))
        arrivals: Sequence[Arrival] = ()
        if isinstance(ports, Diagnostic):
            found.append(_at(node, ports))
        else:
            inputs = inputs_of(ports.inputs)
            if wires:
                arrivals, strays = split_wires(wires, ports, inputs)
                found += [unknown_handle(node, ports, wire.edge) for wire in strays]
            found += check_node(node, ports, arrivals, inputs.required)
            if arrivals:
                found += self._about_wires(arrivals, inputs.types)
        if not found:
            return arrivals, None
        self._findings += found
        return arrivals, next((finding for finding in found if finding.rule.blocks == "node"), None)

    def _about_wires(self, arrivals: Sequence[Arrival], types: Mapping[str, TypeExpr]) -> Sequence[Diagnostic]:
        found: list[Diagnostic] = []
        for name, wire in arrivals:
            source = self._ports[wire.source]
            if isinstance(source, Ports) and (finding := self._wires.check(wire, source, name, types.get(name, ANY))):
                found.append(finding)
        return found


def _unknown_kind(node: Node) -> Diagnostic:
    names = ", ".join(KINDS)
    message = f"there is no node type {node.kind[:80]!r}" if node.kind else "the node has no type"
    return Diagnostic(code="unknown-kind", message=message, hint=f"the types are: {names}")


def _at(node: Node, finding: Diagnostic) -> Diagnostic:
    return Diagnostic(code=finding.code, message=finding.message, node=node.id, port=finding.port, hint=finding.hint)


def _by_target(graph: Graph) -> dict[NodeId, list[Edge]]:
    known = frozenset(graph.ids)
    missing: dict[NodeId, list[Edge]] = {}
    for edge in graph.dangling:
        if edge.target in known:
            missing.setdefault(edge.target, []).append(edge)
    return missing


def _targets(tasks: Sequence[Task], asked: Sequence[str]) -> tuple[int, ...]:
    if not asked:
        return tuple([place for place, task in enumerate(tasks) if task.kind == "viewNode"])
    wanted = frozenset(asked)
    return tuple([place for place, task in enumerate(tasks) if task.node in wanted])
