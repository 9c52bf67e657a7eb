"""Whatever a node does to its process, it costs its own run and nothing else, and the answer names the node."""

import re
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from crash_server import (
    Client,
    Event,
    Graph,
    Server,
    children,
    function,
    link_packs,
    objects_in,
    one,
    serving,
    wait_for,
)
from stalls import Stalls, polling

MOST_WORKERS = 16
LOST = "the worker process lost its connection: a node closed it, or wrote into it"
ENDED = "the worker process was ended by "
MEMORY = {"PSYNAPSE_WORKER_MEMORY_MB": "700"}


@dataclass(frozen=True)
class Case:
    """What a node does. It ``gives`` a value, or fails with an error that ``says`` something, or has to be stopped."""

    name: str
    values: dict[str, object] = field(default_factory=dict[str, object])
    gives: Any = None
    says: str = ""

    @property
    def workflow(self) -> Graph:
        return one(self.name, **self.values)


FAILING = [
    Case("fail", says="no luck"),
    Case("leave", says=r"the node called sys\.exit\(4\)"),
    Case("interrupt_itself", says="KeyboardInterrupt"),
    Case("exit_at_once", says="the worker process ended with exit code 3"),
    Case("segfault", says=f"{ENDED}SIGSEGV"),
    Case("abort", says=f"{ENDED}SIGABRT"),
    Case("kill_its_group", says=f"{ENDED}SIGTERM"),
    Case("end_by_a_nameless_signal", says=f"{ENDED}signal {signal.SIGRTMIN + 5}"),
    Case("close_everything", says=LOST),
    Case("close_everything_and_stay", says=LOST),
    Case("close_its_sockets", says=LOST),
    Case("shut_down_its_sockets", says="the worker process"),
    Case("write_into_everything", says=LOST),
    Case("write_and_exit", {"size": 1_000_000}, says="the worker process ended with exit code 3"),
    Case("recurse", says="maximum recursion depth exceeded"),
    Case("recurse_without_limit", says=f"{ENDED}SIGSEGV"),
    Case("leak_memory", says="MemoryError"),
    Case("inconsiderate:hoard_memory", says="MemoryError|the worker process"),
    Case("inconsiderate:fail_oddly", says="its message cannot be shown"),
    Case("inconsiderate:patch_builtins", says="the worker process"),
    Case("inconsiderate:patch_psynapse", says="the worker process"),
]
SUCCEEDING = [
    Case("close_standard_streams", gives=1),
    Case("return_twice", gives=1),
    Case("change_surroundings", gives="/"),
    Case("start_endless_threads", gives=3),
    Case("exit_in_a_thread", gives=1),
    Case("inconsiderate:die_oddly", gives=1),
    Case("inconsiderate:append_to", {"items": ["theirs"]}, gives=["theirs", "mine"]),
    Case("inconsiderate:set_variable", {"name": "PATH", "value": "nowhere"}, gives="nowhere"),
    Case("inconsiderate:remove_variables", gives=1),
    Case("inconsiderate:patch_json", gives=1),
]
ENDLESS = [
    Case("hang_in_python"),
    Case("hang_in_c"),
    Case("hang_in_c_with_the_lock"),
    Case("hang_in_a_pattern"),
    Case("hang_in_a_power"),
    Case("hang_in_lock"),
    Case("hang_in_socket"),
    Case("eat_sigint"),
    Case("eat_exceptions"),
    Case("print_for_ever"),
    Case("write_for_ever"),
    Case("puts_for_ever"),
    Case("fork_and_stay"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of this module. At its end nothing is left of what they did."""
    folder = tmp_path_factory.mktemp("misbehaving")
    with serving(link_packs(folder / "packs"), folder / "data", env=MEMORY) as started:
        yield started
        wait_for(lambda: "Z" not in {state for state, _ in children(started.pid).values()}, 10)
        assert all("fork_server" in command for _, command in children(started.pid).values())
        started.end()
    wait_for(lambda: not started.processes(), 10)
    assert "Traceback" not in started.said_in_all()
    assert "never retrieved" not in started.said


@pytest.fixture(scope="module")
def stalls(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stalls]:
    with polling(server.url, tmp_path_factory.mktemp("polls") / "polls") as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(server: Server) -> Event:
    """The surroundings of a node, as they are when nobody has changed them."""
    with server.client() as client:
        return surroundings(client)


def surroundings(client: Client) -> Event:
    return client.value(one("inconsiderate:surroundings"))


@pytest.fixture(autouse=True)
def nobody_else_notices(stalls: Stalls, client: Client, untouched: Event) -> Iterator[None]:
    """Around every test: a neighbour that runs meanwhile, ``/health``, and every worker there is afterwards."""
    neighbour = client.start(one("nap", seconds=0.3))
    client.begun(neighbour)
    with stalls.watched():
        yield
        assert client.ended(neighbour)["status"] == "succeeded"
        client.is_right()
        assert_every_worker_is_as_it_was(client, untouched)


def assert_every_worker_is_as_it_was(client: Client, untouched: Event) -> None:
    """A run goes to the worker that has been idle for longest: after so many each has had one."""
    seen: set[int] = set()
    for _ in range(MOST_WORKERS):
        found = surroundings(client)
        assert {**found, "pid": 0} == {**untouched, "pid": 0}
        if found["pid"] in seen:
            return
        seen.add(found["pid"])


def named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_a_run_whose_node_breaks_something_fails_and_names_the_node(client: Client, case: Case):
    run = client.start(case.workflow)
    assert client.ended(run)["status"] == "failed"
    (failed,) = (event for event in client.events(run) if event["type"] == "task-failed")
    assert failed["node"] == "n"
    assert re.search(case.says, failed["error"]), failed["error"]


@pytest.mark.parametrize("case", FAILING, ids=named)
def test_the_documented_answers_name_the_node_too(client: Client, case: Case):
    answer = client.execute(case.workflow)
    assert (answer.status_code, answer.json()) == (200, {"results": {"View": None}})
    with client.http.stream("POST", "/execute/stream", json=case.workflow) as stream:
        told = list(objects_in(stream.iter_lines()))
    assert [event["node_id"] for event in told if event["status"] == "error"] == ["n"]
    assert told[-1] == {"status": "done", "results": {"View": None}}


@pytest.mark.parametrize("case", SUCCEEDING, ids=named)
def test_a_run_that_only_leaves_something_behind_succeeds(client: Client, case: Case):
    assert client.value(case.workflow) == case.gives


@pytest.mark.parametrize("case", ENDLESS, ids=named)
def test_a_run_that_never_ends_can_be_stopped(client: Client, case: Case):
    run = client.start(case.workflow)
    wait_for(lambda: client.status(run) == "running")
    # Its node may keep Python's lock, and then nobody hears that it has begun.
    time.sleep(0.2)
    client.cancel(run)
    assert client.ended(run)["status"] == "cancelled"
    cancelled = [event["node"] for event in client.events(run) if event["type"] == "task-cancelled"]
    assert sorted(cancelled) == ["View", "n"]


@pytest.mark.parametrize("name", ["fork_and_return", "start_program"])
def test_what_a_node_has_started_lives_no_longer_than_its_worker(server: Server, client: Client, name: str):
    values = {"seconds": 1000.0} if name == "fork_and_return" else {}
    run = client.start(one(name, **values), workflow_id=name)
    assert client.ended(run)["status"] == "succeeded"
    (done,) = (event for event in client.events(run) if event["type"] == "task-completed" and event["node"] == "n")
    assert done["output"] in server.processes()
    client.ended(client.start(one("exit_at_once"), workflow_id=name))
    wait_for(lambda: done["output"] not in server.processes(), 10)


@pytest.mark.parametrize("name", ["daemonise", "daemonise_and_exit"])
def test_a_daemon_of_a_node_lives_no_longer_than_its_worker(server: Server, client: Client, tmp_path: Path, name: str):
    run = client.start(one(name, pidfile=str(tmp_path / "pid")), workflow_id=name)
    info = client.ended(run)
    daemon = int((tmp_path / "pid").read_text())
    if name == "daemonise":
        assert info["status"] == "succeeded"
        assert daemon in server.processes()
        client.ended(client.start(one("exit_at_once"), workflow_id=name))
    wait_for(lambda: daemon not in server.processes(), 10)


def test_a_million_events_are_told_without_keeping_anybody_waiting(server: Server, client: Client):
    before = held_kilobytes(server.pid)
    with client.http.stream("POST", "/execute/stream", json=one("flood_events", times=1_000_000)) as answer:
        told = list(objects_in(answer.iter_lines()))
    progress = [event["progress"] for event in told if event["status"] == "progress"]
    assert progress == sorted(progress)
    assert progress[-1] == 1.0
    assert told[-1] == {"status": "done", "results": {"View": 1_000_000}}
    assert held_kilobytes(server.pid) - before < 200_000


def held_kilobytes(pid: int) -> int:
    """The most memory that a process has had so far."""
    found = re.search(r"^VmHWM:\s+([0-9]+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def test_a_large_value_is_shown_in_part_and_kept_whole(tmp_path: Path):
    size = 200_000_000
    packs = link_packs(tmp_path / "packs")
    with (
        serving(packs, tmp_path / "data") as roomy,
        polling(roomy.url, tmp_path / "polls") as its_stalls,
        roomy.client() as client,
    ):
        with its_stalls.watched():
            run = client.start(one("inconsiderate:text", size=size))
            assert client.ended(run)["status"] == "succeeded"
            shown = [event["output"] for event in client.events(run) if event["type"] == "task-completed"]
            assert all(output["truncated"] and output["size"] == size for output in shown)
            client.is_right()
        page = client.http.get(shown[1]["href"], params={"start": size - 3, "count": 10})
        assert page.json() == "xxx"


def test_a_value_that_cannot_be_looked_at_is_shown_by_its_type_and_passed_on(client: Client):
    nodes = [function("n", "inconsiderate:odd_value"), function("t", "inconsiderate:take")]
    view = {"id": "View", "type": "viewNode", "data": {}}
    edges = [
        {"source": "n", "target": "t", "sourceHandle": "result", "targetHandle": "value"},
        {"source": "n", "target": "View", "sourceHandle": "result", "targetHandle": "input"},
    ]
    for cache in ("off", "reuse", "reuse"):
        run = client.start({"nodes": [*nodes, view], "edges": edges}, cache=cache, workflow_id="odd")
        assert client.ended(run)["status"] == "succeeded"
        outputs = {event["node"]: event["output"] for event in client.events(run) if event["type"] == "task-completed"}
        assert outputs["t"] == "_Odd"
        assert outputs["View"]["$type"].endswith("._Odd")


def test_a_deep_value_is_cut(client: Client):
    assert '{"$deep":true}' in client.execute(one("inconsiderate:nest", depth=100_000)).text


def test_an_input_that_its_node_changes_is_shown_as_it_was(client: Client):
    source = {"id": "v", "type": "variableNode", "data": {"variableType": "List", "variableValue": [1]}}
    view = {"id": "View", "type": "viewNode", "data": {}}
    edges = [
        {"source": "v", "target": "n", "sourceHandle": "output", "targetHandle": "items"},
        {"source": "n", "target": "View", "sourceHandle": "result", "targetHandle": "input"},
    ]
    workflow = {"nodes": [source, function("n", "inconsiderate:append_to"), view], "edges": edges}
    for _ in range(2):
        run = client.start(workflow, cache="reuse", workflow_id="changed")
        client.ended(run)
        outputs = {event["node"]: event["output"] for event in client.events(run) if event["type"] == "task-completed"}
        assert outputs == {"v": [1], "n": [1, "mine"], "View": [1, "mine"]}


def test_of_many_that_break_their_workers_at_once_each_gets_its_own_answer(server: Server):
    names = ["segfault", "exit_at_once", "fail", "abort", "leave", "add"] * 3
    answers: dict[int, tuple[str, int]] = {}

    def run(number: int, name: str) -> None:
        values = {"a": number} if name == "add" else {}
        with server.client() as client:
            answer = client.execute(one(name, **values))
        answers[number] = (name, answer.json()["results"]["View"] if answer.status_code == 200 else -1)

    threads = [threading.Thread(target=run, args=item) for item in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: (name, number + 1 if name == "add" else None) for number, name in enumerate(names)}
