"""What is known of pipelines as the shapes that are sent."""

from typing import Any

from psynapse.model.packages import PipelineInfo
from psynapse.server.pipeline_shapes import PipelineItem, PipelineList, PipelineState, PipelineStates
from psynapse.services.pipeline_states import PipelineStatus
from psynapse.services.pipelines import Pipelines


def as_pipelines(pipelines: Pipelines) -> PipelineList:
    """All pipelines as a list shows them."""
    states = {one.pipeline_id: one for one in pipelines.status()}
    return PipelineList(pipelines=[_item(info, states[name]) for name, info in pipelines.infos.items()])


def _item(info: PipelineInfo, status: PipelineStatus) -> PipelineItem:
    return PipelineItem(
        pipeline_id=info.id,
        pipeline_name=info.name,
        description=info.description,
        version=info.version,
        package=info.package,
        usage=list(info.usage),
        estimated_vram_gb=info.estimated_vram_gb,
        load_params=list(info.load_params),
        config_schema=dict[str, Any](info.schema),
        state=status.state,
        error=status.error,
    )


def as_states(pipelines: Pipelines) -> PipelineStates:
    """How each pipeline is."""
    return PipelineStates(
        pipelines=[
            PipelineState(
                pipeline_id=one.pipeline_id,
                state=one.state,
                load_params=dict[str, Any](one.load_params),
                error=one.error,
                traceback=one.traceback,
            )
            for one in pipelines.status()
        ]
    )
