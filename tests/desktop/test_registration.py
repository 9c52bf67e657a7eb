"""Making the app known to the system."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from psynapse.desktop.errors import RegistrationFailed
from psynapse.desktop.registration import app_command, register, register_once, unregister

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="writes what Linux has")


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the desktop entry is written, in a home folder of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    return tmp_path / ".local" / "share" / "applications" / "psynapse.desktop"


def test_the_first_start_makes_the_app_known_with_the_python_that_runs(entry: Path, tmp_path: Path):
    register_once(tmp_path / "desktop")
    assert f"Exec={sys.executable} -m psynapse.cli desktop %u" in entry.read_text(encoding="utf-8")


def test_later_starts_leave_it_alone(entry: Path, tmp_path: Path):
    register_once(tmp_path / "desktop")
    entry.write_text("changed by hand", encoding="utf-8")
    register_once(tmp_path / "desktop")
    assert entry.read_text(encoding="utf-8") == "changed by hand"


def test_an_app_that_has_moved_says_so(entry: Path, tmp_path: Path):
    register_once(tmp_path / "desktop")
    note = tmp_path / "desktop" / "registration.json"
    note.write_text(json.dumps({"command": ["/old/python", "-m", "psynapse.cli", "desktop"]}), encoding="utf-8")
    entry.write_text("old", encoding="utf-8")
    register_once(tmp_path / "desktop")
    assert sys.executable in entry.read_text(encoding="utf-8")


def test_what_was_made_forgotten_stays_so_until_it_is_asked_for(entry: Path, tmp_path: Path):
    register(tmp_path / "desktop")
    assert str(entry) in unregister(tmp_path / "desktop")
    register_once(tmp_path / "desktop")
    assert not entry.exists()
    register(tmp_path / "desktop")
    assert entry.exists()


def test_a_system_that_takes_nothing_is_an_error_on_request_and_none_at_a_start(
    entry: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / ".local").write_text("a file")
    with pytest.raises(RegistrationFailed):
        register(tmp_path / "desktop")
    register_once(tmp_path / "desktop")
    assert "could not be made known" in caplog.text


def test_the_command_runs_the_program():
    assert shutil.which(app_command()[0]) == sys.executable
