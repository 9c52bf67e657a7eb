"""What is worked out once for all nodes of a plan that are alike: of thousands, most are."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from psynapse.kinds.base import Ports
from psynapse.model.ids import Json, Ref
from psynapse.model.workflow import Node
from psynapse.planning.inputs import Arrival
from psynapse.planning.order import Wire
from psynapse.planning.plan import Input, Task

_new = tuple.__new__


@dataclass(frozen=True, slots=True)
class Way:
    """How nodes that are alike become tasks when they are connected alike and nothing is wrong with them.

    ``pattern`` is the number of these tasks' pattern. ``constants`` are the names of those that count. ``inputs`` say,
    for each, which of the node's wires it is, which port it goes to, and which key is taken.
    """

    pattern: int
    name: str
    has_label: bool
    ref: Ref | None
    constants: tuple[str, ...]
    inputs: tuple[tuple[int, str, str | None], ...]

    def task(self, node: Node, wires: Sequence[Wire], position: Mapping[int, int]) -> Task:
        """The task of a node. ``position`` maps indices of nodes to places in the order of execution."""
        id_, kind, data, _ = node
        name = (node.label if self.has_label else "") or self.name
        # Neither a comprehension nor ``input_of`` and ``task_of``: this is done for every node of every plan.
        constants: dict[str, Json] = {}
        for one in self.constants:
            constants[one] = data[one]
        inputs = self.inputs
        if len(inputs) == 1:
            ((place, port, key),) = inputs
            arriving = (_new(Input, (port, position[wires[place][0]], key)),)
        else:
            arriving = tuple([_new(Input, (port, position[wires[place][0]], key)) for place, port, key in inputs])
        return _new(Task, (id_, kind, name, self.ref, constants, arriving, None))


@dataclass(slots=True)
class Alike:
    """Nodes whose ports differ only in the constants' values. ``ways``: by how they are connected, if all is well."""

    ports: Ports
    by_type: bool
    ways: dict[Hashable, Way] = field(default_factory=dict[Hashable, Way])

    def ports_of(self, node: Node) -> Ports:
        """The ports of one of them, with its own constants."""
        return self.ports._replace(constants={name: node.data[name] for name in self.ports.constants})


def make_way(task: Task, pattern: int, node: Node, ports: Ports, arrivals: Sequence[Arrival]) -> Way:
    """The way in which ``task`` was made, of a node with nothing wrong, all of whose wires are ``arrivals``."""
    place = {port: index for index, (port, _) in enumerate(arrivals)}
    assert ports.schema is not None
    return Way(
        pattern=pattern,
        name=ports.schema.name,
        has_label=isinstance(node.data.get("label"), str),
        ref=task.ref,
        constants=tuple(task.constants),
        inputs=tuple((place[port], port, key) for port, _, key in task.inputs),
    )
