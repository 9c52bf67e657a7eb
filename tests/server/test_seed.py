"""The documented answers and events over HTTP, from a real server with real workers."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest


def stream(client: httpx.Client, flows: Any, graph: object) -> list[dict[str, Any]]:
    answer = client.post("/execute/stream", json=graph)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    return flows.events_in(answer.text)


def about(events: list[dict[str, Any]], node: str) -> list[dict[str, Any]]:
    return [event for event in events if event.get("node_id") == node]


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_worked_example_gives_48_at_the_root_and_under_api(client: httpx.Client, flows: Any, prefix: str):
    answer = client.post(f"{prefix}/execute", json=flows.worked_example())
    assert (answer.status_code, answer.json()) == (200, {"results": {"View": 48}})


def test_the_worked_example_streams_the_documented_events(client: httpx.Client, flows: Any):
    events = stream(client, flows, flows.worked_example())
    assert about(events, "V1") == [
        {"node_id": "V1", "node_number": 1, "node_name": "Variable", "status": "executing", "inputs": {}},
        {"node_id": "V1", "node_number": 1, "node_name": "Variable", "status": "completed", "inputs": {}, "output": 5},
    ]
    assert about(events, "F1") == [
        {"node_id": "F1", "node_number": 5, "node_name": "add", "status": "executing", "inputs": {"a": 5, "b": 3}},
        {
            "node_id": "F1", "node_number": 5, "node_name": "add", "status": "completed",
            "inputs": {"a": 5, "b": 3}, "output": 8,
        },
    ]  # fmt: skip
    assert about(events, "L1")[-1]["output"] == [8, 6]
    assert events[-1] == {"status": "done", "results": {"View": 48}}


def test_the_stream_folds_to_what_execute_answers(client: httpx.Client, flows: Any):
    graph = flows.worked_example()
    folded = stream(client, flows, graph)[-1]["results"]
    assert folded == client.post("/execute", json=graph).json()["results"]


def test_every_event_has_an_id_and_one_line_of_data(client: httpx.Client, flows: Any):
    text = client.post("/execute/stream", json=flows.worked_example()).text
    *blocks, end = text.split("\n\n")
    assert end == ""
    assert all([line.split(": ")[0] for line in block.split("\n")] == ["id", "data"] for block in blocks)
    ids = [int(block.split("\n")[0].removeprefix("id: ")) for block in blocks]
    assert ids == sorted(ids)


def test_a_progress_class_reports_each_step_as_documented(client: httpx.Client, flows: Any):
    node = flows.reporting("p", "MyProgressOperation", "progress_ops", iterations=10)
    events = stream(client, flows, {"nodes": [node], "edges": []})
    steps = [event for event in events if event["status"] == "progress"]
    assert [step["progress"] for step in steps] == [number / 10 for number in range(1, 11)]
    assert steps[2] == {
        "node_id": "p", "node_number": 1, "node_name": "MyProgressOperation", "status": "progress",
        "progress": 0.3, "progress_message": "Processing iteration 3/10", "inputs": {"iterations": 10},
    }  # fmt: skip


def test_a_stream_class_sends_its_text_chunk_by_chunk_as_documented(client: httpx.Client, flows: Any):
    node = flows.reporting("s", "MyStreamOperation", "stream_ops", prompt="hello big world")
    events = stream(client, flows, {"nodes": [node], "edges": []})
    chunks = [event for event in events if event["status"] == "streaming"]
    assert [chunk["streaming_chunk"] for chunk in chunks] == ["HELLO ", "BIG ", "WORLD "]
    assert [chunk["streaming_text"] for chunk in chunks] == ["HELLO ", "HELLO BIG ", "HELLO BIG WORLD "]


def test_4000_tokens_cost_at_most_3_mb_and_lose_no_character(client: httpx.Client, flows: Any):
    prompt = " ".join(f"tok{number:03}" for number in range(100))
    node = flows.reporting("s", "MyStreamOperation", "stream_ops", prompt=prompt, times=40)
    answer = client.post("/execute/stream", json={"nodes": [node], "edges": []})
    events = flows.events_in(answer.text)
    chunks = [event for event in events if event["status"] == "streaming"]
    whole = (prompt.upper() + " ") * 40
    assert "".join(chunk["streaming_chunk"] for chunk in chunks) == whole
    assert chunks[-1]["streaming_text"] == whole
    assert len(chunks) >= 50
    assert len(answer.content) < 3_000_000


def test_a_failed_node_is_null_and_what_depends_on_it_is_skipped(client: httpx.Client, flows: Any):
    nodes = [flows.function("node_3", "divide", a=10, b=0), flows.view(), flows.function("o", "add", a=1, b=1)]
    graph = {"nodes": [*nodes, flows.view("Other")], "edges": [flows.edge("node_3", "View"), flows.edge("o", "Other")]}
    events = stream(client, flows, graph)
    error = about(events, "node_3")[-1]
    assert (error["status"], error["error"], error["error_type"]) == ("error", "division by zero", "ZeroDivisionError")
    assert error["inputs"] == {"a": 10, "b": 0}
    assert "ops.py" in error["traceback"].splitlines()[1]
    assert about(events, "View")[-1]["because"] == "node_3"
    assert events[-1] == {"status": "done", "results": {"View": None, "Other": 2}}
    answer = client.post("/execute", json=graph)
    assert (answer.status_code, answer.json()) == (200, {"results": {"View": None, "Other": 2}})


def test_a_cycle_is_a_500_with_the_reason_in_detail_and_a_single_event(client: httpx.Client, flows: Any):
    nodes = [flows.function("a", "add", b=1), flows.function("b", "add", b=1)]
    graph = {"nodes": nodes, "edges": [flows.edge("a", "b", "a"), flows.edge("b", "a", "a")]}
    answer = client.post("/execute", json=graph)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Graph contains a cycle: a → b → a"
    assert answer.json()["errors"][0]["code"] == "cycle"
    (event,) = stream(client, flows, graph)
    assert (event["status"], event["error"]) == ("error", "Graph contains a cycle: a → b → a")


def test_a_node_that_ends_its_process_is_an_error_of_that_node(client: httpx.Client, flows: Any):
    events = stream(client, flows, flows.one(flows.function("x", "leave")))
    assert about(events, "x")[-1]["status"] == "error"
    assert events[-1] == {"status": "done", "results": {"View": None}}
    assert client.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}


def test_everything_sent_parses_as_strict_json(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("n", "not_a_number"))
    assert client.post("/execute", json=graph).json() == {"results": {"View": "NaN"}}
    assert stream(client, flows, graph)[-1]["results"] == {"View": "NaN"}


def test_environment_variables_are_there_for_the_run_only(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("r", "read_variable", name="PSYNAPSE_SERVER_TEST"))
    asked = {**graph, "env_vars": {"PSYNAPSE_SERVER_TEST": "blue"}}
    assert client.post("/execute", json=asked).json() == {"results": {"View": "blue"}}
    assert client.post("/execute", json={**graph, "env_vars": None}).json() == {"results": {"View": None}}


def test_values_above_64_kib_travel_as_previews_and_execute_has_them_whole(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("n", "passes", x="long " * 20_000))
    events = stream(client, flows, graph)
    shown = events[-1]["results"]["View"]
    assert (shown["$preview"], shown["truncated"]) == ("text", True)
    assert about(events, "n")[0]["inputs"]["x"]["$preview"] == "text"
    assert client.post("/execute", json=graph).json() == {"results": {"View": "long " * 20_000}}


def test_a_value_of_megabytes_is_sent_piece_by_piece_and_arrives_whole(client: httpx.Client, flows: Any):
    wanted = {"results": {"View": list(range(600_000))}}
    pieces: list[bytes] = []
    with client.stream("POST", "/execute", json=flows.one(flows.function("n", "numbers", count=600_000))) as answer:
        pieces += answer.iter_raw()
    assert len(pieces) > 10
    content = b"".join(pieces)
    assert (json.loads(content), answer.headers["content-length"]) == (wanted, str(len(content)))
    assert answer.headers["content-type"] == "application/json"


def test_files_of_the_earlier_editor_run(client: httpx.Client, flows: Any):
    graph = flows.worked_example()
    for node in graph["nodes"]:
        node |= {"position": {"x": 1.0, "y": 2.0}, "width": 200, "selected": True}
        node["data"] |= {"edges": graph["edges"], "executionStatus": "completed", "params": [{"name": "gone"}]}
    graph["nodes"][-1]["data"]["value"] = 17
    assert client.post("/execute", json=graph).json() == {"results": {"View": 48}}


@pytest.mark.parametrize("route", ["/execute", "/execute/stream"])
def test_a_client_that_leaves_cancels_the_run(client: httpx.Client, flows: Any, tmp_path: Path, route: str):
    marker = tmp_path / "marker"
    graph = flows.one(flows.function("t", "touch_and_wait", path=str(marker), seconds=30.0))
    with pytest.raises(httpx.ReadTimeout):
        client.post(route, json=graph, timeout=httpx.Timeout(60, read=2.0))
    assert marker.with_suffix(".begun").exists()
    newest = client.get("/runs?limit=1").json()["runs"][0]
    end = time.monotonic() + 10
    while newest["status"] in {"running", "queued"} and time.monotonic() < end:
        time.sleep(0.05)
        newest = client.get(f"/runs/{newest['id']}").json()
    assert newest["status"] == "cancelled"
    assert not marker.with_suffix(".ended").exists()


def test_events_arrive_while_the_run_goes_on(client: httpx.Client, flows: Any):
    node = flows.reporting("s", "MyStreamOperation", "stream_ops", prompt="a b c d", delay=0.2)
    with client.stream("POST", "/execute/stream", json={"nodes": [node], "edges": []}) as answer:
        times = {}
        for line in answer.iter_lines():
            if line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                times[event.get("streaming_chunk", event["status"])] = time.monotonic()
    assert times["done"] - times["A "] > 0.5
