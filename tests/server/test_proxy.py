"""Two servers on one data directory: the first owns it, the second passes everything on to the first."""

import json
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
ROUTES = ["/", "/health", "/api/health", "/get_schema", "/openapi.json", "/runs", "/runs/nobody", "/nowhere", "/api/"]


@pytest.fixture(scope="module")
def pair(start_on: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The owner, and a server that proxies to it."""
    data = tmp_path_factory.mktemp("shared")
    with start_on(data) as owner, start_on(data) as proxy:
        yield owner, proxy


@pytest.fixture
def owner(pair: tuple[Any, Any]) -> Iterator[httpx.Client]:
    with pair[0].client() as opened:
        yield opened


@pytest.fixture
def proxy(pair: tuple[Any, Any]) -> Iterator[httpx.Client]:
    with pair[1].client() as opened:
        yield opened


def told(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_an_answer_is_the_owners_own(owner: httpx.Client, proxy: httpx.Client, method: str, path: str):
    direct, passed = owner.request(method, path), proxy.request(method, path)
    assert (passed.status_code, passed.content) == (direct.status_code, direct.content)
    assert told(passed) == told(direct)
    assert len(passed.headers.get_list("date")) == 1


def test_what_has_not_changed_is_not_sent_again(owner: httpx.Client, proxy: httpx.Client):
    tag = owner.get("/get_schema").headers["etag"]
    again = proxy.get("/get_schema", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_workflow_runs_through_the_proxy(proxy: httpx.Client, flows: Any):
    answer = proxy.post("/api/execute", json=flows.worked_example())
    assert (answer.status_code, answer.json()) == (200, {"results": {"View": 48}})


@pytest.mark.parametrize("body", ["{", '{"nodes": 5, "edges": []}', "[]"])
def test_a_problem_is_passed_on_unchanged(owner: httpx.Client, proxy: httpx.Client, body: str):
    direct, passed = (one.post("/execute", content=body, headers=JSON) for one in (owner, proxy))
    assert (passed.status_code, passed.content) == (direct.status_code, direct.content)
    assert passed.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [False, True])
def test_large_bodies_travel_both_ways(proxy: httpx.Client, flows: Any, chunked: bool):
    text = "ab" * 3_000_000
    body = json.dumps(flows.one(flows.function("p", "passes", x=text))).encode()
    pieces = (body[start : start + 100_000] for start in range(0, len(body), 100_000))
    answer = proxy.post("/execute", content=pieces if chunked else body, headers=JSON)
    assert answer.json() == {"results": {"View": text}}


def test_a_body_that_is_refused_before_it_was_read_is_refused_in_words(pair: tuple[Any, Any]):
    _, proxy = pair
    head = (
        f"POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {1 << 30}\r\n"
    )
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:
        connection.settimeout(10)
        connection.sendall(head.encode() + b"\r\n" + b" " * 3_000_000)
        assert connection.recv(1_000).startswith(b"HTTP/1.1 413 ")


def test_runs_belong_to_the_owner_whoever_started_them(owner: httpx.Client, proxy: httpx.Client, flows: Any):
    started = [one.post("/runs", json={"workflow": flows.worked_example()}).json()["id"] for one in (owner, proxy)]
    for one in (owner, proxy):
        assert {run["id"] for run in one.get("/runs").json()["runs"]} >= set(started)
    events = [flows.events_in(one.get(f"/runs/{started[1]}/events").text) for one in (owner, proxy)]
    assert events[0] == events[1]
    assert events[0][-1]["status"] == "succeeded"


def test_a_stream_arrives_while_the_run_goes_on(proxy: httpx.Client, flows: Any):
    node = flows.reporting("s", "MyStreamOperation", "stream_ops", prompt="a b c", delay=0.5)
    arrived: dict[str, float] = {}
    with proxy.stream("POST", "/execute/stream", json=flows.one(node)) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            for status in ("executing", "streaming", "done"):
                if f'"status":"{status}"' in line:
                    arrived.setdefault(status, time.monotonic())
    assert arrived["executing"] <= arrived["streaming"] < arrived["done"] - 1.0


def begun(marker: Path) -> Path:
    """Wait until the node has begun."""
    file, end = marker.with_name(marker.name + ".begun"), time.monotonic() + 20
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return file


@pytest.mark.parametrize("path", ["/execute", "/execute/stream"])
def test_a_client_that_leaves_the_proxy_cancels_the_run(
    owner: httpx.Client, pair: tuple[Any, Any], flows: Any, tmp_path: Path, path: str
):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    body = json.dumps(flows.one(node)).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with socket.create_connection(("127.0.0.1", pair[1].port)) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        begun(tmp_path / "marker")
        newest = owner.get("/runs?limit=1").json()["runs"][0]
        assert newest["status"] == "running"
    left = time.monotonic()
    while owner.get(f"/runs/{newest['id']}").json()["status"] == "running":
        assert time.monotonic() - left < 3
        time.sleep(0.02)
    assert owner.get(f"/runs/{newest['id']}").json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Origin": "https://elsewhere.example"}, 403, "foreign-origin"),
        ({"Origin": "null"}, 403, "foreign-origin"),
        ({"Host": "rebound.example"}, 421, "foreign-host"),
        ({"Content-Type": "text/plain"}, 415, "not-json"),
        ({"X-Forwarded-For": "192.0.2.1"}, 401, "token-needed"),
    ],
)
def test_the_proxy_refuses_by_itself_whom_the_owner_would_refuse(
    proxy: httpx.Client, owner: httpx.Client, headers: dict[str, str], status: int, code: str
):
    for one in (owner, proxy):
        answer = one.post("/execute", content=b"{}", headers={**JSON, **headers})
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_other_processes_are_told_who_owns_the_directory(owner: httpx.Client, proxy: httpx.Client):
    assert [one.get("/owner").status_code for one in (owner, proxy)] == [404, 404]


def test_the_way_through_the_proxy_costs_a_few_milliseconds(owner: httpx.Client, proxy: httpx.Client):
    def median(client: httpx.Client) -> float:
        def once() -> float:
            began = time.perf_counter()
            client.get("/health")
            return time.perf_counter() - began

        return statistics.median(once() for _ in range(100))

    assert median(proxy) - median(owner) < 0.01
