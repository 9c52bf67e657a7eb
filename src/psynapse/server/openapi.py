"""What ``/openapi.json`` says about bodies and problems: routes read and write those themselves."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from psynapse.server.shapes import Problem

_MEANINGS = {
    400: "The request cannot be understood",
    401: "The token is missing",
    403: "The request comes from a page of another site",
    404: "There is nothing of that name",
    410: "The value is not kept any more",
    413: "The body is too large",
    415: "The body is not JSON",
    421: "The request is for another host",
    500: "The graph cannot run",
    503: "No worker could do it",
}
_ALWAYS = (400, 401, 403, 421)


class DescribedApp(FastAPI):
    """FastAPI describes its own validation errors, which are problems here, and does not know about the token."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operations in document["paths"].values():
                for operation in operations.values():
                    operation["responses"].pop("422", None)
            components = document["components"]
            for name in ("HTTPValidationError", "ValidationError"):
                components["schemas"].pop(name, None)
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            # Nothing at all is enough for the same user of the same machine.
            document["security"] = [{"token": []}, {}]
        assert self.openapi_schema is not None
        return self.openapi_schema


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, beside those of the security layer."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in sorted({*_ALWAYS, *statuses})}


def json_body(model: type[BaseModel] | None = None) -> dict[str, Any]:
    """The body a route takes: ``model``, or any JSON."""
    schema = model.model_json_schema() if model else {}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def stream_of(description: str) -> dict[str, Any]:
    """An answer that is a stream of events; the schema is that of each."""
    event = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
        "required": ["data"],
    }
    return {"description": description, "content": {"text/event-stream": {"schema": event}}}
