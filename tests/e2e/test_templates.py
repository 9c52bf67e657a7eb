"""Every template that is shipped opens and runs."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_findings import findings
from editor_page import Editor
from editor_server import Server
from nodes_page import PATIENCE
from playwright.sync_api import Locator, expect
from sample_workflows import EXAMPLES, example

sys.path.append(str(Path(__file__).parents[1] / "nodepacks_shipped"))

from model_server import KEY, ModelServer

ALL = [path.stem for path in sorted(EXAMPLES.glob("*.json"))]
ASKING = {"ask-a-model": "model", "facts-from-a-letter": "read"}
"""Those that ask a language model, with the node that does."""


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.stop()


@pytest.fixture
def no_key(server: Server) -> Iterator[None]:
    """Takes away the key that the test has given to the server."""
    yield
    httpx.delete(f"{server.url}/secrets/OPENAI_API_KEY")


def gallery(editor: Editor) -> Locator:
    """The gallery, opened in an editor that has just been opened."""
    editor.open()
    editor.page.get_by_role("button", name="Start from a template").click()
    expect(editor.dialog.get_by_role("region", name="First steps")).to_be_visible()
    return editor.dialog


def open_template(editor: Editor, name: str) -> None:
    template = example(name)
    gallery(editor).get_by_role("button", name=template["title"], exact=True).click()
    expect(editor.dialog).to_be_hidden()
    expect(editor.status_line).to_contain_text(f"{len(template['nodes'])} nodes, {len(template['edges'])} edges")


def expect_success(editor: Editor) -> None:
    expect(editor.run_status).to_have_text("Succeeded", timeout=PATIENCE)
    expect(editor.canvas.get_by_text("Run the workflow to see the value here.")).to_have_count(0)
    expect(editor.side.locator('[data-status="failed"], [data-status="skipped"]')).to_have_count(0)


@pytest.mark.parametrize("name", [name for name in ALL if name not in ASKING])
def test_a_template_opens_runs_and_shows_its_values(name: str, editor: Editor):
    open_template(editor, name)
    expect(editor.page.get_by_role("button", name="Problems: 0 errors")).to_be_visible()
    editor.press("Control+Enter")
    expect(editor.run_status).to_have_text("Succeeded", timeout=PATIENCE)
    editor.press("Shift+!")
    expect_success(editor)


@pytest.mark.parametrize("name", ASKING)
def test_a_template_that_asks_a_model_says_which_setting_is_missing_and_runs_with_it(
    name: str, editor: Editor, model_server: ModelServer, no_key: None
):
    open_template(editor, name)
    editor.press("Control+Enter")
    expect(editor.run_status).to_have_text("Failed", timeout=PATIENCE)
    card = editor.side.get_by_role("article").filter(has_text="OPENAI_API_KEY")
    expect(card).to_contain_text("api_key: the secret OPENAI_API_KEY is not set")
    expect(card).to_contain_text("Set OPENAI_API_KEY among the secrets in the settings")

    editor.go_to("#/settings/secrets")
    editor.dialog.get_by_label("Name").fill("OPENAI_API_KEY")
    editor.dialog.get_by_label("Value").fill(KEY)
    editor.dialog.get_by_role("button", name="Add secret").click()
    expect(editor.dialog.get_by_role("listitem").filter(has_text="OPENAI_API_KEY")).to_be_visible()
    editor.press("Escape")
    field = editor.field(ASKING[name], "base_url")
    field.fill(model_server.url)
    field.press("Enter")
    editor.page.get_by_role("button", name="Execute", exact=True).click()
    expect_success(editor)


def test_the_gallery_shows_every_template_with_its_picture_and_can_be_used_by_everybody(editor: Editor):
    dialog = gallery(editor)
    pictures = dialog.locator("img")
    expect(pictures).to_have_count(len(ALL))
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert list(findings(editor)) == []


def test_the_gallery_is_searched_and_used_with_the_keyboard(editor: Editor):
    dialog = gallery(editor)
    expect(dialog.get_by_role("button", name="Hello, text")).to_be_focused()
    dialog.get_by_role("searchbox", name="Search templates").fill("pivot")
    # The button that empties the field is before it.
    editor.press("Tab")
    editor.press("Tab")
    expect(dialog.get_by_role("button", name="Two tables as one")).to_be_focused()
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    editor.press("Enter")
    expect(editor.dialog).to_be_hidden()
    expect(editor.status_line).to_contain_text("10 nodes")


def test_a_template_takes_the_place_of_an_empty_workflow_and_is_nobodys_file(editor: Editor):
    gallery(editor).get_by_role("button", name="Hello, text").click()
    expect(editor.page.get_by_role("tablist", name="Open workflows").get_by_role("tab")).to_have_count(1)
    expect(editor.status_line).to_contain_text("not saved to the server yet")
