"""Files from elsewhere: earlier editors' ones, ones with nodes that are not there, and ones that are no workflows."""

import json
from pathlib import Path
from typing import Any

from editor_page import TITLE, Editor
from editor_server import Server
from playwright.sync_api import expect
from sample_workflows import Flow

OLD_EDGES = [
    {
        "id": "reactflow__edge-n-output-a-a",
        "source": "n",
        "sourceHandle": "output",
        "target": "a",
        "targetHandle": "a",
        "type": "smoothstep",
        "animated": True,
        "selected": False,
    },
    {"id": "e2", "source": "a", "sourceHandle": "result", "target": "v", "targetHandle": "input"},
]


def old_node(id_: str, type_: str, x: float, **data: object) -> dict[str, Any]:
    place = {"x": x, "y": 100}
    # As earlier editors saved them: with what React Flow and the last run had left in them.
    return {
        "id": id_,
        "type": type_,
        "position": place,
        "positionAbsolute": place,
        "width": 200,
        "height": 120,
        "selected": id_ == "a",
        "dragging": False,
        "data": {**data, "edges": OLD_EDGES},
    }


OLD_FILE = {
    "nodes": [
        old_node("n", "variableNode", 0, variableName="n", variableType="Number", variableValue="40"),
        old_node("a", "functionNode", 300, functionName="add", label="add", b=2, params=[{"name": "gone"}]),
        old_node("v", "viewNode", 600, value=99, label="View"),
    ],
    "edges": OLD_EDGES,
    "viewport": {"x": 0, "y": 0, "zoom": 1},
}
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "application/json" }));
  const options = { dataTransfer: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new DragEvent("dragover", options));
  document.body.dispatchEvent(new DragEvent("drop", options));
}"""


def drop(editor: Editor, name: str, text: str) -> None:
    """As a file manager does it; Playwright cannot drag files."""
    editor.page.evaluate(DROP, [name, text])


def test_an_earlier_editors_file_is_opened_by_dropping_it_and_runs(editor: Editor):
    editor.open()
    drop(editor, "old.json", json.dumps(OLD_FILE))
    expect(editor.nodes).to_have_count(3)
    expect(editor.edges).to_have_count(2)
    expect(editor.node("v").get_by_text("Run the workflow to see the value here.")).to_be_visible()
    editor.execute()
    expect(editor.card("View").get_by_role("code")).to_have_text("42")


def test_an_earlier_editors_file_is_opened_from_the_disk_and_saved_without_its_leftovers(
    editor: Editor, server: Server, tmp_path: Path
):
    file = tmp_path / "old.json"
    file.write_text(json.dumps(OLD_FILE), encoding="utf-8")
    editor.open()
    with editor.page.expect_file_chooser() as chooser:
        editor.page.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(file)
    expect(editor.nodes).to_have_count(3)
    editor.press("Control+s")
    editor.dialog.get_by_label("Name").fill("from long ago")
    editor.press("Enter")
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible()
    text = json.dumps(server.get("/workflows/from long ago"))
    assert not [word for word in ("positionAbsolute", "dragging", "selected", '"params"', "99") if word in text]


def test_the_same_file_can_be_opened_twice_in_a_row(editor: Editor, tmp_path: Path):
    file = tmp_path / "flow.json"
    file.write_text(json.dumps(Flow().number("n", 1, 40, 40).data()), encoding="utf-8")
    editor.open()
    editor.press("Alt+3")
    button = editor.page.get_by_role("button", name="Open a file from this computer")
    for count in (1, 2):
        with editor.page.expect_file_chooser() as chooser:
            button.click()
        chooser.value.set_files(file)
        expect(editor.tab("flow")).to_have_count(count)
        expect(editor.node("n")).to_be_visible()


def test_a_node_that_is_not_installed_keeps_its_values_and_edges_through_a_save(editor: Editor, server: Server):
    flow = (
        Flow()
        .function("m", "faraway/ops.py:mystery", 40, 40, depth=3, words=["a", "b"])
        .view("v", 400, 40)
        .wire("m.result", "v.input")
    )
    server.put_workflow("unknown", flow.data())
    editor.open("unknown")
    node = editor.node("m")
    expect(node).to_contain_text("“mystery” is not installed. Add the nodepack “faraway”")
    expect(editor.edges).to_have_count(1)
    node.click(position=TITLE)
    editor.press("Shift+ArrowDown")
    expect(editor.status_line.get_by_text("Saved", exact=True)).to_be_visible()
    editor.press("Control+s")
    expect(editor.page.get_by_text("Saved “unknown”.")).to_be_visible()
    saved = server.get("/workflows/unknown")
    (data,) = (one["data"] for one in saved["nodes"] if one["id"] == "m")
    assert (data["depth"], data["words"], data["ref"]) == (3, ["a", "b"], "faraway/ops.py:mystery")
    assert len(saved["edges"]) == 1
    editor.execute()
    expect(editor.run_status).to_have_text("Failed")


def test_a_file_that_is_no_workflow_is_refused_in_words(editor: Editor):
    editor.open()
    for text, why in (("{ not json", "not JSON"), ('{"a": 1}', "was not opened"), ("[1, 2]", "was not opened")):
        drop(editor, "odd.json", text)
        expect(editor.page.get_by_role("listitem").filter(has_text=why).first).to_be_visible()
    expect(editor.nodes).to_have_count(0)
    expect(editor.page.get_by_role("tab", name="Untitled")).to_have_count(1)


def test_a_workflow_in_the_clipboard_is_pasted_onto_the_canvas(editor: Editor):
    editor.open()
    editor.page.evaluate("text => navigator.clipboard.writeText(text)", json.dumps(OLD_FILE))
    editor.canvas.focus()
    editor.press("Control+v")
    # Not all of them are in view, and what is not is not drawn.
    expect(editor.status_line).to_contain_text("3 nodes, 2 edges")
