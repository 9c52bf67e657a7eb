import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from psynapse.services.templates import Templates, UnknownTemplate

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def test_the_examples_are_the_templates_each_with_what_a_gallery_shows(client: httpx.Client):
    templates = client.get("/templates").json()["templates"]
    assert {one["name"] for one in templates} == {path.stem for path in EXAMPLES}
    assert [one["order"] for one in templates] == list(range(1, len(templates) + 1))
    assert all(one["title"] and one["description"].endswith(".") and one["tags"] and one["nodes"] for one in templates)
    assert all(one["level"] in {"first steps", "everyday", "advanced"} and one["teaches"] for one in templates)


def test_a_template_has_a_picture_that_may_be_kept_and_whose_address_changes_with_it(client: httpx.Client):
    one = client.get("/templates").json()["templates"][0]
    assert re.fullmatch(rf"/templates/{one['name']}/picture\?v=[0-9a-f]{{16}}", one["picture"])
    answer = client.get(one["picture"])
    assert answer.headers["content-type"] == "image/webp"
    assert "max-age=" in answer.headers["cache-control"]
    assert answer.content[:4] + answer.content[8:12] == b"RIFFWEBP"
    assert client.head(one["picture"]).status_code == 200
    assert client.get("/templates/none/picture").status_code == 404
    assert client.get("/templates/..%2Fpictures%2Fhello-text/picture").status_code == 404


def test_a_template_without_a_picture_or_a_level_is_a_template_all_the_same(tmp_path: Path):
    (tmp_path / "plain.json").write_text('{"nodes": [], "edges": []}', encoding="utf-8")
    templates = Templates(tmp_path)
    (one,) = templates.list()
    assert (one.title, one.level, one.teaches, one.picture) == ("Plain", "", "", "")
    with pytest.raises(UnknownTemplate, match="has no picture"):
        templates.picture("plain")


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_a_template_is_a_workflow_without_findings_that_can_be_stored(client: httpx.Client, name: str):
    workflow: dict[str, Any] = client.get(f"/templates/{name}").json()
    assert client.post("/validate", json=workflow).json() == {"ok": True, "diagnostics": []}
    assert {"title", "description"} <= set(workflow)
    assert not {"order", "tags", "level", "teaches"} & set(workflow)
    stored = client.put(f"/workflows/from {name}", json=workflow, headers={"If-None-Match": "*"})
    assert stored.status_code == 200


def test_a_template_that_is_not_there_is_said_so(client: httpx.Client):
    answer = client.get("/templates/..%2Fx")
    assert answer.status_code == 404
    assert client.get("/templates/none").json()["code"] == "unknown-template"
