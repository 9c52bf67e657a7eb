"""Templates: workflows to begin with."""

import asyncio
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi import Path as FromPath

from psynapse.model.json_text import dumps
from psynapse.server.openapi import problems
from psynapse.server.state import desk_of
from psynapse.server.workflow_shapes import TemplateItem, TemplateList, WorkflowFile

router = APIRouter(prefix="/templates", tags=["templates"])
Name = Annotated[str, FromPath(description="The template's name.")]
_PICTURE: Final = {"content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}}}


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
                level=one.level,
                teaches=one.teaches,
                picture=f"/templates/{quote(one.name)}/picture?v={one.picture}" if one.picture else None,
            )
            for one in found
        ]
    )


@router.get(
    "/{name}/picture",
    response_class=Response,
    responses={200: {"description": "The picture", **_PICTURE}, **problems(404)},
)
async def get_picture(request: Request, name: Name) -> Response:
    """What a template looks like. The list gives an address that changes with it, so it may be kept."""
    picture = await asyncio.to_thread(desk_of(request).templates.picture, name)
    return Response(picture, media_type="image/webp", headers={"Cache-Control": "private, max-age=604800"})


@router.get(
    "/{name}",
    response_class=Response,
    responses={200: {"model": WorkflowFile, "description": "The workflow"}, **problems(404)},
)
async def get_template(request: Request, name: Name) -> Response:
    """The workflow of a template."""
    template = await asyncio.to_thread(desk_of(request).templates.get, name)
    return Response(dumps(template.workflow), media_type="application/json")
