"""What the earlier names of the routes for node packages take and answer: ``/api/v1/plugins`` and its neighbours."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from psynapse.server.node_shapes import PipelineName, Source, Spec


class PluginRequest(BaseModel):
    """A node package to install. ``force`` is taken and changes nothing: what conflicts cannot be installed."""

    model_config = ConfigDict(extra="ignore")

    package: Spec
    editable: bool = False
    upgrade: bool = False
    force: bool = False
    pre: bool = False


class PluginReloadRequest(BaseModel):
    """``force`` is taken and changes nothing: loaded pipelines are loaded again."""

    model_config = ConfigDict(extra="ignore")

    force: bool = False


class PluginInfo(BaseModel):
    """An installed node package."""

    name: str
    version: str
    author: str
    description: str
    source: Source
    editable: bool
    editable_path: str | None
    pipelines: list[PipelineName]
    latest_version: str | None
    update_available: bool | None
    package_spec: str
    bundled: bool
    kind: str | None
    origin: Literal["local"]


class FailedPlugin(BaseModel):
    """A node package that could not be loaded."""

    package_name: str
    entry_point_name: str
    error_type: str
    error_message: str


class PluginList(BaseModel):
    """All node packages."""

    plugins: list[PluginInfo]
    total: int
    failed_plugins: list[FailedPlugin]


class PluginInstallAnswer(BaseModel):
    """A node package that has been installed or updated."""

    success: Literal[True]
    message: str
    plugin: PluginInfo
    restart_required: bool


class PluginUninstallAnswer(BaseModel):
    """A node package that is gone."""

    success: Literal[True]
    message: str
    unloaded_pipelines: list[str]
    restart_required: bool


class PluginReloadAnswer(BaseModel):
    """A package whose edited code is in use now."""

    success: Literal[True]
    message: str
    reloaded_pipelines: list[str]
    added_pipelines: list[str]
    removed_pipelines: list[str]
    restart_required: bool


class PluginSwitchAnswer(BaseModel):
    """A package that was switched off or on."""

    success: Literal[True]
    message: str
    unloaded_pipelines: list[str]
    restart_required: bool


class PipelineSchemas(BaseModel):
    """What each pipeline says of itself, by id."""

    pipelines: dict[str, dict[str, Any]]


class NodeDefinitions(BaseModel):
    """All nodes that packages have brought, pipelines included."""

    nodes: list[dict[str, Any]]


class PipelineToLoad(BaseModel):
    """A pipeline in a request of the earlier form."""

    model_config = ConfigDict(extra="ignore")

    pipeline_id: Annotated[str, Field(min_length=1, max_length=200)]
    load_params: dict[str, Any] | None = None


class PipelineLoadRequest(BaseModel):
    """Pipelines to load: each with its parameters, or several with the same ones."""

    model_config = ConfigDict(extra="ignore")

    pipelines: list[PipelineToLoad] | None = Field(default=None, max_length=100)
    pipeline_ids: list[str] | None = Field(default=None, max_length=100)
    load_params: dict[str, Any] | None = None


class PipelineLoadStatus(BaseModel):
    """How the pipelines are, all in all, in the words of the first that is not loaded, or else of the first."""

    status: Literal["not_loaded", "loading", "loaded", "error"]
    pipeline_id: str | None
    load_params: dict[str, Any] | None
    loaded_lora_adapters: list[Any] | None
    error: str | None
    loading_stage: str | None
    produces_video: bool
    produces_audio: bool
