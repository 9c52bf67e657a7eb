"""A nodepack whose libraries are not installed is an offer in the library, and works once it is taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_findings import findings
from editor_page import Editor
from editor_server import Server, start_server
from lean_base import make_lean_base, rebuild_wheel
from local_index import LocalIndex
from nodes_page import PATIENCE, NodesPage
from playwright.sync_api import expect


@pytest.fixture
def server(tmp_path: Path, index: LocalIndex) -> Iterator[Server]:
    """One on a Python without Pillow, which an index on loopback has."""
    index.add(rebuild_wheel("pillow", tmp_path / "wheels"))
    python = make_lean_base(tmp_path / "base", "pillow")
    nodepacks = tmp_path / "nodepacks"
    nodepacks.mkdir()
    server = start_server(tmp_path / "data", nodepacks, python=python)
    yield server
    server.stop()


def test_the_library_offers_what_a_nodepack_needs_and_it_works_at_once(editor: Editor):
    editor.open()
    offers = editor.library.get_by_role("region", name="More nodes")
    row = offers.get_by_role("listitem").filter(has_text="images")
    expect(row).to_contain_text("needs 1 more library")
    expect(editor.library.get_by_role("region", name="Could not be loaded")).to_be_hidden()
    assert list(findings(editor)) == []

    row.get_by_role("button", name="Add the libraries for images").press("Enter")
    nodes = NodesPage(editor)
    expect(nodes.plan).to_contain_text("Install the libraries for images?", timeout=PATIENCE)
    expect(nodes.plan).to_contain_text("own installation stays as it is")
    expect(nodes.plan.get_by_role("list", name="Changes")).to_contain_text("pillow")
    assert list(findings(editor)) == []
    nodes.agree()
    nodes.expect_done("The libraries for images are installed.")
    expect(nodes.row("Libraries for images")).to_contain_text("library pillow")
    editor.press("Escape")
    expect(editor.library.get_by_role("button", name="gradient_image", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(offers).to_be_hidden()


def test_a_template_that_needs_them_offers_them_and_then_runs(editor: Editor):
    editor.open()
    editor.page.get_by_role("button", name="Start from a template").click()
    editor.dialog.get_by_role("button", name="A picture with a caption").click()
    bar = editor.page.get_by_role("region", name="Missing packages")
    expect(bar).to_contain_text("4 nodes are not known here. The workflow needs the libraries for images.")
    bar.get_by_role("button", name="Install them").click()
    nodes = NodesPage(editor)
    expect(nodes.plan).to_contain_text("pillow", timeout=PATIENCE)
    nodes.agree()
    nodes.expect_done("The libraries for images are installed.")
    editor.press("Escape")
    expect(bar).to_be_hidden()
    editor.press("Control+Enter")
    expect(editor.run_status).to_have_text("Succeeded", timeout=PATIENCE)

    nodes.open()
    nodes.button("Uninstall the libraries for images").click()
    nodes.confirm("Uninstall")
    nodes.expect_done("Uninstalled psynapse[images].")
    editor.press("Escape")
    expect(bar).to_be_visible()
