"""Event-style nodes and sources of frames, as packages register them, as nodes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final, cast

from psynapse.catalog.defaults import json_default
from psynapse.catalog.pipelines import output_type, port_type
from psynapse.errors import PsynapseError
from psynapse.model.context import current_context
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.ids import Json, Ref
from psynapse.model.schema import MISSING, NodeSchema, Param, Return
from psynapse.model.types import TypeExpr, parse_type

_MOST_INSTANCES: Final = 256
_PATIENCE_SECONDS: Final = 5.0
_PARAM_TYPES: Final[Mapping[str, str]] = {"number": "float", "string": "str", "boolean": "bool", "select": "str"}


class SourceSilent(PsynapseError):
    """A source of frames cannot be connected, or has none."""

    code = "source-silent"


@dataclass(frozen=True, slots=True)
class Owner:
    """The package that has registered a class: its distribution, where the class is, and what digests its code."""

    package: str
    filepath: str
    code: str


@dataclass(slots=True)
class EventNode:
    """The function of an event-style node's class: one instance for each node of a workflow, kept between runs.

    ``workflow`` names the open workflow whose run goes on: nodes of two may have the same id. Empty for none.
    """

    cls: Any
    inputs: frozenset[str]
    workflow: str = ""
    _instances: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])

    def __call__(self, node_id: str, /, **values: object) -> dict[str, object]:
        """Values by output; one that is None is left out. An instance that raises is not used again."""
        key = (self.workflow, node_id)
        instance = self._instance(key)
        inputs = {name: value for name, value in values.items() if name in self.inputs}
        params = {name: value for name, value in values.items() if name not in self.inputs}
        answer = outcome(instance.execute, inputs, **params)
        if isinstance(answer, Raised):
            self._end(key)
            raise answer.error
        if not isinstance(answer, Mapping):
            return {} if answer is None else {"result": answer}
        found = cast("Mapping[str, object]", answer)
        return {name: value for name, value in found.items() if value is not None}

    def _instance(self, key: tuple[str, str]) -> Any:
        if key not in self._instances:
            if len(self._instances) >= _MOST_INSTANCES:
                self._end(next(iter(self._instances)))
            self._instances[key] = self.cls(node_id=key[1])
        return self._instances[key]

    def _end(self, key: tuple[str, str]) -> None:
        instance = self._instances.pop(key)
        shutdown = getattr(instance, "shutdown", None)
        if callable(shutdown):
            attempt(None, shutdown)


def event_node(cls: Any, owner: Owner) -> tuple[NodeSchema, EventNode]:
    """An event-style node's class as a node. Raises what its ``get_definition`` raises."""
    definition = cls.get_definition()
    inputs = [_input(port) for port in definition.inputs]
    taken = {param.name for param in inputs}
    params = [_param(param) for param in definition.params if param.name not in taken]
    words = [definition.display_name, definition.description]
    schema = NodeSchema(
        ref=Ref(f"{owner.package}/nodes:{cls.node_type_id}"),
        name=str(cls.node_type_id),
        nodepack=owner.package,
        filepath=owner.filepath,
        params=(*inputs, *params),
        returns=(*(Return(port.name, output_type(port.port_type)) for port in definition.outputs), Return("result")),
        docstring="\n\n".join(str(word) for word in words if word),
        code=owner.code,
        origin="package",
        cache=False,
    )
    return schema, EventNode(cls, frozenset(taken))


def _input(port: Any) -> Param:
    default: dict[str, Any] = {} if port.required and port.default_value is None else _default(port.default_value)
    return Param(
        name=str(port.name),
        type=port_type(str(port.port_type)),
        required=not default,
        json_schema=_description(port),
        **default,
    )


def _param(param: Any) -> Param:
    """A parameter with a widget. Bounds and options stand in ``ui`` or, as some write it, beside it."""
    hints: dict[str, Any] = dict(getattr(param, "ui", None) or {})
    schema: dict[str, Json] = {**_description(param), "type": _json_type(param.param_type)}
    for name, older, keyword in (
        ("min", "min_value", "minimum"),
        ("max", "max_value", "maximum"),
        ("step", "step", ""),
    ):
        value = hints.get(name, getattr(param, older, None))
        if value is not None:
            schema[keyword or "ui"] = value if keyword else {"step": value}
    options = hints.get("options", getattr(param, "options", None)) or ()
    texts = tuple(option for option in options if isinstance(option, str))
    if texts:
        schema["enum"] = list(texts)
    kind = TypeExpr("Literal", literals=texts) if texts else parse_type(_PARAM_TYPES.get(param.param_type, "Any"))
    return Param(
        name=str(param.name),
        type=kind,
        required=False,
        literal_values=texts,
        json_schema=schema,
        **_default(param.default),
    )


def _json_type(kind: str) -> str:
    return kind if kind in {"number", "boolean"} else "string"


def _default(value: object) -> dict[str, Any]:
    found = json_default(value)
    return {"default_repr": attempt("?", repr, value)} if found is MISSING else {"default": found}


def _description(item: Any) -> dict[str, Json]:
    return {"description": str(item.description)} if item.description else {}


@dataclass(frozen=True, slots=True)
class FrameSource:
    """The function of a source's class: it is connected, gives frames, and is let go."""

    cls: Any

    def __call__(self, *, source: str = "", frames: int = 1) -> dict[str, object]:
        """A video (T, H, W, 3) from 0 to 255. Raises SourceSilent when it gives nothing for five seconds."""
        instance = self.cls()
        try:
            if not instance.connect(source):
                hint = "give the identifier of one that is there"
                raise SourceSilent(f"{self.cls.source_id} cannot be connected to {source!r}", hint=hint)
            received = [self._next(instance, number, frames) for number in range(frames)]
        finally:
            instance.close()
        return {"video": import_module("numpy").stack(received)}

    def _next(self, instance: Any, number: int, count: int) -> Any:
        ends = time.monotonic() + _PATIENCE_SECONDS
        while (frame := instance.receive_frame()) is None:
            if time.monotonic() > ends:
                message = f"{self.cls.source_id} has given no frame for {_PATIENCE_SECONDS:.0f} seconds"
                raise SourceSilent(message, hint="look whether the source is running")
        if context := current_context():
            context.progress((number + 1) / count, f"{number + 1:,} of {count:,} frames")
        return frame


def frame_source(cls: Any, owner: Owner) -> tuple[NodeSchema, FrameSource]:
    """A source of frames as a node: what it is to be connected to, and how many frames are wanted."""
    identifier: dict[str, Json] = {"type": "string", "description": "What it is connected to"}
    count: dict[str, Json] = {"type": "integer", "minimum": 1, "description": "How many frames to take"}
    words = [getattr(cls, "source_name", ""), getattr(cls, "source_description", "")]
    schema = NodeSchema(
        ref=Ref(f"{owner.package}/sources:{cls.source_id}"),
        name=str(cls.source_id),
        nodepack=owner.package,
        filepath=owner.filepath,
        params=(
            Param(name="source", type=parse_type("str"), required=False, default="", json_schema=identifier),
            Param(name="frames", type=parse_type("int"), required=False, default=1, json_schema=count),
        ),
        returns=(Return("video", output_type("video")), Return("result")),
        docstring="\n\n".join(str(word) for word in words if word),
        code=owner.code,
        origin="package",
        cache=False,
    )
    return schema, FrameSource(cls)
