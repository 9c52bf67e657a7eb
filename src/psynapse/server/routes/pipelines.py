"""Pipelines: which there are, how they are, loading and unloading."""

from fastapi import APIRouter, Request

from psynapse.server.bodies import read_model
from psynapse.server.openapi import json_body, problems
from psynapse.server.pipeline_answers import as_pipelines, as_states
from psynapse.server.pipeline_shapes import (
    LoadPipelineRequest,
    PipelineList,
    PipelineStates,
    UnloadAnswer,
    UnloadPipelineRequest,
)
from psynapse.server.state import pipelines_of

router = APIRouter(prefix="/pipelines", tags=["pipelines"])


@router.get("", responses=problems(503))
async def list_pipelines(request: Request) -> PipelineList:
    """All pipelines that node packages have brought."""
    return as_pipelines(pipelines_of(request))


@router.get("/status", responses=problems(503))
async def pipeline_status(request: Request) -> PipelineStates:
    """How each is. One that is loaded stays so although its package is not there any more, until it is unloaded."""
    return as_states(pipelines_of(request))


@router.post("/load", responses=problems(404, 413, 415, 503), openapi_extra=json_body(LoadPipelineRequest))
async def load_pipeline(request: Request) -> PipelineStates:
    """Begin to load a pipeline. How that goes is in the status."""
    asked = await read_model(request, LoadPipelineRequest)
    pipelines = pipelines_of(request)
    loading = pipelines.begin_load({asked.pipeline_id: asked.load_params})
    if asked.wait:
        await loading
    return as_states(pipelines)


@router.post("/unload", responses=problems(413, 415, 503), openapi_extra=json_body(UnloadPipelineRequest))
async def unload_pipeline(request: Request) -> UnloadAnswer:
    """Unload a pipeline, or give up loading it. Waits for the run that uses it."""
    asked = await read_model(request, UnloadPipelineRequest)
    return UnloadAnswer(unloaded_pipelines=list(await pipelines_of(request).unload([asked.pipeline_id])))
