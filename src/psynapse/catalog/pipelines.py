"""A pipeline's class as a node: its config's fields as parameters, its inputs and outputs as ports."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import Parameter, Signature, getdoc
from pathlib import Path
from typing import Annotated, Any, Final, cast

from psynapse.catalog.defaults import json_default
from psynapse.catalog.parameters import read_parameters
from psynapse.catalog.pipeline_fields import VIDEO, counts_at_load, is_shown, is_used
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.ids import Json, Ref
from psynapse.model.operation import Validator
from psynapse.model.packages import PipelineInfo
from psynapse.model.schema import MISSING, NodeSchema, Param, Return
from psynapse.model.types import ANY, TypeExpr, parse_type

PROMPTS: Final = "prompts"
CHUNKS: Final = "chunks"
PARAMETERS: Final = "parameters"
SAMPLE_RATE: Final = "audio_sample_rate"
_PORT_TYPES: Final[Mapping[str, TypeExpr]] = {
    "video": parse_type("Video | Image | ndarray | Tensor | list | str | Path"),
    "audio": parse_type("Audio | ndarray | Tensor"),
    "number": parse_type("float"),
    "string": parse_type("str"),
    "boolean": parse_type("bool"),
    "trigger": parse_type("bool"),
}
_OUTPUT_TYPES: Final[Mapping[str, TypeExpr]] = {
    **_PORT_TYPES,
    "video": parse_type("Video | ndarray | Tensor"),
}


@dataclass(frozen=True, slots=True)
class PipelinePort:
    """An input or output of a pipeline; ``kind`` is its type in the package's words."""

    name: str
    kind: str = VIDEO
    required: bool | None = None
    description: str = ""


@dataclass(frozen=True)
class Pipeline:
    """A registered pipeline: its class, its config, and the distribution that has it.

    ``filepath`` is where its class is, ``folder`` where its package's modules are; ``code`` digests those.
    """

    cls: type
    config: Any
    package: str
    filepath: str
    folder: Path
    code: str

    @property
    def id(self) -> str:
        """What it is registered as."""
        return str(self.config.pipeline_id)

    @cached_property
    def inputs(self) -> tuple[PipelinePort, ...]:
        """Its inputs; that of a video only where it is meant to have one."""
        ports = tuple(map(_port, getattr(self.config, "inputs", [VIDEO])))
        own = _is_own(self.config, "inputs") or VIDEO in self.config.modes or _is_own(self.cls, "prepare")
        return tuple(port for port in ports if own or port.name != VIDEO)

    @cached_property
    def outputs(self) -> tuple[PipelinePort, ...]:
        """Its outputs."""
        ports = {port.name: port for port in map(_port, getattr(self.config, "outputs", [VIDEO]))}
        if not getattr(self.config, "produces_video", True) and not _is_own(self.config, "outputs"):
            ports.pop(VIDEO, None)
        if getattr(self.config, "produces_audio", False):
            ports.setdefault("audio", PipelinePort("audio", "audio"))
        if any(port.kind == "audio" for port in ports.values()):
            ports.setdefault(SAMPLE_RATE, PipelinePort(SAMPLE_RATE, "number"))
        return tuple(ports.values())

    @property
    def video_inputs(self) -> tuple[str, ...]:
        """The inputs that take frames."""
        return tuple(port.name for port in self.inputs if port.kind == VIDEO)

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """All fields of the config."""
        return dict(self.config.model_fields)

    @cached_property
    def load_params(self) -> tuple[str, ...]:
        """The fields that count when it is loaded; what does not say so counts when it runs."""
        return tuple(name for name, field in self.fields.items() if counts_at_load(name, field))

    @property
    def offered_at_load(self) -> tuple[str, ...]:
        """Those of ``load_params`` that somebody who loads it is asked for: not all that every config inherits."""
        return tuple(name for name in self.load_params if is_used(self.cls, self.config, name))

    def shown(self, name: str) -> bool:
        """Whether a field is worth a parameter: its own are, and those of all configs that mean something to it."""
        return is_shown(self.config, name)

    def defaults(self, mode: str = "") -> dict[str, object]:
        """The defaults of all fields that have one other than None, as they are in a mode."""
        own = {
            name: field.get_default(call_default_factory=True)
            for name, field in self.fields.items()
            if not field.is_required()
        }
        overrides = self.config.modes.get(mode)
        changed = overrides.model_dump(exclude={"default"}, exclude_none=True) if overrides else {}
        return {name: value for name, value in {**own, **changed}.items() if value is not None}

    @property
    def default_mode(self) -> str:
        """The mode it is in when nothing says otherwise."""
        modes: Mapping[str, Any] = self.config.modes
        return next((name for name, mode in modes.items() if mode.default), next(iter(modes), "text"))


def described(pipeline: Pipeline) -> tuple[NodeSchema, Mapping[str, Validator]]:
    """The node that runs a pipeline, and the validators of its parameters."""
    fields = read_parameters(_signature(pipeline), _hints(pipeline))
    properties = _properties(pipeline.config)
    params = [_with_schema(param, properties) for param in fields.params]
    taken = {port.name for port in pipeline.inputs}
    schema = NodeSchema(
        ref=Ref(f"{pipeline.package}/pipelines:{pipeline.id}"),
        name=pipeline.id,
        title=str(pipeline.config.pipeline_name),
        nodepack=pipeline.package,
        filepath=pipeline.filepath,
        params=(*_inputs(pipeline), *(param for param in params if param.name not in taken), *_extra(pipeline)),
        returns=(*(Return(port.name, _type(port, _OUTPUT_TYPES)) for port in pipeline.outputs), Return("result")),
        docstring=_docstring(pipeline),
        style="pipeline",
        code=pipeline.code,
        origin="package",
        # The main thread is the one that an interrupt reaches wherever it is.
        executor="inline",
        cache=False,
    )
    return schema, fields.validators


def info_of(pipeline: Pipeline) -> PipelineInfo:
    """What the catalog says of a pipeline. A config whose schema cannot be made says why in ``schema_error``."""
    config = pipeline.config
    with warnings.catch_warnings():
        # Defaults that are no JSON are left out of a schema, with a warning.
        warnings.simplefilter("ignore")
        schema = outcome(config.get_schema_with_metadata)
    found: Json | object = MISSING if isinstance(schema, Raised) else json_default(schema)
    words = {"id": pipeline.id, "name": str(config.pipeline_name)}
    if not isinstance(found, dict):
        reason = attempt("it cannot be told why", str, schema.error) if isinstance(schema, Raised) else "it is no JSON"
        found = {**words, "schema_error": reason}
    return PipelineInfo(
        **words,
        description=str(config.pipeline_description),
        version=str(config.pipeline_version),
        package=pipeline.package,
        schema=cast("Mapping[str, Json]", found),
        load_params=pipeline.offered_at_load,
        usage=tuple(str(getattr(usage, "value", usage)) for usage in getattr(config, "usage", ())),
        estimated_vram_gb=getattr(config, "estimated_vram_gb", None),
    )


def port_type(kind: str) -> TypeExpr:
    """The type of an input of that kind; a package's own word stands for itself."""
    return _PORT_TYPES.get(kind) or (TypeExpr(kind) if kind.isidentifier() else ANY)


def output_type(kind: str) -> TypeExpr:
    """The type of an output of that kind."""
    return _OUTPUT_TYPES.get(kind) or port_type(kind)


def _type(port: PipelinePort, types: Mapping[str, TypeExpr]) -> TypeExpr:
    return types.get(port.kind) or port_type(port.kind)


def _port(port: Any) -> PipelinePort:
    if isinstance(port, str):
        return PipelinePort(port, "audio" if port == "audio" else VIDEO)
    return PipelinePort(str(port.name), str(port.port_type), bool(port.required), str(port.description))


def _is_own(cls: type, name: str) -> bool:
    """Whether a class of the package says it, and not the base that all have."""
    home = next((base for base in cls.__mro__ if name in vars(base)), object)
    return home is not object and not home.__module__.startswith("scope.")


def _signature(pipeline: Pipeline) -> Signature:
    return Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=_default(field))
            for name, field in pipeline.fields.items()
            if pipeline.shown(name)
        ]
    )


def _default(field: Any) -> object:
    if field.is_required():
        return Parameter.empty
    return attempt(None, lambda: field.get_default(call_default_factory=True))


def _hints(pipeline: Pipeline) -> Mapping[str, object]:
    found = {name: (field.annotation, *field.metadata) for name, field in pipeline.fields.items()}
    return {name: Annotated[parts] if len(parts) > 1 else parts[0] for name, parts in found.items()}


def _properties(config: Any) -> Mapping[str, Mapping[str, Json]]:
    """The JSON schemas of the fields, each with the definitions it refers to; none when there is no schema."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = json_default(attempt(MISSING, config.model_json_schema))
    if not isinstance(schema, dict):
        return {}
    whole = cast("dict[str, Any]", schema)
    definitions = {"$defs": whole["$defs"]} if "$defs" in whole else {}
    properties: dict[str, dict[str, Any]] = whole.get("properties", {})
    return {name: {**part, **(definitions if "$ref" in str(part) else {})} for name, part in properties.items()}


def _with_schema(param: Param, properties: Mapping[str, Mapping[str, Json]]) -> Param:
    """The parameter with the schema that the config gives it: descriptions and hints for editors are only there."""
    return replace(param, json_schema=properties.get(param.name, param.json_schema))


def _inputs(pipeline: Pipeline) -> Iterator[Param]:
    needs_video = set(pipeline.config.modes) == {VIDEO}
    for port in pipeline.inputs:
        required = needs_video and port.kind == VIDEO if port.required is None else port.required
        schema: dict[str, Json] = {"description": port.description} if port.description else {}
        default: dict[str, Any] = {} if required else {"default": None}
        yield Param(name=port.name, type=_type(port, _PORT_TYPES), required=required, json_schema=schema, **default)


def _extra(pipeline: Pipeline) -> Iterator[Param]:
    """What a node has besides its config's fields: prompts, how often to call, parameters from another pipeline."""
    taken = {*pipeline.fields, *(port.name for port in pipeline.inputs)}
    if getattr(pipeline.config, "supports_prompts", True) and PROMPTS not in taken:
        description = "Text, or a list of objects with text and weight"
        yield _optional(PROMPTS, "str | list", "", {"description": description, "ui": {"multiline": True}})
    if CHUNKS not in taken and set(pipeline.config.modes) != {VIDEO}:
        schema: dict[str, Json] = {
            "type": "integer",
            "minimum": 1,
            "description": "How often it is called when it makes video without input",
        }
        yield _optional(CHUNKS, "int", 1, schema)
    if PARAMETERS not in taken:
        yield _optional(PARAMETERS, "dict", None, {"description": "More parameters by name"})


def _optional(name: str, kind: str, default: Json, schema: Mapping[str, Json]) -> Param:
    return Param(name=name, type=parse_type(kind), required=False, default=default, json_schema=schema)


def _docstring(pipeline: Pipeline) -> str:
    config = pipeline.config
    own = vars(pipeline.cls).get("__doc__")
    description = config.pipeline_description if _is_own(config, "pipeline_description") else ""
    words = [config.pipeline_name, description, (own and getdoc(pipeline.cls)) or ""]
    return "\n\n".join(dict.fromkeys(str(word) for word in words if word))
