"""What is around the canvas: settings, addresses, commands, panels, and how it all fits into a small window."""

import re
from collections.abc import Callable
from functools import reduce
from itertools import combinations

import pytest
from editor_page import Editor
from editor_server import Server
from page_watch import PageWatch
from playwright.sync_api import BrowserContext, FloatRect, Locator, expect
from sample_workflows import add_two, example


def test_the_theme_is_chosen_in_the_settings_and_kept(editor: Editor):
    editor.open()
    choose_theme(editor, "Dark")
    editor.expect_background("dark")
    choose_theme(editor, "Light")
    editor.expect_background("light")
    choose_theme(editor, "Dark")
    editor.reload()
    editor.expect_background("dark")


def choose_theme(editor: Editor, theme: str) -> None:
    editor.press("Control+,")
    editor.dialog.get_by_label("Theme").click()
    editor.page.get_by_role("option", name=theme, exact=True).click()
    editor.press("Escape")
    expect(editor.dialog).to_be_hidden()


def test_the_theme_follows_the_system_until_one_is_chosen(editor: Editor):
    editor.open()
    editor.use_theme("dark")
    editor.use_theme("light")
    editor.page.get_by_role("button", name="Use the dark theme").click()
    editor.expect_background("dark")
    editor.page.emulate_media(color_scheme="light")
    expect(editor.page.get_by_role("button", name="Use the light theme")).to_be_visible()
    editor.expect_background("dark")


def test_an_address_opens_its_workflow_in_a_fresh_browser(editor: Editor, server: Server):
    server.put_workflow("linked (Größe)", add_two().data())
    editor.page.goto(f"{server.url}/#/w/linked%20(Gr%C3%B6%C3%9Fe)")
    expect(editor.tab("linked (Größe)")).to_have_attribute("aria-selected", "true")
    expect(editor.nodes).to_have_count(2)
    # The empty workflow that an editor begins with has made room for it.
    expect(editor.page.get_by_role("tablist", name="Open workflows").get_by_role("tab")).to_have_count(1)


def test_the_address_says_which_workflow_is_open(editor: Editor, server: Server):
    server.put_workflow("addressed", add_two().data())
    editor.open("addressed")
    expect(editor.page).to_have_url(re.compile(r"#/w/addressed$"))
    editor.press("Alt+n")
    expect(editor.page).to_have_url(re.compile(r"#/$"))
    editor.tab("addressed").click()
    expect(editor.page).to_have_url(re.compile(r"#/w/addressed$"))


def test_the_address_of_a_run_shows_its_values(
    editor: Editor, server: Server, new_context: Callable[[], BrowserContext]
):
    server.put_workflow("to be linked", add_two(30, 3).data())
    editor.open("to be linked")
    editor.execute()
    run = server.get("/runs")["runs"][0]["id"]
    other = Editor(new_context().new_page(), server.url)
    other.page.goto(f"{server.url}/#/runs/{run}")
    expect(other.side.get_by_role("article").last).to_contain_text("33")


def test_an_address_that_leads_nowhere_says_so_and_leaves_a_working_editor(
    editor: Editor, server: Server, watch: PageWatch
):
    watch.allow("404 \\(Not Found\\)")
    editor.page.goto(f"{server.url}/#/w/nobody%20wrote%20this")
    expect(editor.page.get_by_role("region", name="Notifications").get_by_role("listitem").first).to_be_visible()
    editor.drag_from_library("add", 300, 200)
    expect(editor.node("add_1")).to_be_visible()


def test_every_command_of_the_palette_has_a_name_and_the_cheat_sheet_lists_its_keys(editor: Editor):
    editor.open()
    editor.press("Control+k")
    expect(editor.page.get_by_placeholder("Type what you want to do")).to_be_focused()
    editor.page.keyboard.type("cheat")
    expect(editor.dialog).to_contain_text("No command answers to this.")
    for _ in range(5):
        editor.press("Backspace")
    editor.page.keyboard.type("shortcuts")
    editor.press("Enter")
    sheet = editor.page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Execute", "Undo", "Connect to …", "Add a node at the pointer", "Find in the workflow …"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    editor.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize(("number", "name"), [(1, "Library"), (2, "Outline"), (3, "Workflows"), (4, "Runs")])
def test_panels_are_opened_and_closed_by_key_and_remembered(number: int, name: str, editor: Editor):
    editor.open()
    panel = editor.page.get_by_role("region", name=name, exact=True)
    if name != "Library":
        editor.press(f"Alt+{number}")
        expect(panel).to_be_visible()
        editor.page.reload()
        expect(panel).to_be_visible()
    editor.press(f"Alt+{number}")
    expect(panel).to_be_hidden()


def test_the_outline_is_the_workflow_as_a_tree_and_selects_by_key(editor: Editor, server: Server):
    server.put_workflow("outlined", example("worked-example"))
    editor.open("outlined")
    editor.press("Alt+2")
    tree = editor.page.get_by_role("tree", name="Nodes")
    expect(tree.get_by_role("treeitem", level=1)).to_have_count(9)
    tree.focus()
    editor.press("End")
    editor.press("Enter")
    expect(editor.node("View").locator("[data-selected]").first).to_have_attribute("data-selected", "true")


def test_a_panel_is_made_wider_with_the_mouse_and_stays_so(editor: Editor):
    editor.open()
    handle = editor.page.get_by_role("separator", name="Resize left panel")
    width = box_of(editor.library)["width"]
    x, y = editor.middle(handle)
    editor.drag_to(handle, x + 80, y)
    assert abs(box_of(editor.library)["width"] - width - 80) < 16
    editor.reload()
    expect(editor.library).to_be_visible()
    assert abs(box_of(editor.library)["width"] - width - 80) < 16


def test_nothing_opens_and_the_view_stands_still_while_a_node_is_dragged(editor: Editor, server: Server):
    server.put_workflow("dragged", add_two().data())
    editor.open("dragged")
    header = editor.node("view_1").get_by_text("View", exact=True).first
    other = editor.node("add_1").bounding_box()
    x, y = editor.middle(header)
    header.hover()
    editor.page.mouse.down()
    editor.page.mouse.move(x + 40, y + 40, steps=4)
    expect(editor.node("view_1").locator("[data-selected]").first).to_have_attribute("data-selected", "true")
    # Longer than the pause in which nothing moves because it may become a double click.
    editor.page.wait_for_function(
        "began => performance.now() > began + 600", arg=editor.page.evaluate("performance.now()")
    )
    assert editor.node("add_1").bounding_box() == other
    expect(editor.side).to_be_hidden()
    editor.page.mouse.up()
    expect(editor.side.get_by_label("Title of the node")).to_be_visible()


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box is not None
    return box


@pytest.fixture
def small(new_context: Callable[..., BrowserContext], server: Server) -> Editor:
    """The editor in a window of 1024 by 700."""
    return Editor(new_context(1024, 700).new_page(), server.url)


@pytest.mark.parametrize("panel", ["Library", "Outline", "Workflows", "Runs"])
def test_nothing_overlaps_or_is_cut_off_in_a_small_window(panel: str, small: Editor, server: Server):
    server.put_workflow("small", example("worked-example"))
    small.open("small")
    small.execute()
    small.page.get_by_role("button", name="Problems:").click()
    expect(small.problems).to_be_visible()
    if panel != "Library":
        small.page.get_by_role("button", name=panel, exact=True).click()
    left = small.page.get_by_role("region", name=panel, exact=True)
    expect(left).to_be_visible()
    boxes = boxes_of(
        {
            "top": small.page.get_by_role("banner"),
            "rail": small.page.get_by_role("navigation", name="Panels"),
            "left": left,
            "canvas": small.canvas,
            "problems": small.problems,
            "side": small.side,
            "bottom": small.status_line,
        }
    )
    assert [name for name, box in boxes.items() if not is_inside(box, 1024, 700)] == []
    assert [(a, b) for a, b in combinations(boxes, 2) if overlap(boxes[a], boxes[b])] == []
    assert boxes["canvas"]["width"] >= 360
    assert small.page.evaluate(CUT_OFF) == []


def boxes_of(elements: dict[str, Locator]) -> dict[str, FloatRect]:
    """Where they are, all at the same moment: one after the other they would be of different views."""
    both = reduce(Locator.or_, elements.values())
    boxes: list[FloatRect] = both.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())")
    # In the order of the page, which is that of reading: top, rail, left, canvas and so on.
    assert len(boxes) == len(elements)
    return dict(zip(elements, boxes, strict=True))


def is_inside(box: FloatRect, width: float, height: float) -> bool:
    return (
        min(box["x"], box["y"]) >= 0
        and box["x"] + box["width"] <= width + 0.5
        and box["y"] + box["height"] <= height + 0.5
    )


def overlap(a: FloatRect, b: FloatRect) -> bool:
    slack = 1
    return (
        a["x"] + slack < b["x"] + b["width"]
        and b["x"] + slack < a["x"] + a["width"]
        and a["y"] + slack < b["y"] + b["height"]
        and b["y"] + slack < a["y"] + a["height"]
    )


CUT_OFF = """() => [...document.querySelectorAll("header button, nav button, footer, footer *, [role=toolbar] button")]
  .filter(element => element.checkVisibility() && !element.closest(".visually-hidden"))
  .filter(element => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const isOutside = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
    return isOutside || element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline";
  })
  .map(element => element.getAttribute("aria-label") ?? element.textContent)"""


def test_buttons_are_large_enough_to_hit(small: Editor):
    small.open()
    small.drag_from_library("add", 200, 120)
    small.side.get_by_label("Title of the node").hover()
    assert small.page.evaluate(TOO_SMALL) == []


TOO_SMALL = """() => [...document.querySelectorAll("button, input, select, textarea, [role=switch]")]
  .filter(element => element.checkVisibility() && !element.closest("[aria-hidden=true]"))
  .map(element => [element, element.getBoundingClientRect()])
  .filter(([element, { width, height }]) => width > 0 && (width < 23.5 || height < 23.5))
  .map(([element, { width, height }]) => [element.getAttribute("aria-label") ?? element.textContent, width, height])"""


@pytest.mark.parametrize("dialog", ["Settings …", "Keyboard shortcuts", "Start from a template …", "Save as …"])
def test_dialogs_fit_into_a_small_window(dialog: str, small: Editor):
    small.open()
    small.command(dialog)
    box = box_of(small.page.get_by_role("dialog").filter(has_not_text="Type what you want").first)
    assert is_inside(box, 1024, 700)
