"""Workflow files: read, stored when the client knows what it replaces, renamed, copied, deleted."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as FromPath

from psynapse.errors import PsynapseError
from psynapse.server.bodies import read_json, read_model
from psynapse.server.openapi import json_body, problem_of, problems
from psynapse.server.state import desk_of
from psynapse.server.workflow_shapes import (
    DuplicateRequest,
    RenameRequest,
    WorkflowConflictProblem,
    WorkflowFile,
    WorkflowItem,
    WorkflowList,
    WorkflowStored,
)
from psynapse.storage.workspace import StoredWorkflow

router = APIRouter(prefix="/workflows", tags=["workflows"])
_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')
_CONFLICT: Final = problem_of(
    WorkflowConflictProblem, "The workflow is not what the client knows, or the name is taken"
)

Name = Annotated[str, FromPath(description="The workflow's name: that of its file without .json.")]
IfMatch = Annotated[str | None, Header(description="The revision that is replaced, in quotes, or *.")]
IfNew = Annotated[str | None, Header(alias="If-None-Match", description="* for a workflow that is new.")]
IfChanged = Annotated[str | None, Header(alias="If-None-Match", description="The revision that is known already.")]


class ConditionNeeded(PsynapseError):
    """The client does not say what it replaces, which could be somebody else's work."""

    code = "condition-needed"


@router.get("", responses=problems(503))
async def list_workflows(request: Request) -> WorkflowList:
    """All workflows, files that cannot be opened included."""
    entries = await desk_of(request).workflows.list()
    return WorkflowList(
        workflows=[
            WorkflowItem(
                name=entry.name,
                revision=entry.revision,
                modified=datetime.fromtimestamp(entry.modified, UTC).isoformat(timespec="milliseconds"),
                nodes=entry.nodes,
                size=entry.size,
                problem=entry.problem,
            )
            for entry in entries
        ]
    )


@router.get(
    "/{name}",
    response_class=Response,
    responses={
        200: {"model": WorkflowFile, "description": "The workflow; its ETag is the revision"},
        304: {"description": "The client has that revision"},
        **problems(404, 422, 503),
    },
)
async def get_workflow(request: Request, name: Name, if_none_match: IfChanged = None) -> Response:
    """A workflow in its canonical form, whatever version its file is of."""
    workflow = await desk_of(request).workflows.read(name)
    headers = {"ETag": f'"{workflow.revision}"', "Cache-Control": "no-cache"}
    if workflow.revision in _revisions(if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(workflow.text, headers=headers, media_type="application/json")


@router.put(
    "/{name}",
    responses={409: _CONFLICT, **problems(413, 415, 428, 503)},
    openapi_extra=json_body(),
)
async def put_workflow(
    request: Request, response: Response, name: Name, if_match: IfMatch = None, if_none_match: IfNew = None
) -> WorkflowStored:
    """Store a workflow, which is the body, in place of the revision that the client knows."""
    known = _known(if_match, if_none_match)
    return _stored(response, await desk_of(request).workflows.write(name, await read_json(request), known))


@router.delete("/{name}", status_code=204, responses={409: _CONFLICT, **problems(404, 415, 428, 503)})
async def delete_workflow(request: Request, name: Name, if_match: IfMatch = None) -> None:
    """Move a workflow to the trash, where it stays for 30 days."""
    await desk_of(request).workflows.delete(name, _known(if_match, None))


@router.post(
    "/{name}/rename",
    responses={409: _CONFLICT, **problems(404, 413, 415, 422, 503)},
    openapi_extra=json_body(RenameRequest),
)
async def rename_workflow(request: Request, response: Response, name: Name) -> WorkflowStored:
    """Give a workflow another name that is free."""
    asked = await read_model(request, RenameRequest)
    return _stored(response, await desk_of(request).workflows.rename(name, asked.to))


@router.post(
    "/{name}/duplicate",
    status_code=201,
    responses={409: _CONFLICT, **problems(404, 413, 415, 422, 503)},
    openapi_extra=json_body(DuplicateRequest),
)
async def duplicate_workflow(request: Request, response: Response, name: Name) -> WorkflowStored:
    """Store a workflow once more, under another name."""
    asked = await read_model(request, DuplicateRequest)
    return _stored(response, await desk_of(request).workflows.duplicate(name, asked.to))


def _stored(response: Response, workflow: StoredWorkflow) -> WorkflowStored:
    response.headers["ETag"] = f'"{workflow.revision}"'
    return WorkflowStored(name=workflow.name, revision=workflow.revision)


def _known(if_match: str | None, if_none_match: str | None) -> Sequence[str]:
    """The revisions that may be replaced; none for a workflow that has to be new. Raises ConditionNeeded."""
    revisions = _revisions(if_match)
    if revisions or _revisions(if_none_match) == ["*"]:
        return revisions
    hint = 'send the revision you have as If-Match: "…", or If-None-Match: * for a new workflow'
    raise ConditionNeeded("the request does not say what it replaces", hint=hint)


def _revisions(tags: str | None) -> list[str]:
    return [quoted or bare for quoted, bare in _TAG.findall(tags or "") if quoted or bare]
