"""A pipeline's class as a node: ports, parameters with bounds and hints, and what its config says of itself."""

from pathlib import Path

import pytest
from installed_packages import BEGIN, COLOUR, INVERT
from package_bench import load_one

from psynapse.model.ids import Json
from psynapse.model.packages import PipelineInfo
from psynapse.model.schema import MISSING, NodeSchema

RICH = (
    BEGIN
    + """
from enum import Enum
from typing import Literal
from scope.core.nodes.base import NodePort
from scope.core.pipelines.base_schema import CtrlInput, UsageType, height_field, input_size_field, width_field

class Look(Enum):
    SOFT = "soft"
    HARD = "hard"

class RichConfig(BasePipelineConfig):
    pipeline_id = "rich"
    pipeline_name = "Rich"
    pipeline_description = "All that a config may have"
    pipeline_version = "2.1.0"
    estimated_vram_gb = 12.5
    usage = [UsageType.PREPROCESSOR]
    supports_vace = True
    inputs = [
        "video",
        NodePort(name="caption", port_type="string", required=False),
        NodePort(name="depth", port_type="latent"),
    ]
    outputs = ["video", NodePort(name="score", port_type="number")]
    modes = {"text": ModeDefaults(default=True), "video": ModeDefaults(height=256)}
    height: int = height_field(320)
    width: int = width_field(576)
    look: Look = Field(default=Look.SOFT, description="How it looks")
    kind: Literal["a", "b"] = "a"
    steps: list[int] = Field(
        default_factory=lambda: [4, 2], json_schema_extra=ui_field_config(component="denoising_steps")
    )
    key: str = Field(description="has no default")
    model: str = Field(default="small", json_schema_extra=ui_field_config(is_load_param=True, order=3, label="Model"))
    seed_image: str | None = Field(default=None, json_schema_extra=ui_field_config(component="image", category="input"))
    ctrl_input: CtrlInput | None = None

class Rich(Pipeline):
    \"\"\"Does it all.\"\"\"
    @classmethod
    def get_config_class(cls):
        return RichConfig
    def __init__(self, **given):
        self.made_with = given
    def __call__(self, **given):
        self.called_with = given
        return {"score": 1.0}

@hookimpl
def register_pipelines(register):
    register(Rich)
"""
)


def described(site: Path, source: str, name: str = "described") -> tuple[NodeSchema, PipelineInfo]:
    found = load_one(site, name, source)
    assert found.packages[0].failures == ()
    return found.operations[0].schema, found.packages[0].pipelines[0]


@pytest.fixture
def rich(site: Path) -> tuple[NodeSchema, PipelineInfo]:
    return described(site, RICH)


def field(schema: NodeSchema, name: str) -> dict[str, Json]:
    param = schema.param(name)
    assert param is not None
    return param.to_json()


def test_a_node_has_the_ports_of_its_pipeline(rich: tuple[NodeSchema, PipelineInfo]):
    schema, _ = rich
    assert schema.ref == "described/pipelines:rich"
    assert (schema.name, schema.nodepack, schema.style, schema.origin) == ("rich", "described", "pipeline", "package")
    assert schema.cache is False
    assert [param.name for param in schema.params[:3]] == ["video", "caption", "depth"]
    assert [param.required for param in schema.params[:3]] == [False, False, True]
    assert str(schema.params[1].type) == "str"
    assert str(schema.params[2].type) == "latent"
    assert [(item.name, str(item.type)) for item in schema.returns] == [
        ("video", "Video | ndarray | Tensor"),
        ("score", "float"),
        ("result", "Any"),
    ]
    assert schema.docstring == "Rich\n\nAll that a config may have\n\nDoes it all."


def test_fields_are_parameters_with_their_schema(rich: tuple[NodeSchema, PipelineInfo]):
    schema, _ = rich
    assert field(schema, "height")["default"] == 320
    height = field(schema, "height")["json_schema"]
    assert isinstance(height, dict)
    assert height["minimum"] == 1
    assert field(schema, "look")["default"] == "soft"
    look = field(schema, "look")["json_schema"]
    assert isinstance(look, dict)
    assert look["description"] == "How it looks"
    assert "$defs" in look
    assert field(schema, "kind")["literal_values"] == ["a", "b"]
    assert field(schema, "steps")["default"] == [4, 2]
    assert field(schema, "key")["required"] is True


def test_hints_for_editors_stay_under_ui(rich: tuple[NodeSchema, PipelineInfo]):
    schema, _ = rich
    found = field(schema, "model")["json_schema"]
    assert isinstance(found, dict)
    assert found["ui"] == {"category": "configuration", "is_load_param": True, "order": 3, "label": "Model"}
    image = field(schema, "seed_image")["json_schema"]
    assert isinstance(image, dict)
    assert image["ui"] == {"category": "input", "is_load_param": False, "component": "image"}


def test_fields_of_all_configs_are_shown_where_they_mean_something(site: Path):
    schema, _ = described(site, RICH, "z-rich")
    assert schema.param("vace_context_scale")
    assert schema.param("manage_cache") is None
    assert schema.param("noise_scale") is None
    plain, _ = described(site, COLOUR, "a-plain")
    assert [param.name for param in plain.params] == [
        *("height", "width", "base_seed", "red", "start", "prompts", "chunks", "parameters")
    ]


def test_a_pipeline_that_only_takes_video_needs_it_and_is_not_asked_how_often(site: Path):
    schema, _ = described(site, INVERT)
    video = schema.param("video")
    assert video is not None
    assert video.required
    assert video.default is MISSING
    assert schema.param("chunks") is None
    assert schema.param("prompts") is None


def test_the_catalog_says_what_the_config_says(rich: tuple[NodeSchema, PipelineInfo]):
    _, info = rich
    assert (info.id, info.name, info.version) == ("rich", "Rich", "2.1.0")
    assert (info.usage, info.estimated_vram_gb) == (("preprocessor",), 12.5)
    assert info.load_params == ("height", "width", "model")
    assert info.schema["supported_modes"] == ["text", "video"]
    assert info.schema["mode_defaults"] == {"video": {"height": 256}}
    assert "config_schema" in info.schema


@pytest.mark.parametrize(
    ("source", "old", "new", "asked"),
    [
        # What makes frames needs their size; what takes them has it from those, unless the package says otherwise.
        (COLOUR, "", "", ("height", "width", "start")),
        (INVERT, "", "", ()),
        (INVERT, "    strength: float", "    height: int = 4\n    strength: float", ("height",)),
        (INVERT, "def __init__(self, ", "def __init__(self, width, ", ("width",)),
        (INVERT, '"video": ModeDefaults(', '"video": ModeDefaults(height=64, ', ("height",)),
        (INVERT, "    strength: float", "    supports_lora = True\n    strength: float", ("lora_merge_strategy",)),
    ],
    ids=["makes", "takes", "declares", "constructs", "mode", "merges"],
)
def test_whoever_loads_a_pipeline_is_asked_for_what_it_has_a_use_for_alone(
    source: str, old: str, new: str, asked: tuple[str, ...], site: Path
):
    assert old in source
    _, info = described(site, source.replace(old, new, 1) if old else source)
    assert info.load_params == asked


def test_a_config_without_a_schema_says_why(site: Path):
    broken = COLOUR.replace("    height: int = 2", "    thing: object = Field(default=object())\n    bad: type = int")
    broken = broken.replace(
        "class Colour(Pipeline)",
        "ColourConfig.get_schema_with_metadata = classmethod(lambda cls: 1 / 0)\n\nclass Colour(Pipeline)",
    )
    schema, info = described(site, broken)
    assert info.schema == {"id": "colour", "name": "Colour", "schema_error": "division by zero"}
    assert schema.param("red")


def test_it_is_created_with_every_default_but_none_and_called_with_validated_values(site: Path):
    found = load_one(site, "described", RICH)
    operation = found.operations[0]
    look = operation.validators["look"]
    operation.callee(
        model="large",
        depth=None,
        look=look("hard"),
        key="k",
        ctrl_input=operation.validators["ctrl_input"]({"button": ["KeyW"]}),
    )
    pipeline = found.host.instance("rich", {})
    made = pipeline.made_with
    assert made["model"] == "large"
    assert made["steps"] == [4, 2]
    assert type(made["look"]).__name__ == "Look"
    assert (made["height"], made["width"], made["base_seed"], made["manage_cache"]) == (320, 576, 42, True)
    # Required, or None: there is nothing to create it with.
    assert not {"key", "seed_image", "noise_scale", "denoising_steps"} & set(made)
    called = pipeline.called_with
    assert (called["look"].value, called["key"], called["ctrl_input"].button) == ("hard", "k", {"KeyW"})
    assert "model" not in called
