"""Every template runs: by itself those that need nothing, against a server on loopback those that ask a model."""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from model_server import KEY, ModelServer
from PIL import Image

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


def test_a_template_that_writes_files_leaves_one_folder_however_often_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for _ in range(3):
        assert flow("files-in-a-zip").run()["text-view"] == "apples\nbread\ncheese\n"
    (left,) = tmp_path.iterdir()
    assert sorted(path.name for path in left.iterdir()) == ["all.zip", "list.txt", "settings.json"]


def run_command(name: str, tmp_path: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """``psynapse run`` of a template, by somebody who has just installed it."""
    own = {"PSYNAPSE_DATA_DIR": str(tmp_path / "data"), "DAYDREAM_SCOPE_DIR": str(tmp_path / "scope")}
    env = {key: value for key, value in os.environ.items() if key not in {"NODEPACKS_DIR", "OPENAI_API_KEY"}}
    command = [sys.executable, "-m", "psynapse.cli", "run", str(EXAMPLES / f"{name}.json"), *options]
    return subprocess.run(command, env={**env, **own}, cwd=tmp_path, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", OTHERS)
def test_a_template_runs_by_command(name: str, tmp_path: Path):
    done = run_command(name, tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= json.dumps(ALL[name].workflow).count('"viewNode"')
    assert " failed" not in done.stderr


@pytest.mark.parametrize("name", ASKING)
def test_a_template_that_asks_a_model_says_what_is_missing_by_command(name: str, tmp_path: Path):
    done = run_command(name, tmp_path)
    assert done.returncode == 1
    assert "api_key: the secret 'OPENAI_API_KEY' is not set" in done.stderr
    assert "hint: set OPENAI_API_KEY among the secrets in the settings" in done.stderr


@pytest.mark.parametrize(("name", "node"), [("ask-a-model", "model"), ("facts-from-a-letter", "read")])
def test_a_template_that_asks_a_model_runs_by_command(name: str, node: str, model_server: ModelServer, tmp_path: Path):
    assert name in ASKING
    options = ["--set", f"{node}.base_url={model_server.url}", "--env", f"OPENAI_API_KEY={KEY}"]
    done = run_command(name, tmp_path, *options)
    assert done.returncode == 0, done.stderr
    assert model_server.requests[-1][1]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in done.stdout + done.stderr


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


def test_each_template_has_a_level_and_teaches_something_and_first_steps_come_first():
    levels = [template.level for template in Templates(EXAMPLES).list()]
    assert list(dict.fromkeys(levels)) == ["first steps", "everyday", "advanced"]
    assert levels == sorted(levels, key=["first steps", "everyday", "advanced"].index)
    assert all(template.teaches.endswith(".") for template in ALL.values())


@pytest.mark.parametrize("name", list(ALL))
def test_a_template_has_a_picture_that_is_small_and_shows_something(name: str):
    content = Templates(EXAMPLES).picture(name)
    assert len(content) <= 60_000
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.width > picture.height) == ("WEBP", True)
        assert len(picture.convert("L").getcolors() or ()) > 16


def test_no_template_holds_a_key():
    for path in Path(EXAMPLES).glob("*.json"):
        nodes: list[Any] = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        keys = [node["data"]["api_key"] for node in nodes if "api_key" in node["data"]]
        assert all(key == {"$secret": "OPENAI_API_KEY"} for key in keys)
