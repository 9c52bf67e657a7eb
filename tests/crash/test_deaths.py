"""Whoever dies amid a run, or goes away: the others find out, say so, and go on."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from crash_server import (
    PATIENCE,
    Client,
    Graph,
    Server,
    children,
    clean_environment,
    link_packs,
    marked,
    objects_in,
    one,
    serving,
    wait_for,
)

NOTHING_LEFT_WITHIN = 3.0


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return link_packs(tmp_path_factory.mktemp("deaths") / "packs")


@pytest.fixture(scope="module")
def server(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """For tests after which it goes on."""
    with serving(packs, tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="module")
def proxy(packs: Path, server: Server) -> Iterator[Server]:
    """Another server on the same data directory, which passes everything on."""
    with serving(packs, server.data) as started:
        yield started


class Waiting:
    """A node that waits, once it has said which process it is in."""

    def __init__(self, folder: Path) -> None:
        self._marker = folder / uuid.uuid4().hex
        self.workflow: Graph = one("touch_and_wait", path=str(self._marker))

    @property
    def process(self) -> int:
        """The number of its process, which is waited for."""
        begun = Path(f"{self._marker}.begun")
        wait_for(begun.exists)
        return int(begun.read_text())

    @property
    def ended(self) -> bool:
        """Whether it got to its end."""
        return Path(f"{self._marker}.ended").exists()


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    return Waiting(tmp_path)


def request_of(route: str, content: Graph) -> bytes:
    body = json.dumps(content).encode()
    head = f"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def newest(client: Client) -> str:
    """The status of the run that was begun last."""
    return client.http.get("/runs", params={"limit": 1}).json()["runs"][0]["status"]


def error_of(client: Client, run: str) -> str:
    """What the run says about the only node that failed."""
    assert client.ended(run)["status"] == "failed"
    (failed,) = (event for event in client.events(run) if event["type"] == "task-failed")
    assert failed["node"] == "n"
    return failed["error"]


# Clients


@pytest.mark.parametrize("route", ["/execute", "/execute/stream"])
@pytest.mark.parametrize("through", ["server", "proxy"])
def test_a_client_that_goes_away_stops_its_run(
    request: pytest.FixtureRequest, waiting: Waiting, route: str, through: str
):
    asked: Server = request.getfixturevalue(through)
    with asked.client() as watcher:
        with socket.create_connection(("127.0.0.1", asked.port)) as connection:
            connection.sendall(request_of(route, waiting.workflow))
            assert waiting.process
            assert newest(watcher) == "running"
        wait_for(lambda: newest(watcher) == "cancelled", 10)
        watcher.is_right()
    assert not waiting.ended


def test_a_viewer_that_goes_away_stops_nothing(server: Server, waiting: Waiting):
    with server.client() as client:
        run = client.start(waiting.workflow)
        client.begun(run)
        assert waiting.process
        client.is_right()
        assert client.status(run) == "running"
        client.cancel(run)
        assert client.ended(run)["status"] == "cancelled"


# Workers and what starts them


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_worker_that_is_killed_costs_its_run_only(server: Server, waiting: Waiting, tmp_path: Path, number: int):
    other = Waiting(tmp_path)
    with server.client() as client:
        run, beside = client.start(waiting.workflow), client.start(other.workflow)
        assert other.process != waiting.process
        os.kill(waiting.process, number)
        assert error_of(client, run) == f"the worker process was ended by {signal.Signals(number).name}"
        client.is_right()
        assert client.status(beside) == "running"
        client.cancel(beside)
        client.ended(beside)


def test_an_idle_worker_that_is_killed_is_missed_by_nobody(server: Server):
    with server.client() as client:
        for _ in range(5):
            os.kill(client.value(one("inconsiderate:surroundings"))["pid"], signal.SIGKILL)
            client.is_right()


def test_a_fork_server_that_is_killed_takes_its_workers_along_and_the_next_run_has_another(
    server: Server, waiting: Waiting
):
    with server.client() as client:
        run = client.start(waiting.workflow)
        assert waiting.process
        (fork_server,) = children(server.pid)
        os.kill(fork_server, signal.SIGKILL)
        assert "ended" in error_of(client, run)
        client.is_right()
        # Not one of a thread's, so that it lives: one that was spawned would be a child of the server.
        assert all("fork_server" in command for _, command in children(server.pid).values())
        assert fork_server not in children(server.pid)


def test_a_fork_server_that_hangs_keeps_nobody_waiting_for_ever(packs: Path, tmp_path: Path):
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        (fork_server,) = children(server.pid)
        os.kill(fork_server, signal.SIGSTOP)
        try:
            # The worker in reserve dies as well: others have to be started.
            for _ in range(2):
                assert client.value(one("exit_at_once")) is None
            client.is_right()
        finally:
            os.kill(fork_server, signal.SIGCONT)
        server.end()
        wait_for(lambda: not server.processes(), NOTHING_LEFT_WITHIN)


# Servers


def test_a_server_that_is_killed_leaves_nothing_behind_and_a_whole_log(packs: Path, tmp_path: Path, waiting: Waiting):
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        before = client.start(one("add", a=1, b=2))
        assert client.ended(before)["status"] == "succeeded"
        events = client.events(before)
        going = client.start(waiting.workflow)
        daemon = client.start(one("daemonise", pidfile=str(tmp_path / "daemon")))
        client.ended(daemon)
        client.begun(going)
        assert waiting.process
        server.end(signal.SIGKILL)
        wait_for(lambda: not server.processes(), NOTHING_LEFT_WITHIN)
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        found = {info["id"]: info["status"] for info in client.http.get("/runs").json()["runs"]}
        assert found == {before: "succeeded", daemon: "succeeded", going: "lost"}
        assert client.events(before) == events
        seen = client.events(going)
        assert [event["seq"] for event in seen] == list(range(len(seen)))
        assert [(event["type"], event["node"]) for event in seen] == [("run-started", None), ("task-started", "n")]
        client.is_right()
    assert not waiting.ended


def test_what_was_seen_of_a_run_before_the_server_was_killed_is_in_the_log(packs: Path, tmp_path: Path):
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        run = client.start(one("flood_events", times=1_000_000))
        with client.http.stream("GET", f"/runs/{run}/events") as answer:
            seen = objects_in(answer.iter_lines())
            before = [next(seen) for _ in range(20_000)]
            server.end(signal.SIGKILL)
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        assert client.status(run) == "lost"
        logged = client.events(run)
        assert [event["seq"] for event in logged] == list(range(len(logged)))
        # Viewers wait for the disk, but not for ever: the last of what they saw may not be there.
        assert logged[: len(before)] == before[: len(logged)]
        assert len(logged) > 1_000


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_says_so_to_its_runs(packs: Path, tmp_path: Path, waiting: Waiting, number: int):
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        run = client.start(waiting.workflow)
        assert waiting.process
        server.end(number)
        assert server.process.returncode == 0
        wait_for(lambda: not server.processes(), NOTHING_LEFT_WITHIN)
        assert "Traceback" not in server.said_in_all()
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        assert client.status(run) == "cancelled"
        assert [event["type"] for event in client.events(run)][-1] == "run-finished"


def test_a_server_ends_in_time_whatever_its_nodes_do(packs: Path, tmp_path: Path):
    names = ["eat_exceptions", "hang_in_c_with_the_lock", "write_for_ever", "fork_and_stay", "start_endless_threads"]
    with serving(packs, tmp_path / "data") as server, server.client() as client:
        runs = [client.start(one(name)) for name in names]
        wait_for(lambda: all(client.status(run) != "queued" for run in runs))
        server.end()
        assert server.process.returncode == 0
        wait_for(lambda: not server.processes(), NOTHING_LEFT_WITHIN)
        assert "Traceback" not in server.said_in_all()


@contextmanager
def four_workers_of_uvicorn(packs: Path, data: Path, mark: str) -> Generator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "psynapse_backend.main:app", "--workers", "4", "--port", str(port)]
    env = {**clean_environment(mark), "PSYNAPSE_DATA_DIR": str(data), "NODEPACKS_DIR": str(packs)}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process, mark, data, f"http://127.0.0.1:{port}", said=("startup complete", 4))
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def test_of_four_workers_of_uvicorn_each_gives_the_same_answers_whatever_nodes_do(packs: Path, tmp_path: Path):
    mark = uuid.uuid4().hex
    with four_workers_of_uvicorn(packs, tmp_path / "data", mark) as server:
        answers: list[object] = []

        def ask(name: str) -> None:
            # Each over a connection of its own, so that every process answers some.
            with server.client() as client:
                answers.append(client.value(one(name, **({"a": 1} if name == "add" else {}))))

        threads = [threading.Thread(target=ask, args=(name,)) for name in ("add", "segfault", "exit_at_once") * 5]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers, key=str) == [2] * 5 + [None] * 10
    wait_for(lambda: not marked(mark), NOTHING_LEFT_WITHIN)
