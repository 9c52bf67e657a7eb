"""Runs as things of their own, over HTTP."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest


def start(client: httpx.Client, workflow: object, **options: object) -> str:
    answer = client.post("/runs", json={"workflow": workflow, **options})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/runs/{answer.json()['id']}"
    return answer.json()["id"]


def watch(client: httpx.Client, flows: Any, run: str, query: str = "", **headers: str) -> list[dict[str, Any]]:
    answer = client.get(f"/runs/{run}/events{query}", headers=headers)
    assert answer.status_code == 200
    return flows.events_in(answer.text)


def test_a_run_is_started_watched_listed_and_remembered(client: httpx.Client, flows: Any):
    run = start(client, flows.worked_example())
    events = watch(client, flows, run)
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[0]["type"] == "run-started"
    assert (events[-1]["type"], events[-1]["status"], events[-1]["node"]) == ("run-finished", "succeeded", None)
    (completed,) = (event for event in events if event["type"] == "task-completed" and event["node"] == "View")
    assert completed["output"] == 48
    described = client.get(f"/runs/{run}").json()
    assert (described["status"], described["nodes"], described["queue_position"]) == ("succeeded", 9, 0)
    assert described["started_at"].endswith("+00:00")
    assert client.get("/runs?limit=1").json()["runs"] == [described]


def test_a_viewer_resumes_where_it_left_off(client: httpx.Client, flows: Any):
    run = start(client, flows.worked_example())
    events = watch(client, flows, run)
    assert watch(client, flows, run, "?after=4") == events[5:]
    assert watch(client, flows, run, **{"Last-Event-ID": "4"}) == events[5:]
    # What a browser says on reconnecting counts more than the address it began with.
    assert watch(client, flows, run, "?after=0", **{"Last-Event-ID": "7"}) == events[8:]


def test_a_viewer_that_has_everything_is_told_not_to_come_back(client: httpx.Client, flows: Any):
    run = start(client, flows.worked_example())
    last = watch(client, flows, run)[-1]["seq"]
    assert client.get(f"/runs/{run}/events", headers={"Last-Event-ID": str(last)}).status_code == 204


@pytest.mark.parametrize("query", ["?after=x", "?after=-2", "?after=1.5", f"?after={2**70}"])
def test_a_place_that_makes_no_sense_is_a_400(client: httpx.Client, flows: Any, query: str):
    run = start(client, flows.worked_example())
    answer = client.get(f"/runs/{run}/events{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/query/after")


def test_a_run_goes_on_when_its_viewer_leaves_and_is_cancelled_on_request(
    client: httpx.Client, flows: Any, tmp_path: Path
):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    run = start(client, flows.one(node))
    with pytest.raises(httpx.ReadTimeout):
        client.get(f"/runs/{run}/events", timeout=httpx.Timeout(60, read=1.0))
    assert client.get(f"/runs/{run}").json()["status"] == "running"
    assert client.post(f"/runs/{run}/cancel").status_code == 202
    assert watch(client, flows, run)[-1]["status"] == "cancelled"
    assert client.post(f"/runs/{run}/cancel").json()["status"] == "cancelled"


def test_targets_narrow_a_run_and_unknown_ones_are_a_400(client: httpx.Client, flows: Any):
    run = start(client, flows.worked_example(), targets=["F1"])
    nodes = {event["node"] for event in watch(client, flows, run)}
    assert nodes == {None, "V1", "V2", "F1"}
    answer = client.post("/runs", json={"workflow": flows.worked_example(), "targets": ["gone"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-node")


def test_a_value_is_fetched_whole_and_by_the_page_until_it_expires(client: httpx.Client, flows: Any):
    run = start(client, flows.one(flows.function("a/b c", "numbers", count=50_000)))
    watch(client, flows, run)
    address = f"/runs/{run}/values/a%2Fb%20c/result"
    assert client.get(address).json() == list(range(50_000))
    assert client.get(address + "?start=10&count=3").json() == [10, 11, 12]
    assert client.get(f"/runs/{run}/values/nobody/result").status_code == 410
    assert client.get(address + "?start=-1").status_code == 400


@pytest.mark.parametrize("address", ["", "/events", "/values/a/result"])
def test_a_run_that_nobody_started_is_a_404(client: httpx.Client, address: str):
    answer = client.get(f"/runs/nobody{address}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-run")
    assert answer.headers["content-type"] == "application/problem+json"


def test_results_of_an_earlier_run_are_reused_only_on_request(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("n", "multiply", a=1234.5, b=2))

    def reused(cache: str) -> list[bool]:
        events = watch(client, flows, start(client, graph, cache=cache))
        return [event["cached"] for event in events if event["type"] == "task-completed" and event["node"] == "n"]

    assert reused("reuse") == [False]
    # Each worker remembers for itself, and any idle one may be taken.
    assert [True] in [reused("reuse") for _ in range(6)]
    assert reused("off") == [False]


def test_validate_tells_every_finding_and_runs_nothing(client: httpx.Client, flows: Any):
    before = len(client.get("/runs?limit=1000").json()["runs"])
    graph = flows.worked_example()
    assert client.post("/validate", json=graph).json() == {"ok": True, "diagnostics": []}
    graph["nodes"].append({"id": "bad", "type": "functionNode", "data": {"functionName": "ad"}})
    graph["nodes"].append(5)
    answer = client.post("/validate", json=graph).json()
    assert answer["ok"] is False
    assert {one["code"] for one in answer["diagnostics"]} == {"unknown-function", "malformed-node"}
    assert client.post("/validate", json="no workflow").json()["ok"] is False
    assert len(client.get("/runs?limit=1000").json()["runs"]) == before


def test_a_run_of_many_events_comes_in_few_writes(client: httpx.Client, flows: Any):
    nodes = [flows.variable(f"v{number}", number) for number in range(3_000)]
    began = time.monotonic()
    with client.stream("POST", "/execute/stream", json={"nodes": nodes, "edges": []}) as answer:
        pieces = [len(piece) for piece in answer.iter_raw()]
    assert sum(pieces) > 300_000
    assert time.monotonic() - began < 20
