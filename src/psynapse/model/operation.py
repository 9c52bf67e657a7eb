"""A node's callable beside its schema: what only the process that imported the nodepack has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from psynapse.model.schema import NodeSchema

Validator = Callable[[object], object]
"""Turns a value into what the parameter's hint asks for, or raises ValueError with a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where another process finds the callable: the file to load, the module name to load it under, the name in it."""

    pack_path: str
    filepath: str
    module: str
    name: str


def _no_validators() -> Mapping[str, Validator]:
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """``callee`` is the function, or the class to instantiate anew for each call.

    ``validators`` holds, by parameter, what the conversion table does not cover: enums, dates, paths, dataclasses,
    constraints, options of a Literal.
    """

    schema: NodeSchema
    callee: Callable[..., object]
    address: Address
    is_class: bool = False
    validators: Mapping[str, Validator] = field(default_factory=_no_validators)
    per_node: bool = False
    """Whether the callee wants the id of the workflow's node first: it keeps something for each."""

    def of_node(self, node: str) -> "Operation":
        """The operation for one node of a workflow."""
        return replace(self, callee=partial(self.callee, node)) if self.per_node else self
