"""Nothing that was typed is ever lost, and nobody's work is written over."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from editor_page import Editor
from editor_server import Server, wait_for
from page_watch import PageWatch
from playwright.sync_api import BrowserContext, Locator, expect
from sample_conflict import REFUSED, bring_into_conflict
from sample_workflows import add_two


def saved_words(editor: Editor) -> Locator:
    return editor.status_line.get_by_text("Saved", exact=True)


def save_as(editor: Editor, name: str) -> None:
    editor.press("Control+s")
    editor.dialog.get_by_label("Name").fill(name)
    editor.dialog.get_by_role("button", name="Save").click()
    expect(editor.dialog).to_be_hidden()
    expect(saved_words(editor)).to_be_visible()


def row(editor: Editor, name: str) -> Locator:
    """A saved workflow in the list of them."""
    panel = editor.page.get_by_role("region", name="Workflows")
    return panel.get_by_role("listitem").filter(has_text=re.compile(rf"^{re.escape(name)}\d+ node"))


def more(editor: Editor, name: str, what: str) -> None:
    row(editor, name).hover()
    row(editor, name).get_by_role("button", name=f"More for {name}").click()
    editor.page.get_by_role("menuitem", name=what).click()


def test_a_reload_in_the_middle_of_typing_loses_nothing_of_a_new_workflow(editor: Editor):
    editor.open()
    editor.drag_from_library("add", 300, 200)
    field = editor.field("add_1", "a")
    field.press_sequentially("3.1415")
    editor.reload()
    expect(field).to_have_value("3.1415")
    editor.drag_from_library("View", 500, 500)
    editor.reload()
    expect(editor.nodes).to_have_count(2)


def test_a_reload_right_after_the_last_key_loses_nothing_of_a_saved_workflow(editor: Editor, server: Server):
    server.put_workflow("typing", add_two().data())
    editor.open("typing")
    field = editor.field("add_1", "a")
    field.press_sequentially("23456789")
    typed = field.input_value()
    editor.reload()
    expect(editor.field("add_1", "a")).to_have_value(typed)
    expect(saved_words(editor)).to_be_visible()
    wait_for(lambda: value_of_a(server, "typing") == float(typed))


def value_of_a(server: Server, name: str) -> Any:
    nodes = server.get(f"/workflows/{name}")["nodes"]
    return next(node["data"].get("a") for node in nodes if node["id"] == "add_1")


def test_a_workflow_is_saved_under_a_name_and_from_then_on_by_itself(editor: Editor, server: Server):
    editor.open()
    editor.drag_from_library("add", 300, 200)
    save_as(editor, "My sums")
    expect(editor.tab("My sums")).to_be_visible()
    editor.field("add_1", "a").fill("6")
    wait_for(lambda: value_of_a(server, "My sums") == 6)
    file = json.loads((server.workspace / "My sums.json").read_text(encoding="utf-8"))
    assert "position" not in file["nodes"][0]
    assert file["layout"]["add_1"].keys() >= {"x", "y"}


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(editor: Editor, server: Server, watch: PageWatch):
    watch.allow(REFUSED)
    server.put_workflow("taken", add_two().data())
    editor.open()
    editor.drag_from_library("multiply", 300, 200)
    editor.press("Control+s")
    editor.dialog.get_by_label("Name").fill("taken")
    editor.press("Enter")
    expect(editor.dialog).to_contain_text("There is a workflow of this name already")
    editor.press("Escape")
    expect(editor.node("multiply_1")).to_be_visible()
    assert len(server.get("/workflows/taken")["nodes"]) == 2


def test_a_workflow_is_listed_opened_renamed_duplicated_downloaded_and_deleted(editor: Editor, server: Server):
    server.put_workflow("first name", add_two().data())
    editor.open()
    editor.page.get_by_role("button", name="Workflows", exact=True).click()
    row(editor, "first name").get_by_role("button").first.click()
    expect(editor.nodes).to_have_count(2)

    more(editor, "first name", "Rename")
    editor.dialog.get_by_label("Name").fill("second name")
    editor.press("Enter")
    expect(editor.tab("second name")).to_be_visible()
    expect(row(editor, "first name")).to_have_count(0)

    more(editor, "second name", "Duplicate")
    expect(row(editor, "second name copy")).to_be_visible()

    with editor.page.expect_download() as started:
        more(editor, "second name", "Download")
    assert started.value.suggested_filename == "second name.json"
    downloaded = json.loads(Path(started.value.path()).read_text(encoding="utf-8"))
    assert [node["id"] for node in downloaded["nodes"]] == ["add_1", "view_1"]

    more(editor, "second name copy", "Delete")
    editor.dialog.get_by_role("button", name="Delete").click()
    expect(row(editor, "second name copy")).to_have_count(0)
    assert not (server.workspace / "second name copy.json").exists()
    assert (server.workspace / "second name.json").exists()


def test_a_workflow_that_another_tab_saves_changes_here_too(editor: Editor, context: BrowserContext, server: Server):
    server.put_workflow("shared", add_two().data())
    editor.open("shared")
    other = Editor(context.new_page(), server.url)
    other.open("shared")
    other.field("add_1", "a").fill("64")
    expect(editor.field("add_1", "a")).to_have_value("64")


def test_a_file_changed_on_disk_changes_in_the_editor_and_undo_takes_that_back(editor: Editor, server: Server):
    server.put_workflow("on disk", add_two(a=1).data())
    editor.open("on disk")
    file = server.workspace / "on disk.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"a": 1', '"a": 512'), encoding="utf-8")
    expect(editor.field("add_1", "a")).to_have_value("512")
    editor.canvas.focus()
    editor.press("Control+z")
    expect(editor.field("add_1", "a")).to_have_value("1")


@pytest.mark.parametrize(("answer", "is_kept"), [("Keep mine", True), ("Close it", False)])
def test_a_file_deleted_on_disk_is_kept_here_until_the_user_has_chosen(
    answer: str, is_kept: bool, editor: Editor, server: Server, watch: PageWatch
):
    watch.allow(r"404 \(Not Found\)")
    name = f"deleted, {answer}".replace(",", "")
    server.put_workflow(name, add_two(a=1).data())
    editor.open(name)
    file = server.workspace / f"{name}.json"
    file.unlink()
    editor.status_line.get_by_role("button", name="Deleted elsewhere").click()
    expect(editor.dialog).to_contain_text(f"“{name}” was deleted elsewhere")
    editor.dialog.get_by_role("button", name=answer).click()
    expect(editor.dialog).to_be_hidden()
    expect(editor.tab(name)).to_have_count(1 if is_kept else 0)
    wait_for(lambda: file.exists() == is_kept)


def test_a_file_that_is_broken_on_disk_leaves_the_work_as_it_was(editor: Editor, server: Server, watch: PageWatch):
    watch.allow(r"422 \(Unprocessable Entity\)")
    watch.allow(REFUSED)
    server.put_workflow("broken on disk", add_two(a=64).data())
    editor.open("broken on disk")
    (server.workspace / "broken on disk.json").write_text("{ half a fi", encoding="utf-8")
    # Before anything is typed: what is saved is not what is on the disk.
    broken = editor.status_line.get_by_role("button", name="Its file cannot be read any more")
    expect(broken).to_be_visible()
    expect(saved_words(editor)).to_be_hidden()
    editor.field("add_1", "b").fill("65")
    broken.click()
    expect(editor.dialog).to_contain_text("cannot be read any more")
    expect(editor.dialog.get_by_role("button", name="Take theirs")).to_have_count(0)
    editor.dialog.get_by_role("button", name="Keep mine").click()
    expect(saved_words(editor)).to_be_visible()
    expect(editor.field("add_1", "b")).to_have_value("65")
    assert value_of_a(server, "broken on disk") == 64


def test_a_file_that_is_repaired_on_disk_comes_in_where_nothing_was_typed(
    editor: Editor, server: Server, watch: PageWatch
):
    watch.allow(r"422 \(Unprocessable Entity\)")
    server.put_workflow("repaired", add_two(a=64).data())
    editor.open("repaired")
    file = server.workspace / "repaired.json"
    whole = file.read_text(encoding="utf-8")
    file.write_text("{ half a fi", encoding="utf-8")
    expect(editor.status_line.get_by_role("button", name="Its file cannot be read any more")).to_be_visible()
    file.write_text(whole.replace("64", "66"), encoding="utf-8")
    expect(saved_words(editor)).to_be_visible()
    expect(editor.field("add_1", "a")).to_have_value("66")


Pair = tuple[Editor, Editor]


@pytest.fixture
def conflicting(
    request: pytest.FixtureRequest,
    editor: Editor,
    watch: PageWatch,
    server: Server,
    new_context: Callable[..., BrowserContext],
) -> Pair:
    """Two browsers with the same workflow, edited in both at once; the second one has been told."""
    watch.allow(REFUSED)
    name = f"both {request.node.name}"
    server.put_workflow(name, add_two().data())
    other = Editor(new_context().new_page(), server.url)
    other.open(name)
    editor.open(name)
    bring_into_conflict(editor, lambda: set_a(other, server, name, 2000))
    return editor, other


def set_a(editor: Editor, server: Server, name: str, value: float) -> None:
    editor.field("add_1", "a").fill(str(value))
    wait_for(lambda: value_of_a(server, name) == value)


def choose(editor: Editor, answer: str) -> None:
    editor.status_line.get_by_role("button", name="Changed elsewhere").click()
    expect(editor.dialog).to_contain_text("Not the same (1)")
    editor.dialog.get_by_role("button", name=answer).click()
    expect(editor.dialog).to_be_hidden()
    expect(saved_words(editor)).to_be_visible()


def test_in_a_conflict_mine_can_be_kept(conflicting: Pair):
    editor, other = conflicting
    choose(editor, "Keep mine")
    expect(editor.field("add_1", "a")).to_have_value("1000")
    expect(other.field("add_1", "a")).to_have_value("1000")


def test_in_a_conflict_theirs_can_be_taken_and_mine_brought_back_by_undo(conflicting: Pair):
    editor, other = conflicting
    choose(editor, "Take theirs")
    expect(editor.field("add_1", "a")).to_have_value("2000")
    editor.canvas.focus()
    editor.press("Control+z")
    expect(editor.field("add_1", "a")).to_have_value("1000")
    expect(other.field("add_1", "a")).to_have_value("1000")


def test_in_a_conflict_both_can_be_kept(conflicting: Pair, server: Server):
    editor, other = conflicting
    choose(editor, "Save mine as a copy")
    expect(editor.field("add_1", "a")).to_have_value("1000")
    expect(other.field("add_1", "a")).to_have_value("2000")
    (copy,) = (one["name"] for one in server.get("/workflows")["workflows"] if one["name"].endswith(" copy"))
    assert value_of_a(server, copy) == 1000


def test_a_conflict_outlives_a_reload(conflicting: Pair, watch: PageWatch):
    editor, _ = conflicting
    editor.reload()
    expect(editor.field("add_1", "a")).to_have_value("1000")
    expect(editor.status_line.get_by_role("button", name="Changed elsewhere")).to_be_visible()


def test_a_tab_with_unsaved_work_asks_before_it_is_closed(editor: Editor):
    editor.open()
    editor.drag_from_library("add", 300, 200)
    editor.press("Alt+w")
    expect(editor.dialog).to_contain_text("Close “Untitled”?")
    editor.dialog.get_by_role("button", name="Cancel").click()
    expect(editor.node("add_1")).to_be_visible()
    editor.press("Alt+w")
    editor.dialog.get_by_role("button", name="Close without saving").click()
    expect(editor.nodes).to_have_count(0)
    editor.reload()
    expect(editor.nodes).to_have_count(0)
