"""Answers that may be large: nobody else waits while one is written."""

from collections.abc import AsyncIterator, Sequence

from starlette.responses import Response, StreamingResponse

from psynapse.worker.whole_values import PIECE

_JSON = "application/json"


def json_answer(pieces: Sequence[bytes]) -> Response:
    """An answer whose JSON text these are. More than a little goes out as fast as the client takes it, not at once."""
    length = sum(map(len, pieces))
    if length <= PIECE:
        return Response(b"".join(pieces), media_type=_JSON)
    return StreamingResponse(_each(pieces), media_type=_JSON, headers={"Content-Length": str(length)})


async def _each(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
