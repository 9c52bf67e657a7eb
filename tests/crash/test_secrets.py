"""The environment variables of a run are its nodes' alone, whatever those do with them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from crash_server import Client, Server, children, function, link_packs, objects_in, one, serving, wait_for

SECRET = 'sesame "open" \\ for €ver'
WAYS = ["print", "write", "log", "progress", "stream", "raise", "return"]
NAME = "CRASH_TEST_SECRET"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("secrets")
    with serving(link_packs(folder / "packs"), folder / "data") as started:
        yield started


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as opened:
        yield opened


def holders(server: Server, secret: str) -> list[str]:
    """Files of the data directory with that in them."""
    wanted = secret.encode()
    return [str(path) for path in server.data.rglob("*") if path.is_file() and wanted in path.read_bytes()]


def test_a_node_sees_the_variables_of_its_own_run_only(client: Client):
    variables = one("inconsiderate:every_variable")
    assert client.value(variables, env_vars={NAME: "first value"})[NAME] == "first value"
    assert client.value(variables, env_vars={NAME: "second value"})[NAME] == "second value"
    assert NAME not in client.value(variables)


def test_runs_at_the_same_time_have_each_their_own(server: Server):
    def ask(number: int) -> None:
        with server.client() as client:
            env = {NAME: f"value number {number}"} if number % 3 else {}
            assert client.value(one("environment", name=NAME), env_vars=env) == env.get(NAME)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(12)))


def test_a_variable_that_a_node_sets_is_gone_with_its_run(client: Client):
    for _ in range(3):
        assert client.value(one("inconsiderate:set_variable", name=NAME, value="by a node")) == "by a node"
        assert client.value(one("environment", name=NAME)) is None


def test_a_variable_that_only_python_reads_at_its_start_counts_too(client: Client):
    env = {"PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1", "PATH": ""}
    seen = client.value(one("inconsiderate:every_variable"), env_vars=env)
    assert {name: seen[name] for name in env} == env


def test_the_server_itself_never_has_them(server: Server, client: Client):
    run = client.start(one("nap", seconds=30.0), env={NAME: "only for the nodes"})
    wait_for(lambda: client.status(run) == "running")
    for process in (server.pid, *children(server.pid)):
        assert b"only for the nodes" not in Path(f"/proc/{process}/environ").read_bytes()
    answers = [client.http.get(path).text for path in ("/runs", f"/runs/{run}", "/health", "/get_schema")]
    client.cancel(run)
    client.ended(run)
    answers.append(client.http.get(f"/runs/{run}/events").text)
    assert not [answer for answer in answers if NAME in answer or "only for the nodes" in answer]


@pytest.mark.parametrize("how", WAYS)
def test_what_a_node_says_of_them_is_redacted_in_events_logs_and_the_run_log(server: Server, client: Client, how: str):
    workflow = one("inconsiderate:tell", name=NAME, how=how)
    run = client.start(workflow, env={NAME: SECRET})
    info = client.ended(run)
    assert info["status"] == ("failed" if how == "raise" else "succeeded")
    events = repr(client.events(run))
    assert "[redacted]" in events
    assert "for €ver" not in events
    with client.http.stream("POST", "/execute/stream", json={**workflow, "env_vars": {NAME: SECRET}}) as answer:
        told = repr(list(objects_in(answer.iter_lines())))
    assert "for €ver" not in told
    # The log is where it should be, and has this run.
    assert wait_for(lambda: holders(server, run))
    assert holders(server, "for €ver") == []
    assert "for €ver" not in server.said


@pytest.mark.parametrize("secret", ["12345678", "fraction", "null,null", "0000000000", "[redacted]", "traceback"])
def test_a_secret_that_looks_like_part_of_a_record_breaks_nothing(client: Client, secret: str):
    nodes = one("inconsiderate:tell", name=NAME, how="progress")
    nodes["nodes"].append(function("number", "add", a=12_345_678, b=0))
    run = client.start(nodes, env={NAME: secret})
    assert client.ended(run)["status"] == "succeeded"
    events = client.events(run)
    assert [event["seq"] for event in events] == list(range(len(events)))
    (progress,) = (event for event in events if event["type"] == "task-progress")
    assert (progress["fraction"], progress["message"]) == (0.5, "[redacted]")
    (sum_,) = (event for event in events if event["type"] == "task-completed" and event["node"] == "number")
    assert sum_["output"] == ("[redacted]" if secret == "12345678" else 12_345_678)


def test_a_worker_that_dies_with_them_takes_them_along(server: Server, client: Client):
    run = client.start(one("exit_at_once"), env={NAME: "gone with its worker"})
    assert client.ended(run)["status"] == "failed"
    assert "gone with its worker" not in client.http.get(f"/runs/{run}/events").text
    assert client.value(one("environment", name=NAME)) is None
    assert holders(server, "gone with its worker") == []
