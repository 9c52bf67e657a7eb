"""Calling pipelines: chunk by chunk, with the parameters that belong to each call."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from installed_packages import BEGIN, COLOUR, INVERT, array_of
from package_bench import load_one

from psynapse.catalog.chunks import PipelineAnswer, PipelineCall
from psynapse.catalog.packages import LoadedPackages
from psynapse.errors import ConversionError
from psynapse.model.context import context_source

VIDEO = np.arange(5 * 2 * 2 * 3, dtype=np.uint8).reshape(5, 2, 2, 3) * 4


def call_of(found: LoadedPackages, name: str) -> PipelineCall:
    operation = next(operation for operation in found.operations if operation.schema.name == name)
    assert isinstance(operation.callee, PipelineCall)
    return operation.callee


def instance(found: LoadedPackages, name: str) -> Any:
    return found.host.instance(name, {})


class Progress:
    """What a node tells."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, str]] = []

    def current(self) -> "Progress":
        return self

    def progress(self, fraction: float, message: str = "") -> None:
        self.heard.append((fraction, message))

    def emit(self, chunk: str) -> None:
        raise AssertionError(chunk)

    def output(self, stream: str, text: str) -> None:
        raise AssertionError(stream, text)


@pytest.fixture
def invert(site: Path) -> LoadedPackages:
    return load_one(site, "inverts", INVERT)


@pytest.fixture
def colour(site: Path) -> LoadedPackages:
    return load_one(site, "colours", COLOUR)


def test_a_filter_gets_chunks_of_frames_from_0_to_255_and_returns_a_video_from_0_to_1(invert: LoadedPackages):
    result = call_of(invert, "invert")(video=VIDEO)
    assert np.array_equal(array_of(result["video"]), 1 - VIDEO.astype(np.float32) / np.float32(255))
    calls = instance(invert, "invert").log
    assert [len(call["video"]) for call in calls] == [2, 2, 2]
    assert [tuple(frame.shape) for frame in calls[0]["video"]] == [(1, 2, 2, 3)] * 2
    assert np.array_equal(array_of(calls[1]["video"][0])[0], VIDEO[2])
    # The last chunk is filled up with the last frame.
    assert np.array_equal(array_of(calls[2]["video"][1])[0], VIDEO[4])
    assert [len(call["video_timestamps"]) for call in calls] == [2, 2, 2]


def test_only_the_first_call_of_a_run_begins_the_cache_anew(invert: LoadedPackages):
    call = call_of(invert, "invert")
    call(video=VIDEO)
    call(video=VIDEO[:1])
    assert [entry["init_cache"] for entry in instance(invert, "invert").log] == [True, False, False, True]


def test_runtime_parameters_go_into_every_call_and_load_parameters_into_none(invert: LoadedPackages):
    call_of(invert, "invert")(video=VIDEO, strength=0.5, height=64)
    pipeline = instance(invert, "invert")
    assert {call["strength"] for call in pipeline.log} == {0.5}
    assert all("height" not in call for call in pipeline.log)
    # What the mode sets counts, and prepare is told that there is video.
    assert pipeline.log[0]["noise_scale"] == 0.5
    assert pipeline.prepared["video"] is True
    assert pipeline.prepared["strength"] == 0.5


@pytest.mark.parametrize("name", ["images", "first_frame_image", "last_frame_image", "vace_ref_images"])
def test_what_counts_once_is_in_the_first_call_only(invert: LoadedPackages, name: str):
    call_of(invert, "invert")(video=VIDEO, parameters={name: ["a.png"], "lora_scales": [1]})
    calls = instance(invert, "invert").log
    assert [call.get(name) for call in calls] == [["a.png"], None, None]
    assert [call["lora_scales"] for call in calls] == [[1], [1], [1]]


def test_what_counts_once_is_not_there_again_after_a_failure(invert: LoadedPackages):
    call = call_of(invert, "invert")
    with pytest.raises(ValueError, match="told to fail"):
        call(video=VIDEO, parameters={"images": ["gone.png"], "fail": True})
    call(video=VIDEO[:1])
    assert "images" not in instance(invert, "invert").log[0]


def test_a_generator_is_called_as_often_as_it_is_asked_to(colour: LoadedPackages):
    result = call_of(colour, "colour")(chunks=3, red=0.5)
    assert array_of(result["video"]).shape == (3, 2, 3, 3)
    assert array_of(result["video"])[..., 0].tolist() == [[[0.5] * 3] * 2] * 3
    assert result["calls"] == 3


def test_state_stays_between_runs_and_a_pipeline_is_created_once(colour: LoadedPackages):
    call = call_of(colour, "colour")
    assert [call()["calls"], call(red=0.1)["calls"], call()["made"]] == [1, 2, 1]


def test_other_load_parameters_create_it_anew_and_parameters_left_out_do_not(colour: LoadedPackages):
    call = call_of(colour, "colour")
    assert call(start=10)["calls"] == 11
    assert call()["calls"] == 12
    assert call(start=20)["calls"] == 21
    assert call(start=20)["made"] == 2


def test_outputs_that_are_no_ports_become_parameters_of_what_follows(site: Path, colour: LoadedPackages):
    made = call_of(colour, "colour")(chunks=2)
    follower = load_one(site, "inverts", INVERT)
    call_of(follower, "invert")(video=made["video"])
    assert instance(follower, "invert").log[0]["calls"] == 2


def test_a_whole_result_is_taken_for_its_video_and_its_parameters(colour: LoadedPackages, site: Path):
    follower = load_one(site, "inverts", INVERT)
    call_of(follower, "invert")(video={"video": VIDEO, "beat": 7, "audio": None}, parameters={"tempo": 120})
    first = instance(follower, "invert").log[0]
    assert (first["beat"], first["tempo"], "audio" in first) == (7, 120, False)


def test_progress_counts_frames_or_chunks(invert: LoadedPackages, colour: LoadedPackages):
    heard = Progress()
    token = context_source.set(heard)
    try:
        call_of(invert, "invert")(video=VIDEO)
        call_of(colour, "colour")(chunks=2)
    finally:
        context_source.reset(token)
    assert heard.heard == [
        (0.0, "loading invert"),
        (0.4, "2 of 5 frames"),
        (0.8, "4 of 5 frames"),
        (1.0, "5 of 5 frames"),
        (0.0, "loading colour"),
        (0.5, "1 of 2 chunks"),
        (1.0, "2 of 2 chunks"),
    ]


def test_a_filter_without_video_is_an_error_of_its_port_and_stays_loaded(invert: LoadedPackages):
    with pytest.raises(ConversionError, match="wants 2 frames") as caught:
        call_of(invert, "invert")()
    assert caught.value.port == "video"
    assert [state.state for state in invert.host.states()] == ["loaded"]


def test_what_is_no_video_is_an_error_of_its_port(invert: LoadedPackages):
    with pytest.raises(ConversionError) as caught:
        call_of(invert, "invert")(video=7)
    assert caught.value.port == "video"


def test_a_failing_call_unloads_only_that_pipeline_and_keeps_its_error(site: Path, invert: LoadedPackages):
    call = call_of(invert, "invert")
    with pytest.raises(ValueError, match="told to fail"):
        call(video=VIDEO, parameters={"fail": True})
    (state,) = invert.host.states()
    assert (state.pipeline_id, state.state, state.error) == ("invert", "error", "ValueError: it was told to fail")
    assert state.traceback.splitlines()[1].strip().startswith(f'File "{site}')
    call(video=VIDEO)
    assert [state.state for state in invert.host.states()] == ["loaded"]


SHAPES = (
    BEGIN
    + """
from scope.core.nodes.base import NodePort

class MixConfig(BasePipelineConfig):
    pipeline_id = "mix"
    inputs = ["video", "mask", NodePort(name="amount", port_type="number", required=False)]
    outputs = ["video", "mask"]
    modes = {"video": ModeDefaults(default=True)}

class Mix(Pipeline):
    log = []
    @classmethod
    def get_config_class(cls):
        return MixConfig
    def __init__(self, **rest):
        pass
    def prepare(self, **given):
        return Requirements(input_size=2)
    def __call__(self, **given):
        Mix.log.append(given)
        return {"video": np.zeros((2, 1, 1, 3), np.float32), "mask": np.ones((1, 1, 1, 1), np.uint8)}

class SoundConfig(BasePipelineConfig):
    pipeline_id = "sound"
    produces_video = False
    produces_audio = True

class Sound(Pipeline):
    @classmethod
    def get_config_class(cls):
        return SoundConfig
    def __init__(self, **rest):
        self.calls = 0
    def __call__(self, prompts=None, **given):
        self.calls += 1
        if self.calls == 2:
            return {}
        self.prompts = prompts
        return {"audio": np.full((2, 4), self.calls, np.float32), "audio_sample_rate": 48000}

class OddConfig(BasePipelineConfig):
    pipeline_id = "odd"

class Odd(Pipeline):
    @classmethod
    def get_config_class(cls):
        return OddConfig
    def __call__(self, **given):
        return given.get("answer")

@hookimpl
def register_pipelines(register):
    register(Mix)
    register(Sound)
    register(Odd)
"""
)


@pytest.fixture
def shapes(site: Path) -> LoadedPackages:
    return load_one(site, "shapes", SHAPES)


def test_several_videos_arrive_in_step_and_shorter_ones_keep_their_last_frame(shapes: LoadedPackages):
    picture = np.full((1, 1, 3), 9, np.uint8)
    result = call_of(shapes, "mix")(video=VIDEO[:3], mask=picture, amount=0.5)
    calls = type(instance(shapes, "mix")).log
    assert [len(call["mask"]) for call in calls] == [2, 2]
    assert {int(array_of(frame).max()) for call in calls for frame in call["mask"]} == {9}
    assert {call["amount"] for call in calls} == {0.5}
    assert calls[0]["mask_timestamps"][0].pts is None
    assert array_of(result["video"]).shape == (3, 1, 1, 3)
    # One of each chunk came back: that is not what was filled up.
    assert array_of(result["mask"]).shape == (2, 1, 1, 1)


def test_sound_is_joined_along_its_samples_and_an_empty_answer_is_asked_again(shapes: LoadedPackages):
    result = call_of(shapes, "sound")(chunks=2)
    assert array_of(result["audio"]).tolist() == [[1, 1, 1, 1, 3, 3, 3, 3]] * 2
    assert result["audio_sample_rate"] == 48000
    assert "video" not in result


PROMPTS: Mapping[str, tuple[object, object]] = {
    "text": ("a cat", [{"text": "a cat", "weight": 1.0}]),
    "empty": ("", None),
    "list": (["a", {"text": "b", "weight": 0.3}], [{"text": "a", "weight": 1.0}, {"text": "b", "weight": 0.3}]),
    "object": ({"text": "c"}, [{"text": "c", "weight": 1.0}]),
    "none": ([], None),
}


@pytest.mark.parametrize("case", PROMPTS)
def test_prompts_are_text_or_a_list(shapes: LoadedPackages, case: str):
    given_, expected = PROMPTS[case]
    call_of(shapes, "sound")(prompts=given_)
    assert instance(shapes, "sound").prompts == expected


def test_an_answer_that_is_none_of_a_pipeline_is_an_error_with_a_hint(shapes: LoadedPackages):
    with pytest.raises(PipelineAnswer, match="odd returned str") as caught:
        call_of(shapes, "odd")(parameters={"answer": "text"})
    assert caught.value.hint


def test_an_answer_that_is_only_a_video_is_one(shapes: LoadedPackages):
    result = call_of(shapes, "odd")(parameters={"answer": VIDEO})
    assert np.array_equal(array_of(result["video"]), VIDEO)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(1, 12), size=st.integers(1, 5))
def test_every_frame_comes_out_once_whatever_the_size_of_chunks(invert: LoadedPackages, length: int, size: int):
    frames = np.random.default_rng(length).integers(0, 256, (length, 1, 2, 3), dtype=np.uint8)
    result = call_of(invert, "invert")(video=frames, input_size=size)
    assert np.array_equal(array_of(result["video"]), 1 - frames.astype(np.float32) / np.float32(255))
