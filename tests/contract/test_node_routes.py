"""Node packages over HTTP: every route of the contract, on a real server with real packages."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx
from git_repositories import GitRepository
from local_index import LocalIndex
from node_server import PIPELINE, NodeServer, filter_package, flow, wait_for
from package_project import build_wheel, make_package, write_files

CHANGE_ROUTES = ("/nodes", "/v1/plugins")


def test_a_package_comes_moves_and_goes(node_server: NodeServer, index: LocalIndex, tmp_path: Path):
    index.add(build_wheel(filter_package(tmp_path / "one", "scope-glow", "1.0", summary="Glows", author="Ann")))
    done = node_server.installed("scope-glow")
    assert done["success"] is True
    assert done["message"] == "installed scope-glow 1.0"
    assert done["restart_required"] is False
    assert done["changes"]["added"] == [{"name": "scope-glow", "before": "", "after": "1.0"}]
    assert done["node"] == {
        "name": "scope-glow", "version": "1.0", "description": "Glows", "author": "Ann", "source": "pypi",
        "spec": "scope-glow", "editable": False, "editable_path": None, "node_types": [], "nodepacks": [],
        "latest_version": None, "update_available": None, "commit": None, "removable": True, "disabled": False,
        "extra": None,
        "pipelines": [{"pipeline_id": "scope-glow-filter", "pipeline_name": "Filter scope-glow-filter"}],
    }  # fmt: skip
    assert "scope-glow/pipelines:scope-glow-filter" in node_server.refs()
    assert node_server.execute(flow("scope-glow")) == 0.4

    index.add(build_wheel(filter_package(tmp_path / "two", "scope-glow", "1.1", gain=3.0)))
    news = node_server.nodes(refresh=True)["scope-glow"]
    assert (news["latest_version"], news["update_available"]) == ("1.1", True)
    updated = node_server.installed("scope-glow", upgrade=True)
    assert updated["message"] == "updated scope-glow from 1.0 to 1.1"
    # The pipeline was loaded by the run: the next run gets the new code.
    assert node_server.execute(flow("scope-glow")) == 0.6

    back = node_server.http.post("/nodes/rollback", json={}).json()
    assert (back["generation"], node_server.versions()) == (1, {"scope-glow": "1.0"})
    # A pipeline that no package has any more is not kept.
    node_server.http.post("/nodes/rollback", json={"to": 0})
    wait_for(lambda: node_server.states() == {})
    node_server.http.post("/nodes/rollback", json={"to": 1})
    assert node_server.execute(flow("scope-glow")) == 0.4
    gone = node_server.http.delete("/nodes/Scope_Glow").json()
    assert gone["unloaded_pipelines"] == ["scope-glow-filter"]
    assert (node_server.nodes(), node_server.states()) == ({}, {})
    assert node_server.http.delete("/nodes/scope-glow").status_code == 404
    history = node_server.http.get("/nodes/generations").json()
    assert [one["summary"] for one in history["generations"]][-1] == "no node packages"
    assert history["current"] == history["generations"][0]["id"]


def test_a_refusal_says_why_and_changes_nothing(node_server: NodeServer, index: LocalIndex, tmp_path: Path):
    for name, wanted in (("scope-old", "helper==1.0"), ("scope-new", "helper==2.0")):
        index.add(build_wheel(make_package(tmp_path, name, requires=[wanted])))
    for version in ("1.0", "2.0"):
        index.add(build_wheel(make_package(tmp_path / version, "helper", version, entry_point=None)))
    node_server.installed("scope-old")

    preview = node_server.http.post("/nodes/preview", json={"package": "scope-new"})
    for answer in (preview, node_server.install("scope-new")):
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "dependency-conflict")
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"scope-old", "scope-new"} <= set(problem["culprits"]) | set(problem["detail"].split())
        assert "helper" in problem["detail"]
        assert "helper" in problem["explanation"]
        assert problem["hint"]
    broken = make_package(tmp_path, "scope-broken", files={"scope_broken.py": "def f():\n    1 / 0\nf()\n"})
    answer = node_server.install(broken)
    assert (answer.status_code, answer.json()["code"], answer.json()["package"]) == (
        422,
        "package-fails",
        "scope-broken",
    )
    assert "ZeroDivisionError" in answer.json()["traceback"]
    for spec in ("--index-url=http://127.0.0.1", "a\n-r /etc/passwd", "not a requirement!", ""):
        assert node_server.install(spec).status_code == 400, spec
    missing = node_server.install("scope-nowhere")
    assert (missing.status_code, missing.json()["code"]) == (400, "requirement-not-found")
    failing = make_package(tmp_path, "scope-unbuilt", build_fails="no compiler here", dynamic_version=True)
    answer = node_server.install(failing)
    assert answer.status_code == 500
    assert "no compiler here" in answer.text
    assert node_server.versions() == {"scope-old": "1.0"}


def test_a_preview_runs_no_code_and_says_when_it_would_have_to(
    node_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    index.add(build_wheel(make_package(tmp_path, "helper", entry_point=None)))
    ran = tmp_path / "ran"
    plain = make_package(tmp_path, "scope-plain", requires=["helper"], ran=ran)
    found = node_server.http.post("/nodes/preview", json={"package": str(plain)}).json()
    assert [one["name"] for one in found["changes"]["added"]] == ["helper", "scope-plain"]
    dynamic = make_package(tmp_path, "scope-dynamic", dynamic_version=True, ran=ran)
    answer = node_server.http.post("/nodes/preview", json={"package": str(dynamic)})
    assert (answer.status_code, answer.json()["code"]) == (422, "build-needed")
    assert not ran.exists()
    assert node_server.nodes() == {}


def test_a_repository_is_pinned_to_its_commit_and_followed(node_server: NodeServer, tmp_path: Path):
    repository = GitRepository(filter_package(tmp_path, "scope-grain"))
    first = repository.head
    done = node_server.installed(repository.file_url)
    assert (done["node"]["source"], done["node"]["commit"], done["node"]["name"]) == ("git", first, "scope-grain")
    again = node_server.installed(repository.file_url)
    assert (again["generation"], again["message"]) == (done["generation"], "scope-grain is installed already")
    second = repository.commit({"scope_grain/__init__.py": PIPELINE.format(pipeline="scope-grain-filter", gain=4.0)})
    news = node_server.nodes(refresh=True)["scope-grain"]
    assert news["update_available"] is True
    assert second.startswith(news["latest_version"])
    assert node_server.installed(repository.file_url, upgrade=True)["node"]["commit"] == second
    assert node_server.execute(flow("scope-grain")) == 0.8


def test_edited_code_of_a_folder_is_used_after_a_reload(node_server: NodeServer, tmp_path: Path):
    project = filter_package(tmp_path, "scope-edit")
    node = node_server.installed(project)["node"]
    assert (node["editable"], node["editable_path"], node["source"]) == (True, str(project), "local")
    assert node_server.load("scope-edit-filter", gain=2.0)["state"] == "loaded"
    source = PIPELINE.format(pipeline="scope-edit-filter", gain=1.0).replace("* self.gain", "* self.gain * 2")
    write_files(project, {"scope_edit/__init__.py": source})
    done = node_server.http.post("/nodes/scope-edit/reload").json()
    assert (done["success"], done["restart_required"], done["reloaded_pipelines"]) == (
        True,
        False,
        ["scope-edit-filter"],
    )
    assert node_server.execute(flow("scope-edit")) == 0.8
    write_files(project, {"scope_edit/__init__.py": source.replace("scope-edit-filter", "scope-edit-other")})
    done = node_server.http.post("/nodes/scope-edit/reload", json={}).json()
    assert (done["added_pipelines"], done["removed_pipelines"]) == (["scope-edit-other"], ["scope-edit-filter"])
    assert "scope-edit-filter" not in node_server.states()
    assert node_server.http.post("/nodes/nothing/reload").status_code == 404
    node_server.installed(filter_package(tmp_path, "scope-copy"), editable=False)
    refused = node_server.http.post("/nodes/scope-copy/reload")
    assert (refused.status_code, refused.json()["code"]) == (400, "not-editable")


def test_a_change_tells_its_steps_and_can_be_cancelled(node_server: NodeServer, tmp_path: Path):
    slow = make_package(tmp_path, "scope-slow", build_seconds=60)
    heard: list[dict[str, Any]] = []
    answers: list[httpx.Response] = []
    cancelled = False
    installing = threading.Thread(target=lambda: answers.append(node_server.install(slow)))
    with node_server.http.stream("GET", "/nodes/events") as stream:
        lines = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        assert next(lines) == {"type": "idle"}
        installing.start()
        for event in lines:
            heard.append(event)
            if event["type"] == "step" and event["step"] == "build" and not answers and not cancelled:
                busy = node_server.install("scope-other")
                assert (busy.status_code, busy.json()["code"]) == (409, "busy")
                # Who comes late is told where it is.
                with node_server.http.stream("GET", "/nodes/events") as late:
                    first = next(line for line in late.iter_lines() if line.startswith("data: "))
                    assert json.loads(first[6:])["step"] == "build"
                cancelled = node_server.http.post("/nodes/cancel").json()["cancelled"]
                assert cancelled is True
            if event["type"] == "end":
                break
    installing.join(30)
    assert (answers[0].status_code, answers[0].json()["code"]) == (409, "change-cancelled")
    assert (heard[-1]["outcome"], heard[-1]["verb"]) == ("cancelled", "install")
    fractions = [event["fraction"] for event in heard if event["type"] == "step"]
    assert fractions == sorted(fractions)
    assert node_server.http.post("/nodes/cancel").json() == {"cancelled": False, "message": "nothing goes on"}
    assert node_server.nodes() == {}


def test_a_restart_cancels_a_change_before_its_commit_point(node_server: NodeServer, tmp_path: Path):
    node_server.installed(make_package(tmp_path, "scope-there"))
    slow = make_package(tmp_path, "scope-slow", build_seconds=60)
    answers: list[httpx.Response] = []
    installing = threading.Thread(target=lambda: answers.append(node_server.install(slow)))
    installing.start()
    with node_server.http.stream("GET", "/nodes/events") as stream:
        assert any('"step":"build"' in line for line in stream.iter_lines())
    before = node_server.http.get("/health").json()["boot_id"]
    assert node_server.http.post("/restart").status_code == 200
    installing.join(30)
    assert answers[0].json()["code"] == "change-cancelled"
    wait_for(lambda: node_server.http.get("/health").json().get("boot_id") not in {None, before})
    assert node_server.versions() == {"scope-there": "1.0"}


def test_what_another_process_has_installed_is_used_without_a_restart(node_server: NodeServer, tmp_path: Path):
    project = filter_package(tmp_path, "scope-cli")
    # Another data directory: this command knows of no server, and changes the packages itself.
    env = {**os.environ, "PSYNAPSE_DATA_DIR": str(tmp_path / "other")}
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "nodes", "install", str(project)]
    subprocess.run(command, env=env, check=True, capture_output=True)
    wait_for(
        lambda: "scope-cli" in node_server.nodes() and "scope-cli/pipelines:scope-cli-filter" in node_server.refs()
    )


WAITS = """
from pathlib import Path
from psynapse import hookimpl

@hookimpl
def register_nodepacks(register):
    register(Path(__file__).parent / "waits_nodes")
"""
WAITS_OPS = """
import time
from pathlib import Path

def wait_for_file(path: str) -> str:
    Path(path + ".begun").touch()
    while not Path(path).exists():
        time.sleep(0.02)
    return "finished"
"""


def test_a_package_is_switched_off_for_new_runs_and_on_again(node_server: NodeServer, tmp_path: Path):
    files = {"scope_waits/__init__.py": WAITS, "scope_waits/waits_nodes/ops.py": WAITS_OPS}
    node_server.installed(make_package(tmp_path, "scope-waits", files=files))
    signal, ref = tmp_path / "signal", "waits_nodes/ops.py:wait_for_file"
    nodes = [
        {"id": "w", "type": "functionNode", "data": {"ref": ref, "path": str(signal)}},
        {"id": "View", "type": "viewNode", "data": {}},
    ]
    edges = [{"source": "w", "sourceHandle": "result", "target": "View", "targetHandle": "input"}]
    graph = {"nodes": nodes, "edges": edges}
    answers: list[Any] = []
    running = threading.Thread(target=lambda: answers.append(node_server.execute(graph)))
    running.start()
    wait_for(Path(f"{signal}.begun").exists)
    done = node_server.http.post("/nodes/Scope.Waits/disable").json()
    assert (done["success"], done["message"], done["restart_required"]) == (True, "disabled scope-waits", False)
    assert (done["node"]["disabled"], done["node"]["nodepacks"]) == (True, ["waits_nodes"])
    assert ref not in node_server.refs()
    (finding,) = node_server.http.post("/validate", json=graph).json()["diagnostics"]
    assert finding["message"] == f"the package scope-waits, which has {ref!r}, is disabled"
    assert answers == []
    signal.touch()
    running.join(30)
    assert answers == ["finished"]

    history = node_server.http.get("/nodes/generations").json()
    assert (history["current"], len(history["generations"])) == (1, 2)
    assert node_server.http.post("/v1/plugins/scope-waits/enable").json() == {
        "success": True, "message": "enabled scope-waits", "unloaded_pipelines": [], "restart_required": False,
    }  # fmt: skip
    assert node_server.execute(graph) == "finished"
    assert node_server.http.post("/nodes/scope-nothing/disable").status_code == 404


def test_pipelines_of_a_package_that_is_switched_off_are_unloaded(node_server: NodeServer, tmp_path: Path):
    node_server.installed(filter_package(tmp_path, "scope-dim"))
    assert node_server.load("scope-dim-filter")["state"] == "loaded"
    done = node_server.http.post("/v1/plugins/scope-dim/disable").json()
    assert done["unloaded_pipelines"] == ["scope-dim-filter"]
    wait_for(lambda: node_server.states() == {})
    (plugin,) = node_server.http.get("/v1/plugins").json()["plugins"]
    assert plugin["pipelines"] == []
    assert node_server.nodes()["scope-dim"]["disabled"] is True
    node_server.http.post("/nodes/scope-dim/enable")
    assert node_server.execute(flow("scope-dim")) == 0.4


def test_no_page_of_another_site_can_install_anything(node_server: NodeServer, tmp_path: Path):
    package = json.dumps({"package": str(make_package(tmp_path, "scope-evil"))})
    attempts = [
        {"Origin": "https://evil.example", "Content-Type": "application/json"},
        {"Origin": "null", "Content-Type": "application/json"},
        {"Content-Type": "text/plain"},
        {"Host": "evil.example", "Content-Type": "application/json"},
        {"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"},
    ]
    for route in CHANGE_ROUTES:
        for headers in attempts:
            assert node_server.http.post(route, content=package, headers=headers).status_code in {403, 415, 421}, (
                headers
            )
        for headers in attempts[:2]:
            assert node_server.http.request("DELETE", f"{route}/x", headers=headers).status_code == 403
    assert node_server.http.get("/nodes/rollback").status_code in {404, 405}
    assert node_server.nodes() == {}
