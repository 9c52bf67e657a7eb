"""What a pipeline's node was given, sorted into frames and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from psynapse.catalog import pipelines
from psynapse.catalog.frames import forwarded, frames_of
from psynapse.catalog.pipelines import Pipeline
from psynapse.errors import ConversionError


@dataclass(frozen=True, slots=True)
class PipelineInputs:
    """What a node was given: frames by port, parameters for every call, and how often to call without frames."""

    frames: Mapping[str, list[Any]]
    parameters: Mapping[str, object]
    chunks: int

    @property
    def length(self) -> int:
        """How many frames there are: of several videos the longest counts."""
        return max(map(len, self.frames.values()), default=0)


def read_inputs(pipeline: Pipeline, values: Mapping[str, object]) -> PipelineInputs:
    """Sort what came in. Raises ConversionError for what is no video where one belongs."""
    frames: dict[str, list[Any]] = {}
    arrived: dict[str, object] = {}
    for name in pipeline.video_inputs:
        value = values.get(name)
        if isinstance(value, dict):
            content = cast("dict[str, object]", value)
            arrived.update(_parameters_of(content))
            value = content.get(name, content.get(pipelines.VIDEO))
        # An emptied field of an editor is a text.
        if value is not None and not (isinstance(value, str) and not value):
            arrived.update(forwarded(value))
            frames[name] = _frames(name, value)
    more = values.get(pipelines.PARAMETERS) if pipelines.PARAMETERS not in pipeline.fields else None
    if isinstance(more, dict):
        arrived.update(_parameters_of(cast("dict[str, object]", more)))
    given = {name: value for name, value in values.items() if value is not None and _is_parameter(pipeline, name)}
    parameters = {**_defaults(pipeline, pipelines.VIDEO if frames else "text"), **given, **arrived}
    if pipelines.PROMPTS in parameters and pipelines.PROMPTS not in pipeline.fields:
        parameters[pipelines.PROMPTS] = prompts_of(parameters[pipelines.PROMPTS])
    return PipelineInputs(
        frames, {name: value for name, value in parameters.items() if value is not None}, _count(values)
    )


def _frames(port: str, value: object) -> list[Any]:
    try:
        return frames_of(value)
    except ConversionError as error:
        error.port = error.port or port
        raise


def _parameters_of(content: Mapping[str, object]) -> dict[str, object]:
    """What of a pipeline's result is no stream."""
    return {name: value for name, value in content.items() if name not in {pipelines.VIDEO, "audio"}}


def _is_parameter(pipeline: Pipeline, name: str) -> bool:
    """Whether it goes into every call as it is."""
    if name in pipeline.video_inputs or name in pipeline.load_params:
        return False
    return name in pipeline.fields or name not in {pipelines.CHUNKS, pipelines.PARAMETERS}


def _defaults(pipeline: Pipeline, mode: str) -> dict[str, object]:
    """The defaults that go into every call: of the fields that the node shows, and what differs in the mode."""
    plain, found = pipeline.defaults(), pipeline.defaults(mode)
    return {
        name: value
        for name, value in found.items()
        if _is_parameter(pipeline, name) and (pipeline.shown(name) or plain.get(name) != value)
    }


def _count(values: Mapping[str, object]) -> int:
    count = values.get(pipelines.CHUNKS, 1)
    return max(1, count) if isinstance(count, int) else 1


def prompts_of(value: object) -> object:
    """Prompts as pipelines take them: a list of objects with ``text`` and ``weight``; None when there are none."""
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    found = [{"text": item} if isinstance(item, str) else item for item in items if item]
    return [{"weight": 1.0, **cast("dict[str, object]", item)} for item in found if isinstance(item, dict)] or None
