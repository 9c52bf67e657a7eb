"""What every node kind answers, and the shapes it answers in."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeAlias

from psynapse.errors import ConversionError
from psynapse.kinds.convert import Converter
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json
from psynapse.model.operation import Operation
from psynapse.model.schema import NodeSchema
from psynapse.model.types import ANY, TypeExpr
from psynapse.model.workflow import Node

WHOLE_VALUE: Final = frozenset({"", "output", "result"})
"""Source handles that mean the value itself instead of one key of it."""


class InputPort(Protocol):
    """A typed input. ``required``: the node cannot run when it is neither set nor connected."""

    @property
    def name(self) -> str: ...  # noqa: D102 -- the class says it
    @property
    def type(self) -> TypeExpr: ...  # noqa: D102
    @property
    def required(self) -> bool: ...  # noqa: D102


class OutputPort(Protocol):
    """A typed output: the whole value, or one key of it."""

    @property
    def name(self) -> str: ...  # noqa: D102 -- the class says it
    @property
    def type(self) -> TypeExpr: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of the kinds that have no schema; a schema's params and returns are ports themselves."""

    name: str
    type: TypeExpr = ANY
    required: bool = False


_NO_CONSTANTS: Final[Mapping[str, Json]] = {}


class Ports(NamedTuple):
    """A node's inputs, outputs and own values, as planning needs them.

    ``constants`` are the values in the node's data that count, by port or setting, before conversion.
    ``unused`` names values in the data that nothing takes. ``any_handle``: edges may end at handles not listed.
    ``one_input``: every edge means the only input, whatever it says, and of several the first counts, not the last.
    """

    inputs: tuple[InputPort, ...] = ()
    outputs: tuple[OutputPort, ...] = (Port("output"),)
    constants: Mapping[str, Json] = _NO_CONSTANTS
    unused: tuple[str, ...] = ()
    schema: NodeSchema | None = None
    any_handle: bool = False
    one_input: bool = False

    def output_type(self, handle: str | None) -> TypeExpr:
        """The type of what leaves at ``handle``; unknown when the handle selects a key nobody declared."""
        name = handle or ""
        whole = name in WHOLE_VALUE
        for port in self.outputs:
            if port.name == name or (whole and port.name in WHOLE_VALUE):
                return port.type
        return ANY


# What NamedTuple has for keywords and defaults takes two thirds of making one, and every node of a graph has its own.
PortsFields: TypeAlias = tuple[
    tuple[InputPort, ...],
    tuple[OutputPort, ...],
    Mapping[str, Json],
    tuple[str, ...],
    NodeSchema | None,
    bool,
    bool,
]
ports_of: Callable[[PortsFields], Ports] = partial(tuple.__new__, Ports)
"""Ports from all of their fields."""

BareArguments = Callable[[tuple[object, ...], Mapping[str, object]], tuple[tuple[object, ...], Mapping[str, object]]]

_NO_ARGUMENTS: Final[Mapping[str, object]] = {}
_NO_POSITIONS: Final[Mapping[str, int]] = {}
_NO_CONVERSIONS: Final[Mapping[str, Converter]] = {}
_NO_TYPES: Final[Mapping[str, type]] = {}


class Evaluation(NamedTuple):
    """How a node's value comes about, decided once so that running it costs nothing but the call.

    ``function(*args, **kwargs)`` is called with the values that arrive put in: ``positions`` says where in ``args``
    each wired port goes, the others go by keyword. ``conversions`` are applied to wired values on the way.
    """

    function: Callable[..., object]
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = _NO_ARGUMENTS
    positions: Mapping[str, int] = _NO_POSITIONS
    conversions: Mapping[str, Converter] = _NO_CONVERSIONS
    exact: Mapping[str, type] = _NO_TYPES
    """By port, the type whose values need no conversion."""
    bare_arguments: BareArguments | None = None
    """What the callee itself takes, for a process that calls it without ``function``."""
    taken: tuple[str, ...] | None = None
    """Where constants are all that ``args`` has, as they are, and gaps: the port of each. None where there is more.

    Other constants of the same names and types then make another evaluation only in that.
    """


EvaluationFields: TypeAlias = tuple[
    Callable[..., object],
    tuple[object, ...],
    Mapping[str, object],
    Mapping[str, int],
    Mapping[str, Converter],
    Mapping[str, type],
    BareArguments | None,
    tuple[str, ...] | None,
]
evaluation_of: Callable[[EvaluationFields], Evaluation] = partial(tuple.__new__, Evaluation)
"""An evaluation from all of its fields."""


class NodeKind(Protocol):
    """One kind of node. Kinds are stateless; adding one is a file here and a row in ``KINDS``."""

    default_name: str
    """What a node of this kind is called when the user gave it no label."""

    def ports(self, node: Node, catalog: Catalog) -> Ports | Diagnostic:
        """The node's ports, or why it cannot run (a diagnostic that need not name the node)."""
        ...

    def pattern(self, node: Node) -> Hashable:
        """What a node has in common with those whose ports differ only in the constants' values; else None."""
        ...

    def judges_by_type(self, ports: Ports) -> bool:
        """Whether ``bad_values`` finds nothing in these constants, nor in any others of the same types."""
        ...

    def input_order(self, handle: str) -> tuple[int, str]:
        """Where a connected input handle stands among the others."""
        ...

    def bad_values(self, ports: Ports) -> Sequence[ConversionError]:
        """For each value in the node's data that cannot be what its port takes, as far as can be told here, why."""
        ...

    def evaluate(
        self, constants: Mapping[str, Json], wired: tuple[str, ...], operation: Operation | None
    ) -> Evaluation:
        """How to get the node's value from its ``constants`` and what arrives at the ``wired`` ports.

        Raises ConversionError when a constant does not fit its port.
        """
        ...
