"""axe-core finds nothing serious, in both themes, wherever a user can get."""

from collections.abc import Callable

import pytest
from axe_findings import findings
from editor_page import TITLE, Editor
from editor_server import Server, wait_for
from page_watch import PageWatch
from playwright.sync_api import expect
from sample_conflict import REFUSED, bring_into_conflict
from sample_workflows import LIVE_OPS, LIVE_PROGRESS, LIVE_STREAM, Flow, add_two, example

Show = Callable[[Editor, Server], None]


def empty(editor: Editor, _server: Server) -> None:
    editor.open()


def with_workflow(editor: Editor, server: Server) -> None:
    server.put_workflow("worked example", example("worked-example"))
    editor.open("worked example")


def with_results(editor: Editor, server: Server) -> None:
    with_workflow(editor, server)
    editor.execute()


def live_pack(server: Server) -> None:
    server.write_pack("live", LIVE_OPS)
    server.write_pack("live", LIVE_PROGRESS, "progress_ops.py")
    server.write_pack("live", LIVE_STREAM, "stream_ops.py")
    wait_for(lambda: {"Steps", "Words", "boom"} <= {schema["name"] for schema in server.get("/get_schema")})


def while_it_runs(editor: Editor, server: Server) -> None:
    live_pack(server)
    never = str(server.data_dir / "never")
    flow = Flow().function("s", "live/progress_ops.py:Steps", 40, 40, path=never)
    server.put_workflow("running", flow.function("w", "live/stream_ops.py:Words", 40, 300, path=never).data())
    editor.open("running")
    editor.press("Control+Enter")
    expect(editor.card("Steps").get_by_role("progressbar")).to_have_attribute("aria-valuenow", "40")
    expect(editor.card("Words").get_by_label("Streamed text")).to_have_text("Once upon a time")


def with_failures(editor: Editor, server: Server) -> None:
    live_pack(server)
    server.write_pack("broken", "import a_module_that_nobody_has\n")
    flow = Flow().function("b", "live/ops.py:boom", 40, 40).view("v", 360, 40).wire("b.result", "v.input")
    server.put_workflow("failures", flow.function("m", "faraway/ops.py:gone", 40, 300).data())
    editor.open("failures")
    editor.execute()
    editor.card("boom").get_by_text("Traceback", exact=True).click()
    editor.page.get_by_role("button", name="Problems:").click()
    expect(editor.problems).to_be_visible()
    failures = editor.page.get_by_role("region", name="Could not be loaded")
    failures.get_by_text("broken", exact=True).click()
    expect(failures).to_contain_text("No module named")


def with_inspector(editor: Editor, server: Server) -> None:
    with_results(editor, server)
    editor.node("F1").click(position=TITLE)
    editor.side.get_by_role("tab", name="Inspector").click()
    expect(editor.side.get_by_label("Title of the node")).to_be_visible()


def with_selection(editor: Editor, server: Server) -> None:
    with_workflow(editor, server)
    editor.canvas.focus()
    editor.press("Control+a")
    expect(editor.page.get_by_role("toolbar", name="Selection")).to_be_visible()


def with_a_note_and_every_widget(editor: Editor, server: Server) -> None:
    server.write_pack("widgets", WIDGETS)
    wait_for(lambda: "widgets" in {schema["name"] for schema in server.get("/get_schema")})
    flow = Flow().function("w", "widgets/ops.py:widgets", 40, 40, word="text", names=["a"], table={"k": 1})
    server.put_workflow("widgets", flow.data())
    editor.open("widgets")
    editor.drag_from_library("Note", 40, 40)
    editor.node("w").click(position=TITLE)
    expect(editor.side.get_by_label("word", exact=True)).to_be_visible()


WIDGETS = """
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field


def widgets(
    word: str,
    amount: float,
    count: Annotated[int, Field(ge=0, le=10)],
    way: Literal["up", "down"],
    day: date,
    place: Path,
    names: list[str],
    table: dict[str, int],
    maybe: int | None,
    sure: bool,
) -> str:
    return word
"""


def with_a_value_open_large(editor: Editor, server: Server) -> None:
    server.put_workflow("large", Flow().function("s", "basic/ops.py:split_text", 40, 40, text="a b c").data())
    editor.open("large")
    editor.execute()
    editor.card("split_text").get_by_role("button", name="Open large").click()
    expect(editor.dialog).to_be_visible()


def with_a_conflict(editor: Editor, server: Server) -> None:
    server.put_workflow("conflict", add_two().data())
    editor.open("conflict")
    bring_into_conflict(editor, lambda: server.put_workflow("conflict", add_two(2000).data()))
    editor.status_line.get_by_role("button", name="Changed elsewhere").click()
    expect(editor.dialog).to_contain_text("Not the same (1)")


def with_a_question(editor: Editor, server: Server) -> None:
    server.put_workflow("to be deleted", add_two().data())
    editor.open()
    editor.press("Alt+3")
    editor.page.get_by_role("button", name="More for to be deleted").click()
    editor.page.get_by_role("menuitem", name="Delete").click()
    expect(editor.page.get_by_role("dialog").or_(editor.page.get_by_role("alertdialog"))).to_be_visible()


def with_a_secret(editor: Editor, _server: Server) -> None:
    editor.open()
    editor.press("Control+,")
    editor.dialog.get_by_role("tab", name="Secrets").click()
    editor.dialog.get_by_label("Name").fill("A_SECRET")
    editor.dialog.get_by_label("Value").fill("x")
    editor.dialog.get_by_role("button", name="Add secret").click()
    expect(editor.dialog.get_by_role("listitem").filter(has_text="A_SECRET")).to_be_visible()


def with_the_log(editor: Editor, _server: Server) -> None:
    editor.open()
    editor.go_to("#/settings/log")
    expect(editor.dialog.get_by_role("region", name="Server log")).to_contain_text("has started")


def panel(key: str, name: str) -> Show:
    def show(editor: Editor, server: Server) -> None:
        with_results(editor, server)
        editor.press(key)
        expect(editor.page.get_by_role("region", name=name, exact=True)).to_be_visible()

    return show


def dialog(command: str) -> Show:
    def show(editor: Editor, _server: Server) -> None:
        editor.open()
        editor.drag_from_library("add", 300, 200)
        editor.command(command)
        expect(editor.dialog.filter(has_not_text="Type what you want to do")).to_be_visible()

    return show


def settings(tab: str) -> Show:
    def show(editor: Editor, _server: Server) -> None:
        editor.open()
        editor.press("Control+,")
        editor.dialog.get_by_role("tab", name=tab).click()

    return show


def with_keys(keys: str, role: str) -> Show:
    """What a key opens for a selected node: an element of a role."""

    def show(editor: Editor, server: Server) -> None:
        with_workflow(editor, server)
        editor.node("F1").click(position=TITLE)
        editor.press(keys)
        expect(editor.page.locator(f"[role={role}]").first).to_be_visible()

    return show


def finding(editor: Editor, server: Server) -> None:
    with_keys("Control+f", "combobox")(editor, server)
    editor.page.keyboard.type("v")
    expect(editor.dialog.get_by_role("option", name="View")).to_be_visible()


PLACES: dict[str, Show] = {
    "empty canvas": empty,
    "results": with_results,
    "a run that goes on": while_it_runs,
    "failures and problems": with_failures,
    "inspector": with_inspector,
    "selection": with_selection,
    "a note and every widget": with_a_note_and_every_widget,
    "outline": panel("Alt+2", "Outline"),
    "workflows": panel("Alt+3", "Workflows"),
    "runs": panel("Alt+4", "Runs"),
    "command palette": with_keys("Control+k", "option"),
    "find": finding,
    "palette": with_keys("n", "option"),
    "connect list": with_keys("c", "option"),
    "node menu": with_keys(".", "menuitem"),
    "cheat sheet": dialog("Keyboard shortcuts"),
    "templates": dialog("Start from a template …"),
    "save as": dialog("Save as …"),
    "close": dialog("Close the tab"),
    "a value open large": with_a_value_open_large,
    "conflict": with_a_conflict,
    "question": with_a_question,
    "settings": settings("Editor"),
    "nodes": settings("Nodes"),
    "pipelines": settings("Pipelines"),
    "server": settings("Server"),
    "secrets": with_a_secret,
    "log": with_the_log,
    "your data": settings("Your data"),
}


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_serious(place: str, editor: Editor, server: Server, watch: PageWatch):
    watch.allow(REFUSED)
    PLACES[place](editor, server)
    assert list(findings(editor)) == []
