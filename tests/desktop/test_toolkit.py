"""What is said where no window can be shown, and how to mend it."""

import os
import subprocess
import sys

import pytest

LOAD = "from psynapse.desktop.toolkit import load_toolkit; load_toolkit()"
IN_MEMORY = {"QT_QPA_PLATFORM": "offscreen"}
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")


def failure(code: str, environment: dict[str, str]) -> tuple[str, str]:
    """What is said about it, and the hint."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    message, hint = done.stderr.strip().splitlines()[-2:]
    assert "ToolkitMissing" in message
    return message, hint


@linux
def test_no_screen_is_told_before_the_toolkit_ends_the_process():
    message, _ = failure(LOAD, {})
    assert "there is no screen" in message


@linux
@pytest.mark.parametrize("name", ["PySide6", "qtpy", "webview"])
@pytest.mark.usefixtures("window_environment")
def test_a_library_that_is_missing_is_named_with_what_to_install(name: str):
    message, hint = failure(f"import sys; sys.modules[{name!r}] = None\n{LOAD}", IN_MEMORY)
    assert f"the window needs {name}" in message
    assert "pip install 'psynapse[desktop]'" in hint


@linux
@pytest.mark.usefixtures("window_environment")
def test_a_screen_that_cannot_be_reached_is_told_in_qts_own_words():
    message, hint = failure(LOAD, {"DISPLAY": ":54321", "QT_QPA_PLATFORM": "xcb"})
    assert "no window can be shown: qt.qpa" in message
    assert "DISPLAY" in hint


@linux
@pytest.mark.usefixtures("window_environment")
def test_a_window_in_memory_needs_no_screen():
    subprocess.run([sys.executable, "-c", LOAD], env={**os.environ, **IN_MEMORY}, check=True)
