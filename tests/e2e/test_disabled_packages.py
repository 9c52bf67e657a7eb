"""A node package that is switched off in the editor and on again: in its row, beside its failure, over the canvas."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_findings import findings
from editor_page import Editor
from editor_server import Server, start_server
from local_index import LocalIndex
from nodes_page import PATIENCE, NodesPage
from package_project import build_wheel, make_package
from playwright.sync_api import expect
from sample_packages import filter_package, filter_ref
from sample_workflows import Flow


@pytest.fixture
def server(tmp_path: Path, index: LocalIndex) -> Iterator[Server]:
    """One for each test, with an index of its own."""
    nodepacks = tmp_path / "nodepacks"
    nodepacks.mkdir()
    server = start_server(tmp_path / "data", nodepacks)
    yield server
    server.stop()


@pytest.fixture
def nodes(editor: Editor) -> NodesPage:
    """The page of the node packages, open."""
    editor.open()
    page = NodesPage(editor)
    page.open()
    return page


def disabled(server: Server) -> list[str]:
    return [node["name"] for node in server.get("/nodes")["nodes"] if node["disabled"]]


def expect_accessible(nodes: NodesPage) -> None:
    assert list(findings(nodes.editor)) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700)])
def test_a_package_is_switched_off_in_its_row_and_on_over_the_canvas(
    width: int, height: int, nodes: NodesPage, server: Server, tmp_path: Path
):
    page = nodes.editor.page
    page.set_viewport_size({"width": width, "height": height})
    nodes.install(filter_package(tmp_path, "scope-hello"), "Installed scope-hello")
    server.put_workflow("uses it", Flow().function("f", filter_ref("scope-hello"), 40, 40).data())
    row = nodes.row("scope-hello")
    more = row.get_by_role("button", name="More for scope-hello")
    more.focus()
    nodes.editor.press("Enter")
    expect(page.get_by_role("menuitem", name="Disable")).to_be_focused()
    opened, button = page.get_by_role("menu").bounding_box(), more.bounding_box()
    assert opened
    assert button
    assert abs(opened["x"] + opened["width"] - button["x"] - button["width"]) < 16
    nodes.editor.press("Enter")
    nodes.expect_done("Disabled scope-hello")
    expect(more).to_be_focused()
    expect(row).to_contain_text("stays installed")
    expect(row.get_by_role("button", name="Enable")).to_be_visible()
    assert disabled(server) == ["scope-hello"]
    assert server.get("/nodes/generations")["current"] == 1
    expect_accessible(nodes)

    nodes.editor.go_to("#/w/uses%20it")
    placeholder = nodes.editor.node("f")
    expect(placeholder).to_contain_text("The package scope-hello is disabled.")
    expect(placeholder.get_by_role("button", name="Enable scope-hello")).to_be_visible()
    bar = page.get_by_role("region", name="scope-hello is disabled")
    expect(bar).to_contain_text("1 node comes from the package scope-hello, which is disabled.")
    expect_accessible(nodes)
    bar.get_by_role("button", name="Enable it").click()
    # First of all: it does not stay.
    expect(page.get_by_text("Enabled scope-hello.")).to_be_visible(timeout=PATIENCE)
    expect(placeholder).to_contain_text("Filter scope-hello", timeout=PATIENCE)
    expect(bar).to_be_hidden()
    expect(nodes.editor.canvas).to_be_focused()
    assert disabled(server) == []


def test_a_package_that_cannot_be_loaded_is_switched_off_where_that_is_said(
    nodes: NodesPage, server: Server, index: LocalIndex, tmp_path: Path
):
    # It stops working after it was installed: what it needs is told by the environment.
    marker = tmp_path / "no device"
    module = f"from pathlib import Path\nif Path({str(marker)!r}).exists():\n    raise OSError('no such device')\n"
    index.add(build_wheel(make_package(tmp_path, "scope-broken", files={"scope_broken/__init__.py": module})))
    nodes.install("scope-broken", "Installed scope-broken")
    marker.touch()
    nodes.install(filter_package(tmp_path, "scope-hello"), "Installed scope-hello")
    apart = nodes.dialog.get_by_role("region", name="Cannot be loaded")
    expect(apart).to_contain_text("no such device", timeout=PATIENCE)
    apart.get_by_role("button", name="Traceback").click()
    expect(apart.get_by_role("button", name="Copy")).to_be_visible()
    expect(apart.get_by_role("button", name="Try again")).to_be_visible()
    expect_accessible(nodes)
    apart.get_by_role("button", name="Disable scope-broken").click()
    nodes.expect_done("Disabled scope-broken")
    expect(apart).to_be_hidden()
    assert disabled(server) == ["scope-broken"]
    nodes.editor.page.reload()
    expect(nodes.row("scope-broken")).to_contain_text("disabled")
    marker.unlink()
    nodes.row("scope-broken").get_by_role("button", name="Enable").click()
    nodes.expect_done("Enabled scope-broken")
    expect(apart).to_be_hidden()
