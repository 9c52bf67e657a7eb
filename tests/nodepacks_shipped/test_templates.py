"""Every template runs: by itself those that need nothing, against a server on loopback those that ask a model."""

import json
from pathlib import Path
from typing import Any

import pytest
from model_server import KEY, ModelServer

import psynapse
from psynapse.catalog.nodepacks import shipped_root
from psynapse.services.templates import Templates, examples_folder

EXAMPLES = examples_folder()
ALL = {template.name: template for template in Templates(EXAMPLES).list()}
ASKING = [name for name, template in ALL.items() if "llms/" in json.dumps(template.workflow)]
OTHERS = [name for name in ALL if name not in ASKING]


def flow(name: str) -> Any:
    return psynapse.load(EXAMPLES / f"{name}.json", nodepacks=shipped_root())


def test_there_are_enough_and_each_pack_is_shown():
    assert len(ALL) >= 12
    text = "".join(json.dumps(template.workflow) for template in ALL.values())
    packs = {"basic", "data", "demo", "files", "images", "llms", "numbers", "text", "web"}
    assert [pack for pack in sorted(packs) if f'"{pack}/' not in text] == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_template_runs_without_network_or_key(name: str):
    result = flow(name).run()
    assert result.status == "succeeded"
    assert all(value is not None for value in result.results.values())


@pytest.mark.parametrize(
    ("name", "view", "expected"),
    [
        ("compare-two-texts", "meant-view", "cinnamon"),
        ("statistics-and-a-line", "odd-view", "120"),
        ("files-in-a-zip", "text-view", "apples"),
        ("letters-from-a-table", "page-view", "Dear Grace"),
        ("read-a-web-page", "links-view", "https://example.org/times"),
        ("sales-by-month", "months-view", "revenue_sum"),
        ("join-and-pivot", "unsold-view", "Pears"),
    ],
)
def test_a_template_shows_what_it_promises(name: str, view: str, expected: str):
    assert expected in str(flow(name).run(targets=[view])[view])


@pytest.mark.parametrize("name", ASKING)
def test_a_template_that_asks_a_model_says_which_setting_is_missing(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    result = flow(name).run(check=False)
    (failure,) = result.errors.values()
    assert failure.error == "api_key: the secret 'OPENAI_API_KEY' is not set"
    assert "set OPENAI_API_KEY among the secrets in the settings" in failure.hint


def test_the_template_with_a_question_runs_against_a_server(model_server: ModelServer):
    values = {"model.base_url": model_server.url, "model.model": "echo"}
    result = flow("ask-a-model").run(set=values, env={"OPENAI_API_KEY": KEY})
    assert result["answer-view"] == "Explain in two sentences why the sky is blue."
    assert [message["role"] for message in model_server.bodies[0]["messages"]] == ["system", "user"]


def test_the_template_with_a_letter_runs_against_a_server(model_server: ModelServer):
    answer = {"name": "Ingrid Solberg", "city": "Bergen", "pieces": 12, "price": 40.0}
    values = {
        "read.base_url": model_server.url,
        "read.model": "echo",
        "letter.variableValue": json.dumps(answer),
    }
    result = flow("facts-from-a-letter").run(set=values, env={"OPENAI_API_KEY": KEY})
    assert result["facts-view"] == answer
    assert result["total-view"] == 480


def test_no_template_holds_a_key():
    for path in Path(EXAMPLES).glob("*.json"):
        nodes: list[Any] = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        keys = [node["data"]["api_key"] for node in nodes if "api_key" in node["data"]]
        assert all(key == {"$secret": "OPENAI_API_KEY"} for key in keys)
