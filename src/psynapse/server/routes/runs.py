"""Runs as things of their own: started, listed, watched by anybody, cancelled."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as FromPath

from psynapse.model.events import RunEvent
from psynapse.model.secret import secrets_named_in
from psynapse.server.answers import json_answer
from psynapse.server.bodies import read_json, read_model
from psynapse.server.openapi import json_body, problems, stream_of
from psynapse.server.shapes import Diagnostic, RunDescription, RunList, RunRequest, ValidateAnswer
from psynapse.server.sse import Batches, EventStream, frame, frames
from psynapse.server.state import desk_of, runs_of
from psynapse.server.wire import event_to_json
from psynapse.services.run import RunInfo
from psynapse.worker.whole_values import cut

router = APIRouter(tags=["runs"])
_LARGEST_NUMBER: Final = 2**53

RunId = Annotated[str, FromPath(description="The run's id.")]
Count = Annotated[int, Query(ge=0, le=_LARGEST_NUMBER)]


@router.post("/validate", responses=problems(413, 415), openapi_extra=json_body())
async def validate(request: Request) -> ValidateAnswer:
    """Every finding about a workflow, which is the body. Nothing runs."""
    found = runs_of(request).check(await read_json(request))
    return ValidateAnswer(
        ok=all(one.severity != "error" for one in found),
        diagnostics=[Diagnostic.model_validate(one.to_json()) for one in found],
    )


@router.post("/runs", status_code=201, responses=problems(413, 415, 503), openapi_extra=json_body(RunRequest))
async def start_run(request: Request, response: Response) -> RunDescription:
    """Start a run; it goes on whether or not anybody watches it."""
    asked = await read_model(request, RunRequest)
    run = await runs_of(request).start(
        asked.workflow,
        targets=asked.targets,
        env=await desk_of(request).secrets.environment(secrets_named_in(asked.workflow), asked.env),
        reuse=asked.cache == "reuse",
        fresh=asked.cache == "fresh",
        keep=True,
        home=asked.workflow_id or "",
    )
    response.headers["Location"] = f"/runs/{run.id}"
    return _described(run.info)


@router.get("/runs", responses=problems(404, 503))
async def list_runs(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    before: Annotated[str, Query(max_length=200, description="A run's id: only runs begun before it.")] = "",
) -> RunList:
    """The newest runs, also those of earlier starts of the server."""
    return RunList(runs=[_described(info) for info in await runs_of(request).list(limit, before)])


@router.get("/runs/{run_id}", responses=problems(404, 503))
async def get_run(request: Request, run_id: RunId) -> RunDescription:
    """One run. It is lost when its server ended before it did."""
    return _described(await runs_of(request).find(run_id))


@router.get(
    "/runs/{run_id}/events",
    response_class=Response,
    responses={
        200: stream_of("Every event after the one asked for, until the run has ended"),
        204: {"description": "The run has ended and there is nothing more; do not come back"},
        **problems(404, 503),
    },
)
async def watch_run(
    request: Request,
    run_id: RunId,
    after: Annotated[int, Query(ge=-1, le=_LARGEST_NUMBER, description="The last event already known.")] = -1,
    last_event_id: Annotated[int | None, Header(ge=-1, le=_LARGEST_NUMBER)] = None,
) -> Response:
    """The events of a run: those there are, then those to come. A browser that reconnects says what it has."""
    watched = await runs_of(request).watch(run_id, after if last_event_id is None else last_event_id)
    batches = watched.events
    if watched.finished:
        first = await anext(batches, None)
        if first is None:
            return Response(status_code=204)
        batches = _beginning_with(first, batches)
    return EventStream(frames(batches, _encode))


@router.post("/runs/{run_id}/cancel", status_code=202, responses=problems(404, 415, 503))
async def cancel_run(request: Request, run_id: RunId) -> RunDescription:
    """Stop a run. Its events tell when it has stopped; one that has ended stays as it is."""
    return _described(await runs_of(request).cancel(run_id))


@router.get(
    "/runs/{run_id}/values/{node:path}/{handle}",
    response_class=Response,
    responses={
        200: {"description": "The value", "content": {"application/json": {"schema": {}}}},
        **problems(404, 410, 503),
    },
)
async def fetch_value(
    request: Request,
    run_id: RunId,
    node: Annotated[str, FromPath(description="The node's id.")],
    handle: Annotated[str, FromPath(description="The output handle.")],
    start: Count = 0,
    count: Count = 0,
) -> Response:
    """A whole value, or of a long one ``count`` items from ``start`` on."""
    value = await runs_of(request).fetch(run_id, node, handle, start, count)
    return json_answer(cut(value))


def _described(info: RunInfo) -> RunDescription:
    return RunDescription(
        id=info.id,
        status=info.status,
        started_at=datetime.fromtimestamp(info.started_at, UTC).isoformat(timespec="milliseconds"),
        seconds=info.seconds,
        nodes=info.nodes,
        queue_position=info.queue_position,
        unlogged=info.unlogged,
    )


def _encode(events: Sequence[RunEvent]) -> bytes:
    return b"".join(frame(event_to_json(event), event.seq) for event in events)


async def _beginning_with(first: Sequence[RunEvent], rest: Batches) -> AsyncIterator[Sequence[RunEvent]]:
    yield first
    async for batch in rest:
        yield batch
