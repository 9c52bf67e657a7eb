"""``psynapse desktop`` as far as it shows no window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="writes what Linux has")


def desktop(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PSYNAPSE_", "QT_"))}
    hidden = {name: value for name, value in plain.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    return subprocess.run(
        [sys.executable, "-m", "psynapse.cli", "desktop", *arguments],
        env={**hidden, "HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_app_is_made_known_and_forgotten_and_each_says_what_it_did(tmp_path: Path):
    entry = tmp_path / ".local" / "share" / "applications" / "psynapse.desktop"
    assert f"wrote {entry}\n" in desktop(tmp_path, "--register").stdout
    assert entry.exists()
    assert f"removed {entry}\n" in desktop(tmp_path, "--unregister").stdout
    assert not entry.exists()
    again = desktop(tmp_path, "--unregister")
    assert (again.returncode, again.stdout) == (0, "there was nothing to do\n")


def test_a_link_that_is_none_is_one_error_with_a_hint(tmp_path: Path):
    done = desktop(tmp_path, "daydream-scope://format-disk")
    assert done.returncode == 2
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]


def test_no_screen_is_one_error_with_a_hint(tmp_path: Path):
    done = desktop(tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error: there is no screen to show a window on"
