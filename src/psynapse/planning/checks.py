"""Everything wrong with a workflow, found at once and before anything runs."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from psynapse.errors import ConversionError
from psynapse.kinds import KINDS
from psynapse.kinds.base import WHOLE_VALUE, Ports
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId
from psynapse.model.types import TypeExpr, fit
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.inputs import Arrival
from psynapse.planning.order import Graph, Wire, find_cycle

_SHOWN_IN_CYCLE = 12
_NEVER_A_DICT = frozenset({"int", "float", "str", "bool", "list", "tuple", "set", "bytes", "None"})


def check_ids(workflow: Workflow, graph: Graph, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Repeated ids, and edges to nodes that do not exist.

    ``found`` are the findings from reading the file: they say which of its nodes are not in ``workflow``.
    """
    if len(set(graph.ids)) < len(graph.ids):
        yield from _duplicates(workflow, found)
    if graph.dangling:
        yield from _dangling(graph)


def _dangling(graph: Graph) -> Iterator[Diagnostic]:
    known = frozenset(graph.ids)
    for edge in graph.dangling:
        if edge.target not in known:
            message = f"an edge from {edge.source!r} leads to {edge.target!r}, which does not exist"
            source = edge.source if edge.source in known else None
            yield Diagnostic(code="dangling-target", message=message, node=source, hint="delete the edge")


def _duplicates(workflow: Workflow, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    left_out = {finding.pointer for finding in found if finding.code == "malformed-node"}
    pointers = (pointer for index in itertools.count() if (pointer := f"/nodes/{index}") not in left_out)
    seen: set[str] = set()
    for node, pointer in zip(workflow.nodes, pointers, strict=False):
        if node.id in seen:
            yield Diagnostic(
                code="duplicate-id",
                message=f"two nodes have the id {node.id!r}",
                node=node.id,
                pointer=f"{pointer}/id",
                hint="give one of them another id",
            )
        seen.add(node.id)


def check_cycle(ids: Sequence[NodeId], successors: Sequence[Sequence[int]]) -> Diagnostic:
    """The finding about a graph that is known to have a circle."""
    circle = find_cycle(successors)
    names = [ids[index] for index in circle]
    if len(names) > _SHOWN_IN_CYCLE:
        names = [*names[: _SHOWN_IN_CYCLE - 2], "…", names[-1]]
    return Diagnostic(
        code="cycle",
        message=f"Graph contains a cycle: {' → '.join(names)}",
        node=ids[circle[0]],
        hint="delete one of the edges between them",
    )


def check_missing_sources(edges: Iterable[Edge]) -> Iterator[Diagnostic]:
    """Edges into a node from nodes that do not exist."""
    for edge in edges:
        yield Diagnostic(
            code="dangling-edge",
            message=f"an edge comes from {edge.source!r}, which does not exist",
            node=edge.target,
            port=edge.target_handle,
            hint="delete the edge, or connect the input to another node",
        )


def check_node(node: Node, ports: Ports, arrivals: Sequence[Arrival], required: Sequence[str]) -> list[Diagnostic]:
    """Findings about one node, its values and its inputs."""
    found: list[Diagnostic] = []
    wired = dict(arrivals)
    if len(wired) < len(arrivals):
        found += _doubles(node, ports, arrivals)
    constants = ports.constants
    for name in required:
        if name not in constants and name not in wired:
            found.append(_missing_input(node, name))
    for error in KINDS[node.kind].bad_values(ports) if constants else ():
        if error.port not in wired:
            found.append(_bad_value(node, error))
    for name in ports.unused:
        found.append(_unused_value(node, name))
    if node.kind == "viewNode" and not arrivals:
        message = "the view is not connected"
        found.append(Diagnostic(code="unconnected-view", message=message, node=node.id, port="input"))
    return found


def _missing_input(node: Node, port: str) -> Diagnostic:
    message = f"the input {port!r} is neither set nor connected"
    return Diagnostic(code="missing-input", message=message, node=node.id, port=port, hint="set it or connect it")


def _bad_value(node: Node, error: ConversionError) -> Diagnostic:
    message = f"{error.port}: {error.message}"
    return Diagnostic(code="conversion", message=message, node=node.id, port=error.port, hint=error.hint)


def _unused_value(node: Node, name: str) -> Diagnostic:
    message = f"the value {name!r} is taken by no parameter"
    return Diagnostic(code="unused-value", message=message, node=node.id, port=name, hint="delete it or rename it")


def unknown_handle(node: Node, ports: Ports, edge: Edge) -> Diagnostic:
    """The finding about an edge that ends at no input of ``node``."""
    names = ", ".join(port.name for port in ports.inputs) or "none"
    return Diagnostic(
        code="unknown-handle",
        message=f"an edge from {edge.source!r} ends at {edge.target_handle!r}, which is no input of this node",
        node=node.id,
        port=edge.target_handle,
        hint=f"its inputs are: {names}",
    )


def _doubles(node: Node, ports: Ports, arrivals: Sequence[Arrival]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for name, _ in arrivals:
        if name in seen:
            message = f"several edges end at {name!r}; the {'first' if ports.one_input else 'last'} one counts"
            yield Diagnostic(code="double-input", message=message, node=node.id, port=name, hint="delete the others")
        seen.add(name)


class WireChecks:
    """Findings about wires: whether what leaves the source can be what the input takes.

    Types are compared once for each two of them, and nothing is looked at again between the outputs of a schema and
    an input where all was fine. By identity, because to Python ``Literal[1]`` and ``Literal[True]`` are equal.
    """

    def __init__(self) -> None:
        self._fits: dict[tuple[int, int], tuple[TypeExpr, TypeExpr, bool]] = {}
        self._fine: dict[tuple[int, str | None, int], tuple[object, TypeExpr]] = {}

    def check(self, wire: Wire, source: Ports, port: str, wanted: TypeExpr) -> Diagnostic | None:
        """The finding about a wire to the input ``port``, if there is one."""
        alike = (id(source.outputs), wire.edge.source_handle, id(wanted))
        if alike in self._fine:
            return None
        finding = self._compared(wire, source, port, wanted)
        if finding is None:
            # Kept for the same reason.
            self._fine[alike] = (source.outputs, wanted)
        return finding

    def _compared(self, wire: Wire, source: Ports, port: str, wanted: TypeExpr) -> Diagnostic | None:
        handle = wire.edge.source_handle
        if handle and handle not in WHOLE_VALUE and not _may_have(source, handle):
            return _missing_key(wire, source, handle, port)
        given = source.output_type(handle)
        return None if self._fit(given, wanted) else _unlikely(wire, given, port, wanted)

    def _fit(self, given: TypeExpr, wanted: TypeExpr) -> bool:
        pair = (id(given), id(wanted))
        known = self._fits.get(pair)
        if known is None:
            # The types are kept as well: while they live, no others can have their ids.
            known = self._fits[pair] = (given, wanted, fit(given, wanted) != "unlikely")
        return known[2]


def _may_have(source: Ports, handle: str) -> bool:
    """An output that is not declared may still be a key, unless the outputs are all declared or no dict is returned."""
    declared = [port.name for port in source.outputs]
    if handle in declared:
        return True
    whole = [port.type for port in source.outputs if port.name in WHOLE_VALUE]
    return bool(whole) and not all(member.name in _NEVER_A_DICT for member in whole[0].members)


def _missing_key(wire: Wire, source: Ports, handle: str, port: str) -> Diagnostic:
    names = ", ".join(port.name for port in source.outputs)
    return Diagnostic(
        code="missing-key",
        message=f"the edge takes {handle!r} from {wire.edge.source!r}, which has no such output",
        node=wire.edge.target,
        port=port,
        hint=f"its outputs are: {names}",
    )


def _unlikely(wire: Wire, given: TypeExpr, port: str, wanted: TypeExpr) -> Diagnostic:
    return Diagnostic(
        code="unlikely-type",
        message=f"{wire.edge.source!r} gives {given}, but the input {port!r} takes {wanted}",
        node=wire.edge.target,
        port=port,
        hint="put a node that converts between them, or connect another output",
    )
