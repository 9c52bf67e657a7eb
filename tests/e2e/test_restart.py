"""The server starts again, by itself or by whoever supervises it, or is killed: the page waits and keeps everything."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editor_page import Editor
from editor_server import Server, start_server
from page_watch import AWAY, PageWatch
from playwright.sync_api import Locator, expect
from sample_workflows import Flow

RESTART = 42
PATIENCE = 60_000


@pytest.fixture
def managed() -> bool:
    """Whether somebody else starts the server again."""
    return False


@pytest.fixture
def server(tmp_path: Path, managed: bool) -> Iterator[Server]:
    """One for each test, as none of them leaves it as it was."""
    nodepacks = tmp_path / "nodepacks"
    nodepacks.mkdir()
    server = start_server(tmp_path / "data", nodepacks, managed=managed)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def allowed_to_be_away(watch: PageWatch) -> None:
    watch.allow(AWAY)


def sums() -> dict[str, Any]:
    return Flow().function("a", "basic/ops.py:add", 40, 40, a=1, b=2).data()


def banner(editor: Editor) -> Locator:
    return editor.page.get_by_role("status").filter(has_text="The server")


def ask_for_restart(editor: Editor) -> None:
    editor.command("Restart the server")
    expect(editor.dialog).to_contain_text("Open workflows and unsaved edits stay")
    editor.dialog.get_by_role("button", name="Restart", exact=True).click()


def test_a_restart_from_the_page_brings_another_server_and_keeps_what_is_open(editor: Editor, server: Server):
    server.put_workflow("kept", sums())
    editor.open("kept")
    before = server.get("/health")["boot_id"]
    editor.field("a", "a").fill("40")
    ask_for_restart(editor)
    expect(banner(editor)).to_contain_text("has started again", timeout=PATIENCE)
    assert server.get("/health")["boot_id"] != before
    expect(editor.status_line.get_by_text("Connected")).to_be_visible(timeout=PATIENCE)
    expect(editor.field("a", "a")).to_have_value("40")
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible(timeout=PATIENCE)
    editor.execute()
    expect(editor.card("add")).to_contain_text("42")


@pytest.mark.parametrize("managed", [True])
def test_a_managed_server_leaves_with_its_code_and_the_page_finds_the_next_one(editor: Editor, server: Server):
    server.put_workflow("kept", sums())
    editor.open("kept")
    ask_for_restart(editor)
    expect(banner(editor)).to_contain_text("is starting again")
    assert server.process.wait(20) == RESTART
    server.write_pack("fresh", "def after_the_break() -> int:\n    return 1\n")
    server.start_again()
    expect(banner(editor)).to_contain_text("has started again", timeout=PATIENCE)
    expect(editor.library.get_by_role("button", name="after_the_break")).to_be_visible(timeout=PATIENCE)
    expect(editor.field("a", "b")).to_have_value("2")


def test_a_server_that_goes_away_is_told_and_so_is_its_return(editor: Editor, server: Server):
    server.put_workflow("kept", sums())
    editor.open("kept")
    server.kill()
    expect(banner(editor)).to_contain_text("The server is away", timeout=PATIENCE)
    editor.field("a", "a").fill("40")
    banner(editor).get_by_role("button", name="Try now").click()
    server.start_again()
    expect(banner(editor)).to_contain_text("The server is back", timeout=PATIENCE)
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(editor.page.get_by_text("The server is back")).to_be_hidden(timeout=PATIENCE)


@pytest.mark.parametrize("managed", [True])
def test_a_server_that_does_not_come_back_is_said_to_be_gone(editor: Editor, server: Server):
    server.put_workflow("kept", sums())
    editor.page.clock.install()
    editor.open("kept")
    ask_for_restart(editor)
    assert server.process.wait(20) == RESTART
    editor.page.clock.fast_forward(PATIENCE)
    expect(banner(editor)).to_contain_text("has not come back", timeout=PATIENCE)
    expect(editor.field("a", "a")).to_have_value("1")
    # Before there is a server: afterwards the page may find it by itself, and take the button away.
    banner(editor).get_by_role("button", name="Look again").click()
    server.start_again()
    expect(banner(editor)).to_contain_text(re.compile("is back|has started again"), timeout=PATIENCE)
