"""Nodes of packages as the earlier editor's ``NodeDefinition`` has them."""

from collections.abc import Mapping
from typing import Final

from psynapse.model.ids import Json
from psynapse.model.packages import PipelineInfo
from psynapse.model.schema import MISSING, NodeSchema, Param
from psynapse.model.types import TypeExpr

_PIPELINES: Final = "/pipelines:"
_NODES: Final = "/nodes:"
_PARAM_TYPES: Final = {"int": "number", "float": "number", "bool": "boolean", "str": "string", "Literal": "select"}
_PORT_TYPES: Final = {"int": "number", "float": "number", "bool": "boolean", "str": "string"}


def definition(schema: NodeSchema, pipelines: Mapping[str, PipelineInfo]) -> dict[str, Json] | None:
    """The definition of a pipeline or an event-style node; None for a function of a nodepack."""
    for kind in (_PIPELINES, _NODES):
        package, found, name = schema.ref.partition(kind)
        if found:
            info = pipelines.get(name) if kind == _PIPELINES else None
            return _definition(schema, package, name, info)
    return None


def _definition(schema: NodeSchema, package: str, name: str, info: PipelineInfo | None) -> dict[str, Json]:
    settable = [param for param in schema.params if _param_type(param.type)]
    wired = [param for param in schema.params if not _param_type(param.type)]
    return {
        "node_type_id": name,
        "display_name": info.name if info else schema.name,
        "category": "pipelines" if info else "general",
        "description": schema.docstring,
        "inputs": [_port(param.name, param.type, required=param.required) for param in wired],
        "outputs": [_port(one.name, one.type, required=True) for one in schema.returns if one.name != "result"],
        "params": [_param(param) for param in settable],
        "continuous": False,
        "pipeline_meta": dict(info.schema) if info else None,
        "plugin_name": package,
    }


def _port(name: str, kind: TypeExpr, *, required: bool) -> dict[str, Json]:
    port_type = name if name in {"video", "audio"} else _PORT_TYPES.get(_plain(kind), "custom")
    return {"name": name, "port_type": port_type, "required": required, "description": "", "default_value": None}


def _param(param: Param) -> dict[str, Json]:
    schema = param.json_schema
    ui: dict[str, Json] = {
        key: schema[known] for key, known in (("min", "minimum"), ("max", "maximum")) if known in schema
    }
    if param.literal_values:
        ui["options"] = list(param.literal_values)
    return {
        "name": param.name,
        "param_type": _param_type(param.type),
        "default": None if param.default is MISSING else param.default,
        "description": schema.get("description", ""),
        "ui": ui,
        "convertible_to_input": True,
    }


def _param_type(kind: TypeExpr) -> str:
    """The earlier name of a type that has a widget; empty for another."""
    return "select" if kind.literals else _PARAM_TYPES.get(_plain(kind), "")


def _plain(kind: TypeExpr) -> str:
    return str(kind).removesuffix(" | None")
