"""Every template that is shipped opens and runs."""

import pytest
from editor_page import Editor
from playwright.sync_api import expect
from sample_workflows import EXAMPLES, example

NEEDS_NETWORK = {"http_get", "llms/"}
TEMPLATES = [
    path.stem for path in sorted(EXAMPLES.glob("*.json")) if not any(word in path.read_text() for word in NEEDS_NETWORK)
]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_opens_runs_and_shows_its_values(name: str, editor: Editor):
    template = example(name)
    editor.open()
    editor.page.get_by_role("button", name="Start from a template").click()
    editor.dialog.get_by_role("button", name=template["title"]).click()
    expect(editor.dialog).to_be_hidden()
    expect(editor.status_line).to_contain_text(f"{len(template['nodes'])} nodes, {len(template['edges'])} edges")
    expect(editor.page.get_by_role("button", name="Problems: 0 errors")).to_be_visible()
    editor.press("Control+Enter")
    expect(editor.run_status).to_have_text("Succeeded", timeout=60_000)
    editor.press("Shift+!")
    expect(editor.canvas.get_by_text("Run the workflow to see the value here.")).to_have_count(0)


def test_a_template_takes_the_place_of_an_empty_workflow_and_is_nobodys_file(editor: Editor):
    editor.open()
    editor.page.get_by_role("button", name="Start from a template").click()
    editor.dialog.get_by_role("button").filter(has_text="nodes").first.click()
    expect(editor.page.get_by_role("tablist", name="Open workflows").get_by_role("tab")).to_have_count(1)
    expect(editor.status_line).to_contain_text("not saved to the server yet")
