"""Workflow files over HTTP: what is stored, and that nobody's work is overwritten."""

import json
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from psynapse.model.canonical import canonical, canonical_text, revision_of

NEW = {"If-None-Match": "*"}


def flow(*ids: str) -> dict[str, Any]:
    return {"nodes": [{"id": id_, "type": "viewNode", "data": {}} for id_ in ids], "edges": []}


def known(revision: str) -> dict[str, str]:
    return {"If-Match": f'"{revision}"'}


@pytest.fixture
def name() -> str:
    return f"flow {uuid.uuid4().hex[:8]}"


def put(client: httpx.Client, name: str, document: object, headers: dict[str, str]) -> httpx.Response:
    return client.put(f"/workflows/{quote(name)}", json=document, headers=headers)


def test_a_workflow_is_stored_read_listed_and_deleted(client: httpx.Client, name: str):
    stored = put(client, name, flow("a", "b"), NEW)
    text = canonical_text(flow("a", "b"))
    revision = revision_of(text)
    assert (stored.status_code, stored.json()) == (200, {"name": name, "revision": revision})
    read = client.get(f"/workflows/{name}")
    assert (read.text, read.headers["etag"], read.headers["content-type"]) == (
        text,
        f'"{revision}"',
        "application/json",
    )
    again = client.get(f"/workflows/{name}", headers={"If-None-Match": f'W/"{revision}"'})
    assert (again.status_code, again.content) == (304, b"")
    (listed,) = (one for one in client.get("/workflows").json()["workflows"] if one["name"] == name)
    assert (listed["revision"], listed["nodes"], listed["size"], listed["problem"]) == (revision, 2, len(text), "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", listed["modified"])
    deleted = client.delete(f"/workflows/{name}", headers=known(revision))
    assert (deleted.status_code, deleted.content) == (204, b"")
    gone = client.get(f"/workflows/{name}")
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-workflow")


def test_who_does_not_say_what_it_replaces_is_asked_to(client: httpx.Client, name: str):
    for headers in ({}, {"If-None-Match": '"something"'}, {"If-Match": ""}):
        refused = put(client, name, flow("a"), headers)
        assert (refused.status_code, refused.json()["code"]) == (428, "condition-needed")
    assert client.delete(f"/workflows/{name}").status_code == 428
    assert client.get(f"/workflows/{name}").status_code == 404


def test_a_stale_save_is_a_conflict_that_shows_what_there_is(client: httpx.Client, name: str):
    first = put(client, name, flow("a"), NEW).json()["revision"]
    second = put(client, name, flow("b"), known(first)).json()["revision"]
    for headers in (known(first), NEW):
        conflict = put(client, name, flow("c"), headers)
        assert (conflict.status_code, conflict.json()["code"]) == (409, "workflow-conflict")
        assert conflict.json()["current"] == {"revision": second, "workflow": canonical(flow("b"))}
    assert client.delete(f"/workflows/{name}", headers=known(first)).status_code == 409
    assert put(client, name, flow("c"), {"If-Match": f'"{first}", "{second}"'}).status_code == 200
    assert put(client, name, flow("d"), {"If-Match": "*"}).status_code == 200


def test_a_save_of_what_was_deleted_elsewhere_is_a_conflict_without_a_current_one(client: httpx.Client, name: str):
    revision = put(client, name, flow("a"), NEW).json()["revision"]
    client.delete(f"/workflows/{name}", headers=known(revision))
    conflict = put(client, name, flow("b"), known(revision))
    assert (conflict.status_code, conflict.json()["current"]) == (409, None)


def test_renaming_and_copying(client: httpx.Client, name: str):
    revision = put(client, name, flow("a"), NEW).json()["revision"]
    copy = client.post(f"/workflows/{name}/duplicate", json={})
    assert (copy.status_code, copy.json()) == (201, {"name": f"{name} copy", "revision": revision})
    taken = client.post(f"/workflows/{name}/rename", json={"to": f"{name} COPY"})
    assert (taken.status_code, taken.json()["code"]) == (409, "workflow-exists")
    renamed = client.post(f"/workflows/{name}/rename", json={"to": f"{name} 東京"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, f"{name} 東京")
    assert client.get(f"/workflows/{name}").status_code == 404
    assert client.get(f"/workflows/{quote(name + ' 東京')}").status_code == 200
    assert client.post(f"/workflows/{name} copy/duplicate", json={"to": f"{name} 2"}).json()["name"] == f"{name} 2"
    assert client.post(f"/workflows/{name}/duplicate", json={"to": 5}).status_code == 400


@pytest.mark.parametrize("bad", ["..%2Fx", "%2e%2e", "a%00b", "CON", ".x", "x.", "a%0Ab", "a" * 101, "%F0%9F%98%80"])
def test_a_name_that_could_lead_elsewhere_is_refused(client: httpx.Client, bad: str):
    answer = client.put(f"/workflows/{bad}", json=flow("a"), headers=NEW)
    assert answer.status_code in {400, 404, 405}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "invalid-workflow"), ({}, "invalid-workflow"), ({"nodes": []}, "invalid-workflow"),
        ({"nodes": [5], "edges": []}, "invalid-workflow"), ({"nodes": [], "edges": [{}]}, "invalid-workflow"),
        ({"nodes": [], "edges": [], "version": 2}, "invalid-workflow"),
        ({"nodes": [{"id": "a"}, {"id": "a"}], "edges": []}, "invalid-workflow"),
    ],
)  # fmt: skip
def test_a_workflow_of_which_something_would_be_lost_is_refused(
    client: httpx.Client, name: str, document: object, code: str
):
    answer = put(client, name, document, NEW)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["errors"]
    assert client.get(f"/workflows/{name}").status_code == 404


def test_a_reference_to_a_secret_is_stored_as_it_is(client: httpx.Client, name: str):
    client.put("/secrets/WORKFLOW_TEST_KEY", json={"value": "hush-hush-hush"})
    document = flow("a")
    document["nodes"][0]["data"]["key"] = {"$secret": "WORKFLOW_TEST_KEY"}
    put(client, name, document, NEW)
    read = client.get(f"/workflows/{name}")
    assert read.json()["nodes"][0]["data"]["key"] == {"$secret": "WORKFLOW_TEST_KEY"}
    assert "hush" not in read.text


def test_files_on_disk_count_and_broken_ones_say_why(start_server: Any, tmp_path: Path):
    folder = tmp_path / "my flows"
    folder.mkdir()
    (folder / "old.json").write_text(json.dumps({"nodes": [{"id": "a", "data": {"functionName": "f"}}], "edges": []}))
    (folder / "broken.json").write_text('{"nodes": [')
    with start_server(env={"PSYNAPSE_WORKFLOWS_DIR": str(folder)}) as started, started.client() as visitor:
        listed = {one["name"]: one for one in visitor.get("/workflows").json()["workflows"]}
        assert "not JSON" in listed["broken"]["problem"]
        broken = visitor.get("/workflows/broken")
        assert (broken.status_code, broken.json()["code"]) == (422, "bad-workflow-file")
        assert visitor.get("/workflows/old").json()["nodes"][0]["type"] == "functionNode"
        conflict = put(visitor, "broken", flow("a"), NEW)
        assert conflict.json()["current"] == {"revision": listed["broken"]["revision"], "workflow": None}
        assert put(visitor, "broken", flow("a"), known(listed["broken"]["revision"])).status_code == 200
    assert json.loads((folder / "broken.json").read_text()) == canonical(flow("a"))
