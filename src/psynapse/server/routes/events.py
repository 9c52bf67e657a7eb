"""What happens in the server at large, as it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from fastapi import APIRouter, Request, Response

from psynapse.server.openapi import problems, stream_of
from psynapse.server.routes.system import encoded_catalog
from psynapse.server.sse import HEARTBEAT_SECONDS, EventStream, frame
from psynapse.server.state import desk_of, state_of
from psynapse.server.workflow_shapes import Announcement as AnAnnouncement
from psynapse.services.announcements import Announcement, Announcements

router = APIRouter(tags=["events"])
_HEARTBEAT: Final = b": heartbeat\n\n"


@router.get(
    "/events",
    response_class=Response,
    responses={200: stream_of("What changes from now on", AnAnnouncement), **problems(503)},
)
async def announcements(request: Request) -> Response:
    """Changed nodepacks, workflow files and secrets, runs that begin and end. The first event is a greeting.

    Nothing is kept for those who come later: after a new connection, ask again for what is shown.
    """
    state = state_of(request)
    hello: Announcement = {"type": "hello", "boot_id": state.boot_id}

    def in_full(news: Announcement) -> Announcement:
        return {**news, "revision": encoded_catalog(request).etag} if news["type"] == "catalog" else news

    return EventStream(_told(desk_of(request).announcements, hello, in_full))


async def _told(
    announcements: Announcements, hello: Announcement, in_full: Callable[[Announcement], Announcement]
) -> AsyncIterator[bytes]:
    with announcements.listening() as listener:
        yield frame(hello)
        while True:
            try:
                news = await asyncio.wait_for(listener.hear(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield _HEARTBEAT
            else:
                yield b"".join(frame(in_full(one)) for one in news)
