import asyncio
import json
from http import HTTPStatus

import httpx
import pytest
from fastapi import FastAPI

from psynapse.errors import ExpiredValue, InvalidWorkflow, PsynapseError, UnknownNode, UnknownRun, WorkerError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId
from psynapse.server.errors import BodyTooLarge, InvalidRequest, add_error_handlers, problem_for


def fields(error: PsynapseError) -> dict[str, object]:
    answer = problem_for(error)
    assert answer.media_type == "application/problem+json"
    found = json.loads(bytes(answer.body))
    assert found["status"] == answer.status_code
    return found


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (InvalidRequest("x"), 400, "Bad Request"),
        (InvalidWorkflow("x"), 400, "Bad Request"),
        (UnknownNode("x"), 400, "Bad Request"),
        (UnknownRun("x"), 404, "Not Found"),
        (ExpiredValue("x"), 410, "Gone"),
        (BodyTooLarge("x"), 413, HTTPStatus(413).phrase),
        (WorkerError("x"), 503, "Service Unavailable"),
        (PsynapseError("x"), 500, "Internal Server Error"),
    ],
)
def test_every_error_has_its_status(error: PsynapseError, status: int, title: str):
    found = fields(error)
    assert (found["status"], found["detail"], found["code"]) == (status, "x", error.code)
    assert str(found["title"]).startswith(title.partition(" ")[0])


def test_findings_of_a_workflow_are_errors_with_node_and_pointer():
    finding = Diagnostic(code="malformed-node", message="m", node=NodeId("n"), pointer="/nodes/0", hint="h")
    found = fields(InvalidWorkflow("x", diagnostics=(finding,) * 80, hint="do"))
    assert found["hint"] == "do"
    errors = found["errors"]
    assert isinstance(errors, list)
    assert len(errors) == 50
    assert errors[0] == {**finding.to_json(), "detail": "m"}


def test_a_bug_is_a_problem_without_internals_and_is_raised_for_the_log():
    app = FastAPI()
    add_error_handlers(app)

    @app.get("/broken")
    async def _broken() -> None:
        raise KeyError("internal secret")

    async def ask(*, raising: bool) -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=raising)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/broken")

    answer = asyncio.run(ask(raising=False))
    assert (answer.status_code, answer.json()["code"]) == (500, "bug")
    assert "internal secret" not in answer.text
    with pytest.raises(KeyError, match="internal secret"):
        asyncio.run(ask(raising=True))
