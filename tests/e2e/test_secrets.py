"""Secrets go to the server and never come back: into no answer, no file, no event."""

import base64
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from editor_page import TITLE, Editor
from editor_server import Server, wait_for
from playwright.sync_api import BrowserContext, expect
from sample_workflows import LIVE_OPS, Flow


def answers_with(archive: Path, text: str) -> list[str]:
    """The addresses whose answers have this text, by the browser's own record of what it got."""
    entries: list[Any] = json.loads(archive.read_text(encoding="utf-8"))["log"]["entries"]
    assert len([entry for entry in entries if "/api/" in entry["request"]["url"]]) > MANY
    return [entry["request"]["url"] for entry in entries if text in received(entry["response"])]


MANY = 10
"""A record with fewer requests than these is none."""


def received(response: Any) -> str:
    content = response["content"]
    body = content.get("text", "")
    decoded = base64.b64decode(body).decode(errors="replace") if content.get("encoding") == "base64" else body
    return json.dumps(response["headers"]) + decoded


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Where the browser records what it is sent."""
    return tmp_path / "answers.har"


@pytest.fixture
def context(new_context: Callable[..., BrowserContext], archive: Path) -> BrowserContext:
    return new_context(record_har_path=archive, record_har_content="embed")


def add_secret(editor: Editor, name: str, value: str) -> None:
    editor.page.get_by_role("button", name="Settings").click()
    editor.dialog.get_by_role("tab", name="Secrets").click()
    editor.dialog.get_by_label("Name").fill(name)
    editor.dialog.get_by_label("Value").fill(value)
    editor.dialog.get_by_role("button", name="Add secret").click()
    expect(editor.dialog.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    editor.press("Escape")
    expect(editor.dialog).to_be_hidden()


def files_with(folder: Path, text: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_a_secret_is_used_by_a_run_and_is_in_no_answer_and_no_file(
    editor: Editor, server: Server, context: BrowserContext, archive: Path
):
    server.write_pack("live", LIVE_OPS)
    wait_for(lambda: "length_of" in {schema["name"] for schema in server.get("/get_schema")})
    value = secrets.token_hex(20)
    flow = Flow().function("l", "live/ops.py:length_of", 40, 40).view("v", 360, 40).wire("l.result", "v.input")
    server.put_workflow("secretive", flow.data())
    editor.open("secretive")
    add_secret(editor, "MY_KEY", value)

    editor.node("l").click(position=TITLE)
    editor.side.get_by_role("button", name="Use a secret for key").click()
    editor.side.get_by_label("key", exact=True).select_option("MY_KEY")
    expect(editor.field("l", "key")).to_have_value("MY_KEY")
    editor.execute()
    expect(editor.card("View").get_by_role("code")).to_have_text("40")

    editor.reload()
    expect(editor.card("View").get_by_role("code")).to_have_text("40")
    assert files_with(server.workspace, value) == []
    assert files_with(server.nodepacks, value) == []
    run = server.get("/runs")["runs"][0]["id"]
    events = editor.page.evaluate("async path => (await fetch(path)).text()", f"/runs/{run}/events")
    assert "run-finished" in events
    assert value not in events
    draft = editor.page.evaluate("() => JSON.stringify({...localStorage, ...sessionStorage})")
    assert value not in draft
    context.close()
    assert answers_with(archive, value) == []
    # It is a record of everything: what else it has been sent is in there.
    assert answers_with(archive, "MY_KEY") != []


def test_a_secret_is_replaced_and_removed(editor: Editor, server: Server):
    editor.open()
    add_secret(editor, "PASSING", "first")
    editor.page.get_by_role("button", name="Settings").click()
    editor.dialog.get_by_role("tab", name="Secrets").click()
    entry = editor.dialog.get_by_role("listitem").filter(has_text="PASSING")
    entry.get_by_role("button", name="Replace").click()
    expect(editor.dialog.get_by_label("Value")).to_have_value("")
    editor.dialog.get_by_label("Value").fill("second")
    editor.dialog.get_by_role("button", name="Replace value").click()
    expect(editor.page.get_by_text("PASSING has a new value.")).to_be_visible()
    entry.get_by_role("button", name="Remove PASSING").click()
    editor.page.get_by_role("dialog", name="Remove PASSING?").get_by_role("button", name="Remove").click()
    expect(entry).to_have_count(0)
    assert "PASSING" not in str(server.get("/secrets"))


def test_a_name_that_cannot_be_one_is_refused_before_it_is_sent(editor: Editor):
    editor.open()
    editor.page.get_by_role("button", name="Settings").click()
    editor.dialog.get_by_role("tab", name="Secrets").click()
    editor.dialog.get_by_label("Name").fill("1 bad name")
    editor.dialog.get_by_label("Value").fill("x")
    expect(editor.dialog).to_contain_text("Use letters, digits and underscores")
    expect(editor.dialog.get_by_role("button", name="Add secret")).to_be_disabled()
