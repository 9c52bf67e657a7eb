"""Changing what is there: undo and redo, copies, names, looks, notes, places."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from editor_page import TITLE, Editor
from editor_server import Server
from playwright.sync_api import BrowserContext, Page, expect
from sample_workflows import Flow, add_two, example


@pytest.fixture
def sums(editor: Editor, server: Server) -> Editor:
    """An editor with a small workflow open."""
    server.put_workflow("sums", add_two().data())
    editor.open("sums")
    return editor


def drop_a_node(editor: Editor) -> None:
    editor.drag_from_library("multiply", 300, 500)
    expect(editor.node("multiply_1")).to_be_visible()


def connect_a_node(editor: Editor) -> None:
    editor.drag_from_library("Variable", 160, 600)
    editor.wire("variable_1", "output", "add_1", "a")
    expect(editor.edges).to_have_count(2)


def take_an_edge_away(editor: Editor) -> None:
    # Its middle is empty space for Playwright; the pointer hits it within 12 pixels all the same.
    editor.edges.first.click(force=True)
    editor.press("Delete")
    expect(editor.edges).to_have_count(0)


def delete_a_node(editor: Editor) -> None:
    editor.node("add_1").click(position=TITLE)
    editor.press("Delete")
    expect(editor.node("add_1")).to_have_count(0)


def type_a_value(editor: Editor) -> None:
    editor.field("add_1", "a").fill("77")
    editor.field("add_1", "b").focus()


def move_a_node(editor: Editor) -> None:
    editor.node("view_1").click(position=TITLE)
    editor.press("Shift+ArrowRight")
    editor.press("Shift+ArrowRight")


def rename_a_node(editor: Editor) -> None:
    editor.node("view_1").click(position=TITLE)
    editor.press("F2")
    editor.page.keyboard.type("Answer")
    editor.press("Enter")


def duplicate_a_node(editor: Editor) -> None:
    editor.node("add_1").click(position=TITLE)
    editor.press("Control+d")
    expect(editor.node("add_2")).to_be_visible()


def collapse_a_node(editor: Editor) -> None:
    editor.node("add_1").click(position=TITLE)
    editor.press("h")


def add_a_note(editor: Editor) -> None:
    editor.drag_from_library("Note", 300, 500)
    expect(editor.nodes).to_have_count(3)


EDITS = [
    drop_a_node,
    connect_a_node,
    take_an_edge_away,
    delete_a_node,
    type_a_value,
    move_a_node,
    rename_a_node,
    duplicate_a_node,
    collapse_a_node,
    add_a_note,
]


@pytest.mark.parametrize("edit", EDITS)
def test_undo_takes_back_and_redo_does_again(edit: Callable[[Editor], None], editor: Editor, server: Server):
    name = f"undo {edit.__name__}"
    server.put_workflow(name, add_two().data())
    editor.open(name)
    before = saved(editor, server, name)
    edit(editor)
    after = saved(editor, server, name)
    assert after != before
    editor.canvas.focus()
    press_until(editor, "Control+z", lambda: saved(editor, server, name) == before)
    press_until(editor, "Control+Shift+z", lambda: saved(editor, server, name) == after)


def saved(editor: Editor, server: Server, name: str) -> Any:
    """The workflow as it is now, once the server has all of it."""
    editor.press("Control+s")
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible()
    editor.canvas.focus()
    return server.get(f"/workflows/{name}")


def press_until(editor: Editor, keys: str, is_done: Callable[[], bool]) -> None:
    """One edit of the user is one step, apart from what has to be done on the way to it."""
    for _ in range(2):
        editor.press(keys)
        if is_done():
            return
    raise AssertionError(f"{keys} did not do it")


def test_what_is_typed_into_a_field_is_one_step(sums: Editor):
    field = sums.field("add_1", "a")
    field.fill("")
    field.press_sequentially("123")
    sums.field("add_1", "b").focus()
    sums.canvas.focus()
    sums.press("Control+z")
    expect(field).to_have_value("1")


def test_undo_brings_a_deleted_node_back_with_its_edges_and_keeps_results(sums: Editor):
    sums.execute()
    sums.node("add_1").click(position=TITLE)
    sums.press("Delete")
    expect(sums.edges).to_have_count(0)
    sums.press("Control+z")
    expect(sums.edges).to_have_count(1)
    expect(sums.field("add_1", "b")).to_have_value("2")
    expect(sums.node("view_1").get_by_text("3", exact=True)).to_be_visible()


def test_copies_go_from_one_browser_tab_to_another(sums: Editor, context: BrowserContext, server: Server):
    sums.canvas.focus()
    sums.press("Control+a")
    sums.press("Control+c")
    other = Editor(context.new_page(), server.url)
    other.open()
    other.canvas.focus()
    other.press("Control+v")
    expect(other.nodes).to_have_count(2)
    expect(other.edges).to_have_count(1)
    other.press("Control+v")
    expect(other.nodes).to_have_count(4)
    other.execute()
    expect(other.side.get_by_role("article")).to_have_count(4)


def test_cutting_and_pasting_moves(sums: Editor):
    sums.node("view_1").click(position=TITLE)
    sums.press("Control+x")
    expect(sums.nodes).to_have_count(1)
    sums.press("Control+v")
    expect(sums.nodes).to_have_count(2)


def test_a_node_is_renamed_by_double_click_and_keeps_working(sums: Editor):
    sums.node("add_1").get_by_text("add", exact=True).dblclick()
    sums.page.keyboard.type("The sum")
    sums.press("Enter")
    sums.execute()
    expect(sums.card("The sum")).to_contain_text("3")


def test_a_node_is_collapsed_and_expanded_from_its_menu(sums: Editor):
    menu = sums.node("add_1").get_by_role("button", name="Menu of add")
    sums.node("add_1").hover()
    menu.click()
    sums.page.get_by_role("menuitem", name="Collapse").click()
    expect(sums.field("add_1", "a")).to_have_count(0)
    expect(sums.edges).to_have_count(1)
    sums.node("add_1").hover()
    menu.click()
    sums.page.get_by_role("menuitem", name="Expand").click()
    expect(sums.field("add_1", "a")).to_be_visible()


def test_a_colour_is_chosen_and_saved(sums: Editor, server: Server):
    before = header_colour(sums.page)
    sums.node("add_1").hover()
    sums.node("add_1").get_by_role("button", name="Menu of add").click()
    sums.page.get_by_role("menuitem", name="Colour").press("ArrowRight")
    sums.page.get_by_role("menuitem", name="Red").click()
    expect(sums.node("add_1")).to_be_visible()
    assert header_colour(sums.page) != before
    assert saved(sums, server, "sums")["layout"]["add_1"]["color"] == "red"


def header_colour(page: Page) -> str:
    find = "[data-id=add_1] [data-kind] > div"
    return page.locator(find).first.evaluate("element => getComputedStyle(element).backgroundColor")


def test_a_note_is_written_in_markdown(editor: Editor):
    editor.open()
    editor.drag_from_library("Note", 300, 300)
    note = editor.nodes.first
    note.dblclick()
    editor.page.get_by_label("Text of the note").fill("# Careful\n\nThis is **slow**.")
    editor.press("Escape")
    expect(note.get_by_role("heading", name="Careful")).to_be_visible()
    expect(note.locator("strong")).to_have_text("slow")


def test_several_nodes_are_aligned_and_distributed(editor: Editor, server: Server):
    flow = Flow().number("a", 1, 30, 20).number("b", 2, 200, 230).number("c", 3, 90, 600)
    server.put_workflow("crooked", flow.data())
    editor.open("crooked")
    editor.canvas.focus()
    editor.press("Control+a")
    bar = editor.page.get_by_role("toolbar", name="Selection")
    bar.get_by_role("button", name="Align left edges").click()
    bar.get_by_role("button", name="Distribute vertically").click()
    layout = saved(editor, server, "crooked")["layout"]
    assert len({layout[id_]["x"] for id_ in "abc"}) == 1
    tops = sorted(layout[id_]["y"] for id_ in "abc")
    assert abs((tops[1] - tops[0]) - (tops[2] - tops[1])) <= 1


def test_tidying_up_puts_nodes_from_left_to_right_along_their_edges(editor: Editor, server: Server):
    flow = example("worked-example")
    flow["layout"] = {id_: {"x": 0, "y": 0} for id_ in flow["layout"]}
    server.put_workflow("heap", flow)
    editor.open("heap")
    editor.page.get_by_role("button", name="Tidy up").click()
    expect(editor.canvas.get_by_text("Tidied up.")).to_be_attached()
    layout = saved(editor, server, "heap")["layout"]
    assert all(layout[edge["source"]]["x"] < layout[edge["target"]]["x"] for edge in flow["edges"])
    assert len({(place["x"], place["y"]) for place in layout.values()}) == len(layout)


def test_a_box_drawn_with_shift_selects_what_it_touches(sums: Editor):
    x, y = sums.canvas_point(10, 10)
    box = sums.node("view_1").bounding_box()
    assert box
    sums.page.keyboard.down("Shift")
    sums.page.mouse.move(x, y)
    sums.page.mouse.down()
    sums.page.mouse.move(box["x"] + 20, box["y"] + 20, steps=8)
    sums.page.mouse.up()
    sums.page.keyboard.up("Shift")
    expect(sums.page.get_by_role("toolbar", name="Selection")).to_contain_text("2 selected")


def test_a_node_is_moved_with_the_mouse_and_stays_on_the_grid(sums: Editor, server: Server):
    before = saved(sums, server, "sums")["layout"]["view_1"]
    header = sums.node("view_1").get_by_text("View", exact=True).first
    x, y = sums.middle(header)
    sums.drag_to(header, x + 100, y + 70)
    after = saved(sums, server, "sums")["layout"]["view_1"]
    assert (after["x"] % 16, after["y"] % 16) == (0, 0)
    assert (abs(after["x"] - before["x"] - 100) < 20, abs(after["y"] - before["y"] - 70) < 20) == (True, True)


def test_a_node_is_found_by_its_title(sums: Editor):
    sums.canvas.focus()
    sums.press("Control+f")
    expect(sums.dialog).to_be_visible()
    sums.page.keyboard.type("vie")
    sums.dialog.get_by_role("option", name=re.compile("View")).click()
    expect(sums.node("view_1").locator("[data-selected]").first).to_have_attribute("data-selected", "true")


def test_the_inspector_changes_the_selected_node(sums: Editor):
    sums.node("add_1").click(position=TITLE)
    inspector = sums.side
    inspector.get_by_label("a", exact=True).fill("40")
    expect(sums.field("add_1", "a")).to_have_value("40")
    inspector.get_by_label("Title of the node").fill("Forty and two")
    inspector.get_by_label("Title of the node").press("Enter")
    expect(sums.node("add_1").get_by_text("Forty and two")).to_be_visible()
