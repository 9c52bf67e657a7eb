"""The server itself: is it there, and what can it run."""

import hashlib

from fastapi import APIRouter, Request, Response

from psynapse.engine.encoding import to_json
from psynapse.model.catalog import Catalog
from psynapse.model.json_text import dumps
from psynapse.server.openapi import problems
from psynapse.server.shapes import Health, LoadFailure, Schema
from psynapse.server.state import EncodedCatalog, runs_of, state_of

router = APIRouter(tags=["system"])


@router.get("/health", responses=problems())
async def health(request: Request) -> Health:
    """Whether the server is there, and since when. Needs no token."""
    state = state_of(request)
    return Health(status="healthy", version=state.version, boot_id=state.boot_id, started_at=state.started_at)


@router.get(
    "/get_schema",
    response_class=Response,
    responses={
        200: {"model": list[Schema], "description": "The schemas of all nodes"},
        304: {"description": "Nothing has changed since the answer with that ETag"},
        **problems(),
    },
)
async def get_schema(request: Request) -> Response:
    """Every node that can be used."""
    encoded = encoded_catalog(request)
    headers = {"ETag": encoded.etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if encoded.etag in known:
        return Response(status_code=304, headers=headers)
    return Response(encoded.content, headers=headers, media_type="application/json")


@router.get("/catalog/failures", responses=problems())
async def list_failures(request: Request) -> list[LoadFailure]:
    """What is missing in the schemas, and why: nodepack files and functions that could not become nodes."""
    return [LoadFailure.model_validate(failure.to_json()) for failure in runs_of(request).catalog.failures]


def encoded_catalog(request: Request) -> EncodedCatalog:
    """The catalog as JSON, made once for each."""
    state, catalog = state_of(request), runs_of(request).catalog
    if state.encoded is None or state.encoded.catalog is not catalog:
        state.encoded = _encode(catalog)
    return state.encoded


def _encode(catalog: Catalog) -> EncodedCatalog:
    content = dumps(to_json([schema.to_json() for schema in catalog.schemas]))
    return EncodedCatalog(catalog, content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
