"""Templates: workflows to begin with."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Path as FromPath

from psynapse.model.json_text import dumps
from psynapse.server.openapi import problems
from psynapse.server.state import desk_of
from psynapse.server.workflow_shapes import TemplateItem, TemplateList, WorkflowFile

router = APIRouter(prefix="/templates", tags=["templates"])


@router.get("", responses=problems())
async def list_templates(request: Request) -> TemplateList:
    """All templates, in the order of a gallery."""
    found = await asyncio.to_thread(desk_of(request).templates.list)
    return TemplateList(
        templates=[
            TemplateItem(
                name=one.name,
                title=one.title,
                description=one.description,
                nodes=one.nodes,
                tags=list(one.tags),
                order=one.order,
            )
            for one in found
        ]
    )


@router.get(
    "/{name}",
    response_class=Response,
    responses={200: {"model": WorkflowFile, "description": "The workflow"}, **problems(404)},
)
async def get_template(
    request: Request, name: Annotated[str, FromPath(description="The template's name.")]
) -> Response:
    """The workflow of a template."""
    template = await asyncio.to_thread(desk_of(request).templates.get, name)
    return Response(dumps(template.workflow), media_type="application/json")
