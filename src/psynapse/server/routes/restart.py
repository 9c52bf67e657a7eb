"""Starting the server again."""

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from psynapse.model.json_text import dumps
from psynapse.server.openapi import problems
from psynapse.server.shapes import Message
from psynapse.server.state import nodes_of, state_of

router = APIRouter(tags=["system"])
_WORDS = "the server starts again"


@router.post("/restart", response_model=Message, responses=problems(409, 503))
@router.post("/v1/restart", response_model=Message, responses=problems(409, 503))
async def restart(request: Request) -> Response:
    """Start again, with runs cancelled and streams ended. It is back when ``/health`` has another ``boot_id``.

    A change of the node packages is cancelled, or finished when it is past its commit point.
    """
    restart = state_of(request).restart
    restart.check()
    await nodes_of(request).changes.settle()
    # Afterwards, so that the client has its answer.
    again = BackgroundTask(_ask, request)
    return Response(dumps({"message": _WORDS}), media_type="application/json", background=again)


async def _ask(request: Request) -> None:
    state = state_of(request)
    if not state.restart.asked:
        state.restart.ask()
