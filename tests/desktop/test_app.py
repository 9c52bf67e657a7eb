"""``psynapse desktop`` as a process: started, started again, and ended in every way."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from page_peek import evaluate

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes as Linux shows them")
LINK = "daydream-scope://install-node?package={}"
FORM = """(() => {
  const field = [...document.querySelectorAll("input")].find((one) => /^Install a/.test(one.labels[0]?.textContent));
  return field ? field.value : "";
})()"""


def command(tmp_path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "psynapse.cli", "desktop", "--data-dir", str(tmp_path / "data"), *arguments]


def until(look: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def processes(tmp_path: Path) -> dict[int, str]:
    """What runs with this test's mark in its environment: number and command line."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"MARK={tmp_path}\0".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return {pid: line for pid, line in found.items() if line}


def servers(tmp_path: Path) -> list[int]:
    return [pid for pid, line in processes(tmp_path).items() if " serve --lifeline" in line]


def log(tmp_path: Path, name: str = "data") -> str:
    path = tmp_path / name / "desktop" / "server.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def app(tmp_path: Path, environment: dict[str, str], *arguments: str) -> "Generator[subprocess.Popen[str]]":
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command(tmp_path, *arguments), env=environment, stderr=said, text=True)
    try:
        until(lambda: "Psynapse serves" in log(tmp_path))
        yield process
    finally:
        process.kill()
        process.wait()
        until(lambda: not processes(tmp_path))


def test_a_second_start_hands_its_link_to_the_first_and_ends(tmp_path: Path, window_environment: dict[str, str]):
    with app(tmp_path, window_environment):
        again = subprocess.run(
            command(tmp_path, LINK.format("later")),
            env=window_environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert again.returncode == 0
        until(lambda: "a link asks for later" in (tmp_path / "said").read_text())
        bad = subprocess.run(
            command(tmp_path, "daydream-scope://format-disk"), env=window_environment, capture_output=True, check=False
        )
        assert bad.returncode == 2
        assert b"hint: links look like" in bad.stderr


def test_the_app_ends_well_when_it_is_asked_to(tmp_path: Path, window_environment: dict[str, str]):
    with app(tmp_path, window_environment, LINK.format("early")) as process:
        assert "a link asks for early" in (tmp_path / "said").read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not servers(tmp_path)
    assert "Traceback" not in (tmp_path / "said").read_text()
    assert json.loads((tmp_path / "data" / "desktop" / "window.json").read_text())["width"] == 1280


def test_a_killed_app_leaves_nothing_behind_and_can_be_started_again(
    tmp_path: Path, window_environment: dict[str, str]
):
    with app(tmp_path, window_environment) as process:
        assert len(processes(tmp_path)) > 2
        process.kill()
        process.wait()
        until(lambda: not processes(tmp_path))
    (tmp_path / "data" / "desktop" / "server.log").unlink()
    with app(tmp_path, window_environment) as process:
        assert process.poll() is None


def test_a_killed_server_comes_back_while_the_app_goes_on(tmp_path: Path, window_environment: dict[str, str]):
    with app(tmp_path, window_environment) as process:
        (before,) = servers(tmp_path)
        os.kill(before, signal.SIGKILL)
        until(lambda: log(tmp_path).count("Psynapse serves") == 2)
        assert process.poll() is None
        assert servers(tmp_path) != [before]


def a_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_link_opened_by_the_system_starts_the_app_and_finds_it_when_it_runs(
    tmp_path: Path, window_environment: dict[str, str], xdg_open: str
):
    port = a_port()
    data = {"PSYNAPSE_DATA_DIR": str(tmp_path / "data"), "DISPLAY": ":0", "QTWEBENGINE_REMOTE_DEBUGGING": str(port)}
    environment = {**window_environment, **data}
    register = [sys.executable, "-m", "psynapse.cli", "desktop", "--register"]
    assert "wrote " in subprocess.run(register, env=environment, capture_output=True, text=True, check=True).stdout
    with (tmp_path / "said").open("w") as said:
        cold = subprocess.Popen([xdg_open, LINK.format("cold")], env=environment, stderr=said)
    try:
        # While the first one still starts, and once it is there.
        until((tmp_path / "data" / "desktop" / "instance.json").exists)
        subprocess.run([xdg_open, LINK.format("during")], env=environment, check=True, timeout=60)
        # Which of the two is shown depends on how far the page was.
        until(lambda: evaluate(port, FORM) in {"cold", "during"})
        subprocess.run([xdg_open, LINK.format("live")], env=environment, check=True, timeout=60)
        until(lambda: evaluate(port, FORM) == "live")
        asked = [
            line.rpartition(" ")[2] for line in (tmp_path / "said").read_text().splitlines() if "a link asks" in line
        ]
        assert asked == ["cold", "during", "live"]
    finally:
        for pid, line in processes(tmp_path).items():
            if "psynapse.cli desktop" in line:
                os.kill(pid, signal.SIGTERM)
        cold.wait(30)
    until(lambda: not processes(tmp_path))
