"""The server itself: is it there, and what can it run."""

import hashlib
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from psynapse.engine.encoding import to_json
from psynapse.model.catalog import Catalog
from psynapse.model.json_text import dumps
from psynapse.server.openapi import problems
from psynapse.server.shapes import Health, Message
from psynapse.server.state import EncodedCatalog, runs_of, state_of

router = APIRouter(tags=["system"])
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Psynapse</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
  body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem }
  code { font-family: ui-monospace, monospace }
</style>
<h1>Psynapse</h1>
<p>The server is running. The visual editor is not part of this version yet.</p>
<ul>
  <li><a href="get_schema">get_schema</a>: every node there is</li>
  <li><a href="runs">runs</a>: what has run</li>
  <li><a href="openapi.json">openapi.json</a>: every route of this server</li>
</ul>
<p>Workflows run with <code>POST /execute</code>, or on the command line with <code>psynapse run FILE</code>.</p>
</html>
"""


@router.get(
    "/",
    response_model=Message,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **problems()},
)
async def root(request: Request) -> Message | HTMLResponse:
    """A page for a browser, a word for everybody else."""
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_PAGE, headers=_PAGE_HEADERS)
    return Message(message="Psynapse Backend API")


@router.get("/health", responses=problems())
async def health(request: Request) -> Health:
    """Whether the server is there, and since when. Needs no token."""
    state = state_of(request)
    return Health(status="healthy", version=state.version, boot_id=state.boot_id, started_at=state.started_at)


@router.get(
    "/get_schema",
    response_class=Response,
    responses={
        200: {
            "description": "The schemas of all nodes",
            "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
        },
        304: {"description": "Nothing has changed since the answer with that ETag"},
        **problems(),
    },
)
async def get_schema(request: Request) -> Response:
    """Every node that can be used."""
    encoded = _encoded(request)
    headers = {"ETag": encoded.etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if encoded.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(encoded.content, headers=headers, media_type="application/json")


def _encoded(request: Request) -> EncodedCatalog:
    """The catalog as JSON, made once for each."""
    state, catalog = state_of(request), runs_of(request).catalog
    if state.encoded is None or state.encoded.catalog is not catalog:
        state.encoded = _encode(catalog)
    return state.encoded


def _encode(catalog: Catalog) -> EncodedCatalog:
    content = dumps(to_json([schema.to_json() for schema in catalog.schemas]))
    return EncodedCatalog(catalog, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
