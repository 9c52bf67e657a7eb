"""A node package whose pipelines use torch as real ones do, written in the patterns that these have."""

from typing import Final

NAME: Final = "scope-tensors"
_SCHEMAS: Final = """
from pydantic import Field
from scope.core.nodes.base import NodePort
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, ui_field_config
from scope.core.pipelines.base_schema import height_field, width_field

class DreamConfig(BasePipelineConfig):
    pipeline_id = "dream"
    pipeline_name = "Dream"
    supports_prompts = True
    modes = {"text": ModeDefaults(default=True)}
    height: int = height_field(2)
    width: int = width_field(4)
    top: float = Field(default=1.0, ge=0.0, le=1.0)

class SoftenConfig(BasePipelineConfig):
    pipeline_id = "soften"
    pipeline_name = "Soften"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
    chunk: int = Field(default=4, json_schema_extra=ui_field_config(is_load_param=True))

class MaskConfig(BasePipelineConfig):
    pipeline_id = "mask"
    pipeline_name = "Mask"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
    inputs = ["video", "second", NodePort(name="share", port_type="number", required=False)]

class ToneConfig(BasePipelineConfig):
    pipeline_id = "tone"
    pipeline_name = "Tone"
    produces_video = False
    produces_audio = True
    outputs = ["audio"]
    samples: int = 4

class BeatConfig(BasePipelineConfig):
    pipeline_id = "beat"
    pipeline_name = "Beat"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}

class HeavyConfig(BasePipelineConfig):
    pipeline_id = "heavy"
    pipeline_name = "Heavy"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True)}
    planes: int = 3
"""
_PIPELINES: Final = """
import torch
from scope.core.pipelines.interface import Pipeline, Requirements
from scope.core.pipelines.process import normalize_frame_sizes, postprocess_chunk, preprocess_chunk

from .schemas import BeatConfig, DreamConfig, HeavyConfig, MaskConfig, SoftenConfig, ToneConfig

class Dream(Pipeline):
    '''Text to video: two frames a call, brighter from left to right, still part of a graph of gradients.'''

    @classmethod
    def get_config_class(cls):
        return DreamConfig

    def __init__(self, height, width, device=None, **kwargs):
        self.device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.height, self.width, self.chunks = height, width, 0
        self.level = torch.nn.Parameter(torch.ones(1, device=self.device))

    def __call__(self, **kwargs):
        self.chunks += 1
        ramp = torch.linspace(0, kwargs["top"], self.width, device=self.device) * self.level
        video = ramp[None, None, :, None].expand(2, self.height, self.width, 3)
        assert video.requires_grad
        return {
            "video": video,
            "texts": [(prompt["text"], prompt["weight"]) for prompt in kwargs.get("prompts") or []],
            "chunk_number": self.chunks,
            "fresh": kwargs["init_cache"],
        }

class Soften(Pipeline):
    '''Video to video, as models have it: (B, C, T, H, W) from -1 to 1, a convolution with weights, and back.'''

    @classmethod
    def get_config_class(cls):
        return SoftenConfig

    def __init__(self, chunk=1, **kwargs):
        self.chunk, self.seen = chunk, []
        self.model = torch.nn.Conv2d(3, 3, (1, 3), padding=(0, 1), groups=3, bias=False).eval()
        torch.nn.init.constant_(self.model.weight, 1 / 3)

    def prepare(self, **kwargs):
        return Requirements(input_size=self.chunk)

    @torch.no_grad()
    def __call__(self, video, **kwargs):
        frames = normalize_frame_sizes(video)
        self.seen += [(str(frame.dtype), list(frame.shape), int(frame.max())) for frame in video]
        batch = preprocess_chunk(frames, torch.device("cpu"), torch.float32)
        planes = self.model(batch[0].permute(1, 0, 2, 3))
        return {"video": planes.permute(1, 0, 2, 3)[None], "seen": list(self.seen)}

class Mask(Pipeline):
    '''Two videos, the second as large as the first, and a number.'''

    @classmethod
    def get_config_class(cls):
        return MaskConfig

    def __init__(self, **kwargs):
        pass

    def prepare(self, **kwargs):
        return Requirements(input_size=1) if kwargs.get("video") else None

    def __call__(self, video, second, share=0.5, **kwargs):
        one, two = normalize_frame_sizes([video[0], second[0]])
        assert one.shape == two.shape
        mixed = (one.float() * share + two.float() * (1 - share)) / 255
        return {"video": mixed, "told": kwargs.get("top")}

class Tone(Pipeline):
    '''Sound without pictures; a counter is all its state.'''

    @classmethod
    def get_config_class(cls):
        return ToneConfig

    def __init__(self, **kwargs):
        self.at = 0

    def __call__(self, samples=4, **kwargs):
        left = torch.arange(self.at, self.at + samples, dtype=torch.float32) / 16
        self.at += samples
        return {"audio": torch.stack([left, -left]), "audio_sample_rate": 48000}

class Beat(Pipeline):
    '''Bytes as they came; what else it says is for those who come after.'''

    @classmethod
    def get_config_class(cls):
        return BeatConfig

    def __init__(self, **kwargs):
        pass

    def prepare(self, **kwargs):
        return Requirements(input_size=3)

    def __call__(self, video, **kwargs):
        return {"video": torch.cat(video), "share": 0.25, "top": 0.5}

class Heavy(Pipeline):
    '''There and back as models do it; its weights fit three planes, or one.'''

    @classmethod
    def get_config_class(cls):
        return HeavyConfig

    def __init__(self, **kwargs):
        self.weights = torch.ones(3)
        self.calls = 0

    def prepare(self, **kwargs):
        return Requirements(input_size=1)

    def __call__(self, video, planes=3, **kwargs):
        self.calls += 1
        chunk = preprocess_chunk(video, torch.device("cpu"), torch.float32).permute(0, 2, 1, 3, 4)
        return {"video": postprocess_chunk(chunk) * self.weights[:planes], "calls": self.calls}
"""
_HOOKS: Final = """
from scope.core.plugins.hookspecs import hookimpl

class Plugin:
    @hookimpl
    def register_pipelines(self, register):
        from .pipelines import Beat, Dream, Heavy, Mask, Soften, Tone

        for pipeline in (Dream, Soften, Mask, Tone, Beat, Heavy):
            register(pipeline)

plugin = Plugin()
"""
FILES: Final = {
    "scope_tensors/__init__.py": "",
    "scope_tensors/schemas.py": _SCHEMAS,
    "scope_tensors/pipelines.py": _PIPELINES,
    "scope_tensors/plugin.py": _HOOKS,
}
ENTRY_POINT: Final = {"tensors": "scope_tensors.plugin:plugin"}
