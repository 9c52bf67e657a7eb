"""The app in the menus of a Linux desktop, and as what opens its links."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.desktop import linux_entry
from psynapse.desktop.linux_entry import ENTRY_NAME, MIME_TYPE, entry_text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries are Linux's")
needs_xdg = pytest.mark.skipif(shutil.which("xdg-mime") is None, reason="xdg-utils are not installed")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def arguments_of(entry: str) -> list[str]:
    """What a desktop makes of the Exec line: first the file's escapes, then quotes, then field codes."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))[5:]
    line = line.replace("\\\\", "\\")
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return [part.replace("%%", "%") for part in lexer]


@settings(deadline=None)
@given(
    parts=st.lists(
        st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1),
        min_size=1,
        max_size=3,
    )
)
def test_every_command_survives_the_entry(parts: list[str]):
    # Reading is the standard's; shlex agrees with it except for $ and ` in quotes, which it leaves escaped.
    plain = [part.replace("$", "").replace("`", "") or "x" for part in parts]
    assert arguments_of(entry_text(plain)) == [*plain, "%u"]


def test_what_the_standard_says_must_be_escaped_is():
    assert 'Exec="a\\\\$b" %u' in entry_text(["a$b"])
    assert "Exec=100%% %u" in entry_text(["100%"])


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils are not installed")
def test_the_entry_is_a_valid_one(tmp_path: Path):
    entry = tmp_path / ENTRY_NAME
    entry.write_text(entry_text([sys.executable, "-m", "psynapse.cli", "desktop"]), encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@needs_xdg
def test_the_system_opens_links_with_the_app_until_it_is_forgotten(home: Path):
    icon = home / "made.svg"
    icon.write_text("<svg/>")
    written = linux_entry.register([sys.executable], icon, take_over=False)
    assert [path.exists() for path in written] == [True, True]
    assert linux_entry.link_handler() == ENTRY_NAME
    assert linux_entry.unregister() == written
    assert linux_entry.link_handler() == ""
    assert not any(path.exists() for path in written)
    assert linux_entry.unregister() == ()


@needs_xdg
def test_another_program_keeps_the_links_unless_they_are_to_be_taken_over(home: Path):
    other = home / ".local" / "share" / "applications" / "other.desktop"
    other.parent.mkdir(parents=True)
    other.write_text(entry_text([sys.executable]), encoding="utf-8")
    subprocess.run(["xdg-mime", "default", other.name, MIME_TYPE], check=True)
    linux_entry.register([sys.executable], None, take_over=False)
    assert linux_entry.link_handler() == other.name
    linux_entry.register([sys.executable], None, take_over=True)
    assert linux_entry.link_handler() == ENTRY_NAME
    linux_entry.unregister()
    assert linux_entry.link_handler() in {"", other.name}
    assert other.exists()


def test_without_the_desktops_tools_the_association_is_written_all_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(home))
    associations = home / ".config" / "mimeapps.list"
    associations.parent.mkdir()
    associations.write_text("[Default Applications]\ntext/Plain=edit.desktop\n", encoding="utf-8")
    linux_entry.register([sys.executable], None, take_over=False)
    assert associations.read_text(encoding="utf-8").splitlines()[:3] == [
        "[Default Applications]",
        "text/Plain=edit.desktop",
        f"{MIME_TYPE}={ENTRY_NAME}",
    ]
    linux_entry.unregister()
    assert MIME_TYPE not in associations.read_text(encoding="utf-8")
    assert "text/Plain=edit.desktop" in associations.read_text(encoding="utf-8")


@needs_xdg
def test_a_link_opened_by_the_system_arrives_unchanged(home: Path):
    heard = home / "heard"
    script = home / "app.sh"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {shlex.quote(str(heard))}\n')
    script.chmod(0o755)
    linux_entry.register([str(script)], None, take_over=True)
    # Without a screen, as it believes, it does not look for programs.
    link = "daydream-scope://install-node?package=git%2Bhttps%3A%2F%2Fexample.com%2Fa%20b&x=1"
    subprocess.run(["xdg-open", link], check=True, env={**os.environ, "DISPLAY": ":0"}, timeout=60)
    assert heard.read_text() == link
