"""The web editor: its page at the root, and the files that the page loads."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi import Path as FromPath
from fastapi.responses import HTMLResponse

from psynapse.errors import PsynapseError
from psynapse.server.editor_files import INDEX_POLICY, EditorFile
from psynapse.server.openapi import problems
from psynapse.server.shapes import Message
from psynapse.server.state import state_of

router = APIRouter(tags=["editor"])
_NOT_BUILT_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
    "Vary": "Accept",
}
_NOT_BUILT: Final = """<!doctype html>
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
<p>The server is running, but the editor has not been built. Run <code>python3 dev.py build</code> in the checkout,
then reload this page.</p>
<ul>
  <li><a href="get_schema">get_schema</a>: every node there is</li>
  <li><a href="runs">runs</a>: what has run</li>
  <li><a href="openapi.json">openapi.json</a>: every route of this server</li>
</ul>
<p>Workflows run with <code>POST /execute</code>, or on the command line with <code>psynapse run FILE</code>.</p>
</html>
"""
_FILE: Final = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
Encodings = Annotated[str, Header(alias="accept-encoding", include_in_schema=False)]


class UnknownFile(PsynapseError):
    """The editor has no such file."""

    code = "unknown-file"


@router.get(
    "/",
    response_model=Message,
    responses={
        200: {"content": {"text/html": {"schema": {"type": "string"}}}},
        304: {"description": "The page has not changed since the answer with that ETag"},
        **problems(),
    },
)
async def root(request: Request) -> Message | Response:
    """The editor for a browser, a word for everybody else."""
    if "text/html" not in request.headers.get("accept", ""):
        return Message(message="Psynapse Backend API")
    page = await asyncio.to_thread(state_of(request).editor.index)
    if page is None:
        return HTMLResponse(_NOT_BUILT, headers=_NOT_BUILT_HEADERS)
    headers = {
        "Content-Security-Policy": INDEX_POLICY,
        "Cache-Control": "no-cache",
        "ETag": page.etag,
        "Vary": "Accept",
    }
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(page.content, headers=headers)


@router.get(
    "/assets/{path:path}",
    response_class=Response,
    responses={200: {"description": "The file", **_FILE}, **problems(404)},
)
async def asset(
    request: Request,
    path: Annotated[str, FromPath(description="A name that the page has, with a digest of the content in it.")],
    encodings: Encodings = "",
) -> Response:
    """A file that the editor's page loads. It never changes."""
    editor = state_of(request).editor
    found = await asyncio.to_thread(editor.asset, path)
    return _sent(found, encodings, editor.asset_headers["Cache-Control"])


@router.get(
    "/icon.svg",
    response_class=Response,
    responses={200: {"description": "The icon", "content": {"image/svg+xml": {}}}, **problems(404)},
)
async def icon(request: Request, encodings: Encodings = "") -> Response:
    """The icon in the browser's tab."""
    return _sent(await asyncio.to_thread(state_of(request).editor.icon), encodings, "max-age=86400")


def _sent(found: EditorFile | None, encodings: str, caching: str) -> Response:
    if found is None:
        raise UnknownFile("the editor has no such file", hint="reload the page; it may be of an earlier version")
    headers = {**found.headers(encodings), "Cache-Control": caching}
    return Response(found.body(encodings), headers=headers, media_type=found.media_type)
