"""The flow of the document, from the library to the answer, and every way to add a node."""

import re

from editor_page import TITLE, Editor
from editor_server import Server
from playwright.sync_api import Locator, expect
from sample_workflows import Flow, add_two

VALUES = (5, 3, 2, 4)


def test_the_worked_example_is_built_with_the_mouse_and_gives_48(editor: Editor):
    editor.open()
    editor.page.get_by_role("button", name="Zoom out").click()
    for number, value in enumerate(VALUES, start=1):
        editor.drag_from_library("Variable", 130, 60 + 130 * (number - 1))
        node = editor.node(f"variable_{number}")
        node.get_by_label("Type").select_option("Number")
        node.get_by_label("Value", exact=True).fill(str(value))
    editor.drag_from_library("add", 370, 120)
    editor.drag_from_library("add", 370, 380)
    editor.drag_from_library("multiply", 610, 250)
    editor.drag_from_library("View", 580, 450)
    for number, (target, port) in enumerate([("add_1", "a"), ("add_1", "b"), ("add_2", "a"), ("add_2", "b")], start=1):
        editor.wire(f"variable_{number}", "output", target, port)
    editor.wire("add_1", "result", "multiply_1", "a")
    editor.wire("add_2", "result", "multiply_1", "b")
    editor.wire("multiply_1", "result", "view_1", "input")
    expect(editor.edges).to_have_count(7)

    editor.execute()

    expect(editor.run_status).to_have_text("Succeeded")
    sums = [("add", 8), ("add", 6)]
    titles = [*(("Variable", value) for value in VALUES), *sums, ("multiply", 48), ("View", 48)]
    # Which of the two sums begins first is left to the moment.
    orders = (titles, [*titles[:4], *reversed(sums), *titles[6:]])
    expect(cards(editor)).to_have_count(len(titles))
    assert [shown(text) for text in cards(editor).all_inner_texts()] in [
        [(str(number), title, str(value)) for number, (title, value) in enumerate(order, start=1)] for order in orders
    ]
    editor.press("Shift+!")
    expect(editor.node("view_1").get_by_text("48", exact=True)).to_be_in_viewport()


def cards(editor: Editor) -> Locator:
    return editor.side.get_by_role("article")


def shown(card: str) -> tuple[str, str, str]:
    """The number, the title and the output that a card shows."""
    lines = [line for line in card.split("\n") if line]
    return lines[0], lines[1], lines[-1]


def test_the_worked_example_is_built_without_a_mouse(editor: Editor):
    editor.open()
    reach_canvas(editor)
    for value, name in zip(VALUES, ("five", "three", "two", "four"), strict=True):
        add_with_keys(editor, "variable")
        rename_with_keys(editor, name)
        editor.press("Enter")
        expect(editor.page.locator(":focus")).to_have_attribute("id", re.compile("type"))
        editor.page.keyboard.type("Num")
        editor.press("Tab")
        editor.page.keyboard.type(str(value))
        # Escape would take back what was typed.
        editor.press("Shift+Tab")
        editor.press("Escape")
        expect(editor.canvas).to_be_focused()
    for name, inputs in (("sum", ("five", "three")), ("other", ("two", "four"))):
        add_with_keys(editor, "add")
        rename_with_keys(editor, name)
        connect_with_keys(editor, "a", inputs[0])
        connect_with_keys(editor, "b", inputs[1])
    add_with_keys(editor, "multiply")
    connect_with_keys(editor, "a", "sum")
    connect_with_keys(editor, "b", "other")
    add_with_keys(editor, "view")
    connect_with_keys(editor, "input", "multiply")
    expect(editor.edges).to_have_count(7)

    editor.execute()

    expect(editor.card("View")).to_contain_text("48")


def test_nodes_added_with_keys_cover_nothing(editor: Editor):
    editor.open()
    reach_canvas(editor)
    add_with_keys(editor, "variable")
    add_with_keys(editor, "add")
    assert not overlapping(editor)


def reach_canvas(editor: Editor) -> None:
    """Past the library, as somebody without a mouse has to."""
    editor.press("Tab")
    expect(editor.page.get_by_role("button", name="Skip to the canvas")).to_be_focused()
    editor.press("Enter")
    expect(editor.canvas).to_be_focused()


def add_with_keys(editor: Editor, what: str) -> None:
    editor.press("n")
    expect(editor.page.get_by_placeholder("Add a node")).to_be_focused()
    editor.page.keyboard.type(what)
    options = editor.page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_have_text(re.compile(rf"^{what}", re.IGNORECASE))
    editor.press("Enter")
    expect(editor.canvas).to_be_focused()


def rename_with_keys(editor: Editor, title: str) -> None:
    editor.press("F2")
    expect(editor.canvas.get_by_label("Title of the node")).to_be_focused()
    editor.page.keyboard.type(title)
    editor.press("Enter")
    expect(editor.canvas).to_be_focused()


def connect_with_keys(editor: Editor, port: str, source: str) -> None:
    editor.press("c")
    expect(editor.page.get_by_placeholder("Connect to")).to_be_focused()
    wanted = (
        editor.page.get_by_role("listbox")
        .get_by_role("option")
        .filter(has_text=re.compile(rf"^{port}\s*from\s*{source} ·"))
    )
    editor.page.keyboard.type(f"{port} {source}")
    expect(wanted).to_be_visible()
    for _ in range(20):
        if wanted.get_attribute("aria-selected") == "true":
            break
        editor.press("ArrowDown")
    editor.press("Enter")
    expect(editor.canvas).to_be_focused()


def overlapping(editor: Editor) -> list[tuple[int, int]]:
    """Which nodes lie over each other, by their places in the page."""
    editor.press("Shift+!")
    # All at once: the view is still moving, and one box after the other would be of different views.
    boxes = editor.nodes.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().toJSON())")
    return [
        (one, other)
        for one, a in enumerate(boxes)
        for other, b in enumerate(boxes[:one])
        if a["x"] < b["x"] + b["width"]
        and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"]
        and b["y"] < a["y"] + a["height"]
    ]


def test_a_double_click_opens_the_palette_and_adds_where_it_was(editor: Editor):
    editor.open()
    x, y = editor.canvas_point(200, 160)
    editor.page.mouse.dblclick(x, y)
    expect(editor.page.get_by_placeholder("Add a node")).to_be_focused()
    editor.page.keyboard.type("multiply")
    editor.press("Enter")
    expect(editor.node("multiply_1")).to_be_visible()
    box = editor.node("multiply_1").bounding_box()
    assert box
    assert (abs(box["x"] - x) < 40, abs(box["y"] - y) < 80) == (True, True)


def test_tab_opens_the_palette_at_the_pointer_and_escape_leaves_all_as_it_was(editor: Editor):
    editor.open()
    x, y = editor.canvas_point(120, 120)
    editor.page.mouse.click(x, y)
    editor.press("Tab")
    field = editor.page.get_by_placeholder("Add a node")
    expect(field).to_be_focused()
    editor.press("Escape")
    expect(field).to_be_hidden()
    expect(editor.canvas).to_be_focused()
    expect(editor.nodes).to_have_count(0)


def test_a_wire_dropped_on_nothing_offers_only_what_fits_and_connects_it(editor: Editor, server: Server):
    server.put_workflow("dropped wire", Flow().function("split_text_1", "basic/ops.py:split_text", 40, 40).data())
    editor.open("dropped wire")
    box = editor.node("split_text_1").bounding_box()
    assert box
    editor.drag_to(editor.port("split_text_1", "result", "output"), box["x"] + box["width"] + 150, box["y"] + 60)
    palette = editor.page.get_by_role("listbox")
    expect(palette.get_by_role("option", name="list_length")).to_be_visible()
    expect(palette.get_by_role("option", name="absolute")).to_have_count(0)
    editor.page.keyboard.type("list_length")
    editor.press("Enter")
    expect(editor.node("list_length_1")).to_be_visible()
    expect(editor.edges).to_have_count(1)
    expect(editor.port("list_length_1", "items", "input")).to_have_attribute("data-connected", "true")


def test_a_node_is_inserted_on_an_edge_by_dropping_it_there_and_by_key(editor: Editor, server: Server):
    flow = Flow().number("n", 4, 40, 40).view("v", 800, 40).wire("n.output", "v.input")
    server.put_workflow("inserted", flow.data())
    editor.open("inserted")
    edge = editor.edges.locator("path").first.bounding_box()
    canvas = editor.canvas.bounding_box()
    assert edge
    assert canvas
    editor.drag_from_library(
        "absolute",
        edge["x"] + edge["width"] / 2 - canvas["x"],
        edge["y"] + edge["height"] / 2 - canvas["y"],
    )
    expect(editor.edges).to_have_count(2)
    editor.node("n").click(position=TITLE)
    editor.press("i")
    expect(editor.page.get_by_placeholder("Insert a node")).to_be_focused()
    editor.page.keyboard.type("round")
    editor.press("Enter")
    expect(editor.edges).to_have_count(3)
    editor.execute()
    expect(editor.card("View")).to_contain_text("4")


def test_a_connection_that_makes_no_sense_is_refused_with_the_reason(editor: Editor, server: Server):
    flow = (
        Flow()
        .function("split_text_1", "basic/ops.py:split_text", 40, 40)
        .function("absolute_1", "basic/ops.py:absolute", 380, 40)
    )
    server.put_workflow("refused type", flow.data())
    editor.open("refused type")
    editor.wire("split_text_1", "result", "absolute_1", "number")
    note = editor.page.get_by_role("alert")
    expect(note).to_contain_text("gives list")
    expect(note).to_contain_text("takes")
    expect(editor.edges).to_have_count(0)
    editor.press("Escape")
    expect(note).to_be_hidden()


def test_a_circle_is_refused_and_named(editor: Editor, server: Server):
    flow = (
        Flow()
        .function("add_1", "basic/ops.py:add", 40, 40)
        .function("absolute_1", "basic/ops.py:absolute", 400, 40)
        .wire("add_1.result", "absolute_1.number")
    )
    server.put_workflow("refused circle", flow.data())
    editor.open("refused circle")
    editor.wire("absolute_1", "result", "add_1", "a")
    expect(editor.page.get_by_role("alert")).to_contain_text("circle: add → absolute → add")
    expect(editor.edges).to_have_count(1)


def test_a_second_edge_into_an_input_takes_the_place_of_the_first(editor: Editor, server: Server):
    flow = add_two().number("n", 9, 40, 300)
    server.put_workflow("replaced", flow.data())
    editor.open("replaced")
    editor.wire("n", "output", "view_1", "input")
    expect(editor.edges).to_have_count(1)
    editor.execute()
    expect(editor.card("View")).to_contain_text("9")


def test_an_edge_is_taken_away_by_dragging_its_end_off(editor: Editor, server: Server):
    server.put_workflow("dragged off", add_two().data())
    editor.open("dragged off")
    port = editor.port("view_1", "input", "input")
    port.hover()
    x, y = editor.middle(port)
    editor.page.mouse.move(x - 16, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x - 40, y + 200, steps=8)
    editor.page.mouse.up()
    expect(editor.edges).to_have_count(0)


def test_the_library_is_searched_and_enter_adds_the_best_answer(editor: Editor):
    editor.open()
    editor.press("/")
    field = editor.library.get_by_role("searchbox")
    expect(field).to_be_focused()
    editor.page.keyboard.type("word coun")
    results = editor.library.get_by_role("list", name="Search results").get_by_role("button")
    expect(results.first).to_contain_text("word_count")
    editor.press("Enter")
    expect(editor.node("word_count_1")).to_be_visible()


def test_values_typed_into_the_fields_of_a_node_are_used(editor: Editor, server: Server):
    server.put_workflow("typed", add_two().data())
    editor.open("typed")
    editor.field("add_1", "a").fill("40")
    editor.field("add_1", "b").fill("2.5")
    editor.execute()
    expect(editor.card("View")).to_contain_text("42.5")
