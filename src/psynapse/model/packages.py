"""Node packages as data: what each installed one brings, and what of it failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from psynapse.model.ids import Json

PipelineStateName = Literal["loaded", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFailure:
    """A nodepack file, a node package, or one name in either, that could not become nodes."""

    nodepack: str
    filepath: str
    error_type: str
    message: str
    traceback: str = ""
    hint: str = ""
    name: str = ""
    """The function or class, when only that one failed."""
    package: str = ""
    """The distribution, when it is a node package's."""
    extra: str | None = None
    """The extra of psynapse that brings what is missing: then nothing is broken, only not installed."""

    def to_json(self) -> dict[str, Json]:
        """The failure as it is sent and printed with ``--json``."""
        return {
            "nodepack": self.nodepack,
            "filepath": self.filepath,
            "name": self.name,
            "package": self.package,
            "error_type": self.error_type,
            "message": self.message,
            "traceback": self.traceback,
            "hint": self.hint,
            "extra": self.extra,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineInfo:
    """A pipeline that a node package has registered.

    ``package`` is the distribution. ``schema`` is what its config says of itself (``get_schema_with_metadata``).
    ``load_params`` are the fields that one is asked for when it is loaded; others count when it runs. ``usage``: what
    it is offered for besides, ``preprocessor`` or ``postprocessor``. ``estimated_vram_gb`` is in GB.
    """

    id: str
    name: str
    description: str = ""
    version: str = ""
    package: str = ""
    schema: Mapping[str, Json] = field(default_factory=dict[str, Json])
    load_params: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()
    estimated_vram_gb: float | None = None

    def to_json(self) -> dict[str, Json]:
        """All of it, by field name."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "version": self.version,
            "package": self.package,
            "schema": self.schema,
            "load_params": list(self.load_params),
            "usage": list(self.usage),
            "estimated_vram_gb": self.estimated_vram_gb,
        }


@dataclass(frozen=True, slots=True)
class DisabledPackage:
    """A node package that is switched off: its normalised name, and the nodepack folders that it would bring."""

    name: str
    nodepacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePackage:
    """An installed distribution with a ``scope`` entry point, whatever it has registered; nothing is fine, too.

    ``node_types`` are the ids of its event-style nodes, ``nodepacks`` the names of the nodepack folders it brings.
    One that is ``disabled`` was not imported, and its nodepacks are those that it would bring.
    """

    name: str
    version: str
    summary: str = ""
    author: str = ""
    pipelines: tuple[PipelineInfo, ...] = ()
    node_types: tuple[str, ...] = ()
    nodepacks: tuple[str, ...] = ()
    failures: tuple[LoadFailure, ...] = ()
    disabled: bool = False

    def to_json(self) -> dict[str, Json]:
        """All of it, by field name."""
        return {
            "name": self.name,
            "version": self.version,
            "summary": self.summary,
            "author": self.author,
            "pipelines": [pipeline.to_json() for pipeline in self.pipelines],
            "node_types": list(self.node_types),
            "nodepacks": list(self.nodepacks),
            "failures": [failure.to_json() for failure in self.failures],
            "disabled": self.disabled,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineState:
    """A pipeline in a worker: loaded with these parameters, or not because of an error, which is kept until it is."""

    pipeline_id: str
    state: PipelineStateName
    load_params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    error: str = ""
    traceback: str = ""

    def to_json(self) -> dict[str, Json]:
        """All of it, by field name."""
        return {
            "pipeline_id": self.pipeline_id,
            "state": self.state,
            "load_params": self.load_params,
            "error": self.error,
            "traceback": self.traceback,
        }
