"""Node packages written straight into a folder on a worker's path, as an installer leaves them there."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np


def write_package(
    site: Path,
    name: str,
    files: Mapping[str, str],
    entry_points: Mapping[str, str] | None = None,
    version: str = "1.0",
    **metadata: str,
) -> Path:
    """Write modules and their metadata into ``site``; returns the folder of the metadata."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    fields = {"Metadata-Version": "2.1", "Name": name, "Version": version, **metadata}
    module = next(iter(files)).partition("/")[0].removesuffix(".py")
    targets = {name: module} if entry_points is None else entry_points
    written = {path: dedent(content) for path, content in files.items()} | {
        f"{info.name}/METADATA": "".join(f"{key}: {value}\n" for key, value in fields.items()),
        f"{info.name}/RECORD": "".join(f"{path},,\n" for path in files),
    }
    if targets:
        lines = "".join(f"{key} = {value}\n" for key, value in targets.items())
        written[f"{info.name}/entry_points.txt"] = f"[scope]\n{lines}"
    for path, content in written.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(content, encoding="utf-8")
    return info


BEGIN = """
import numpy as np
from pydantic import Field
from scope.core import hookimpl
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, ui_field_config
from scope.core.pipelines.interface import Pipeline, Requirements

def whole(frame):
    return np.asarray(frame).astype(np.float32)

def as_wanted(array):
    try:
        import torch
    except ImportError:
        return array
    return torch.from_numpy(array)
"""

COLOUR = (
    BEGIN
    + """
class ColourConfig(BasePipelineConfig):
    pipeline_id = "colour"
    pipeline_name = "Colour"
    pipeline_description = "One colour that grows"
    height: int = 2
    width: int = 3
    red: float = Field(default=0.25, ge=0, le=1, description="How red it begins")
    start: int = Field(default=0, json_schema_extra=ui_field_config(is_load_param=True, label="Start"))

class Colour(Pipeline):
    made = 0

    @classmethod
    def get_config_class(cls):
        return ColourConfig

    def __init__(self, height, width, start, **rest):
        self.height, self.width, self.calls, self.rest = height, width, start, rest
        Colour.made += 1

    def __call__(self, **given):
        self.calls += 1
        self.given = given
        video = np.zeros((1, self.height, self.width, 3), np.float32)
        video[..., 0] = given["red"]
        return {"video": as_wanted(video), "calls": self.calls, "made": Colour.made}

@hookimpl
def register_pipelines(register):
    register(Colour)
"""
)

INVERT = (
    BEGIN
    + """
class InvertConfig(BasePipelineConfig):
    pipeline_id = "invert"
    pipeline_name = "Invert"
    supports_prompts = False
    modes = {"video": ModeDefaults(default=True, noise_scale=0.5)}
    input_size: int = 2
    strength: float = 1.0

class Invert(Pipeline):
    @classmethod
    def get_config_class(cls):
        return InvertConfig

    def __init__(self, input_size, **rest):
        self.input_size = input_size
        self.log = []

    def prepare(self, **given):
        self.prepared = given
        return Requirements(input_size=self.input_size)

    def __call__(self, **given):
        self.log.append(given)
        if given.get("fail"):
            raise ValueError("it was told to fail")
        frames = np.concatenate([whole(frame) for frame in given["video"]])
        return {"video": as_wanted((1 - frames / np.float32(255)) * np.float32(given["strength"]))}

@hookimpl
def register_pipelines(register):
    register(Invert)
"""
)


def array_of(value: Any) -> "np.ndarray[Any, Any]":
    """An array or tensor as an array."""
    return np.asarray(value)
