"""The server's log in the editor, for who has no terminal to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from editor_page import Editor
from editor_server import Server, start_server
from page_watch import AWAY, PageWatch
from playwright.sync_api import Locator, expect


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One for each test: what it says is the test's own doing."""
    (tmp_path / "nodepacks").mkdir()
    server = start_server(tmp_path / "data", tmp_path / "nodepacks")
    yield server
    server.stop()


def open_log(editor: Editor) -> Locator:
    editor.open()
    editor.go_to("#/settings/log")
    lines = editor.dialog.get_by_role("region", name="Server log")
    expect(lines).to_contain_text("has started")
    return lines


def test_the_log_goes_on_while_it_is_looked_at_and_can_be_narrowed_and_copied(editor: Editor, server: Server):
    lines = open_log(editor)
    server.write_pack("broken", "import a_module_that_nobody_has\n")
    expect(lines).to_contain_text("nodepacks changed", timeout=20_000)
    editor.dialog.get_by_label("Find in the log").fill("1 failure")
    expect(lines).not_to_contain_text("has started")
    expect(lines).to_contain_text("nodepacks changed")
    editor.dialog.get_by_role("button", name="Copy").click()
    copied = editor.page.evaluate("navigator.clipboard.readText()")
    assert copied.count("\n") == lines.get_by_role("listitem").count()
    assert " INFO psynapse: nodepacks changed" in copied
    editor.dialog.get_by_label("Which lines").click()
    editor.page.get_by_role("option", name="Errors", exact=True).click()
    expect(editor.dialog).to_contain_text("No such lines")


def test_what_a_server_said_before_it_was_killed_stays(editor: Editor, server: Server, watch: PageWatch):
    watch.allow(AWAY)
    lines = open_log(editor)
    server.kill()
    expect(editor.dialog.get_by_role("alert")).to_contain_text("cannot be reached")
    server.start_again()
    expect(lines).to_contain_text("The server was started again.", timeout=40_000)
    expect(lines.get_by_text("has started")).to_have_count(2)


def test_very_many_lines_are_scrolled_through_and_followed(editor: Editor, server: Server):
    many = [f"line {number}" for number in range(100_000)]

    def page(after: int) -> dict[str, object]:
        at = "2026-01-02T03:04:05.678+00:00"
        lines = [
            {"seq": seq, "at": at, "level": "info", "source": "psynapse", "text": many[seq - 1], "earlier": False}
            for seq in range(after + 1, min(after + 2_000, len(many)) + 1)
        ]
        return {"boot_id": "a", "first": 1, "last": len(many), "lines": lines}

    editor.page.route(
        "**/logs?*", lambda route: route.fulfill(json=page(int(route.request.url.partition("after=")[2])))
    )
    editor.open()
    editor.go_to("#/settings/log")
    lines = editor.dialog.get_by_role("region", name="Server log")
    expect(editor.dialog.get_by_text("100,000 lines")).to_be_visible(timeout=60_000)
    expect(lines.get_by_text("line 99999", exact=True)).to_be_visible()
    assert lines.get_by_role("listitem").count() < 100
    lines.focus()
    editor.press("Home")
    expect(lines.get_by_text("line 0", exact=True)).to_be_visible()
    many.append("and one more")
    expect(editor.dialog.get_by_text("100,000 lines")).to_be_visible()
    expect(lines.get_by_text("line 1", exact=True)).to_be_visible()
    editor.dialog.get_by_role("button", name="Follow").click()
    expect(lines.get_by_text("and one more", exact=True)).to_be_visible()
