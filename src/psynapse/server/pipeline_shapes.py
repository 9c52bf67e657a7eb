"""What requests and answers about pipelines look like."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["not_loaded", "loading", "loaded", "error"]
PipelineId = Annotated[str, Field(min_length=1, max_length=200)]


class PipelineItem(BaseModel):
    """A pipeline that a node package has brought, and how it is."""

    pipeline_id: str
    pipeline_name: str
    description: str
    version: str
    package: str
    usage: list[str]
    estimated_vram_gb: float | None
    load_params: list[str] = Field(description="Which parameters count when it is loaded.")
    config_schema: dict[str, Any]
    state: State
    error: str


class PipelineList(BaseModel):
    """All pipelines."""

    pipelines: list[PipelineItem]


class PipelineState(BaseModel):
    """How a pipeline is. The error stays until the next attempt to load it."""

    pipeline_id: str
    state: State
    load_params: dict[str, Any]
    error: str
    traceback: str


class PipelineStates(BaseModel):
    """How all pipelines are."""

    pipelines: list[PipelineState]


class LoadPipelineRequest(BaseModel):
    """A pipeline to load, again if it is loaded with other parameters."""

    model_config = ConfigDict(extra="forbid")

    pipeline_id: PipelineId
    load_params: dict[str, Any] = {}
    wait: bool = Field(default=False, description="Answer when it has been loaded, or has failed.")


class UnloadPipelineRequest(BaseModel):
    """A pipeline to unload."""

    model_config = ConfigDict(extra="forbid")

    pipeline_id: PipelineId


class UnloadAnswer(BaseModel):
    """Which pipelines were loaded and are not any more."""

    unloaded_pipelines: list[str]
