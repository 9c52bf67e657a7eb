"""``POST /execute`` and ``POST /execute/stream``, as the node editor's document has them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response

from psynapse.errors import InvalidWorkflow
from psynapse.model.events import RunEvent
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.secret import secrets_named_in
from psynapse.planning.plan import Plan
from psynapse.server.answers import json_answer
from psynapse.server.bodies import read_unless_known
from psynapse.server.coalesce import Coalescer
from psynapse.server.errors import problem, problem_for
from psynapse.server.openapi import json_body, problems, stream_of
from psynapse.server.shapes import ExecuteAnswer, ExecuteRequest
from psynapse.server.sse import EventStream, frame, frames, while_connected
from psynapse.server.state import desk_of, runs_of, state_of
from psynapse.server.wire import SeedEncoder
from psynapse.services.run import Run
from psynapse.worker.whole_values import WholeValues

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
    try:
        run = await _start(request, whole=True)
    except InvalidWorkflow as error:
        return problem_for(error, HTTPStatus.INTERNAL_SERVER_ERROR)
    try:
        result = await while_connected(request.receive, run.result())
    finally:
        run.cancel()
    if result.status == "cancelled":
        state_of(request).check_serving()
        return problem(500, "the run was cancelled", code="run-cancelled")
    if result.error:
        return problem(500, result.error, code="worker-died")
    return json_answer(list(_results(run.plan, result.values)))


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
    try:
        run = await _start(request, keep=True)
    except InvalidWorkflow as error:
        return EventStream(_only({"status": "error", "error": error.message, "hint": error.hint}))
    return EventStream(_told(run), on_end=run.cancel)


async def _start(request: Request, *, whole: bool = False, keep: bool = False) -> Run:
    """Run the graph in the body, which is not even parsed when it was planned before."""
    asked, digest = await read_unless_known(request, ExecuteRequest, runs_of(request).planned)
    runs = runs_of(request)
    if asked is None:
        return await runs.start(None, whole=whole, keep=keep, key=digest)
    # What has variables has to be parsed each time: the plan alone does not have them.
    workflow = asked.workflow()
    named = secrets_named_in(workflow)
    env = await desk_of(request).secrets.environment(named, asked.env_vars)
    key = b"" if env or named else digest
    run = await runs.start(workflow, env=env, whole=whole, keep=keep, key=key)
    try:
        # Its worker gets it now. To let go of a large graph takes a moment, in which that has begun.
        await asyncio.sleep(0)
    except asyncio.CancelledError:
        run.cancel()
        raise
    return run


def _results(plan: Plan, values: WholeValues) -> Iterator[bytes]:
    """The JSON text of ``{"results": …}``, in pieces."""
    yield b'{"results":{'
    for place, view in enumerate(dict.fromkeys(plan.tasks[target].node for target in plan.targets)):
        yield (b"," if place else b"") + dumps(view) + b":"
        yield from values.pieces(view)
    yield b"}}"


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
        pieces: list[bytes] = []
        for event in ready:
            # What waited is sent after newer events of other nodes; ids still only grow.
            self._seq = max(self._seq, event.seq)
            pieces += [frame(told, self._seq) for told in self._encoder.encode(event)]
        return b"".join(pieces)

    def wait(self) -> float:
        return self._coalescer.wait(time.monotonic())
