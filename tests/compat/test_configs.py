"""Configs: the fields, class attributes and methods that packages rely on, to the value."""

from typing import Any

import pytest
from pydantic import ValidationError

from scope.core.nodes.base import NodePort
from scope.core.pipelines.artifacts import HuggingfaceRepoArtifact
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, UsageType, ui_field_config
from scope.core.pipelines.controller import CtrlInput, convert_to_win_keycodes, parse_ctrl_input
from scope.core.pipelines.interface import Pipeline, Requirements

FIELDS = {
    "height": 512,
    "width": 512,
    "manage_cache": True,
    "base_seed": 42,
    "denoising_steps": None,
    "lora_merge_strategy": None,
    "noise_scale": None,
    "noise_controller": None,
    "input_size": 1,
    "ref_images": None,
    "vace_context_scale": 1.0,
}
ATTRIBUTES = {
    "pipeline_id": "base",
    "pipeline_version": "1.0.0",
    "docs_url": None,
    "estimated_vram_gb": None,
    "requires_models": False,
    "artifacts": [],
    "supports_lora": False,
    "supports_vace": False,
    "supports_cache_management": False,
    "supports_kv_cache_bias": False,
    "supports_quantization": False,
    "produces_video": True,
    "produces_audio": False,
    "min_dimension": 1,
    "modified": False,
    "recommended_quantization_vram_threshold": None,
    "usage": [],
    "inputs": ["video"],
    "outputs": ["video"],
    "modes": {"text": ModeDefaults(default=True)},
    "supports_prompts": True,
    "default_temporal_interpolation_method": "slerp",
    "default_temporal_interpolation_steps": 0,
    "default_spatial_interpolation_method": "linear",
}


def test_fields_and_class_attributes_have_their_defaults():
    assert BasePipelineConfig().model_dump() == FIELDS
    assert {name: getattr(BasePipelineConfig, name) for name in ATTRIBUTES} == ATTRIBUTES


BAD: list[dict[str, Any]] = [
    {"height": 0},
    {"width": 0},
    {"base_seed": -1},
    {"noise_scale": 1.1},
    {"noise_scale": -0.1},
    {"input_size": 0},
    {"vace_context_scale": 2.1},
    {"unknown": 1},
    {"lora_merge_strategy": "other"},
]


@pytest.mark.parametrize("fields", BAD, ids=str)
def test_values_out_of_bounds_and_unknown_fields_are_refused(fields: dict[str, Any]):
    with pytest.raises(ValidationError):
        BasePipelineConfig(**fields)


class Loud(BasePipelineConfig):
    """Sets class attributes without annotations, as packages do."""

    pipeline_id = "loud"
    pipeline_name = "Loud"
    artifacts = [HuggingfaceRepoArtifact(repo_id="a/b", files=["c"])]  # noqa: RUF012
    usage = [UsageType.POSTPROCESSOR]  # noqa: RUF012
    outputs = ["video", NodePort(name="level", port_type="number")]  # noqa: RUF012
    modes = {"text": ModeDefaults(), "video": ModeDefaults(default=True, height=64, noise_scale=0.7)}  # noqa: RUF012
    height: int = 320
    num_frame_per_block = 3
    vae_temporal_downsample_factor = 4


def test_attributes_that_a_package_sets_are_no_fields():
    assert set(Loud.model_fields) == set(FIELDS)
    assert Loud().height == 320


def test_modes_have_names_a_default_and_defaults():
    assert Loud.get_supported_modes() == ["text", "video"]
    assert Loud.get_default_mode() == "video"
    assert BasePipelineConfig.get_default_mode() == "text"
    assert Loud.get_defaults_for_mode("text")["height"] == 320
    video = Loud.get_defaults_for_mode("video")
    assert (video["height"], video["noise_scale"], video["width"]) == (64, 0.7, 512)
    assert Loud().is_video_mode()
    assert not Loud(input_size=None).is_video_mode()


def test_the_schema_says_all_that_editors_want_to_know():
    assert Loud.get_pipeline_metadata()["name"] == "Loud"
    schema = Loud.get_schema_with_metadata()
    assert schema["requires_models"] is True
    assert schema["usage"] == ["postprocessor"]
    assert schema["mode_defaults"] == {"video": {"height": 64, "noise_scale": 0.7}}
    assert (schema["frames_per_chunk"], schema["temporal_downsample_factor"]) == (12, 4)
    assert BasePipelineConfig.get_schema_with_metadata()["frames_per_chunk"] is None
    assert schema["config_schema"]["properties"]["height"]["default"] == 320
    assert schema["outputs"][1]["name"] == "level"


def test_hints_for_editors_always_have_a_category_and_whether_they_count_at_load():
    assert ui_field_config() == {"ui": {"category": "configuration", "is_load_param": False}}
    given: dict[str, Any] = {
        "order": 0,
        "component": "image",
        "modes": ["video"],
        "is_load_param": True,
        "label": "L",
        "category": "input",
        "modulatable": False,
        "modulatable_min": 0.0,
        "modulatable_max": 1.0,
    }
    assert ui_field_config(**given) == {"ui": given}


def test_defaults_of_a_mode_refuse_what_they_do_not_know():
    with pytest.raises(ValidationError):
        ModeDefaults(depth=3)  # pyright: ignore[reportCallIssue]


class Minimal(Pipeline):
    """Never calls super().__init__, as most do."""

    def __init__(self, height: int, **rest: Any) -> None:
        self.height = height

    @classmethod
    def get_config_class(cls) -> type[BasePipelineConfig]:
        return Loud

    def __call__(self, **given: Any) -> dict[str, Any]:
        return {"given": given}


def test_a_pipeline_needs_only_a_config_and_a_call():
    pipeline = Minimal(height=1, width=2)
    assert pipeline.prepare(video=True) is None
    assert pipeline.execute({"video": 1}, red=2) == {"given": {"video": 1, "red": 2}}
    assert Requirements(input_size=4).input_size == 4
    pipeline.shutdown()


def test_a_pipeline_describes_itself_as_a_node():
    definition = Minimal.get_definition()
    assert (definition.node_type_id, definition.display_name) == ("loud", "Loud")
    assert [(port.name, port.port_type) for port in definition.outputs] == [("video", "video"), ("level", "number")]
    assert definition.pipeline_meta is not None
    assert [artifact.repo_id for artifact in Minimal.get_artifacts()] == ["a/b"]
    assert Minimal.get_dynamic_output_ports({}) == set()


def test_keys_have_their_codes():
    pressed = parse_ctrl_input({"button": ["KeyW", "Space", "Nothing"], "mouse": [1, 2]})
    assert pressed == CtrlInput({"KeyW", "Space", "Nothing"}, (1.0, 2.0))
    assert convert_to_win_keycodes(pressed) == {87, 32}
    assert parse_ctrl_input({}) == CtrlInput()
    assert convert_to_win_keycodes(CtrlInput({"Digit0", "ArrowDown", "MouseForward"})) == {48, 40, 6}
