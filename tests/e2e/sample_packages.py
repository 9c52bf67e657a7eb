"""Node packages to install in a test: projects with one pipeline, a faulty one, and nodes that use the pipeline."""

from pathlib import Path
from typing import Any

from package_project import make_package

PIPELINE = """
import numpy as np
from pydantic import Field
from scope.core import hookimpl
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, ui_field_config
from scope.core.pipelines.interface import Pipeline, Requirements


class FilterConfig(BasePipelineConfig):
    pipeline_id = "{name}-filter"
    pipeline_name = "Filter {name}"
    pipeline_description = "{description}"
    supports_prompts = False
    modes = {{"video": ModeDefaults(default=True)}}
    gain: float = Field(
        default={gain},
        ge=0,
        le=10,
        description="How much brighter",
        json_schema_extra=ui_field_config(is_load_param=True, label="Gain"),
    )
    weights: str = Field(
        default="", description="Where the weights are", json_schema_extra=ui_field_config(is_load_param=True)
    )
    plus: float = 0.0


class Filter(Pipeline):
    @classmethod
    def get_config_class(cls):
        return FilterConfig

    def __init__(self, gain=1.0, weights="", **kwargs):
        if weights == "missing":
            raise RuntimeError("no weights there")
        self.gain = gain

    def prepare(self, **kwargs):
        return Requirements(input_size=1)

    def __call__(self, video, plus=0.0, **kwargs):
        frames = np.concatenate([np.asarray(frame, dtype=np.float32) for frame in video]) / 255
        return {{"video": np.clip(frames * self.gain + plus, 0, 1)}}


@hookimpl
def register_pipelines(register):
    register(Filter)
"""


def source_of(name: str, *, gain: float = 2.0, description: str = "Brighter") -> str:
    """The module of a package with one pipeline, a filter."""
    return PIPELINE.format(name=name, gain=gain, description=description)


def filter_package(folder: Path, name: str, version: str = "1.0", *, gain: float = 2.0, **more: Any) -> Path:
    """Write the project of a package with one pipeline, a filter, and return its folder."""
    files = {module_of(name): source_of(name, gain=gain)}
    return make_package(folder, name, version, files=files, **more)


def module_of(name: str) -> str:
    """Where the code of a package is, below its project's folder."""
    return f"{name.replace('-', '_')}/__init__.py"


def filter_ref(name: str) -> str:
    """What a node that runs the filter of that package refers to."""
    return f"{name}/pipelines:{name}-filter"
