"""A Python function or callable class as a node."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psynapse.errors import ConversionError
from psynapse.kinds.base import Evaluation, InputPort, Ports, ports_of
from psynapse.kinds.calls import evaluate_call
from psynapse.kinds.convert import Converter, converter_for, exact_type
from psynapse.kinds.memo import once_per_object
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, JsonObject
from psynapse.model.operation import Operation
from psynapse.model.schema import NodeSchema, Param
from psynapse.model.secret import secret_name
from psynapse.model.workflow import Node

ARGUMENTS: Final = "arguments"
# Keys of a function node's data that belong to editors. A parameter of such a name keeps its value in "arguments".
RESERVED: Final = frozenset(
    {"label", "functionName", "ref", "params", "returns", "docstring", "edges", "executionStatus", "ui", ARGUMENTS}
)
_NAME: Final = (str, type(None))


class FunctionKind:
    """``functionNode``: one input per parameter, one output, or one per key of an ``AnnotatedDict``."""

    default_name = "Function"

    def ports(self, node: Node, catalog: Catalog) -> Ports | Diagnostic:
        """Ports from the schema that ``ref`` or ``functionName`` stands for."""
        schema = _schema(node, catalog)
        if isinstance(schema, Diagnostic):
            return schema
        constants, unused = _values(node.data, *_names(schema.params))
        return ports_of((schema.params, schema.returns, constants, unused, schema, False, False))

    def pattern(self, node: Node) -> Hashable:
        """The function, and what is set, by name and type."""
        data = node.data
        name, ref = data.get("functionName"), data.get("ref")
        if ARGUMENTS in data or not (isinstance(name, _NAME) and isinstance(ref, _NAME)):
            return None
        return (node.kind, name, ref, *data, *map(type, data.values()))

    def judges_by_type(self, ports: Ports) -> bool:
        """Nearly always there is nothing to convert, and this is asked for every node of every plan."""
        known = _conversions(ports.inputs)
        exact = known.exact
        for name, value in ports.constants.items():
            if type(value) is not exact.get(name) and name in known.convert:
                return False
        return True

    def input_order(self, handle: str) -> tuple[int, str]:
        """Parameters have no order among themselves."""
        return (0, handle)

    def bad_values(self, ports: Ports) -> Sequence[ConversionError]:
        """What the conversion table refuses; validators are user code and speak up only where they live."""
        return () if self.judges_by_type(ports) else tuple(_refused(ports))

    def evaluate(
        self, constants: Mapping[str, Json], wired: tuple[str, ...], operation: Operation | None
    ) -> Evaluation:
        """Convert the constants and choose the cheapest way to call the function."""
        assert operation is not None, "planning lets no function node through without its schema"
        return evaluate_call(operation, constants, wired)


def _schema(node: Node, catalog: Catalog) -> NodeSchema | Diagnostic:
    ref, name = node.data.get("ref"), node.data.get("functionName")
    asked = ref if isinstance(ref, str) and ref else name
    if not isinstance(asked, str) or not asked:
        hint = 'set "functionName" or "ref" in its data, or delete the node'
        return Diagnostic(code="unknown-function", message="the node names no function", hint=hint)
    found = catalog.resolve(asked)
    # A ref of another machine's pack: the name alone may still be unique here.
    if isinstance(found, Diagnostic) and asked is ref and isinstance(name, str) and name:
        by_name = catalog.resolve(name)
        return found if isinstance(by_name, Diagnostic) else by_name
    return found


@once_per_object
def _names(params: tuple[Param, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The parameters' names, and those of them that are no editor's keys."""
    names = frozenset(param.name for param in params)
    return names, names - RESERVED


def _values(
    data: JsonObject, names: frozenset[str], unreserved: frozenset[str]
) -> tuple[dict[str, Json], tuple[str, ...]]:
    """What a node's data sets of the parameters called ``names``, and what it sets besides."""
    constants: dict[str, Json] = {}
    unused: list[str] = []
    for name, value in data.items():
        if name in unreserved:
            constants[name] = value
        elif name not in RESERVED:
            unused.append(name)
    if ARGUMENTS in data:
        nested = data[ARGUMENTS]
        # Anything but an object can only be meant for a parameter of that very name.
        more = nested if isinstance(nested, dict) else {ARGUMENTS: nested}
        constants |= {name: value for name, value in more.items() if name in names}
        unused += [name for name in more if name not in names and name not in unused]
    return constants, tuple(unused)


@dataclass(frozen=True, slots=True)
class _Conversions:
    """By input, what the conversion table does with its values, and the type that needs no conversion."""

    convert: Mapping[str, Converter]
    exact: Mapping[str, type]


@once_per_object
def _conversions(inputs: tuple[InputPort, ...]) -> _Conversions:
    return _Conversions(
        {port.name: convert for port in inputs if (convert := converter_for(port.type))},
        {port.name: exact for port in inputs if (exact := exact_type(port.type))},
    )


def _refused(ports: Ports) -> Iterator[ConversionError]:
    known = _conversions(ports.inputs)
    for port in ports.inputs:
        convert = known.convert.get(port.name)
        # What a secret is turns out when the node is called.
        if convert is None or port.name not in ports.constants or secret_name(ports.constants[port.name]):
            continue
        try:
            convert(ports.constants[port.name])
        except ConversionError as error:
            error.port = port.name
            yield error
