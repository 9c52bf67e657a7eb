"""SIGTERM and Ctrl-C: everything that goes on gets its end, quickly, and nothing is left."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ENDS_WITHIN = 5.0
SIGNALS = [signal.SIGTERM, signal.SIGINT]


class Program:
    """A server as a process: where it is, and what it has said when it has ended."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, mark: str) -> None:
        self.process, self.url, self._mark = process, url, mark

    def end(self, number: int) -> tuple[float, str]:
        """Seconds that the end took, and what the program has written."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[float, str]:
        """The same for a program that has been told to end."""
        began = time.monotonic()
        _, said = self.process.communicate(timeout=20)
        return time.monotonic() - began, said

    def left(self) -> list[str]:
        """Processes that it has left behind."""
        found: list[str] = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if f"TEST_MARK={self._mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_text())
            except OSError:
                continue
        return found


@contextmanager
def program(nodepacks: Path, data: Path, *command: str) -> Generator[Program]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    mark = uuid.uuid4().hex
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    env = {**clean, "TEST_MARK": mark, "PSYNAPSE_DATA_DIR": str(data), "NODEPACKS_DIR": str(nodepacks)}
    with subprocess.Popen(
        [sys.executable, *command, "--port", str(port)], env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        started = Program(process, f"http://127.0.0.1:{port}", mark)
        try:
            wait_for(lambda: answers(started.url), 40)
            yield started
        finally:
            process.kill()


def wait_for(condition: Callable[[], object], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return httpx.get(url + "/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


CODE = "import sys; from psynapse.cli import main; sys.exit(main())"
PROGRAMS = {"psynapse": ["-c", CODE, "serve"], "uvicorn": ["-m", "uvicorn", "psynapse_backend.main:app"]}


@pytest.fixture(params=PROGRAMS)
def start(
    request: pytest.FixtureRequest, nodepacks: Path, tmp_path: Path
) -> Callable[[], AbstractContextManager[Program]]:
    return lambda: program(nodepacks, tmp_path / "data", *PROGRAMS[request.param])


@pytest.fixture
def waiting(flows: Any, tmp_path: Path) -> Any:
    """A workflow that takes long; ``begun`` says that it is at it."""
    return flows.one(flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=60.0))


@pytest.mark.parametrize("number", SIGNALS)
def test_a_request_that_goes_on_is_answered_with_a_503(start: Any, waiting: Any, tmp_path: Path, number: int):
    with start() as server, ThreadPoolExecutor() as pool:
        answering = pool.submit(httpx.post, server.url + "/execute", json=waiting, timeout=30, trust_env=False)
        wait_for((tmp_path / "marker.begun").exists, 20)
        seconds, said = server.end(number)
        answer = answering.result(1)
        assert (answer.status_code, answer.json()["code"]) == (503, "server-ends")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "1"
        assert seconds < ENDS_WITHIN
        assert "Traceback" not in said
        assert server.left() == []
    assert not (tmp_path / "marker.ended").exists()


@pytest.mark.parametrize("number", SIGNALS)
def test_an_open_stream_ends_with_an_error_event(start: Any, waiting: Any, flows: Any, tmp_path: Path, number: int):
    with start() as server:
        with httpx.stream("POST", server.url + "/execute/stream", json=waiting, timeout=30, trust_env=False) as answer:
            lines = answer.iter_lines()
            while '"status":"executing"' not in next(lines):
                pass
            wait_for((tmp_path / "marker.begun").exists, 20)
            server.process.send_signal(number)
            rest = flows.events_in("\n".join(lines))
        seconds, said = server.ended()
        assert rest[-1] == {"status": "error", "error": "the run was cancelled"}
        assert seconds < ENDS_WITHIN
        assert "Traceback" not in said
        assert server.left() == []


def test_a_body_that_never_ends_does_not_delay_the_end(start: Any):
    head = (
        b"POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    with start() as server, socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.settimeout(10)
        connection.sendall(head)
        time.sleep(0.2)
        seconds, said = server.end(signal.SIGTERM)
        assert connection.recv(1_000).startswith(b"HTTP/1.1 503 ")
        assert seconds < ENDS_WITHIN
        assert "Traceback" not in said


def test_a_client_that_reads_nothing_does_not_delay_the_end(nodepacks: Path, flows: Any, tmp_path: Path):
    text = flows.one(flows.function("p", "passes", x="ab" * 10_000_000))
    with program(nodepacks, tmp_path / "data", *PROGRAMS["psynapse"]) as server:
        body = httpx.Request("POST", server.url, json=text)
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
            head = f"POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body.content)}\r\n"
            connection.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body.content)
            assert connection.recv(12) == b"HTTP/1.1 200"
            seconds, said = server.end(signal.SIGTERM)
        assert seconds < ENDS_WITHIN
        assert "Traceback" not in said
        assert server.process.returncode == 0
        assert server.left() == []


@pytest.mark.parametrize("number", SIGNALS)
def test_to_be_stopped_is_a_success(nodepacks: Path, tmp_path: Path, number: int):
    with program(nodepacks, tmp_path / "data", *PROGRAMS["psynapse"]) as server:
        seconds, said = server.end(number)
    assert server.process.returncode == 0
    assert seconds < ENDS_WITHIN
    assert [line for line in said.splitlines() if "error" in line.lower()] == []


def test_a_proxy_that_ends_cancels_what_its_clients_wait_for(nodepacks: Path, waiting: Any, tmp_path: Path):
    data = tmp_path / "data"
    with (
        program(nodepacks, data, *PROGRAMS["psynapse"]) as owner,
        program(nodepacks, data, *PROGRAMS["psynapse"]) as proxy,
        ThreadPoolExecutor() as pool,
    ):
        answering = pool.submit(httpx.post, proxy.url + "/execute", json=waiting, timeout=30, trust_env=False)
        wait_for((tmp_path / "marker.begun").exists, 20)
        seconds, said = proxy.end(signal.SIGTERM)
        assert (answering.result(1).status_code, proxy.process.returncode) == (503, 0)
        assert seconds < ENDS_WITHIN
        assert "Traceback" not in said
        wait_for(lambda: httpx.get(owner.url + "/runs", trust_env=False).json()["runs"][0]["status"] == "cancelled", 3)
