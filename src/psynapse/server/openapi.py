"""What ``/openapi.json`` says about bodies and problems: routes read and write those themselves."""

from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from psynapse.server.shapes import Problem

_MEANINGS = {
    400: "The request cannot be understood",
    401: "The token is missing",
    403: "The request comes from a page of another site",
    404: "There is nothing of that name",
    409: "Something else is in the way",
    410: "The value is not kept any more",
    413: "The body is too large",
    415: "The body is not JSON",
    421: "The request is for another host",
    422: "The file is no workflow",
    428: "The request does not say what it replaces",
    500: "The graph cannot run, or the change cannot be made",
    503: "No worker could do it, or the disk refuses",
}
_ALWAYS = (400, 401, 403, 421)
_REF: Final = "#/components/schemas/{model}"
_NOT_OURS: Final = "Validation Error"
_models: Final[dict[str, type]] = {}
"""What routes refer to and FastAPI does not know of. Their schemas take long to make, and are seldom asked for."""
_components: Final[dict[str, dict[str, Any]]] = {}
"""Schemas of the parts of unions."""


class DescribedApp(FastAPI):
    """FastAPI describes its own validation errors, which are problems here, and does not know about the token."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            for operations in document["paths"].values():
                for operation in operations.values():
                    if operation["responses"].get("422", {}).get("description") == _NOT_OURS:
                        del operation["responses"]["422"]
            components = document["components"]
            components["schemas"] = {**_schemas(), **components["schemas"]}
            for name in ("HTTPValidationError", "ValidationError"):
                components["schemas"].pop(name, None)
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            # Nothing at all is enough for the same user of the same machine.
            document["security"] = [{"token": []}, {}]
        assert self.openapi_schema is not None
        return self.openapi_schema


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, beside those of the security layer."""
    return {status: problem_of(Problem, _MEANINGS[status]) for status in sorted({*_ALWAYS, *statuses})}


def problem_of(model: type[Problem], description: str) -> dict[str, Any]:
    """A problem that has more to say than others."""
    return {"description": description, "content": {"application/problem+json": {"schema": _reference(model)}}}


def json_body(model: type[BaseModel] | None = None) -> dict[str, Any]:
    """The body a route takes: ``model``, or any JSON."""
    schema = _reference(model) if model else {}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def stream_of(description: str, data: Any = None) -> dict[str, Any]:
    """An answer that is a stream of events; the schema is that of each, ``data`` the model of what it holds."""
    content = {"type": "string", "contentMediaType": "application/json"}
    event = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "data": {**content, "contentSchema": _reference(data)} if data else content,
        },
        "required": ["data"],
    }
    return {"description": description, "content": {"text/event-stream": {"schema": event}}}


def _reference(model: Any) -> dict[str, Any]:
    """A reference to the schema of ``model``, or of a union of models, which is in the document from now on."""
    if isinstance(model, type):
        _models[model.__name__] = model
        return {"$ref": _REF.format(model=model.__name__)}
    schema = _schema(model)
    _components.update(schema.pop("$defs", {}))
    return schema


def _schemas() -> dict[str, dict[str, Any]]:
    """Those of all that was referred to, and of what they have in them."""
    schemas = dict(_components)
    for name, model in _models.items():
        schema = _schema(model)
        schemas.update(schema.pop("$defs", {}))
        schemas[name] = schema
    return schemas


def _schema(model: Any) -> dict[str, Any]:
    return TypeAdapter[Any](model).json_schema(ref_template=_REF)
