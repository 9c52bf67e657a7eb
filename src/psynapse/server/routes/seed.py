"""``POST /execute`` and ``POST /execute/stream``, as the node editor's document has them."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from psynapse.errors import InvalidWorkflow
from psynapse.model.events import RunEvent
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.planning.plan import Plan
from psynapse.server.bodies import read_model
from psynapse.server.coalesce import Coalescer
from psynapse.server.errors import problem, problem_for
from psynapse.server.openapi import json_body, problems, stream_of
from psynapse.server.shapes import ExecuteAnswer, ExecuteRequest
from psynapse.server.sse import EventStream, frame, frames, while_connected
from psynapse.server.state import runs_of
from psynapse.server.wire import SeedEncoder
from psynapse.services.run import Run

router = APIRouter(prefix="/execute", tags=["execute"])
_BODY: Final = json_body(ExecuteRequest)


@router.post(
    "",
    response_class=Response,
    responses={200: {"model": ExecuteAnswer}, **problems(413, 415, 500, 503)},
    openapi_extra=_BODY,
)
async def execute(request: Request) -> Response:
    """Run a graph and answer with the whole values of its views. A client that leaves cancels the run."""
    asked = await read_model(request, ExecuteRequest)
    try:
        run = await runs_of(request).start(asked.workflow(), env=asked.env_vars or {}, whole=True)
    except InvalidWorkflow as error:
        return problem_for(error, HTTPStatus.INTERNAL_SERVER_ERROR)
    try:
        result = await while_connected(request.receive, run.result())
    finally:
        run.cancel()
    if result.status == "cancelled":
        return problem(500, "the run was cancelled", code="run-cancelled")
    if result.error:
        return problem(500, result.error, code="worker-died")
    return Response(dumps({"results": _results(run.plan, result.values)}), media_type="application/json")


@router.post(
    "/stream",
    response_class=Response,
    responses={
        200: stream_of("What happens, as it happens; the last event has the results"),
        **problems(413, 415, 503),
    },
    openapi_extra=_BODY,
)
async def execute_stream(request: Request) -> Response:
    """Run a graph and tell what happens. A client that leaves cancels the run."""
    asked = await read_model(request, ExecuteRequest)
    try:
        run = await runs_of(request).start(asked.workflow(), env=asked.env_vars or {}, keep=True)
    except InvalidWorkflow as error:
        return EventStream(_only({"status": "error", "error": error.message, "hint": error.hint}))
    return EventStream(_told(run), on_end=run.cancel)


def _results(plan: Plan, values: Mapping[str, Json]) -> dict[str, Json]:
    views = (plan.tasks[target].node for target in plan.targets)
    return {view: values.get(view) for view in views}


async def _only(event: Json) -> AsyncIterator[bytes]:
    yield frame(event)


def _told(run: Run) -> AsyncIterator[bytes]:
    teller = _SeedTeller(run.plan)
    return frames(run.events(), teller.encode, teller.wait)


class _SeedTeller:
    """From a run's events to the bytes of its stream."""

    def __init__(self, plan: Plan) -> None:
        self._encoder = SeedEncoder(plan)
        self._coalescer = Coalescer()
        self._seq = -1

    def encode(self, events: Sequence[RunEvent]) -> bytes:
        now = time.monotonic()
        ready = list(self._coalescer.feed(events, now))
        ready += self._coalescer.overdue(now)
        return b"".join(map(self._frames, ready))

    def wait(self) -> float:
        return self._coalescer.wait(time.monotonic())

    def _frames(self, event: RunEvent) -> bytes:
        # What waited is sent after newer events of other nodes; ids still only grow.
        self._seq = max(self._seq, event.seq)
        return b"".join(frame(told, self._seq) for told in self._encoder.encode(event))
