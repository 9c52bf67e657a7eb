"""Node packages as they are written for Scope, unmodified, in workflows: conventions checked to the value.

Where torch is installed they get tensors, else arrays; the values are the same.
"""

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from installed_packages import write_package

from psynapse.model.json_text import dumps
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import make_plan
from psynapse.worker.client import RunEnd, Worker
from psynapse.worker.process import WorkerSpec
from psynapse.worker.protocol import RunRequest
from psynapse.worker.transfer import plan_to_json

# Host packages that are not declared, a helper library, several pipelines, a relative import, an object as entry point.
SCHEMAS = """
from typing import ClassVar
from pydantic import Field
from scope.core.nodes.base import NodePort
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, ui_field_config
from scope.core.pipelines.base_schema import height_field, width_field

class GradientConfig(BasePipelineConfig):
    pipeline_id = "gradient"
    pipeline_name = "Gradient"
    supports_prompts = True
    modes = {"text": ModeDefaults(default=True)}
    height: int = height_field(1)
    width: int = width_field(4)
    top: float = Field(default=1.0, ge=0.0, le=1.0, json_schema_extra=ui_field_config(order=1, label="Top"))

class HalveConfig(BasePipelineConfig):
    pipeline_id = "halve"
    pipeline_name = "Halve"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
    chunk: int = Field(default=2, json_schema_extra=ui_field_config(is_load_param=True))

class BlendConfig(BasePipelineConfig):
    pipeline_id = "blend"
    pipeline_name = "Blend"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
    inputs = ["video", "second", NodePort(name="share", port_type="number", required=False)]

class ToneConfig(BasePipelineConfig):
    pipeline_id: ClassVar[str] = "tone"
    pipeline_name: ClassVar[str] = "Tone"
    produces_video = False
    produces_audio = True
    outputs = ["audio"]

class BeatConfig(BasePipelineConfig):
    pipeline_id = "beat"
    pipeline_name = "Beat"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
"""
PIPELINES = """
import numpy as np
from scope.core.pipelines.interface import Pipeline, Requirements
from pixel_tools import as_array, as_value
from .schemas import BeatConfig, BlendConfig, GradientConfig, HalveConfig, ToneConfig

class Gradient(Pipeline):
    @classmethod
    def get_config_class(cls):
        return GradientConfig

    def __init__(self, height, width, **kwargs):
        self.height, self.width, self.chunks = height, width, 0

    def __call__(self, **kwargs):
        self.chunks += 1
        ramp = np.linspace(0, kwargs.get("top", 1.0), self.width, dtype=np.float32)
        video = np.broadcast_to(ramp[None, None, :, None], (1, self.height, self.width, 3))
        words = [prompt["text"] for prompt in kwargs.get("prompts") or []]
        return {"video": as_value(video), "words": words, "chunk_number": self.chunks, "fresh": kwargs["init_cache"]}

class Halve(Pipeline):
    @classmethod
    def get_config_class(cls):
        return HalveConfig

    def __init__(self, chunk=1, **kwargs):
        self.chunk, self.sizes = chunk, []

    def prepare(self, **kwargs):
        return Requirements(input_size=self.chunk)

    def __call__(self, **kwargs):
        self.sizes.append(len(kwargs["video"]))
        frames = np.concatenate([as_array(frame) for frame in kwargs["video"]])
        assert frames.dtype == np.uint8 and frames.ndim == 4
        return {"video": as_value(frames.astype(np.float32) / 255 / 2), "sizes": list(self.sizes)}

class Blend(Pipeline):
    @classmethod
    def get_config_class(cls):
        return BlendConfig

    def __init__(self, **kwargs):
        pass

    def prepare(self, video=False, **kwargs):
        assert video is True
        return Requirements(input_size=1)

    def __call__(self, video, second, share=0.5, **kwargs):
        one, two = as_array(video[0]).astype(np.float32) / 255, as_array(second[0]).astype(np.float32) / 255
        return {"video": as_value(one * share + two * (1 - share))}

class Tone(Pipeline):
    @classmethod
    def get_config_class(cls):
        return ToneConfig

    def __init__(self, **kwargs):
        self.level = 0.0

    def __call__(self, **kwargs):
        self.level += 0.25
        return {"audio": as_value(np.full((2, 3), self.level, np.float32)), "audio_sample_rate": 16000}

class Beat(Pipeline):
    @classmethod
    def get_config_class(cls):
        return BeatConfig

    def __init__(self, **kwargs):
        pass

    def prepare(self, **kwargs):
        return Requirements(input_size=4)

    def __call__(self, **kwargs):
        frames = np.concatenate([as_array(frame) for frame in kwargs["video"]])
        return {"video": as_value(frames), "share": 0.25}
"""
PLUGIN = """
from scope.core.plugins.hookspecs import hookimpl
from .pipelines import Beat, Blend, Gradient, Halve, Tone

class Plugin:
    @hookimpl
    def register_pipelines(self, register):
        for pipeline in (Gradient, Halve, Blend, Tone, Beat):
            register(pipeline)

plugin = Plugin()
"""
TOOLS = """
import numpy as np

try:
    import torch
except ImportError:
    torch = None

def as_array(frame):
    if torch is not None:
        assert isinstance(frame, torch.Tensor)
    return np.asarray(frame)

def as_value(array):
    return array if torch is None else torch.from_numpy(np.array(array))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("generation")
    site = folder / "site"
    files = {"scope_studio/__init__.py": "", "scope_studio/schemas.py": SCHEMAS, "scope_studio/pipelines.py": PIPELINES}
    write_package(
        site, "scope-studio", {**files, "scope_studio/plugin.py": PLUGIN}, {"studio": "scope_studio.plugin:plugin"}
    )
    write_package(site, "pixel-tools", {"pixel_tools.py": TOOLS}, {})
    write_package(site, "scope-camera", {"scope_camera.py": "import a_camera_sdk\n"})
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{site}:$PYTHONPATH" exec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    return str(program)


def run(python: str, nodes: dict[str, dict[str, Any]], *edges: str, times: int = 1) -> list[dict[str, Any]]:
    """Results of views, called like the output they show, of each of several runs in one worker."""
    flow: dict[str, Any] = {"nodes": [], "edges": []}
    for node, data in nodes.items():
        flow["nodes"].append({"id": node, "type": "functionNode", "data": {"functionName": node, **data}})
    for edge in edges:
        source, _, target = edge.partition(" -> ")
        node, _, port = target.partition(".")
        if node not in nodes:
            flow["nodes"].append({"id": node, "type": "viewNode", "data": {}})
        ends = dict(zip(("source", "sourceHandle"), source.split("."), strict=True))
        flow["edges"].append({**ends, "target": node, "targetHandle": port or "input"})
    return asyncio.run(_run(python, flow, times))


async def _run(python: str, flow: dict[str, Any], times: int) -> list[dict[str, Any]]:
    worker = await Worker.start(WorkerSpec(roots=(), python=python))
    try:
        workflow, _ = parse_workflow(flow)
        plan = make_plan(workflow, worker.catalog)
        assert plan.diagnostics == ()
        return [await _played(worker, dumps(plan_to_json(plan)), str(number)) for number in range(times)]
    finally:
        await worker.kill()


async def _played(worker: Worker, plan: bytes, name: str) -> dict[str, Any]:
    request: RunRequest = {
        "run": name,
        "whole": True,
        "keep": False,
        "reuse": True,
        "href": "",
        "folder": "",
        "cache_folder": "",
        "home": "",
        "env": [],
    }
    *records, end = [item async for item in worker.run(request, plan)]
    assert isinstance(end, RunEnd)
    assert end.status == "succeeded", records
    return dict(end.values)


def row(*values: Any) -> list[list[list[Any]]]:
    """A frame of one row of grey pixels."""
    return [[[value] * 3 for value in values]]


def test_a_text_to_video_generator_makes_as_many_chunks_as_asked_for(python: str):
    (values,) = run(
        python, {"gradient": {"chunks": 2, "prompts": "a cat"}}, "gradient.video -> v", "gradient.words -> w"
    )
    assert values["v"] == [row(0, pytest.approx(1 / 3), pytest.approx(2 / 3), 1)] * 2
    assert values["w"] == ["a cat"]


def test_a_video_to_video_filter_gets_whole_numbers_and_every_frame_comes_out_once(python: str):
    nodes = {"gradient": {"chunks": 3, "width": 3}, "halve": {}}
    (values,) = run(python, nodes, "gradient.video -> halve.video", "halve.video -> v", "halve.sizes -> s")
    # 0.5 arrives as 127 of 255, as it does where frames travel as bytes.
    assert values["v"] == [row(0, pytest.approx(127 / 255 / 2), 0.5)] * 3
    assert values["s"] == [2, 2]


def test_several_videos_and_a_number_arrive_at_one_pipeline(python: str):
    nodes = {"gradient": {"chunks": 2, "width": 2}, "halve": {}, "blend": {"share": 0.75}}
    edges = ["gradient.video -> halve.video", "gradient.video -> blend.video", "halve.video -> blend.second"]
    (values,) = run(python, nodes, *edges, "blend.video -> v")
    assert values["v"] == [row(0, pytest.approx(0.75 + 0.25 * 127 / 255))] * 2


def test_sound_is_channels_by_samples_with_its_rate(python: str):
    (values,) = run(python, {"tone": {"chunks": 2}}, "tone.audio -> a", "tone.audio_sample_rate -> r")
    assert values["a"] == [[0.25, 0.25, 0.25, 0.5, 0.5, 0.5]] * 2
    assert values["r"] == 16000


def test_other_outputs_are_parameters_of_what_follows(python: str):
    nodes = {"gradient": {"width": 2}, "halve": {"chunk": 1}, "beat": {}, "blend": {}}
    edges = ["gradient.video -> beat.video", "beat.video -> blend.video", "gradient.video -> halve.video"]
    (values,) = run(python, nodes, *edges, "halve.video -> blend.second", "blend.video -> v")
    # Beat says share = 0.25; a byte video goes through it as it is.
    assert values["v"] == [row(0, pytest.approx(0.25 + 0.75 * 127 / 255))]


def test_pipelines_keep_their_state_between_runs_and_are_never_answered_from_a_cache(python: str):
    edges = ("gradient.chunk_number -> n", "gradient.fresh -> f")
    values = run(python, {"gradient": {"chunks": 2}}, *edges, times=3)
    assert [(result["n"], result["f"]) for result in values] == [(2, False), (4, False), (6, False)]


def test_images_and_files_are_video_as_well(python: str, tmp_path: Path):
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (2, 1), (100, 50, 0)).save(tmp_path / "picture.png")
    (values,) = run(python, {"halve": {"video": str(tmp_path / "picture.png")}}, "halve.video -> v")
    assert values["v"] == [[[[pytest.approx(100 / 510), pytest.approx(50 / 510), 0]] * 2]]


def test_a_package_whose_sdk_is_missing_is_listed_with_what_it_needs(python: str):
    async def packages() -> dict[str, Any]:
        worker = await Worker.start(WorkerSpec(roots=(), python=python))
        await worker.kill()
        return {package.name: package for package in worker.catalog.packages}

    found = asyncio.run(packages())
    assert sorted(found) == ["scope-camera", "scope-studio"]
    assert [info.id for info in found["scope-studio"].pipelines] == ["gradient", "halve", "blend", "tone", "beat"]
    (failure,) = found["scope-camera"].failures
    assert failure.error_type == "ModuleNotFoundError"
    assert "a_camera_sdk" in failure.hint


def test_frames_are_tensors_where_torch_is_installed():
    from psynapse.catalog.frames import frames_of

    numpy = pytest.importorskip("numpy")
    (frame,) = frames_of(numpy.zeros((2, 2, 3), numpy.uint8))
    assert type(frame).__module__ == ("torch" if find_spec("torch") else "numpy")
