"""What the tests that show windows need: the toolkit, and a screen that nobody sees."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PROBE = Path(__file__).parent / "probes" / "window_probe.py"
Play = Callable[..., dict[str, Any]]


@pytest.fixture
def window_environment(tmp_path: Path) -> dict[str, str]:
    """The environment of an app whose window is drawn in memory, with a home folder of its own."""
    if find_spec("webview") is None or find_spec("PySide6") is None:
        pytest.skip("psynapse[desktop] is not installed: no window can be shown")
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
