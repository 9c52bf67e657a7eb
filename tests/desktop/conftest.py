"""What the tests that show windows need: the toolkit, and a screen that nobody sees."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROBE = Path(__file__).parent / "probes" / "window_probe.py"
TOOLKIT = "from psynapse.desktop.toolkit import load_toolkit; load_toolkit()"
Play = Callable[..., dict[str, Any]]


def need(problem: str) -> None:
    """Leave the test out where something is missing; where it is asked for, fail."""
    if problem and os.environ.get("CI"):
        pytest.fail(problem)
    if problem:
        pytest.skip(problem)


@pytest.fixture(scope="session")
def window_problem() -> str:
    """Why no window can be shown here, or nothing."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", TOOLKIT], env=environment, capture_output=True, text=True, check=False)
    return " ".join(done.stderr.splitlines()[-2:]) if done.returncode else ""


@pytest.fixture
def xdg_open() -> str:
    """The program that opens a link as the system does."""
    program = shutil.which("xdg-open") or ""
    need("" if program else "there is no xdg-open: apt-get install xdg-utils")
    return program


@pytest.fixture
def window_environment(tmp_path: Path, window_problem: str) -> dict[str, str]:
    """The environment of an app whose window is drawn in memory, with a home folder of its own."""
    need(window_problem)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("PSYNAPSE_", "XDG_"))}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return {
        **ours,
        "HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "PSYNAPSE_PORT": str(port),
        # Finds what was started from here, however far down.
        "MARK": str(tmp_path),
    }


@pytest.fixture
def play(tmp_path: Path, window_environment: dict[str, str]) -> Play:
    """Shows the window, plays a scenario of window_probe.py in it, and returns what that found."""

    def act(scenario: str, **environment: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, str(PROBE), scenario, str(tmp_path)],
            env={**window_environment, **environment},
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert done.stdout, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])
        assert "failure" not in found, found["failure"]
        return found

    return act


@pytest.fixture
def browser(tmp_path: Path) -> dict[str, str]:
    """The environment in which the user's browser is a program that writes the address into ``opened``."""
    script = tmp_path / "browser.sh"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path / "opened"}\n')
    script.chmod(0o755)
    assert shutil.which("sh")
    return {"BROWSER": f"{script} %s"}
