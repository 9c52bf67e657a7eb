"""Pipelines over HTTP, and the earlier names of all routes."""

from pathlib import Path

from node_server import NodeServer, filter_package, flow, wait_for


def test_pipelines_are_loaded_fail_and_are_unloaded_alone(node_server: NodeServer, tmp_path: Path):
    for name in ("scope-a", "scope-b"):
        node_server.installed(filter_package(tmp_path, name))
    listed = {one["pipeline_id"]: one for one in node_server.http.get("/pipelines").json()["pipelines"]}
    assert listed["scope-a-filter"]["state"] == "not_loaded"
    assert listed["scope-a-filter"]["load_params"] == ["gain", "fails"]
    assert node_server.load("scope-a-filter", gain=3.0)["state"] == "loaded"
    assert node_server.load("scope-a-filter", gain=3.0)["load_params"]["gain"] == 3.0
    failed = node_server.load("scope-b-filter", fails="load")
    assert (failed["state"], "no weights there" in failed["error"]) == ("error", True)
    assert "RuntimeError" in failed["traceback"]
    assert node_server.states()["scope-a-filter"]["state"] == "loaded"
    assert node_server.http.get("/v1/pipeline/status").json()["status"] == "error"
    assert node_server.load("scope-b-filter")["state"] == "loaded"
    assert node_server.execute(flow("scope-a", plus=0.1)) == 0.7
    unloaded = node_server.http.post("/pipelines/unload", json={"pipeline_id": "scope-b-filter"}).json()
    assert unloaded == {"unloaded_pipelines": ["scope-b-filter"]}
    states = {name: one["state"] for name, one in node_server.states().items()}
    assert states == {"scope-a-filter": "loaded", "scope-b-filter": "not_loaded"}
    unknown = node_server.http.post("/pipelines/load", json={"pipeline_id": "nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-pipeline")


def test_a_pipeline_that_ends_its_process_takes_no_other_with_it(node_server: NodeServer, tmp_path: Path):
    for name in ("scope-a", "scope-b"):
        node_server.installed(filter_package(tmp_path, name))
    assert node_server.load("scope-a-filter", gain=3.0)["state"] == "loaded"
    assert node_server.load("scope-b-filter", fails="crash")["state"] == "loaded"
    assert node_server.execute(flow("scope-b")) is None
    states = wait_for(lambda: (now := node_server.states())["scope-a-filter"]["state"] == "loaded" and now)
    assert states["scope-b-filter"]["state"] == "error"
    assert "ended" in states["scope-b-filter"]["error"]
    # It came back with what it was loaded with.
    assert states["scope-a-filter"]["load_params"]["gain"] == 3.0
    assert node_server.execute(flow("scope-a")) == 0.6


def test_the_earlier_names_answer_in_their_own_shapes(node_server: NodeServer, tmp_path: Path):
    project = filter_package(tmp_path, "scope-early", summary="Early", author="Ann")
    answer = node_server.http.post("/api/v1/plugins", json={"package": str(project), "editable": True, "force": True})
    done = answer.json()
    assert (answer.status_code, done["success"], done["restart_required"]) == (200, True, False)
    info = {
        "name": "scope-early", "version": "1.0", "author": "Ann", "description": "Early", "source": "local",
        "editable": True, "editable_path": str(project), "latest_version": None, "update_available": None,
        "pipelines": [{"pipeline_id": "scope-early-filter", "pipeline_name": "Filter scope-early-filter"}],
        "package_spec": "scope-early", "bundled": False, "kind": None, "origin": "local",
    }  # fmt: skip
    assert done["plugin"] == info
    listed = node_server.http.get("/api/v1/plugins").json()
    assert listed == {"plugins": [info], "total": 1, "failed_plugins": []}
    schemas = node_server.http.get("/api/v1/pipelines/schemas").json()["pipelines"]
    assert schemas["scope-early-filter"]["plugin_name"] == "scope-early"
    (node,) = node_server.http.get("/api/v1/nodes/definitions").json()["nodes"]
    assert (node["node_type_id"], node["plugin_name"]) == ("scope-early-filter", "scope-early")
    assert {"name": "video", "port_type": "video"}.items() <= node["inputs"][0].items()
    begun = node_server.http.post("/api/v1/pipeline/load", json={"pipeline_ids": ["scope-early-filter"]})
    assert begun.json() == {"message": "Pipeline loading initiated successfully"}
    status = wait_for(
        lambda: (now := node_server.http.get("/api/v1/pipeline/status").json())["status"] != "loading" and now
    )
    assert (status["status"], status["pipeline_id"], status["error"]) == ("loaded", "scope-early-filter", None)
    reloaded = node_server.http.post("/api/v1/plugins/scope-early/reload", json={"force": False}).json()
    assert (reloaded["success"], reloaded["reloaded_pipelines"]) == (True, ["scope-early-filter"])
    gone = node_server.http.delete("/api/v1/plugins/scope-early").json()
    assert (gone["success"], gone["unloaded_pipelines"]) == (True, ["scope-early-filter"])
