"""Pipelines that are loaded in this process, and the errors of those that are not."""

import gc
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from psynapse.catalog.defaults import json_default
from psynapse.catalog.failures import user_traceback
from psynapse.catalog.pipelines import Pipeline
from psynapse.errors import ConversionError, PsynapseError
from psynapse.model.context import current_context
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.ids import Json
from psynapse.model.packages import PipelineState
from psynapse.model.schema import MISSING


class UnknownPipeline(PsynapseError):
    """A pipeline id that no package here has registered."""

    code = "unknown-pipeline"


@dataclass(frozen=True, slots=True)
class _Loaded:
    instance: Any
    given: Mapping[str, object]
    """What was asked for when it was loaded; everything else has its default."""


class PipelineHost:
    """The pipelines of this process: one instance each, created when it is first wanted, kept until it fails.

    One that is wanted with other load parameters than it has is loaded again: two instances may not fit in a GPU.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        """Held by who uses an instance: they are stateful."""
        self._pipelines: dict[str, Pipeline] = {}
        self._loaded: dict[str, _Loaded] = {}
        self._errors: dict[str, PipelineState] = {}

    def add(self, pipeline: Pipeline) -> None:
        """Offer a pipeline."""
        self._pipelines[pipeline.id] = pipeline

    def states(self) -> tuple[PipelineState, ...]:
        """The pipelines that are loaded or have an error."""
        loaded = [
            PipelineState(pipeline_id=name, state="loaded", load_params=_as_json(found.given))
            for name, found in self._loaded.items()
        ]
        return (*loaded, *self._errors.values())

    def load(self, pipeline_id: str, params: Mapping[str, Json]) -> None:
        """Load a pipeline, unless it is loaded with just these parameters. What its own code raises becomes its error.

        Raises UnknownPipeline, and ConversionError for a parameter that its field does not take.
        """
        pipeline = self._known(pipeline_id)
        with self.lock:
            found = self._loaded.get(pipeline_id)
            if found is None or _as_json(found.given) != _as_json(params):
                del found
                self._load(pipeline, params)

    def unload(self, pipeline_id: str) -> None:
        """Let a pipeline and its error go, and the memory that it has."""
        with self.lock:
            self._errors.pop(pipeline_id, None)
            found = self._loaded.pop(pipeline_id, None)
            if found:
                attempt(None, _shut_down, found.instance)
                del found
                free_memory()

    def instance(self, pipeline_id: str, params: Mapping[str, object]) -> Any:
        """The loaded pipeline, loaded now if it is not, or not with these parameters; others may be what they are.

        Raises what the pipeline raises when it is created, UnknownPipeline, and ConversionError.
        """
        pipeline = self._known(pipeline_id)
        with self.lock:
            if pipeline_id in self._loaded and _suits(self._loaded[pipeline_id].given, params):
                return self._loaded[pipeline_id].instance
            created = self._load(pipeline, params)
        if isinstance(created, Raised):
            raise created.error
        return created

    def failed(self, pipeline_id: str, error: BaseException) -> None:
        """A call of a pipeline has raised: it alone is unloaded, and its error kept."""
        given = self._loaded[pipeline_id].given if pipeline_id in self._loaded else {}
        self.unload(pipeline_id)
        self._note(self._pipelines[pipeline_id], given, error)

    def _known(self, pipeline_id: str) -> Pipeline:
        try:
            return self._pipelines[pipeline_id]
        except KeyError:
            hint = "install the node package that has it"
            raise UnknownPipeline(f"no node package has a pipeline {pipeline_id!r}", hint=hint) from None

    def _load(self, pipeline: Pipeline, params: Mapping[str, object]) -> Any:
        """The new instance, or what was raised instead."""
        converted = {name: _converted(pipeline, name, value) for name, value in params.items()}
        # First, because two may not fit into memory.
        self.unload(pipeline.id)
        if context := current_context():
            context.progress(0.0, f"loading {pipeline.id}")
        created = outcome(cast("Callable[..., Any]", pipeline.cls), **{**pipeline.defaults(), **converted})
        if isinstance(created, Raised):
            self._note(pipeline, params, created.error)
        else:
            self._loaded[pipeline.id] = _Loaded(created, dict(params))
        return created

    def _note(self, pipeline: Pipeline, given: Mapping[str, object], error: BaseException) -> None:
        self._errors[pipeline.id] = _failed(pipeline, given, error)
        # What its frames refer to would stay in memory as long as the error.
        traceback.clear_frames(error.__traceback__)
        free_memory()


def free_memory() -> None:
    """Give back what nobody refers to any more, on a GPU as well."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _suits(given: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    known = _as_json(given)
    return all(name in known and known[name] == value for name, value in _as_json(wanted).items())


def _as_json(params: Mapping[str, object]) -> dict[str, Json]:
    found = {name: json_default(value) for name, value in params.items()}
    return {name: repr(params[name]) if value is MISSING else value for name, value in found.items()}


def _converted(pipeline: Pipeline, name: str, value: object) -> object:
    """A parameter as its field wants it. Others, which configs do not name, go as they are. Raises ConversionError."""
    field = pipeline.fields.get(name)
    if field is None:
        return value
    try:
        return TypeAdapter(field.rebuild_annotation()).validate_python(value)
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise ConversionError(f"{name}: {reason}", port=name, hint="give another value") from None


def _shut_down(instance: Any) -> None:
    shutdown = getattr(instance, "shutdown", None)
    if callable(shutdown):
        shutdown()


def _failed(pipeline: Pipeline, given: Mapping[str, object], error: BaseException) -> PipelineState:
    words = attempt("an error whose text cannot be read", str, error) or type(error).__name__
    return PipelineState(
        pipeline_id=pipeline.id,
        state="error",
        load_params=_as_json(given),
        error=f"{type(error).__name__}: {words}",
        traceback=user_traceback(error, pipeline.folder),
    )
