"""Calling a pipeline: chunk by chunk, as long as there are frames, or as often as it is asked to."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, cast

from psynapse.catalog import pipelines
from psynapse.catalog.frames import forward, joined, length_of, local, video_of
from psynapse.catalog.hosting import PipelineHost
from psynapse.catalog.pipeline_inputs import PipelineInputs, read_inputs
from psynapse.catalog.pipelines import Pipeline
from psynapse.errors import ConversionError, PsynapseError
from psynapse.model.context import current_context
from psynapse.model.guarded import Raised, outcome

_ONCE: Final = frozenset({"images", "first_frame_image", "last_frame_image", "vace_ref_images"})
"""What counts in the first call only."""
_IDLE_SECONDS: Final = 0.01
_MOST_IDLE: Final = 500
"""So often in a row a pipeline may have nothing to say."""


@dataclass(frozen=True, slots=True)
class FrameTime:
    """When a frame was taken, in ``time_base`` seconds. Videos here have no clock: both are None."""

    pts: int | None = None
    time_base: Fraction | None = None


class PipelineAnswer(PsynapseError):
    """A pipeline returned, or wants, something that no pipeline does."""

    code = "pipeline-answer"


class PipelineCall:
    """The function of a pipeline's node: its parameters and inputs by name, its outputs as a dict.

    Outputs that are none of its ports go with the videos to the pipelines that they arrive at, as parameters.
    """

    def __init__(self, pipeline: Pipeline, host: PipelineHost) -> None:
        self.pipeline = pipeline
        self._host = host

    def __call__(self, **values: object) -> dict[str, object]:
        """Run it once. Raises what the pipeline raises, which unloads it, and ConversionError for unfit inputs."""
        with self._host.lock:
            return self._call(values)

    def _call(self, values: Mapping[str, object]) -> dict[str, object]:
        pipeline = self.pipeline
        inputs = read_inputs(pipeline, values)
        at_load = {name: value for name, value in values.items() if name in pipeline.load_params and value is not None}
        instance = self._host.instance(pipeline.id, at_load)
        called = outcome(_Player(instance, pipeline, inputs).play)
        # So that nothing refers to it here when it is unloaded.
        del instance
        if isinstance(called, Raised):
            if not isinstance(called.error, ConversionError):
                self._host.failed(pipeline.id, called.error)
            raise called.error
        return called


@dataclass(slots=True)
class _Outputs:
    """What the calls have returned so far."""

    streams: dict[str, list[object]] = field(default_factory=dict[str, "list[object]"])
    others: dict[str, object] = field(default_factory=dict[str, object])

    def add(self, pipeline: Pipeline, answer: Mapping[str, object], surplus: int, count: int) -> None:
        """One more answer. ``surplus`` of the ``count`` frames that it is about were only there to fill up."""
        kinds = {port.name: port.kind for port in pipeline.outputs}
        for name, value in answer.items():
            kind = kinds.get(name, "")
            if value is None or name.endswith("_timestamps"):
                continue
            if kind == pipelines.VIDEO:
                video = local(video_of(value))
                fills_up = surplus and length_of(video) == count
                self.streams.setdefault(name, []).append(cast("Any", video)[:-surplus] if fills_up else video)
            elif kind == "audio":
                self.streams.setdefault(name, []).append(local(value))
            else:
                self.others[name] = value

    def result(self, pipeline: Pipeline) -> dict[str, object]:
        """All outputs; parameters for others go with its videos."""
        kinds = {port.name: port.kind for port in pipeline.outputs}
        axis = {name: 0 if kinds[name] == pipelines.VIDEO else -1 for name in self.streams}
        streams = {name: joined(parts, axis[name]) for name, parts in self.streams.items()}
        parameters = {name: value for name, value in self.others.items() if name not in kinds}
        for name, value in streams.items():
            if kinds[name] == pipelines.VIDEO:
                forward(value, parameters)
        return {**streams, **self.others}


class _Player:
    """One run of a pipeline's node."""

    def __init__(self, instance: Any, pipeline: Pipeline, inputs: PipelineInputs) -> None:
        self._instance = instance
        self._pipeline = pipeline
        self._inputs = inputs
        self._parameters = {name: value for name, value in inputs.parameters.items() if name != "reset_cache"}
        self._outputs = _Outputs()
        self._position = 0
        self._answers = 0
        self._idle = 0
        self._first = True

    def play(self) -> dict[str, object]:
        """Call it until all frames are used up, or often enough; returns all that came out."""
        done = False
        while not done and self._idle < _MOST_IDLE:
            size = self._wanted_frames()
            if size is None:
                self._call_without_frames()
            else:
                self._call_with_frames(size)
            done = self._position >= self._inputs.length if size else self._answers >= self._inputs.chunks
            self._tell(takes_frames=bool(size))
        return self._outputs.result(self._pipeline)

    def _wanted_frames(self) -> int | None:
        """How many frames the next call wants; None for none. Raises ConversionError when there are none to be had."""
        prepare: Any = getattr(self._instance, "prepare", None)
        in_mode = {pipelines.VIDEO: True} if self._inputs.frames else {}
        requirements: Any = prepare(**self._parameters, **in_mode) if callable(prepare) else None
        if requirements is None:
            return None
        size = max(1, int(requirements.input_size))
        if not self._inputs.length:
            ports = self._pipeline.video_inputs
            message = f"{self._pipeline.id} wants {size} frames for each call, and there are none"
            hint = "connect a video or an image"
            raise ConversionError(message, port=ports[0] if ports else pipelines.VIDEO, hint=hint)
        return size

    def _call_with_frames(self, size: int) -> None:
        """The last chunk is filled up with the last frame, and what comes of that is left out again."""
        start, end = self._position, self._position + size
        chunks = {port: _part(frames, start, end) for port, frames in self._inputs.frames.items()}
        times: dict[str, object] = {f"{port}_timestamps": [FrameTime()] * size for port in chunks}
        answer = self._call({**chunks, **times})
        self._outputs.add(self._pipeline, answer, max(0, end - self._inputs.length), size)
        self._position = end

    def _call_without_frames(self) -> None:
        answer = self._call({})
        self._outputs.add(self._pipeline, answer, 0, 0)
        if answer:
            self._answers += 1
            self._idle = 0
        else:
            self._idle += 1
            time.sleep(_IDLE_SECONDS)

    def _call(self, frames: Mapping[str, object]) -> Mapping[str, object]:
        arguments = {**self._parameters, **frames, "init_cache": self._first}
        self._first = False
        # Before the call: what fails is not to be tried again with the next chunk.
        for name in _ONCE:
            self._parameters.pop(name, None)
        answer = self._instance(**arguments)
        if isinstance(answer, Mapping):
            return cast("Mapping[str, object]", answer)
        if length_of(answer) is None:
            message = f"{self._pipeline.id} returned {type(answer).__name__}, where a dict of outputs is wanted"
            raise PipelineAnswer(message, hint="ask the package's author, or use another version of it")
        return {pipelines.VIDEO: answer}

    def _tell(self, *, takes_frames: bool) -> None:
        if context := current_context():
            done, whole = self._position, self._inputs.length
            if not takes_frames:
                done, whole = self._answers, self._inputs.chunks
            word = "frames" if takes_frames else "chunks"
            context.progress(min(1.0, done / whole), f"{min(done, whole):,} of {whole:,} {word}")


def _part(frames: list[Any], start: int, end: int) -> list[Any]:
    """The frames from ``start`` to ``end``; where there are no more, the last one."""
    part = frames[start:end]
    return part + [frames[-1]] * (end - start - len(part))
