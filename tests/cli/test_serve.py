"""The programs that start the server, as the documents name them."""

import json
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


PSYNAPSE = ["-c", CODE.format(module="psynapse.cli")]
SERVERS = {
    "psynapse serve": [*PSYNAPSE, "serve"],
    "psynapse-backend run": ["-c", CODE.format(module="psynapse.cli.backend"), "run"],
}


def finished(command: list[str], env: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, timeout=60, check=False)


def boot_id(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
        return json.load(answer)["boot_id"]


@pytest.mark.parametrize("again", [[], ["serve"]], ids=["psynapse", "psynapse serve"])
def test_a_second_start_says_where_the_first_one_serves(again: list[str], tmp_path: Path):
    port = free_port()
    env = environment(tmp_path)
    with started([*PSYNAPSE, "serve", "--port", str(port)], env):
        message_at(port)
        done = finished([*PSYNAPSE, *again], env)
        same_port = finished([*PSYNAPSE, "serve", "--port", str(port)], env)
    assert (done.returncode, done.stderr) == (0, f"Psynapse already runs at http://127.0.0.1:{port}\n")
    assert (same_port.returncode, same_port.stderr) == (0, done.stderr)


def test_a_second_start_with_a_port_of_its_own_serves_the_same(tmp_path: Path):
    first, second = free_port(), free_port()
    env = environment(tmp_path)
    with started([*PSYNAPSE, "serve", "--port", str(first)], env):
        message_at(first)
        with started([*PSYNAPSE, "serve", "--port", str(second)], env):
            message_at(second)
            assert boot_id(first) == boot_id(second)


def test_a_second_start_finds_a_server_that_uvicorn_started(tmp_path: Path):
    port = free_port()
    env = environment(tmp_path)
    with started(["-m", "uvicorn", "psynapse_backend.main:app", "--port", str(port), "--log-level", "error"], env):
        message_at(port)
        done = finished([*PSYNAPSE, "serve"], env)
    assert (done.returncode, done.stderr) == (0, f"Psynapse already runs at http://127.0.0.1:{port}\n")


@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS)
def test_a_worker_that_cannot_start_is_one_error_with_a_hint(command: list[str], tmp_path: Path):
    (tmp_path / "packs" / "deadly").mkdir(parents=True)
    (tmp_path / "packs" / "deadly" / "ops.py").write_text("import os\nos._exit(3)\n")
    env = environment(tmp_path / "data", {"NODEPACKS_DIR": str(tmp_path / "packs"), "PSYNAPSE_PORT": "0"})
    done = finished(command, env)
    assert done.returncode == 1
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
    assert "exit code 3" in done.stderr


@pytest.mark.parametrize("command", SERVERS.values(), ids=SERVERS)
def test_a_data_directory_that_cannot_be_used_is_one_error_with_a_hint(command: list[str], tmp_path: Path):
    (tmp_path / "file").touch()
    done = finished(command, environment(tmp_path / "file" / "data", {"PSYNAPSE_PORT": "0"}))
    assert done.returncode == 1
    error, hint = done.stderr.splitlines()
    assert error.startswith(f"error: the data directory {tmp_path / 'file' / 'data'} cannot be used: ")
    assert hint.startswith("hint: ")
    assert "--data-dir" in hint


def test_what_keeps_the_server_from_starting_is_no_traceback_under_uvicorn_either(tmp_path: Path):
    (tmp_path / "file").touch()
    command = ["-m", "uvicorn", "psynapse_backend.main:app", "--port", "0"]
    done = finished(command, environment(tmp_path / "file"))
    assert done.returncode == 3
    assert f"the data directory {tmp_path / 'file'} cannot be used: " in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a screen is differs by system")
@pytest.mark.parametrize("opened", [True, False])
def test_without_a_command_the_editor_opens_in_the_browser_where_there_is_a_screen(opened: bool, tmp_path: Path):
    noted = tmp_path / "noted"
    browser = tmp_path / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$1" > {noted}\n', encoding="utf-8")
    browser.chmod(0o755)
    env = {
        **os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "DISPLAY": "", "WAYLAND_DISPLAY": "",
        "BROWSER": str(browser) if opened else "", "PSYNAPSE_PORT": "0", "PSYNAPSE_DATA_DIR": str(tmp_path / "data"),
    }  # fmt: skip
    command = [sys.executable, "-c", CODE.format(module="psynapse.cli")]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr
        greeting = process.stderr.readline()
        ends = time.monotonic() + (10 if opened else 0.5)
        while not (noted.exists() and noted.read_text(encoding="utf-8")) and time.monotonic() < ends:
            time.sleep(0.02)
        process.terminate()
    assert noted.exists() is opened
    if opened:
        assert noted.read_text(encoding="utf-8").strip() in greeting
