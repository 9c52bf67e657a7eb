"""The library follows the code: what is edited on disk shows by itself, what is broken says why."""

import re

from editor_page import Editor
from editor_server import Server, wait_for
from playwright.sync_api import Locator, expect
from sample_workflows import Flow


def item(editor: Editor, name: str) -> Locator:
    return editor.library.get_by_role("button", name=name, exact=True)


def test_a_function_written_on_disk_turns_up_and_can_be_run(editor: Editor, server: Server):
    editor.open()
    server.write_pack("mine", 'def triple(x: int) -> int:\n    """Three times x."""\n    return 3 * x\n')
    expect(item(editor, "triple")).to_be_visible()
    item(editor, "triple").hover()
    expect(editor.page.get_by_role("tooltip")).to_contain_text("Three times x.")
    item(editor, "triple").click()
    editor.field("triple_1", "x").fill("14")
    editor.execute()
    expect(editor.card("triple")).to_contain_text("42")


def test_an_edited_function_changes_in_the_library_and_in_open_workflows(editor: Editor, server: Server):
    server.write_pack("changing", "def grow(x: int) -> int:\n    return x + 1\n")
    wait_for(lambda: "grow" in {schema["name"] for schema in server.get("/get_schema")})
    server.put_workflow("growing", Flow().function("g", "changing/ops.py:grow", 40, 40, x=1).data())
    editor.open("growing")
    editor.execute()
    expect(editor.card("grow")).to_contain_text("2")
    server.write_pack("changing", "def grow(x: int, by: int) -> int:\n    return x + by\n")
    editor.field("g", "by").fill("41")
    editor.execute()
    expect(editor.card("grow")).to_contain_text("42")


def test_a_function_that_goes_away_leaves_its_node_and_comes_back(editor: Editor, server: Server):
    source = "def passing(x: int) -> int:\n    return x\n"
    server.write_pack("fleeting", source)
    wait_for(lambda: "passing" in {schema["name"] for schema in server.get("/get_schema")})
    server.put_workflow("fleeting", Flow().function("p", "fleeting/ops.py:passing", 40, 40, x=5).data())
    editor.open("fleeting")
    server.write_pack("fleeting", "")
    expect(editor.node("p")).to_contain_text("“passing” is not installed")
    server.write_pack("fleeting", source)
    expect(editor.field("p", "x")).to_have_value("5")


def test_a_pack_that_fails_says_why_and_works_once_it_is_mended(editor: Editor, server: Server):
    editor.open()
    server.write_pack("broken", "import a_module_that_nobody_has\n")
    failures = editor.page.get_by_role("region", name="Could not be loaded")
    expect(failures).to_contain_text("1 could not be loaded")
    failures.get_by_text("broken", exact=True).click()
    expect(failures).to_contain_text("No module named 'a_module_that_nobody_has'")
    expect(failures).to_contain_text(re.compile(r"ops\.py.*line 1", re.DOTALL))
    failures.get_by_role("button", name="Load again").click()
    expect(failures).to_contain_text("1 could not be loaded")
    server.write_pack("broken", "def mended() -> int:\n    return 1\n")
    expect(failures).to_be_hidden()
    expect(item(editor, "mended")).to_be_visible()


def test_two_packs_with_the_same_function_are_told_apart(editor: Editor, server: Server):
    for pack, value in (("one", 1), ("two", 2)):
        server.write_pack(pack, f"def same() -> int:\n    return {value}\n")
    wait_for(lambda: sum(schema["name"] == "same" for schema in server.get("/get_schema")) == 2)
    server.put_workflow("ambiguous", Flow().node("s", "functionNode", 40, 40, functionName="same").data())
    editor.open("ambiguous")
    expect(editor.node("s")).to_contain_text("Several nodepacks have this function. Choose one:")
    editor.node("s").get_by_role("button", name="two", exact=True).click()
    editor.execute()
    expect(editor.card("same")).to_contain_text("2")
