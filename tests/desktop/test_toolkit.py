"""What is said where no window can be shown."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

LOAD = "from psynapse.desktop.toolkit import load_toolkit; load_toolkit()"


def failure(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_no_screen_is_told_before_the_toolkit_ends_the_process():
    assert "there is no screen" in failure(LOAD, {})


@pytest.mark.skipif(find_spec("webview") is not None, reason="the toolkit is installed")
def test_a_toolkit_that_is_not_installed_is_told():
    assert "the window needs" in failure(LOAD, {"QT_QPA_PLATFORM": "offscreen"})


def test_a_library_that_the_toolkit_lacks_is_named():
    code = f"import sys; sys.modules['PySide6'] = None; sys.modules['webview'] = None\n{LOAD}"
    assert "ToolkitMissing" in failure(code, {"QT_QPA_PLATFORM": "offscreen"})
