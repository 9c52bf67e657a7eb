"""Errors as answers: every one an RFC 9457 problem with our code and a hint, none with our internals."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from psynapse.environments.errors import EnvironmentsError
from psynapse.errors import InvalidWorkflow, PsynapseError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.services.changes import more_about
from psynapse.storage.workspace import WorkflowConflict

MOST_ERRORS: Final = 50
_CLIENT_HAS_GONE: Final = 499
_STATUSES: Final[Mapping[str, int]] = {
    "invalid-request": HTTPStatus.BAD_REQUEST,
    "invalid-workflow": HTTPStatus.BAD_REQUEST,
    "unknown-node": HTTPStatus.BAD_REQUEST,
    "bad-requirement": HTTPStatus.BAD_REQUEST,
    "requirement-not-found": HTTPStatus.BAD_REQUEST,
    "not-editable": HTTPStatus.BAD_REQUEST,
    "token-needed": HTTPStatus.UNAUTHORIZED,
    "foreign-origin": HTTPStatus.FORBIDDEN,
    "unusable-name": HTTPStatus.BAD_REQUEST,
    "unusable-secret": HTTPStatus.BAD_REQUEST,
    "unknown-run": HTTPStatus.NOT_FOUND,
    "unknown-workflow": HTTPStatus.NOT_FOUND,
    "unknown-template": HTTPStatus.NOT_FOUND,
    "unknown-secret": HTTPStatus.NOT_FOUND,
    "unknown-file": HTTPStatus.NOT_FOUND,
    "unknown-pipeline": HTTPStatus.NOT_FOUND,
    "unknown-generation": HTTPStatus.NOT_FOUND,
    "not-installed": HTTPStatus.NOT_FOUND,
    "dependency-conflict": HTTPStatus.CONFLICT,
    "busy": HTTPStatus.CONFLICT,
    "change-cancelled": HTTPStatus.CONFLICT,
    "restart-impossible": HTTPStatus.CONFLICT,
    "workflow-exists": HTTPStatus.CONFLICT,
    "workflow-conflict": HTTPStatus.CONFLICT,
    "expired-value": HTTPStatus.GONE,
    "body-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "not-json": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "foreign-host": HTTPStatus.MISDIRECTED_REQUEST,
    "bad-workflow-file": HTTPStatus.UNPROCESSABLE_ENTITY,
    "package-fails": HTTPStatus.UNPROCESSABLE_ENTITY,
    "build-needed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "condition-needed": HTTPStatus.PRECONDITION_REQUIRED,
    "run-cancelled": HTTPStatus.INTERNAL_SERVER_ERROR,
    "worker": HTTPStatus.SERVICE_UNAVAILABLE,
    "worker-died": HTTPStatus.SERVICE_UNAVAILABLE,
    "storage-unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}


_HINTS: Final = {"invalid-workflow": "errors has every finding; POST /validate finds them without running anything"}


class InvalidRequest(PsynapseError):
    """The request cannot be understood. ``errors`` say where, each with a JSON pointer into the body."""

    code = "invalid-request"

    def __init__(self, message: str, *, errors: Sequence[Mapping[str, Json]] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.errors = tuple(errors)


class NotJson(PsynapseError):
    """The body is not declared as JSON: any page's form could have sent it, or nobody here reads it."""

    code = "not-json"


class BodyTooLarge(PsynapseError):
    """The body is larger than any workflow."""

    code = "body-too-large"


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    hint: str = "",
    errors: Sequence[Mapping[str, Json]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Json] | None = None,
) -> Response:
    """A problem as an HTTP answer. ``detail`` is what earlier clients show, ``more`` what only this problem has."""
    fields: dict[str, Json] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if hint:
        fields["hint"] = hint
    if errors:
        fields["errors"] = list(errors)
    fields.update(more or {})
    return Response(dumps(fields), status, headers, media_type="application/problem+json")


def problem_for(error: PsynapseError, status: int | None = None) -> Response:
    """The answer to an error that was raised on purpose; ``status`` where the route has its own."""
    hint = error.hint or _HINTS.get(error.code, "")
    status = status or _STATUSES.get(error.code, HTTPStatus.INTERNAL_SERVER_ERROR)
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return problem(
        status, error.message, code=error.code, hint=hint, errors=_parts(error), headers=headers, more=_more(error)
    )


def invalid(error: ValidationError | RequestValidationError, where: str) -> InvalidRequest:
    """What pydantic found, as an error with JSON pointers."""
    found = error.errors()
    errors = [_finding(one) for one in found[:MOST_ERRORS]]
    first = errors[0] if errors else {"pointer": "", "detail": ""}
    message = f"the {where} cannot be used: {first['pointer'] or 'it'}: {first['detail']}"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return InvalidRequest(message + more, errors=errors, hint="/openapi.json describes what is expected")


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error that a route raises. What nobody foresaw is answered briefly and logged by the server."""
    app.add_exception_handler(PsynapseError, _on_ours)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(Exception, _on_bug)


async def _on_ours(_: Request, error: Exception) -> Response:
    assert isinstance(error, PsynapseError)
    return problem_for(error)


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_for(invalid(error, "request"))


async def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return problem(error.status_code, error.detail, code=code, headers=error.headers)


async def _on_gone(_: Request, error: Exception) -> Response:
    assert isinstance(error, ClientDisconnect)
    return Response(status_code=_CLIENT_HAS_GONE)


async def _on_bug(_: Request, error: Exception) -> Response:
    detail = f"this is a bug in psynapse: {type(error).__name__}"
    return problem(500, detail, code="bug", hint="report it with what the server wrote to its log")


def _parts(error: PsynapseError) -> Sequence[Mapping[str, Json]]:
    if isinstance(error, InvalidRequest):
        return error.errors
    if isinstance(error, InvalidWorkflow):
        return [_part(cast("Diagnostic", one)) for one in error.diagnostics[:MOST_ERRORS]]
    return ()


def _more(error: PsynapseError) -> Mapping[str, Json] | None:
    if isinstance(error, EnvironmentsError):
        return more_about(error)
    if not isinstance(error, WorkflowConflict):
        return None
    current = error.current
    if current is None:
        return {"current": None}
    workflow = loads(current.text.encode()) if current.text else None
    return {"current": {"revision": current.revision, "workflow": workflow}}


def _part(diagnostic: Diagnostic) -> dict[str, Json]:
    return {"detail": diagnostic.message, **diagnostic.to_json()}


def _finding(found: Mapping[str, object]) -> dict[str, Json]:
    location = [part for part in cast("Iterable[str | int]", found["loc"]) if part != "[key]"]
    if found["type"] == "missing":
        # A pointer leads to something that exists.
        *location, name = location
        return {"pointer": _pointer(location), "detail": f'"{name}" is missing'}
    return {"pointer": _pointer(location), "detail": str(found["msg"])}


def _pointer(location: Iterable[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)
