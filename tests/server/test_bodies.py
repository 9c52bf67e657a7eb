"""Malformed, huge and hostile bodies: a clear answer with a JSON pointer, and nobody else waits."""

import json
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from psynapse.server.parsing import parse
from psynapse.server.shrink import shrink

JSON = {"Content-Type": "application/json"}
POSTS = ["/execute", "/execute/stream", "/runs"]


def refused(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["hint"]
    return problem


@pytest.mark.parametrize("route", [*POSTS, "/validate"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"  ", "empty"),
        (b"{", "line 1, column 2"),
        (b'{"nodes": [], "edges": [], }', "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b'{"nodes": [NaN], "edges": []}', "not JSON"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"nodes": ' + b"[" * 500 + b"]" * 500 + b', "edges": []}', "levels deep"),
        (b'{"nodes": [' + b"9" * 5_000 + b'], "edges": []}', "too long"),
    ],
)  # fmt: skip
def test_what_is_not_json_is_a_400_that_says_where(client: httpx.Client, route: str, body: bytes, words: str):
    problem = refused(client.post(route, content=body, headers=JSON))
    assert words in problem["detail"]
    assert problem["errors"] == [{"pointer": "", "detail": problem["detail"]}]


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ([], "", "the body is a list, not an object"),
        ("x", "", "the body is a string, not an object"),
        (5, "", "the body is a number, not an object"),
        (None, "", "the body is null, not an object"),
        ({"edges": []}, "", '"nodes" is missing'),
        ({"nodes": []}, "", '"edges" is missing'),
        ({"nodes": {}, "edges": []}, "/nodes", "list"),
        ({"nodes": [], "edges": "x"}, "/edges", "list"),
        ({"nodes": [], "edges": [], "env_vars": []}, "/env_vars", "dict"),
        ({"nodes": [], "edges": [], "env_vars": {"A": 1}}, "/env_vars/A", "string"),
        ({"nodes": [], "edges": [], "env_vars": {"A": None}}, "/env_vars/A", "string"),
        ({"nodes": [], "edges": [], "env_vars": {"A=B": "x"}}, "/env_vars/A=B", "pattern"),
        ({"nodes": [], "edges": [], "env_vars": {"": "x"}}, "/env_vars/", "pattern"),
        ({"nodes": [], "edges": [], "env_vars": {"A": "x\x00y"}}, "/env_vars/A", "pattern"),
        ({"nodes": [], "edges": [], "env_vars": {"a/b~": 1}}, "/env_vars/a~1b~0", "string"),
        ({"nodes": [], "edges": [], "env_vars": {"A": "x" * 200_000}}, "/env_vars/A", "30000"),
        ({"nodes": [], "edges": [], "env_vars": {f"A{n}": "x" * 30_000 for n in range(40)}}, "/env_vars", "bytes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("route", ["/execute", "/execute/stream"])
def test_what_is_no_graph_is_a_400_with_a_pointer(
    client: httpx.Client, route: str, body: object, pointer: str, words: str
):
    problem = refused(client.post(route, content=json.dumps(body), headers=JSON))
    assert problem["code"] == "invalid-request"
    assert problem["errors"][0]["pointer"] == pointer
    assert words in problem["errors"][0]["detail"]


@pytest.mark.parametrize("route", POSTS)
def test_a_body_that_is_no_object_is_refused_in_the_words_of_json(client: httpx.Client, route: str):
    problem = refused(client.post(route, content=b"[]", headers=JSON))
    assert problem["detail"] == "the body is a list, not an object"
    assert problem["errors"] == [{"pointer": "", "detail": problem["detail"]}]


@pytest.mark.parametrize("route", ["/execute", "/execute/stream"])
def test_a_graph_that_is_sent_again_is_run_again(client: httpx.Client, route: str, flows: Any):
    body = json.dumps(flows.worked_example()).encode()
    answers = [client.post(route, content=body, headers=JSON).text for _ in range(3)]
    assert all("48" in answer for answer in answers)
    changed = body.replace(b'"variableValue": 5', b'"variableValue": 6')
    assert "54" in client.post(route, content=changed, headers=JSON).text


def test_a_graph_that_is_sent_again_with_variables_gets_them_each_time(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("n", "read_variable", name="SENT_AGAIN"))
    plain, first, second = ({**graph, **env} for env in ({}, *({"env_vars": {"SENT_AGAIN": v}} for v in "ab")))
    asked = (first, plain, first, second, plain)
    found = [client.post("/execute", json=body).json()["results"]["View"] for body in asked]
    assert found == ["a", None, "a", "b", None]


def test_a_workflow_of_a_newer_psynapse_is_refused_and_says_which_is_needed(client: httpx.Client, flows: Any):
    graph = {**flows.worked_example(), "version": 7}
    problem = refused(client.post("/runs", json={"workflow": graph}))
    assert problem["code"] == "invalid-workflow"
    assert problem["errors"][0]["pointer"] == "/version"
    assert "version 7" in problem["detail"]
    refused(client.post("/execute", json=graph), 500)
    found = client.post("/validate", json={**graph, "version": "x"}).json()
    assert [(one["code"], one["pointer"]) for one in found["diagnostics"]] == [("malformed-version", "/version")]


def test_everything_that_is_wrong_is_told_at_once(client: httpx.Client):
    problem = refused(client.post("/execute", json={"nodes": 1, "edges": 2, "env_vars": {"A": 1}}))
    assert [one["pointer"] for one in problem["errors"]] == ["/nodes", "/edges", "/env_vars/A"]
    assert "(and 2 more)" in problem["detail"]


def test_a_run_has_no_fields_but_its_own(client: httpx.Client):
    problem = refused(client.post("/runs", json={"workflow": {}, "chache": "reuse", "targets": [1], "cache": "on"}))
    assert {one["pointer"] for one in problem["errors"]} == {"/chache", "/targets/0", "/cache"}


def test_a_malformed_node_stops_the_graph_and_is_pointed_at(client: httpx.Client):
    problem = refused(client.post("/runs", json={"workflow": {"nodes": [5], "edges": [{}]}}))
    assert problem["code"] == "invalid-workflow"
    assert [one["pointer"] for one in problem["errors"]] == ["/nodes/0", "/edges/0"]


@pytest.mark.parametrize("route", [*POSTS, "/validate"])
def test_a_route_that_takes_no_files_says_so(client: httpx.Client, route: str):
    answer = client.post(route, files={"workflow": b"{}"}, headers={"X-Psynapse": "1"})
    problem = refused(answer, 415)
    assert (problem["code"], problem["detail"]) == ("not-json", "this route takes no files")


def test_a_body_that_is_declared_too_large_is_refused_unread(server: Any):
    head = (
        "POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: 10000000000\r\nConnection: close\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = connection.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert "256 MiB" in answer


def test_deep_but_bearable_data_runs(client: httpx.Client, flows: Any):
    deep: list[Any] = []
    for _ in range(150):
        deep = [deep]
    answer = client.post("/execute", json=flows.one(flows.function("n", "length", x=deep)))
    assert answer.json() == {"results": {"View": 1}}


def test_integers_beyond_64_bits_arrive_exactly(client: httpx.Client, flows: Any):
    answer = client.post("/execute", json=flows.one(flows.function("n", "passes", x=2**100 + 1)))
    assert answer.json() == {"results": {"View": 2**100 + 1}}


def test_a_large_body_that_is_no_json_is_refused_too(client: httpx.Client):
    problem = refused(client.post("/execute", content=b"[" + b"1," * 1_000_000, headers=JSON))
    assert "not JSON" in problem["detail"]


def test_a_large_value_arrives_whole(client: httpx.Client, flows: Any):
    answer = client.post("/execute", json=flows.one(flows.function("n", "length", x="x" * 3_000_000)))
    assert answer.json() == {"results": {"View": 3_000_000}}


def test_the_copies_of_edges_that_earlier_editors_send_stall_nobody(server: Any, client: httpx.Client, flows: Any):
    graph = flows.worked_example()
    copies = [flows.edge(f"node_{number}", f"node_{number + 1}") for number in range(1_000)]
    for node in graph["nodes"]:
        node["data"] |= {"edges": copies * 30, "executionStatus": "completed"}
    body = json.dumps(graph).encode()
    assert len(body) > 20_000_000
    slowest, done = [0.0], threading.Event()

    def watch() -> None:
        with httpx.Client(base_url=server.url, trust_env=False) as watcher:
            while not done.is_set():
                began = time.monotonic()
                assert watcher.get("/health").status_code == 200
                slowest[0] = max(slowest[0], time.monotonic() - began)
                time.sleep(0.01)

    watching = threading.Thread(target=watch)
    watching.start()
    answer = client.post("/execute", content=body, headers=JSON)
    done.set()
    watching.join()
    assert answer.json() == {"results": {"View": 48}}
    assert slowest[0] < 0.5


def test_shrinking_leaves_out_what_no_workflow_needs_and_nothing_else():
    node = {"id": "a", "type": "viewNode", "data": {"edges": [1] * 9, "value": 2, "label": "L"}, "mine": {"edges": 1}}
    kept = {"id": "a", "type": "viewNode", "data": {"label": "L"}, "mine": {"edges": 1}}
    body = {"nodes": [node], "edges": [{"source": "a"}], "other": [1]}
    small = {"nodes": [kept], "edges": [{"source": "a"}], "other": [1]}
    assert parse(shrink(json.dumps(body).encode())) == small
    assert parse(shrink(json.dumps({"workflow": body, "targets": []}).encode())) == {"workflow": small, "targets": []}
    for document in ({**body, "version": 1}, [1, 2], 5, None):
        assert parse(shrink(json.dumps(document).encode())) == document
