"""What the server has said last, for who has no terminal to look at."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from psynapse.logs.recent import LogLine
from psynapse.server.openapi import problems
from psynapse.server.security import check_own_page
from psynapse.server.shapes import LogAnswer, LogItem
from psynapse.server.state import state_of

router = APIRouter(tags=["system"])
_MOST = 2_000
After = Annotated[int, Query(ge=0, le=1 << 53, description="The number after which to begin; 0: the oldest line kept.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many lines at most.")]


@router.get("/logs", responses=problems())
async def list_log_lines(request: Request, response: Response, after: After = 0, limit: Limit = _MOST) -> LogAnswer:
    """The last lines of the server's log, oldest first, without secrets. For the server's own pages alone."""
    check_own_page(request.scope)
    state = state_of(request)
    page = state.log.page(after, limit)
    response.headers["Cache-Control"] = "no-store"
    return LogAnswer(
        boot_id=state.boot_id, first=page.first, last=page.last, lines=[_item(line) for line in page.lines]
    )


def _item(line: LogLine) -> LogItem:
    at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="milliseconds") if line.at else ""
    # Built by this program: nothing is to be checked.
    return LogItem.model_construct(
        seq=line.seq, at=at, level=line.level, source=line.source, text=line.text, earlier=line.earlier
    )
