"""The server is killed and comes back: the editor says so, keeps everything, and goes on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor_page import Editor
from editor_server import Server, start_server, wait_for
from page_watch import AWAY, PageWatch
from playwright.sync_api import expect
from sample_workflows import Flow


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One for each test, as none of them leaves it as it was."""
    nodepacks = tmp_path / "nodepacks"
    nodepacks.mkdir()
    server = start_server(tmp_path / "data", nodepacks)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def allowed_to_be_away(watch: PageWatch) -> None:
    watch.allow(AWAY)


def test_a_server_that_is_killed_and_started_again_costs_nothing(editor: Editor, server: Server):
    server.put_workflow("kept", Flow().function("a", "basic/ops.py:add", 40, 40, a=1, b=2).data())
    editor.open("kept")
    server.kill()
    expect(editor.status_line.get_by_text("The server is away", exact=True)).to_be_visible()
    editor.field("a", "a").fill("40")
    expect(editor.status_line.get_by_text("The server is away; kept in this browser")).to_be_visible()
    server.write_pack("fresh", "def after_the_break() -> int:\n    return 1\n")
    server.start_again()
    expect(editor.status_line.get_by_text("Connected")).to_be_visible(timeout=30_000)
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible(timeout=30_000)
    expect(editor.library.get_by_role("button", name="after_the_break")).to_be_visible()
    editor.execute()
    expect(editor.card("add")).to_contain_text("42")
    nodes = server.get("/workflows/kept")["nodes"]
    assert nodes[0]["data"]["a"] == 40


def test_work_is_kept_when_page_and_server_end_together(editor: Editor, server: Server):
    server.put_workflow("both end", Flow().function("a", "basic/ops.py:add", 40, 40, a=1, b=2).data())
    editor.open("both end")
    server.kill()
    editor.field("a", "a").fill("77")
    expect(editor.status_line.get_by_text("The server is away; kept in this browser")).to_be_visible()
    server.start_again()
    editor.page.reload()
    expect(editor.field("a", "a")).to_have_value("77")


def test_a_run_whose_server_was_killed_says_that_it_is_lost(editor: Editor, server: Server):
    server.write_pack("slow", "import time\n\ndef sleepy() -> int:\n    time.sleep(60)\n    return 1\n")
    wait_for(lambda: "sleepy" in {schema["name"] for schema in server.get("/get_schema")})
    server.put_workflow("lost", Flow().function("s", "slow/ops.py:sleepy", 40, 40).data())
    editor.open("lost")
    editor.press("Control+Enter")
    expect(editor.card("sleepy").get_by_label("Running")).to_be_visible()
    server.kill()
    server.start_again()
    expect(editor.run_status).to_have_text(re.compile("Lost"), timeout=30_000)


def test_a_part_asked_for_while_the_server_is_away_comes_when_it_is_back(editor: Editor, server: Server):
    editor.open()
    server.kill()
    expect(editor.status_line.get_by_text("The server is away", exact=True)).to_be_visible()
    editor.press("Control+Comma")
    expect(editor.status_line.get_by_text("The server is away", exact=True)).to_be_visible()
    server.start_again()
    expect(editor.page.get_by_role("dialog", name="Settings")).to_be_visible(timeout=30_000)
