"""What a function node can be: its parameters, what it returns, and how it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from psynapse.model.authoring import ExecutorName
from psynapse.model.ids import Json, Ref
from psynapse.model.types import ANY, LiteralValue, TypeExpr

Style = Literal["function", "progress", "stream", "pipeline"]
Passing = Literal["keyword", "positional", "spread", "spread_mapping"]
Origin = Literal["user", "shipped", "package"]


class Missing(Enum):
    """The absence of a default, where None is a possible default."""

    MISSING = "missing"


MISSING = Missing.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A parameter of a node, which is also an input port.

    ``default`` is JSON; ``default_repr`` stands in for a default that is not JSON and is left to Python.
    ``passing``: by keyword; positional-only; ``spread`` for ``*args`` (the port takes a list); ``spread_mapping``
    for ``**kwargs`` (the port takes an object).
    """

    name: str
    type: TypeExpr = ANY
    required: bool = True
    default: "Json | Missing" = MISSING
    default_repr: str = ""
    literal_values: tuple[LiteralValue, ...] = ()
    json_schema: Mapping[str, Json] = field(default_factory=dict[str, Json])
    passing: Passing = "keyword"

    def to_json(self) -> dict[str, Json]:
        """The parameter as ``GET /get_schema`` sends it."""
        wire: dict[str, Json] = {
            "name": self.name,
            "type": "Literal" if self.type.literals else str(self.type),
            "required": self.required,
            "json_schema": self.json_schema,
        }
        if self.default is not MISSING:
            wire["default"] = self.default
        if self.default_repr:
            wire["default_repr"] = self.default_repr
        if self.literal_values:
            wire["literal_values"] = list(self.literal_values)
        return wire


@dataclass(frozen=True, slots=True)
class Return:
    """An output port: the whole value as ``result``, or one key of an ``AnnotatedDict``."""

    name: str
    type: TypeExpr = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSchema:
    """A function or callable class as a node. ``code`` digests its nodepack's source and is part of every cache key."""

    ref: Ref
    name: str
    nodepack: str
    filepath: str
    title: str = ""
    """What people call it, where that is not its name: a pipeline's id is not made for reading."""
    params: tuple[Param, ...] = ()
    returns: tuple[Return, ...] = (Return("result"),)
    docstring: str = ""
    style: Style = "function"
    is_async: bool = False
    line: int = 1
    code: str = ""
    origin: Origin = "user"
    executor: ExecutorName | None = None
    cache: bool = True

    def param(self, name: str) -> Param | None:
        """The parameter of that name."""
        return next((param for param in self.params if param.name == name), None)

    def to_json(self) -> dict[str, Json]:
        """The schema as ``GET /get_schema`` sends it."""
        return {
            "name": self.name,
            "title": self.title,
            "params": [param.to_json() for param in self.params],
            "returns": [{"name": item.name, "type": str(item.type)} for item in self.returns],
            "docstring": self.docstring,
            "filepath": self.filepath,
            "is_progress_node": self.style == "progress",
            "is_stream_node": self.style == "stream",
            "ref": self.ref,
            "nodepack": self.nodepack,
            "style": self.style,
            "origin": self.origin,
        }
