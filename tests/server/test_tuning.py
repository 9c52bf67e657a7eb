import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from psynapse.server.tuning import answer_at_once, leave_rubbish, tune_process

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets accepted sockets inherit")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Made without naming the protocol, as uvicorn makes those of several workers."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        made.bind(("127.0.0.1", 0))
        yield made


def is_immediate(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_connections_of_every_socket_we_listen_on_answer_at_once(listener: socket.socket):
    assert not is_immediate(listener)
    answer_at_once()
    listener.listen()
    with socket.create_connection(listener.getsockname()) as client:
        accepted, _ = listener.accept()
        with accepted:
            assert is_immediate(accepted)
        assert not is_immediate(client)


def test_connections_that_others_opened_are_left_as_they_are(listener: socket.socket):
    listener.listen()
    with socket.create_connection(listener.getsockname()) as client:
        answer_at_once()
        assert not is_immediate(client)
        assert is_immediate(listener)


def test_other_sockets_and_descriptors_are_left_alone():
    before = set(Path("/proc/self/fd").iterdir())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, socket.socket(socket.AF_UNIX) as local:
        answer_at_once()
        assert datagrams.fileno() >= 0
        assert local.fileno() >= 0
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_what_is_there_at_the_start_is_never_walked_through_again():
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        tune_process()
        assert gc.get_freeze_count() > frozen
        assert gc.get_threshold()[0] > thresholds[0]
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def test_rubbish_is_left_while_a_server_loads_and_looked_for_once_it_serves():
    thresholds = gc.get_threshold()
    try:
        leave_rubbish()
        assert not gc.isenabled()
        tune_process()
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def test_under_uvicorn_with_workers_an_answer_takes_no_forty_milliseconds(nodepacks: Path, tmp_path: Path, flows: Any):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "psynapse_backend.main:app", "--workers", "2", "--port", str(port)]
    env = {**os.environ, "NODEPACKS_DIR": str(nodepacks), "PSYNAPSE_DATA_DIR": str(tmp_path / "data")}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
                wait_until_healthy(client)
                assert fastest_execution(client, flows.worked_example()) < 0.035
        finally:
            process.terminate()
            process.wait(20)


def wait_until_healthy(client: httpx.Client) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


def fastest_execution(client: httpx.Client, graph: Any) -> float:
    taken: list[float] = []
    for _ in range(10):
        began = time.monotonic()
        assert client.post("/execute", json=graph).json() == {"results": {"View": 48}}
        taken.append(time.monotonic() - began)
    return min(taken)
