"""Which input of a node each of its edges ends at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from psynapse.kinds.base import InputPort, Ports
from psynapse.kinds.memo import once_per_object
from psynapse.model.types import TypeExpr
from psynapse.planning.order import Wire

Arrival: TypeAlias = tuple[str, Wire]
"""A wire, and the name of the input it ends at."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """A node's inputs by name. ``only`` is the name of the single input, if it is one."""

    types: Mapping[str, TypeExpr]
    required: tuple[str, ...]
    only: str


@once_per_object
def inputs_of(ports: tuple[InputPort, ...]) -> Inputs:
    """The inputs by name, worked out once for all nodes of a schema."""
    return Inputs(
        types={port.name: port.type for port in ports},
        required=tuple(port.name for port in ports if port.required),
        only=ports[0].name if len(ports) == 1 else "",
    )


def split_wires(wires: Iterable[Wire], ports: Ports, inputs: Inputs) -> tuple[list[Arrival], list[Wire]]:
    """The wires that end at an input of the node, with its name, and those that do not.

    An edge that names no input means the only one.
    """
    only, types = inputs.only, inputs.types
    if ports.one_input:
        return [(only, wire) for wire in wires], []
    arrivals: list[Arrival] = []
    strays: list[Wire] = []
    for wire in wires:
        name = wire.edge.target_handle or only
        if name in types or ports.any_handle:
            arrivals.append((name, wire))
        else:
            strays.append(wire)
    return arrivals, strays
