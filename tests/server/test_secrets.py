"""Secrets over HTTP: set, listed without values, given to the runs that name them and to no others."""

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

VALUE = "hush-hush-hush"


@pytest.fixture
def name(client: httpx.Client) -> str:
    name = f"KEY_{uuid.uuid4().hex[:8].upper()}"
    assert client.put(f"/secrets/{name}", json={"value": VALUE}).status_code == 200
    return name


def results(client: httpx.Client, graph: dict[str, Any], **more: object) -> Any:
    return client.post("/execute", json={**graph, **more}).json()["results"]["View"]


def test_a_secret_is_listed_without_its_value_and_can_be_removed(client: httpx.Client, name: str):
    listed = client.get("/secrets")
    assert name in {one["name"] for one in listed.json()["secrets"]}
    assert all(set(one) == {"name", "updated_at"} for one in listed.json()["secrets"])
    assert VALUE not in listed.text
    assert client.delete(f"/secrets/{name}").status_code == 204
    assert client.delete(f"/secrets/{name}").json()["code"] == "unknown-secret"
    assert client.get(f"/secrets/{name}").status_code == 405


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("A-B", {"value": VALUE}), ("%20", {"value": VALUE}), ("KEY", {"value": ""}), ("KEY", {"value": 5}),
        ("KEY", {"value": VALUE, "more": 1}), ("KEY", {"value": [VALUE]}), ("KEY", {}), ("KEY", [VALUE]),
        ("KEY", {"value": VALUE + "\0"}),
    ],
)  # fmt: skip
def test_what_cannot_be_a_secret_is_refused_without_being_said(client: httpx.Client, path: str, body: object):
    answer = client.put(f"/secrets/{path}", json=body)
    assert answer.status_code == 400
    assert VALUE not in answer.text


def test_a_run_gets_the_secrets_that_its_workflow_lists(client: httpx.Client, flows: Any, name: str):
    graph = flows.one(flows.function("f", "read_variable", name=name))
    assert results(client, graph) is None
    assert results(client, graph, secrets=[name]) in {VALUE, "[redacted]"}
    assert results(client, graph, secrets=[name], env_vars={name: "given"}) == "given"
    assert results(client, graph, secrets=["NEVER_SET"]) is None
    assert results(client, graph, secrets="odd") is None


def test_a_reference_is_the_value_in_the_worker_and_a_reference_everywhere_else(
    start_server: Any, flows: Any, tmp_path: Path
):
    graph = flows.one(flows.function("f", "length", x={"$secret": "KEY"}))
    with start_server() as started, started.client() as visitor:
        visitor.put("/secrets/KEY", json={"value": VALUE})
        assert visitor.post("/validate", json=graph).json()["ok"] is True
        assert results(visitor, graph) == len(VALUE)
        told = visitor.post("/execute/stream", json=graph).text
        assert VALUE not in told
        executing = next(one for one in flows.events_in(told) if one.get("node_id") == "f")
        assert executing["inputs"] == {"x": {"$secret": "KEY"}}
        run = visitor.post("/runs", json={"workflow": graph, "cache": "reuse"}).json()
        assert "succeeded" in visitor.get(f"/runs/{run['id']}/events").text
        assert VALUE not in started.said
    kept = {
        path.name for path in (tmp_path / "data").rglob("*") if path.is_file() and VALUE.encode() in path.read_bytes()
    }
    assert kept <= {"secrets.json"}


def test_what_a_node_says_of_a_secret_is_redacted(client: httpx.Client, flows: Any, name: str):
    graph = flows.one(flows.function("f", "passes", x={"$secret": name}))
    assert VALUE not in client.post("/execute/stream", json=graph).text


def test_a_secret_that_is_set_later_reaches_a_graph_that_ran_before(client: httpx.Client, flows: Any):
    name = f"LATER_{uuid.uuid4().hex[:8].upper()}"
    graph = flows.one(flows.function("f", "length", x={"$secret": name}))
    events = flows.events_in(client.post("/execute/stream", json=graph).text)
    failed = next(one for one in events if one["status"] == "error")
    assert name in failed["error"]
    assert "settings" in failed["hint"]
    assert results(client, graph) is None
    client.put(f"/secrets/{name}", json={"value": "12345678"})
    assert results(client, graph) == 8
