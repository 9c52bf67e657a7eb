"""What is known of runs after a restart, a ``kill -9`` and on a full disk, over HTTP and from real servers."""

import json
import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

LARGE = 50_000


def start(client: httpx.Client, workflow: object, **options: object) -> str:
    answer = client.post("/runs", json={"workflow": workflow, **options})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def watch(client: httpx.Client, flows: Any, run: str, **headers: str) -> list[dict[str, Any]]:
    answer = client.get(f"/runs/{run}/events", headers=headers)
    assert answer.status_code == 200
    return flows.events_in(answer.text)


def live(client: httpx.Client, run: str, node: str) -> list[dict[str, Any]]:
    """The events of a run that goes on, until ``node`` has begun."""
    events: list[dict[str, Any]] = []
    with client.stream("GET", f"/runs/{run}/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
                if (events[-1]["type"], events[-1]["node"]) == ("task-started", node):
                    return events
    raise AssertionError(f"{node} never began")


def waiting(flows: Any, marker: Path) -> Any:
    """A workflow that computes something and then waits."""
    graph = flows.one(flows.function("wait", "touch_and_wait", path=str(marker), seconds=60.0))
    graph["nodes"].insert(0, flows.variable("first", 5))
    return graph


def test_a_killed_server_leaves_a_run_lost_with_the_events_that_were_seen(
    start_server: Any, flows: Any, tmp_path: Path
):
    with start_server() as server, server.client() as client:
        ended = start(client, flows.worked_example())
        whole = watch(client, flows, ended)
        described = client.get(f"/runs/{ended}").json()
        lost = start(client, waiting(flows, tmp_path / "marker"))
        seen = live(client, lost, "wait")
        server.process.kill()
        server.process.wait()
    with start_server() as server, server.client() as client:
        assert client.get(f"/runs/{ended}").json() == described
        assert watch(client, flows, ended) == whole
        assert client.get(f"/runs/{lost}").json()["status"] == "lost"
        assert watch(client, flows, lost) == seen
        assert seen[-1]["type"] != "run-finished"
        last = {"Last-Event-ID": str(seen[-1]["seq"])}
        assert client.get(f"/runs/{lost}/events", headers=last).status_code == 204
        assert [run["id"] for run in client.get("/runs").json()["runs"]] == [lost, ended]
        assert client.post(f"/runs/{lost}/cancel").json()["status"] == "lost"
        assert client.get(f"/runs/{lost}/values/first/output").status_code == 410


def test_a_viewer_resumes_across_the_end_of_a_run_and_across_a_restart(start_server: Any, flows: Any, tmp_path: Path):
    words = flows.reporting("talk", "MyStreamOperation", "stream_ops", prompt="a b c d e f", times=4, delay=0.05)
    with start_server() as server, server.client() as client:
        run = start(client, flows.one(words))
        begun = live(client, run, "talk")
        resumed = watch(client, flows, run, **{"Last-Event-ID": str(begun[-1]["seq"])})
        whole = begun + resumed
        assert [event["seq"] for event in whole] == list(range(len(whole)))
        assert sum(event["type"] == "task-streamed" for event in whole) == 24
        assert watch(client, flows, run) == whole
    with start_server() as server, server.client() as client:
        for seen in (0, 7, len(whole) - 2):
            assert watch(client, flows, run, **{"Last-Event-ID": str(seen)}) == whole[seen + 1 :]
        last = {"Last-Event-ID": str(len(whole) - 1)}
        assert client.get(f"/runs/{run}/events", headers=last).status_code == 204


def test_a_stopped_server_has_stored_how_its_runs_ended(start_server: Any, flows: Any, tmp_path: Path):
    with start_server() as server, server.client() as client:
        run = start(client, waiting(flows, tmp_path / "marker"))
        live(client, run, "wait")
    with start_server() as server, server.client() as client:
        assert client.get(f"/runs/{run}").json()["status"] == "cancelled"
        assert watch(client, flows, run)[-1]["type"] == "run-finished"


def test_runs_are_listed_page_by_page_across_restarts(start_server: Any, flows: Any):
    runs: list[str] = []
    for _ in range(2):
        with start_server() as server, server.client() as client:
            for _ in range(3):
                runs.insert(0, start(client, flows.worked_example()))
                watch(client, flows, runs[0])
            paged: list[str] = []
            while page := client.get("/runs", params={"limit": 2, "before": paged[-1] if paged else ""}).json()["runs"]:
                assert len(page) <= 2
                paged += [run["id"] for run in page]
            assert paged == runs
            assert client.get("/runs?before=nobody").status_code == 404


def test_an_answer_without_a_viewer_is_logged_like_any_other(start_server: Any, flows: Any):
    with start_server() as server, server.client() as client:
        assert client.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}
    with start_server() as server, server.client() as client:
        (run,) = client.get("/runs").json()["runs"]
        assert (run["status"], run["unlogged"]) == ("succeeded", "")
        events = watch(client, flows, run["id"])
        assert sum(event["type"] == "task-completed" for event in events) == 9


def test_a_large_value_of_a_view_outlives_the_server(start_server: Any, flows: Any):
    with start_server() as server, server.client() as client:
        run = start(client, flows.one(flows.function("n", "numbers", count=LARGE)))
        (completed,) = (
            event for event in watch(client, flows, run) if (event["type"], event["node"]) == ("task-completed", "View")
        )
        href = completed["output"]["href"]
        server.process.kill()
        server.process.wait()
    with start_server() as server, server.client() as client:
        assert client.get(href).json() == list(range(LARGE))
        assert client.get(href, params={"start": 10, "count": 3}).json() == [10, 11, 12]
        assert client.get(f"/runs/{run}/values/n/output").status_code == 410


@contextmanager
def full_disk(pid: int) -> Generator[None]:
    """Let the process make no file longer, as on a disk without room."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_answers_right_and_says_which_runs_are_not_logged(start_server: Any, flows: Any):
    with start_server() as server, server.client() as client:
        watch(client, flows, start(client, flows.worked_example()))
        with full_disk(server.process.pid):
            assert client.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}
            streamed = client.post("/execute/stream", json=flows.worked_example())
            assert flows.events_in(streamed.text)[-1] == {"status": "done", "results": {"View": 48}}
            run = start(client, flows.worked_example())
            events = watch(client, flows, run)
            assert [event["seq"] for event in events] == list(range(len(events)))
            assert events[-1]["type"] == "run-finished"
            (notice,) = (event for event in events if event["type"] == "run-unlogged")
            described = client.get(f"/runs/{run}").json()
            assert (described["status"], described["unlogged"]) == ("succeeded", notice["reason"])
            assert "cannot be used" in notice["reason"]
        after = start(client, flows.worked_example())
        assert "run-unlogged" not in {event["type"] for event in watch(client, flows, after)}
        assert client.get(f"/runs/{after}").json()["unlogged"] == ""
        assert watch(client, flows, run) == events
    with start_server() as server, server.client() as client:
        assert watch(client, flows, after)[-1]["type"] == "run-finished"


def test_runs_of_an_open_workflow_share_its_worker_until_a_fresh_one_is_asked_for(client: httpx.Client, flows: Any):
    graph = flows.one(flows.function("n", "multiply", a=4321.5, b=2))

    def reused(**options: object) -> bool:
        events = watch(client, flows, start(client, graph, **options))
        return next(event["cached"] for event in events if event["type"] == "task-completed" and event["node"] == "n")

    assert [reused(cache="reuse", workflow_id="mine") for _ in range(3)] == [False, True, True]
    assert [reused(cache=cache, workflow_id="mine") for cache in ("fresh", "reuse")] == [False, True]
    assert reused(cache="reuse", workflow_id="another") is False
    assert reused(cache="fresh") is False


@pytest.mark.parametrize("wrong", [{"cache": "some"}, {"workflow_id": 5}])
def test_options_that_make_no_sense_are_a_400(client: httpx.Client, flows: Any, wrong: dict[str, object]):
    answer = client.post("/runs", json={"workflow": flows.worked_example(), **wrong})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
