"""The base of configs, and what their fields are made with."""

from enum import StrEnum
from typing import Any, ClassVar, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from scope.core.nodes.base import NodePort
from scope.core.pipelines.artifacts import Artifact
from scope.core.pipelines.controller import CtrlInput

__all__ = ["BasePipelineConfig", "CtrlInput", "ModeDefaults", "UsageType", "ui_field_config"]

InputMode = Literal["text", "video"]
Interpolation = Literal["linear", "slerp"]


def height_field(default: int = 512) -> Any:
    """A height in pixels."""
    return Field(default=default, ge=1, description="Height of the output in pixels")


def width_field(default: int = 512) -> Any:
    """A width in pixels."""
    return Field(default=default, ge=1, description="Width of the output in pixels")


def denoising_steps_field(default: list[int] | None = None) -> Any:
    """A schedule of denoising steps."""
    return Field(default=default, description="Schedule of denoising steps")


def noise_scale_field(default: float | None = None) -> Any:
    """How much noise is added to video."""
    return Field(default=default, ge=0.0, le=1.0, description="Noise that is added to the input video, 0 to 1")


def noise_controller_field(default: bool | None = None) -> Any:  # noqa: FBT001 -- called so by packages
    """Whether noise follows the motion in the video."""
    return Field(default=default, description="Adapt the noise to the motion in the input video")


def input_size_field(default: int | None = 1) -> Any:
    """How many frames a call wants."""
    return Field(default=default, ge=1, description="Frames of input video for each call")


def ref_images_field(default: list[str] | None = None) -> Any:
    """Paths of reference images."""
    return Field(default=default, description="Paths of reference images")


def vace_context_scale_field(default: float = 1.0) -> Any:
    """How much reference images count."""
    return Field(default=default, ge=0.0, le=2.0, description="How much reference images count, 0 to 2")


def ui_field_config(  # noqa: PLR0913 -- called so by packages, by keyword
    *,
    order: int | None = None,
    component: str | None = None,
    modes: list[str] | None = None,
    is_load_param: bool = False,
    label: str | None = None,
    category: Literal["configuration", "input"] | None = None,
    modulatable: bool | None = None,
    modulatable_min: float | None = None,
    modulatable_max: float | None = None,
) -> dict[str, Any]:
    """How an editor shows a field: ``{"ui": {…}}``, for ``json_schema_extra``.

    ``is_load_param``: it counts when the pipeline is loaded, not while it runs.
    """
    optional = {
        "order": order,
        "component": component,
        "modes": modes,
        "label": label,
        "modulatable": modulatable,
        "modulatable_min": modulatable_min,
        "modulatable_max": modulatable_max,
    }
    given = {name: value for name, value in optional.items() if value is not None}
    return {"ui": {"category": category or "configuration", "is_load_param": is_load_param, **given}}


class UsageType(StrEnum):
    """What a pipeline is offered for besides being one."""

    PREPROCESSOR = "preprocessor"
    POSTPROCESSOR = "postprocessor"


class ModeDefaults(BaseModel):
    """Defaults that hold in one mode only; None leaves the config's own."""

    model_config = ConfigDict(extra="forbid")

    default: bool = False
    height: int | None = None
    width: int | None = None
    denoising_steps: list[int] | None = None
    noise_scale: float | None = None
    noise_controller: bool | None = None
    input_size: int | None = None
    default_temporal_interpolation_steps: int | None = None

    def overrides(self) -> dict[str, Any]:
        """What differs from the config's own defaults."""
        return self.model_dump(exclude={"default"}, exclude_none=True)


class BasePipelineConfig(BaseModel):
    """What a pipeline says of itself (class attributes), and its parameters (fields)."""

    model_config = ConfigDict(extra="forbid")

    pipeline_id: ClassVar[str] = "base"
    pipeline_name: ClassVar[str] = "Base Pipeline"
    pipeline_description: ClassVar[str] = "Base pipeline configuration"
    pipeline_version: ClassVar[str] = "1.0.0"
    docs_url: ClassVar[str | None] = None
    estimated_vram_gb: ClassVar[float | None] = None
    requires_models: ClassVar[bool] = False
    artifacts: ClassVar[list[Artifact]] = []
    supports_lora: ClassVar[bool] = False
    supports_vace: ClassVar[bool] = False
    supports_cache_management: ClassVar[bool] = False
    supports_kv_cache_bias: ClassVar[bool] = False
    supports_quantization: ClassVar[bool] = False
    produces_video: ClassVar[bool] = True
    produces_audio: ClassVar[bool] = False
    min_dimension: ClassVar[int] = 1
    modified: ClassVar[bool] = False
    recommended_quantization_vram_threshold: ClassVar[float | None] = None
    usage: ClassVar[list[UsageType]] = []
    num_frame_per_block: ClassVar[int | None] = None
    vae_temporal_downsample_factor: ClassVar[int | None] = None
    inputs: ClassVar[list[str | NodePort]] = ["video"]
    outputs: ClassVar[list[str | NodePort]] = ["video"]
    modes: ClassVar[dict[str, ModeDefaults]] = {"text": ModeDefaults(default=True)}
    supports_prompts: ClassVar[bool] = True
    default_temporal_interpolation_method: ClassVar[Interpolation | None] = "slerp"
    default_temporal_interpolation_steps: ClassVar[int | None] = 0
    default_spatial_interpolation_method: ClassVar[Interpolation | None] = "linear"

    height: int = height_field()
    width: int = width_field()
    manage_cache: bool = Field(default=True, description="Let the pipeline look after its cache")
    base_seed: int = Field(default=42, ge=0, description="Seed of random numbers")
    denoising_steps: list[int] | None = denoising_steps_field()
    lora_merge_strategy: Literal["permanent_merge", "runtime_peft"] | None = None
    noise_scale: float | None = noise_scale_field()
    noise_controller: bool | None = noise_controller_field()
    input_size: int | None = input_size_field()
    ref_images: list[str] | None = ref_images_field()
    vace_context_scale: float = vace_context_scale_field()

    @classmethod
    def get_pipeline_metadata(cls) -> dict[str, Any]:
        """Id, name, description and version."""
        return {
            "id": cls.pipeline_id,
            "name": cls.pipeline_name,
            "description": cls.pipeline_description,
            "version": cls.pipeline_version,
        }

    @classmethod
    def get_supported_modes(cls) -> list[str]:
        """The names of its modes."""
        return list(cls.modes)

    @classmethod
    def get_default_mode(cls) -> str:
        """The mode that is marked as default, else the first."""
        return next((name for name, mode in cls.modes.items() if mode.default), next(iter(cls.modes)))

    @classmethod
    def get_defaults_for_mode(cls, mode: str) -> dict[str, Any]:
        """The defaults of all fields that have one, as they are in that mode."""
        own = {
            name: field.get_default(call_default_factory=True)
            for name, field in cls.model_fields.items()
            if not field.is_required()
        }
        return {**own, **(cls.modes[mode].overrides() if mode in cls.modes else {})}

    @classmethod
    def get_schema_with_metadata(cls) -> dict[str, Any]:
        """All that an editor wants to know: what it says of itself, and the JSON schema of its fields."""
        overrides = {name: found for name, mode in cls.modes.items() if (found := mode.overrides())}
        return {
            **cls.get_pipeline_metadata(),
            "supported_modes": cls.get_supported_modes(),
            "default_mode": cls.get_default_mode(),
            **{name: getattr(cls, name) for name in _SHOWN},
            "requires_models": cls.requires_models or bool(cls.artifacts),
            "usage": [UsageType(usage).value for usage in cls.usage],
            "inputs": [_port_json(port) for port in cls.inputs],
            "outputs": [_port_json(port) for port in cls.outputs],
            "frames_per_chunk": cls.frames_per_chunk(),
            "temporal_downsample_factor": cls.frames_per_chunk() and cls.vae_temporal_downsample_factor,
            "config_schema": cls.model_json_schema(),
            **({"mode_defaults": overrides} if overrides else {}),
        }

    @classmethod
    def frames_per_chunk(cls) -> int | None:
        """How many frames come from a call, where the pipeline says so."""
        if cls.num_frame_per_block is None or cls.vae_temporal_downsample_factor is None:
            return None
        return cls.num_frame_per_block * cls.vae_temporal_downsample_factor

    def is_video_mode(self) -> bool:
        """Whether it wants frames."""
        return self.input_size is not None


_SHOWN = (
    "supports_prompts",
    "default_temporal_interpolation_method",
    "default_temporal_interpolation_steps",
    "default_spatial_interpolation_method",
    "docs_url",
    "estimated_vram_gb",
    "supports_lora",
    "supports_vace",
    "supports_cache_management",
    "supports_kv_cache_bias",
    "supports_quantization",
    "produces_video",
    "produces_audio",
    "min_dimension",
    "recommended_quantization_vram_threshold",
    "modified",
)


def _port_json(port: str | NodePort) -> Any:
    return cast("Any", port) if isinstance(port, str) else port.model_dump(mode="json")
