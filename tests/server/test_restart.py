"""Restarting real servers: they come back by themselves, or leave the exit code that has them started again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

Running = tuple["subprocess.Popen[bytes]", str]
BACK_WITHIN = 30.0
STREAMS_END_WITHIN = 2.5


def boot_id(url: str) -> str:
    """Empty while nobody answers."""
    try:
        return httpx.get(f"{url}/health", trust_env=False, timeout=10).json().get("boot_id", "")
    except httpx.TransportError:
        return ""


def wait_for(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + BACK_WITHIN
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def restart(url: str) -> str:
    """Ask for a restart; the id of the start that it happened in."""
    before = boot_id(url)
    answer = httpx.post(f"{url}/restart", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"message": "the server starts again"})
    return before


@contextmanager
def uvicorn_app(
    nodepacks: Path, data: Path, *options: str, **env: str
) -> "Generator[tuple[subprocess.Popen[bytes], str]]":
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    own = {
        "PSYNAPSE_DATA_DIR": str(data / "data"),
        "DAYDREAM_SCOPE_DIR": str(data / "scope"),
        "NODEPACKS_DIR": str(nodepacks),
    }
    command = [sys.executable, "-m", "uvicorn", "psynapse_backend.main:app", "--port", str(port), *options]
    with subprocess.Popen(command, env={**clean, **own, **env}, stderr=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(lambda: boot_id(url))
            yield process, url
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def endless(flows: Any, tmp_path: Path) -> dict[str, Any]:
    return flows.one(flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=60.0))


def test_a_server_becomes_its_own_successor_on_the_same_port(start_server: Any):
    with start_server() as server:
        before = restart(server.url)
        wait_for(lambda: boot_id(server.url) not in {"", before})
        assert server.process.poll() is None
        # Once more: what the first successor has inherited is enough for the next.
        before = restart(server.url)
        wait_for(lambda: boot_id(server.url) not in {"", before})
        assert httpx.get(f"{server.url}/get_schema", trust_env=False).status_code == 200


def test_nobody_is_turned_away_while_a_server_restarts(start_server: Any):
    with start_server() as server:
        before = restart(server.url)
        while True:
            # No connection is refused: those that come in between are answered by the successor.
            answer = httpx.get(f"{server.url}/health", trust_env=False, timeout=BACK_WITHIN)
            if answer.json().get("boot_id") not in {None, before}:
                break


def test_open_streams_end_and_delay_no_restart(start_server: Any, endless: dict[str, Any], flows: Any, tmp_path: Path):
    with start_server() as server, server.client() as client:
        with client.stream("POST", "/execute/stream", json=endless) as stream:
            lines = stream.iter_lines()
            wait_for((tmp_path / "marker.begun").exists)
            began = time.monotonic()
            before = restart(server.url)
            events = flows.events_in("\n".join(lines))
            assert time.monotonic() - began < STREAMS_END_WITHIN
        assert events[-1] == {"status": "error", "error": "the run was cancelled"}
        wait_for(lambda: boot_id(server.url) not in {"", before})
    assert not (tmp_path / "marker.ended").exists()


def test_a_managed_server_exits_with_42(start_server: Any):
    with start_server(env={"DAYDREAM_SCOPE_MANAGED": "1"}) as server:
        restart(server.url)
        assert server.process.wait(20) == 42
    assert "Traceback" not in server.said


def test_a_server_that_is_told_to_end_does_not_come_back(start_server: Any):
    with start_server() as server:
        server.process.terminate()
        assert server.process.wait(20) == 0


def test_the_earlier_name_of_the_route_does_the_same(start_server: Any):
    with start_server(env={"DAYDREAM_SCOPE_MANAGED": "1"}) as server:
        assert httpx.post(f"{server.url}/api/v1/restart", trust_env=False).status_code == 200
        assert server.process.wait(20) == 42


def test_under_uvicorn_the_process_restarts_as_well(nodepacks: Path, tmp_path: Path):
    with uvicorn_app(nodepacks, tmp_path) as (process, url):
        before = restart(url)
        wait_for(lambda: boot_id(url) not in {"", before})
        assert process.poll() is None


def test_under_uvicorn_a_managed_process_exits_with_42(nodepacks: Path, tmp_path: Path):
    with uvicorn_app(nodepacks, tmp_path, DAYDREAM_SCOPE_MANAGED="1") as (process, url):
        restart(url)
        assert process.wait(20) == 42


def test_with_several_workers_another_process_takes_over(nodepacks: Path, tmp_path: Path):
    with uvicorn_app(nodepacks, tmp_path, "--workers", "2") as (process, url):
        before = restart(url)
        wait_for(lambda: boot_id(url) not in {"", before})
        assert process.poll() is None


def test_where_nobody_would_start_it_again_the_server_says_so(nodepacks: Path, tmp_path: Path):
    with uvicorn_app(nodepacks, tmp_path, "--reload", "--reload-dir", str(tmp_path)) as (_, url):
        before = boot_id(url)
        answer = httpx.post(f"{url}/restart", trust_env=False)
        assert (answer.status_code, answer.json()["code"]) == (409, "restart-impossible")
        assert boot_id(url) == before
