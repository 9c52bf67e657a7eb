from pathlib import Path
from typing import Any

import httpx
import pytest

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def test_the_examples_are_the_templates_each_with_what_a_gallery_shows(client: httpx.Client):
    templates = client.get("/templates").json()["templates"]
    assert {one["name"] for one in templates} == {path.stem for path in EXAMPLES}
    assert [one["order"] for one in templates] == list(range(1, len(templates) + 1))
    assert all(one["title"] and one["description"].endswith(".") and one["tags"] and one["nodes"] for one in templates)


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_a_template_is_a_workflow_without_findings_that_can_be_stored(client: httpx.Client, name: str):
    workflow: dict[str, Any] = client.get(f"/templates/{name}").json()
    assert client.post("/validate", json=workflow).json() == {"ok": True, "diagnostics": []}
    assert {"title", "description"} <= set(workflow)
    assert not {"order", "tags"} & set(workflow)
    stored = client.put(f"/workflows/from {name}", json=workflow, headers={"If-None-Match": "*"})
    assert stored.status_code == 200


def test_a_template_that_is_not_there_is_said_so(client: httpx.Client):
    answer = client.get("/templates/..%2Fx")
    assert answer.status_code == 404
    assert client.get("/templates/none").json()["code"] == "unknown-template"
