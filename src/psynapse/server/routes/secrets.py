"""Secrets: set and removed by name. No answer ever has a value."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as FromPath

from psynapse.server.bodies import read_model
from psynapse.server.openapi import json_body, problems
from psynapse.server.state import desk_of
from psynapse.server.workflow_shapes import SecretItem, SecretList, SecretRequest

router = APIRouter(prefix="/secrets", tags=["secrets"])
Name = Annotated[str, FromPath(description="The name of the environment variable that nodes see.")]


@router.get("", responses=problems(503))
async def list_secrets(request: Request) -> SecretList:
    """The names of all secrets."""
    entries = await desk_of(request).secrets.list()
    return SecretList(secrets=[SecretItem(name=entry.name, updated_at=entry.updated_at) for entry in entries])


@router.put("/{name}", responses=problems(413, 415, 503), openapi_extra=json_body(SecretRequest))
async def put_secret(request: Request, name: Name) -> SecretItem:
    """Set a secret. Runs of workflows that name it get it from now on."""
    asked = await read_model(request, SecretRequest)
    entry = await desk_of(request).secrets.put(name, asked.value)
    return SecretItem(name=entry.name, updated_at=entry.updated_at)


@router.delete("/{name}", status_code=204, responses=problems(404, 415, 503))
async def delete_secret(request: Request, name: Name) -> None:
    """Remove a secret."""
    await desk_of(request).secrets.delete(name)
