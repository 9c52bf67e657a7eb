"""The routes of the node system under their earlier names: ``/api/v1/plugins`` and its neighbours."""

from typing import Any, Final

from fastapi import APIRouter, Request

from psynapse.model.packages import PipelineInfo
from psynapse.server.bodies import read_model
from psynapse.server.errors import InvalidRequest
from psynapse.server.node_definitions import definition
from psynapse.server.node_shapes import ConflictProblem, PackageProblem, PipelineName
from psynapse.server.openapi import json_body, problem_of, problems
from psynapse.server.plugin_shapes import (
    FailedPlugin,
    NodeDefinitions,
    PipelineLoadRequest,
    PipelineLoadStatus,
    PipelineSchemas,
    PluginInfo,
    PluginInstallAnswer,
    PluginList,
    PluginReloadAnswer,
    PluginReloadRequest,
    PluginRequest,
    PluginSwitchAnswer,
    PluginUninstallAnswer,
)
from psynapse.server.routes.nodes import Name
from psynapse.server.shapes import Message
from psynapse.server.state import nodes_of, pipelines_of, runs_of
from psynapse.services.node_answers import Switched, Wish
from psynapse.services.node_list import NodeEntry
from psynapse.services.pipeline_states import PipelineStatus

router = APIRouter(prefix="/v1", tags=["earlier names"])
_CHANGES: Final = {
    **problems(413, 415, 500, 503),
    409: problem_of(ConflictProblem, "It cannot be had beside what is there, or another change goes on"),
    422: problem_of(PackageProblem, "The package cannot be imported"),
}
_WORST_FIRST: Final = ("error", "loading", "loaded", "not_loaded")


@router.get("/plugins", responses=problems(500, 503))
async def list_plugins(request: Request) -> PluginList:
    """All node packages; see ``GET /nodes``."""
    found = await nodes_of(request).list()
    failed = [
        FailedPlugin(
            package_name=one.package,
            entry_point_name=one.name,
            error_type=one.error_type,
            error_message=one.message,
        )
        for one in found.failures
    ]
    plugins = [_plugin(entry) for entry in found.entries]
    return PluginList(plugins=plugins, total=len(plugins), failed_plugins=failed)


@router.post("/plugins", responses=_CHANGES, openapi_extra=json_body(PluginRequest))
async def install_plugin(request: Request) -> PluginInstallAnswer:
    """Install a node package; see ``POST /nodes``."""
    asked = await read_model(request, PluginRequest)
    wish = Wish(spec=asked.package, editable=asked.editable or None, upgrade=asked.upgrade, pre=asked.pre)
    done = await nodes_of(request).install(wish)
    assert done.node is not None, "what was installed is listed"
    return PluginInstallAnswer(
        success=True, message=done.message, plugin=_plugin(done.node), restart_required=bool(done.problem)
    )


@router.delete("/plugins/{name}", responses={**_CHANGES, **problems(404)})
async def uninstall_plugin(request: Request, name: Name) -> PluginUninstallAnswer:
    """Remove a node package; see ``DELETE /nodes/{name}``."""
    done = await nodes_of(request).uninstall(name)
    return PluginUninstallAnswer(
        success=True,
        message=done.message,
        unloaded_pipelines=list(done.unloaded),
        restart_required=bool(done.problem),
    )


@router.post(
    "/plugins/{name}/reload", responses={**_CHANGES, **problems(404)}, openapi_extra=json_body(PluginReloadRequest)
)
async def reload_plugin(request: Request, name: Name) -> PluginReloadAnswer:
    """Use the edited code of a package; see ``POST /nodes/{name}/reload``."""
    if await request.body():
        await read_model(request, PluginReloadRequest)
    done = await nodes_of(request).reload(name)
    return PluginReloadAnswer(
        success=True,
        message=f"{done.node.name} was reloaded",
        reloaded_pipelines=list(done.reloaded),
        added_pipelines=list(done.added),
        removed_pipelines=list(done.removed),
        restart_required=False,
    )


@router.post("/plugins/{name}/disable", responses={**_CHANGES, **problems(404)})
async def disable_plugin(request: Request, name: Name) -> PluginSwitchAnswer:
    """Switch a package off; see ``POST /nodes/{name}/disable``."""
    return _switched(await nodes_of(request).disable(name))


@router.post("/plugins/{name}/enable", responses={**_CHANGES, **problems(404)})
async def enable_plugin(request: Request, name: Name) -> PluginSwitchAnswer:
    """Switch a package on again; see ``POST /nodes/{name}/enable``."""
    return _switched(await nodes_of(request).enable(name))


@router.get("/nodes/definitions", responses=problems(503))
async def node_definitions(request: Request) -> NodeDefinitions:
    """What packages have brought, pipelines included, as the earlier editor wants it."""
    infos = pipelines_of(request).infos
    described = (definition(schema, infos) for schema in runs_of(request).catalog.schemas)
    return NodeDefinitions(nodes=[one for one in described if one])


@router.get("/pipelines/schemas", responses=problems(503))
async def pipeline_schemas(request: Request) -> PipelineSchemas:
    """What each pipeline says of itself."""
    infos = pipelines_of(request).infos
    return PipelineSchemas(
        pipelines={name: {**info.schema, "plugin_name": info.package} for name, info in infos.items()}
    )


@router.post("/pipeline/load", responses=problems(404, 413, 415, 503), openapi_extra=json_body(PipelineLoadRequest))
async def load_pipelines(request: Request) -> Message:
    """Begin to load pipelines; see ``POST /pipelines/load``."""
    asked = await read_model(request, PipelineLoadRequest)
    wanted = {one.pipeline_id: one.load_params or {} for one in asked.pipelines or ()}
    wanted |= {name: asked.load_params or {} for name in asked.pipeline_ids or ()}
    if not wanted:
        raise InvalidRequest("the body names no pipeline", hint='send {"pipelines": [{"pipeline_id": …}]}')
    pipelines_of(request).begin_load(wanted)
    return Message(message="Pipeline loading initiated successfully")


@router.get("/pipeline/status", responses=problems(503))
async def pipeline_load_status(request: Request) -> PipelineLoadStatus:
    """How the pipelines are, in one word; see ``GET /pipelines/status``."""
    pipelines = pipelines_of(request)
    known = sorted(pipelines.status(), key=lambda one: _WORST_FIRST.index(one.state))
    first = known[0] if known else PipelineStatus(pipeline_id="")
    if first.state == "not_loaded":
        first = PipelineStatus(pipeline_id="")
    return _load_status(first, pipelines.infos.get(first.pipeline_id))


def _load_status(status: PipelineStatus, info: PipelineInfo | None) -> PipelineLoadStatus:
    schema = info.schema if info else {}
    return PipelineLoadStatus(
        status=status.state,
        pipeline_id=status.pipeline_id or None,
        load_params=dict[str, Any](status.load_params) if status.pipeline_id else None,
        loaded_lora_adapters=None,
        error=status.error or None,
        loading_stage=f"loading {status.pipeline_id}" if status.state == "loading" else None,
        produces_video=schema.get("produces_video") is not False,
        produces_audio=schema.get("produces_audio") is True,
    )


def _switched(done: Switched) -> PluginSwitchAnswer:
    return PluginSwitchAnswer(
        success=True,
        message=done.message,
        unloaded_pipelines=list(done.unloaded),
        restart_required=bool(done.problem),
    )


def _plugin(entry: NodeEntry) -> PluginInfo:
    is_git = entry.source == "git" and entry.removable
    return PluginInfo(
        name=entry.name,
        version=entry.version,
        author=entry.author,
        description=entry.description,
        source=entry.source,
        editable=entry.editable,
        editable_path=entry.path if entry.editable else None,
        pipelines=[PipelineName(pipeline_id=key, pipeline_name=name) for key, name in entry.pipelines.items()],
        latest_version=entry.latest_version or None,
        update_available=entry.update_available,
        package_spec=entry.spec.removesuffix(".git") if is_git else entry.name,
        bundled=not entry.removable,
        kind=None,
        origin="local",
    )
