"""From checked nodes to tasks: only what running needs, sources as numbers."""

from collections.abc import Mapping, Sequence

from psynapse.kinds import KINDS
from psynapse.kinds.base import WHOLE_VALUE, Ports
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json
from psynapse.model.workflow import Node
from psynapse.planning.inputs import Arrival
from psynapse.planning.order import Wire
from psynapse.planning.plan import Input, Task, input_of, task_of


def lower_node(
    node: Node, ports: Ports, arrivals: Sequence[Arrival], position: Mapping[int, int], blocked: Diagnostic | None
) -> Task:
    """The task of a node. ``position`` maps indices of nodes to places in the order of execution."""
    schema, constants = ports.schema, ports.constants
    inputs: tuple[Input, ...] = ()
    if arrivals:
        inputs = _inputs(node, ports, arrivals, position)
        if constants:
            constants = _without(constants, inputs)
    name = node.label or (schema.name if schema else KINDS[node.kind].default_name)
    return task_of((node.id, node.kind, name, schema.ref if schema else None, constants, inputs, blocked))


def _without(constants: Mapping[str, Json], inputs: Sequence[Input]) -> Mapping[str, Json]:
    """A value that arrives replaces the one that is set."""
    for item in inputs:
        if item.port in constants:
            wired = {item.port for item in inputs}
            return {name: value for name, value in constants.items() if name not in wired}
    return constants


def lower_unknown(node: Node, blocked: Diagnostic, sources: Sequence[Wire], position: Mapping[int, int]) -> Task:
    """The task of a node that has no ports here: it keeps its place and its inputs, and fails with the finding."""
    function = node.data.get("functionName")
    name = node.label or (function if isinstance(function, str) else "") or node.kind or node.id
    inputs = tuple(Input(wire.edge.target_handle or "", position[wire.source], _key(wire)) for wire in sources)
    return Task(node=node.id, kind=node.kind, name=name, inputs=inputs, blocked=blocked)


def _inputs(node: Node, ports: Ports, arrivals: Sequence[Arrival], position: Mapping[int, int]) -> tuple[Input, ...]:
    if len(arrivals) == 1:
        ((name, wire),) = arrivals
        return (input_of((name, position[wire.source], _key(wire))),)
    chosen: dict[str, Input] = {}
    for name, wire in reversed(arrivals) if ports.one_input else arrivals:
        chosen[name] = Input(name, position[wire.source], _key(wire))
    kind = KINDS[node.kind]
    return tuple(sorted(chosen.values(), key=lambda item: kind.input_order(item.port)[0]))


def _key(wire: Wire) -> str | None:
    handle = wire.edge.source_handle
    return None if handle is None or handle in WHOLE_VALUE else handle
