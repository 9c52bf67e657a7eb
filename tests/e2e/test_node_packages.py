"""Node packages in the editor: real ones, looked at, installed, updated, reloaded, taken out, and back again."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_findings import findings
from editor_page import Editor
from editor_server import Server, start_server, wait_for
from git_repositories import GitRepository, GitServer
from local_index import LocalIndex
from nodes_page import PATIENCE, NodesPage
from package_project import build_wheel, make_package, write_files
from page_watch import PageWatch
from playwright.sync_api import expect
from sample_packages import filter_package, filter_ref, module_of, source_of
from sample_workflows import Flow

REFUSED = r"status of (400|409|422)"


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


def installed(server: Server) -> dict[str, str]:
    return {node["name"]: node["version"] for node in server.get("/nodes")["nodes"]}


def uses(name: str) -> dict[str, Any]:
    return Flow().function("f", filter_ref(name), 40, 40).data()


def test_a_folder_is_looked_at_first_and_then_its_pipeline_is_in_the_library(
    nodes: NodesPage, server: Server, tmp_path: Path
):
    expect(nodes.dialog.get_by_text("No node packages yet")).to_be_visible()
    project = filter_package(tmp_path, "scope-hello", author="Ada", summary="Makes brighter")
    nodes.look(project)
    expect(nodes.plan).to_contain_text("Install scope-hello 1.0?")
    expect(nodes.plan).to_contain_text(str(project))
    assert installed(server) == {}
    nodes.agree()
    nodes.expect_done("Installed scope-hello 1.0")
    row = nodes.row("scope-hello")
    expect(row).to_contain_text("by Ada · Makes brighter")
    expect(row).to_contain_text("pipeline Filter scope-hello")
    nodes.editor.press("Escape")
    item = nodes.editor.library.get_by_role("button", name="Filter scope-hello")
    expect(item).to_contain_text("pipeline")


def test_a_repository_shows_its_commit_and_a_newer_one_is_an_update(
    nodes: NodesPage, git_server: GitServer, tmp_path: Path
):
    repository = GitRepository(filter_package(tmp_path / "repositories", "scope-git"))
    first = repository.head
    nodes.look(f"git+{git_server.url_of(repository)}")
    expect(nodes.plan).to_contain_text("A Git repository")
    expect(nodes.plan).to_contain_text(first[:9])
    nodes.agree()
    nodes.expect_done("Installed scope-git 1.0")
    second = repository.commit({module_of("scope-git"): source_of("scope-git", gain=3.0)})
    nodes.button("Look for updates").click()
    row = nodes.row("scope-git")
    expect(row).to_contain_text(f"{second[:9]} available", timeout=PATIENCE)
    row.get_by_role("button", name="Update").click()
    expect(nodes.plan).to_contain_text(re.compile(rf"{first[:9]}.*→.*{second[:9]}"), timeout=PATIENCE)
    nodes.agree("Update")
    nodes.expect_done("Updated scope-git")
    expect(row).to_contain_text(second[:9])
    expect(row.get_by_role("button", name="Update")).to_be_hidden()


def test_a_conflict_names_what_is_at_fault(nodes: NodesPage, server: Server, tmp_path: Path, watch: PageWatch):
    watch.allow(REFUSED)
    nodes.look(make_package(tmp_path, "scope-clash", requires=["numpy<1"]))
    expect(nodes.plan.get_by_role("alert")).to_contain_text("scope-clash==1.0 needs numpy<1")
    expect(nodes.plan.get_by_role("list", name="At fault")).to_contain_text("numpy")
    nodes.plan.get_by_role("button", name="What uv says").click()
    expect(nodes.plan.get_by_role("region", name="Traceback")).to_contain_text("unsatisfiable")
    expect(nodes.plan.get_by_role("button", name="Install", exact=True)).to_be_hidden()
    assert installed(server) == {}


def test_a_package_that_cannot_be_imported_shows_why_and_can_be_tried_again(
    nodes: NodesPage, server: Server, tmp_path: Path, watch: PageWatch
):
    watch.allow(REFUSED)
    module = module_of("scope-broken")
    project = make_package(tmp_path, "scope-broken", files={module: "import nowhere_to_be_found\n"})
    nodes.look(project)
    nodes.agree()
    alert = nodes.dialog.get_by_role("alert")
    expect(alert).to_contain_text("No module named 'nowhere_to_be_found'", timeout=PATIENCE)
    alert.get_by_role("button", name="Copy").click()
    assert "Traceback" in nodes.editor.page.evaluate("navigator.clipboard.readText()")
    assert installed(server) == {}
    write_files(project, {module: "VERSION = 1\n"})
    nodes.button("Try again").click()
    nodes.expect_done("Installed scope-broken 1.0")


def test_an_edit_counts_after_a_reload_and_a_fault_stands_apart(nodes: NodesPage, tmp_path: Path):
    project = filter_package(tmp_path, "scope-hello")
    nodes.install(project, "Installed scope-hello")
    reload = nodes.row("scope-hello").get_by_role("button", name="Reload")
    write_files(project, {module_of("scope-hello"): source_of("scope-hello", description="Much brighter")})
    reload.click()
    nodes.expect_done("Scope-hello was reloaded")
    nodes.open("pipelines")
    expect(nodes.row("Filter scope-hello")).to_contain_text("Much brighter")
    nodes.open()
    write_files(project, {module_of("scope-hello"): "1 / 0\n"})
    reload.click()
    failed = nodes.dialog.get_by_role("region", name="Cannot be loaded")
    expect(failed).to_contain_text("division by zero", timeout=PATIENCE)
    write_files(project, {module_of("scope-hello"): source_of("scope-hello")})
    failed.get_by_role("button", name="Try again").click()
    expect(failed).to_be_hidden(timeout=PATIENCE)


def test_a_package_in_use_is_taken_out_and_its_workflow_offers_to_have_it_back(
    nodes: NodesPage, server: Server, index: LocalIndex, tmp_path: Path
):
    index.add(build_wheel(filter_package(tmp_path, "scope-hello")))
    nodes.install("scope-hello", "Installed scope-hello 1.0")
    load(nodes, "Filter scope-hello")
    server.put_workflow("used", uses("scope-hello"))
    nodes.editor.go_to("#/w/used")
    nodes.editor.drag_from_library("View", 200, 500)
    file = server.workspace / "used.json"
    wait_for(lambda: json.loads(file.read_text()).get("packages") == {"scope-hello": "scope-hello==1.0"})
    nodes.open()
    nodes.button("Uninstall scope-hello").click()
    question = nodes.editor.page.get_by_role("dialog").last
    expect(question).to_contain_text("unloaded before: Filter scope-hello")
    expect(question).to_contain_text("1 node of open workflows")
    nodes.confirm("Uninstall")
    nodes.expect_done("Uninstalled scope-hello")
    nodes.editor.press("Escape")
    bar = nodes.editor.page.get_by_role("region", name="Missing packages")
    expect(bar).to_contain_text("scope-hello 1.0")
    bar.get_by_role("button", name="Install it …").click()
    expect(nodes.plan).to_contain_text("Install scope-hello 1.0?", timeout=PATIENCE)
    nodes.agree()
    nodes.expect_done("Installed scope-hello 1.0")
    nodes.editor.press("Escape")
    expect(bar).to_be_hidden()
    expect(nodes.editor.node("f")).to_contain_text("Pipeline")


def test_the_history_leads_back(nodes: NodesPage, server: Server, tmp_path: Path):
    nodes.install(filter_package(tmp_path, "scope-one"), "Installed scope-one")
    nodes.install(filter_package(tmp_path, "scope-two"), "Installed scope-two")
    nodes.button("History").click()
    expect(nodes.row("2 · install scope-two 1.0")).to_contain_text("scope-two 1.0")
    nodes.row("1 · install scope-one 1.0").get_by_role("button", name="Go back to this").click()
    expect(nodes.editor.page.get_by_role("dialog").last).to_contain_text("scope-two")
    nodes.confirm("Go back")
    nodes.expect_done("Went back to generation 1")
    expect(nodes.row("scope-two")).to_be_hidden()
    assert set(installed(server)) == {"scope-one"}


def test_an_installation_is_cancelled_and_nothing_has_changed(
    nodes: NodesPage, server: Server, tmp_path: Path, watch: PageWatch
):
    watch.allow(REFUSED)
    nodes.look(filter_package(tmp_path, "scope-slow", build_seconds=60))
    nodes.agree()
    nodes.button("Cancel").click(timeout=PATIENCE)
    nodes.expect_done("nothing has changed")
    assert installed(server) == {}


def test_what_only_a_build_would_tell_is_said_to_be_unknown(
    nodes: NodesPage, server: Server, tmp_path: Path, watch: PageWatch
):
    watch.allow(REFUSED)
    ran = tmp_path / "ran"
    nodes.look(filter_package(tmp_path, "scope-dynamic", dynamic_version=True, ran=ran))
    expect(nodes.plan).to_contain_text("is not known yet")
    assert not ran.exists()
    nodes.agree()
    nodes.expect_done("Installed scope-dynamic")


def test_without_a_network_updates_are_unknown_and_what_is_there_works(
    nodes: NodesPage, index: LocalIndex, tmp_path: Path
):
    index.add(build_wheel(filter_package(tmp_path, "scope-hello")))
    nodes.install("scope-hello", "Installed scope-hello 1.0")
    index.stop()
    nodes.button("Look for updates").click()
    expect(nodes.row("scope-hello")).to_contain_text("update unknown", timeout=PATIENCE)
    expect(nodes.dialog.get_by_text("no index or repository answers")).to_be_visible()


def load(nodes: NodesPage, name: str, **params: str) -> None:
    """Load a pipeline, with these parameters, and wait until it is there or has failed."""
    nodes.open("pipelines")
    row = nodes.row(name)
    row.get_by_role("button", name=re.compile("^(Load|Try again) …")).click()
    for label, value in params.items():
        row.get_by_label(label, exact=True).fill(value)
    row.get_by_role("button", name="Load", exact=True).click()
    expect(row.get_by_text(re.compile("^(loaded|failed)$"))).to_be_visible(timeout=PATIENCE)


def test_a_pipeline_is_loaded_with_parameters_and_keeps_its_error(nodes: NodesPage, tmp_path: Path):
    nodes.install(filter_package(tmp_path, "scope-hello"), "Installed scope-hello")
    load(nodes, "Filter scope-hello", Weights="missing")
    row = nodes.row("Filter scope-hello")
    expect(row.get_by_role("alert")).to_contain_text("no weights there")
    row.get_by_role("button", name="Traceback").click()
    expect(row.get_by_role("region", name="Traceback")).to_contain_text("RuntimeError")
    load(nodes, "Filter scope-hello", Weights="here")
    expect(row.get_by_label("Loaded with")).to_contain_text("here")
    expect(row.get_by_role("alert")).to_be_hidden()
    row.get_by_role("button", name="Unload").click()
    expect(row.get_by_text("not loaded", exact=True)).to_be_visible(timeout=PATIENCE)


def test_all_of_it_is_accessible_and_fits_a_small_page(
    nodes: NodesPage, server: Server, tmp_path: Path, watch: PageWatch
):
    watch.allow(REFUSED)
    nodes.editor.page.set_viewport_size({"width": 1024, "height": 700})
    project = filter_package(tmp_path, "scope-hello")
    nodes.install(project, "Installed scope-hello")
    nodes.button("History").click()
    nodes.dialog.get_by_text("Examples and options").click()
    nodes.look(make_package(tmp_path, "scope-clash", requires=["numpy<1"]))
    expect_accessible(nodes)
    nodes.look(filter_package(tmp_path, "scope-other"))
    expect_accessible(nodes)
    nodes.button("Uninstall scope-hello").click()
    expect_accessible(nodes)
    nodes.confirm("Cancel")
    load(nodes, "Filter scope-hello", Weights="missing")
    nodes.row("Filter scope-hello").get_by_role("button", name="Try again …").click()
    expect_accessible(nodes)
    missing = {**uses("scope-elsewhere"), "packages": {"scope-elsewhere": "scope-elsewhere==1.0"}}
    server.put_workflow("missing", missing)
    nodes.editor.go_to("#/w/missing")
    expect(nodes.editor.page.get_by_role("region", name="Missing packages")).to_be_visible()
    expect_accessible(nodes)


def expect_accessible(nodes: NodesPage) -> None:
    """What is seen has no serious finding, and nothing is wider than its place."""
    assert list(findings(nodes.editor)) == []
    assert nodes.editor.page.evaluate(CLIPPED) == []


CLIPPED = """
[...document.querySelectorAll("[role=dialog] *")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
  .filter((one) => one.tagName !== "INPUT" && !one.classList.contains("visually-hidden"))
  .map((one) => one.className)
"""


def test_the_address_leads_to_a_page_of_the_settings_also_after_a_reload(nodes: NodesPage):
    nodes.dialog.get_by_role("tab", name="Pipelines").click()
    expect(nodes.editor.page).to_have_url(re.compile("#/settings/pipelines$"))
    nodes.editor.page.reload()
    expect(nodes.dialog.get_by_text("No pipelines", exact=True)).to_be_visible()
    nodes.editor.press("Escape")
    expect(nodes.dialog).to_be_hidden()
    expect(nodes.editor.page).to_have_url(re.compile("#/$"))
