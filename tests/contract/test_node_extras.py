"""Extras of psynapse over HTTP: libraries for its nodepacks, in the same lists as node packages."""

from node_server import NodeServer


def test_an_extra_of_psynapse_is_installed_listed_and_taken_out_like_a_package(node_server: NodeServer):
    offered = {one["name"]: one for one in node_server.http.get("/nodes").json()["extras"]}
    assert offered["images"] == {
        "name": "images", "spec": "psynapse[images]", "libraries": ["pillow"], "missing": [],
    }  # fmt: skip
    assert {"data", "llms", "numbers", "video", "web"} <= offered.keys()
    assert "dev" not in offered
    looked = node_server.http.post("/nodes/preview", json={"package": "psynapse[images]"}).json()
    assert (looked["package"]["spec"], looked["changes"]["added"]) == ("psynapse[images]", [])
    done = node_server.installed("psynapse[images]")
    assert (done["node"]["name"], done["node"]["extra"]) == ("psynapse[images]", "images")
    assert node_server.nodes()["psynapse[images]"]["description"].startswith("Libraries for images: pillow ")
    refused = node_server.install("psynapse[nothing]")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad-requirement")
    assert node_server.http.delete("/nodes/psynapse[images]").json()["message"] == "uninstalled psynapse[images]"
    assert node_server.nodes() == {}
