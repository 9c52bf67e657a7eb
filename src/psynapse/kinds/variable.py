"""A value set by hand, optionally wrapped as a message for a language model."""

import copy
import json
from collections.abc import Callable, Mapping

from psynapse.errors import ConversionError
from psynapse.kinds.base import Evaluation, Port, Ports
from psynapse.kinds.convert import shown, to_bool, to_float, to_int, to_str
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.operation import Operation
from psynapse.model.types import TypeExpr
from psynapse.model.workflow import Node

_SETTINGS = ("variableType", "variableValue", "llmMessageFormat", "llmMessageRole", "textContentFormat")
_DEFAULT_ROLE = "user"
_OUTPUT_TYPES = {
    "String": TypeExpr("str"),
    "Number": TypeExpr("|", (TypeExpr("int"), TypeExpr("float"))),
    "Boolean": TypeExpr("bool"),
    "List": TypeExpr("list"),
    "Object": TypeExpr("dict"),
    "Image": TypeExpr("str"),
}


class VariableKind:
    """``variableNode``: no inputs, one output. Its value is made anew for each run."""

    default_name = "Variable"

    def ports(self, node: Node, catalog: Catalog) -> Ports:  # noqa: ARG002 -- every kind is asked alike
        """One output, typed by ``variableType``."""
        constants = {name: node.data[name] for name in _SETTINGS if name in node.data}
        output = Port("output", _output_type(constants))
        return Ports(outputs=(output,), constants=constants)

    def pattern(self, node: Node) -> None:
        """Each is looked at by itself."""

    def judges_by_type(self, ports: Ports) -> bool:  # noqa: ARG002 -- every kind is asked alike
        """Each is looked at by itself."""
        return False

    def input_order(self, handle: str) -> tuple[int, str]:
        """There are no inputs to order."""
        return (0, handle)

    def bad_values(self, ports: Ports) -> tuple[ConversionError, ...]:
        """Whether the value is what ``variableType`` says."""
        try:
            variable_value(ports.constants)
        except ConversionError as error:
            return (error,)
        return ()

    def evaluate(
        self, constants: Mapping[str, Json], wired: tuple[str, ...], operation: Operation | None
    ) -> Evaluation:
        """Check the value now, make it at each call: a list that one run changes must not reach the next."""
        del wired, operation
        value = variable_value(constants)
        if isinstance(value, (list, dict)):
            return Evaluation(function=lambda: copy.deepcopy(value))
        return Evaluation(function=lambda: value)


def variable_value(constants: Mapping[str, Json]) -> object:
    """The value of a variable node from its settings. Raises ConversionError on port ``variableValue``."""
    kind, raw = _type_name(constants), constants.get("variableValue")
    read = _READERS.get(kind, _string)
    try:
        value = read(raw)
    except ConversionError as error:
        error.port = "variableValue"
        raise
    return _formatted(kind, value, constants)


def _type_name(constants: Mapping[str, Json]) -> str:
    name = constants.get("variableType")
    return name if isinstance(name, str) and name else "String"


def _output_type(constants: Mapping[str, Json]) -> TypeExpr:
    kind = _type_name(constants)
    formats = {"String": ("llmMessageFormat", "textContentFormat"), "Image": ("llmMessageFormat",)}.get(kind, ())
    if any(constants.get(name) for name in formats):
        return TypeExpr("dict")
    return _OUTPUT_TYPES.get(kind, TypeExpr("str"))


def _formatted(kind: str, value: object, constants: Mapping[str, Json]) -> object:
    """Wrap text and images the way chat models take them; the message format wins over the older text format."""
    if kind not in {"String", "Image"}:
        return value
    if constants.get("llmMessageFormat"):
        role = constants.get("llmMessageRole") or _DEFAULT_ROLE
        image = [{"type": "image_url", "image_url": {"url": value}}]
        return {"role": role, "content": image if kind == "Image" else value}
    if constants.get("textContentFormat") and kind == "String":
        return {"type": "text", "content": value}
    return value


def _string(raw: Json) -> object:
    return "" if raw is None else to_str(raw)


def _number(raw: Json) -> object:
    """A number as it is; text with a decimal point is a float, other text a whole number if it is one."""
    if isinstance(raw, bool):
        raise ConversionError(f"{raw!r} is not a number", hint="set the variable's type to Boolean, or give a number")
    if isinstance(raw, (int, float)):
        return raw
    if isinstance(raw, str) and "." not in raw:
        try:
            return to_int(raw)
        except ConversionError:
            return to_float(raw)
    return to_float(raw)


def _list(raw: Json) -> object:
    return _container(raw, list, "a list", "[1, 2, 3]")


def _object(raw: Json) -> object:
    return _container(raw, dict, "an object", '{"key": "value"}')


def _container(raw: Json, wanted: type, words: str, example: str) -> object:
    value = raw
    if isinstance(raw, str):
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError) as error:
            hint = f"write {words} as JSON, for example {example}"
            raise ConversionError(f"{shown(raw)} is not {words}: {error}", hint=hint) from None
    if not isinstance(value, wanted):
        raise ConversionError(f"{shown(value)} is not {words}", hint=f"write {words} as JSON, for example {example}")
    return value


def _image(raw: Json) -> str:
    if isinstance(raw, str) and raw.startswith("data:image/"):
        return raw
    raise ConversionError(f"{shown(raw)} is not an image", hint="upload an image, or give a data:image/… URL")


_READERS: dict[str, Callable[[Json], object]] = {
    "String": _string,
    "Number": _number,
    "Boolean": to_bool,
    "List": _list,
    "Object": _object,
    "Image": _image,
}
