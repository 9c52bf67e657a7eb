"""The programs that start the server, as the documents name them."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

CODE = "import sys; from {module} import main; sys.exit(main())"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def environment(data: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    return {**clean, "PSYNAPSE_DATA_DIR": str(data), **(extra or {})}


@contextmanager
def started(command: list[str], env: Mapping[str, str]) -> "Generator[subprocess.Popen[str]]":
    with subprocess.Popen([sys.executable, *command], env=env, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def message_at(port: int) -> str:
    """What the root says, once the server is there."""
    end = time.monotonic() + 40
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                return answer.read().decode()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)


@pytest.mark.parametrize(
    "command",
    [
        ["-c", CODE.format(module="psynapse.cli")],
        ["-c", CODE.format(module="psynapse.cli"), "serve"],
        ["-c", CODE.format(module="psynapse.cli.backend"), "run"],
        ["-c", CODE.format(module="psynapse.cli.scope")],
        ["-c", CODE.format(module="psynapse.cli.backend"), "run", "--reload"],
    ],
    ids=["psynapse", "psynapse serve", "psynapse-backend run", "daydream-scope", "psynapse-backend run --reload"],
)
def test_the_programs_start_the_server_and_ctrl_c_ends_it_well(command: list[str], tmp_path: Path):
    port = free_port()
    with started(command, environment(tmp_path, {"PSYNAPSE_PORT": str(port)})) as process:
        assert message_at(port) == '{"message":"Psynapse Backend API"}'
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr
        said = process.stderr.read()
    assert f"Psynapse serves http://127.0.0.1:{port} " in said
    assert "Traceback" not in said


def test_uvicorn_starts_the_app_and_nodepacks_come_from_the_environment(nodepacks: Path, tmp_path: Path):
    port = free_port()
    command = ["-m", "uvicorn", "psynapse_backend.main:app", "--port", str(port)]
    with started(command, environment(tmp_path, {"NODEPACKS_DIR": str(nodepacks)})) as process:
        threading.Thread(target=lambda: process.stderr and process.stderr.read(), daemon=True).start()
        message_at(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/get_schema") as answer:
            assert re.search(r'"nodepack":"(?!basic|demo)', answer.read().decode())


def test_a_port_that_is_taken_is_one_error_with_a_hint(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        command = [sys.executable, "-c", CODE.format(module="psynapse.cli"), "serve", "--port", port]
        done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    error, hint = done.stderr.splitlines()
    assert error == f"error: another program listens on 127.0.0.1 port {port}"
    assert hint.startswith("hint: ")


@pytest.mark.parametrize("options", [["--port", "99999"], ["--host", "a b"], ["--nodepacks-dir", "nowhere"]])
def test_an_option_that_makes_no_sense_is_one_error_with_a_hint(options: list[str], tmp_path: Path):
    command = [sys.executable, "-c", CODE.format(module="psynapse.cli"), "serve", *options]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
