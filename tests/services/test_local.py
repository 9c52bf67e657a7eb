import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest

import psynapse
from psynapse.errors import InvalidWorkflow, RunFailed, SettingError, UnknownNode, WorkflowFileError
from psynapse.model.events import RunEvent, RunFinished, RunStarted, TaskOutput

EXAMPLES = Path(__file__).parents[2] / "examples"
OPS = """
import os

def half(value: int) -> float:
    return value / 2

def broken(value: int) -> int:
    secret_place = value
    raise LookupError(f"no {secret_place} here")

def variable(name: str) -> str:
    return os.environ.get(name, "")

def speak(text: str) -> str:
    print(text)
    return text
"""


@pytest.fixture
def nodepacks(tmp_path: Path) -> Path:
    pack = tmp_path / "packs" / "mine"
    pack.mkdir(parents=True)
    (pack / "ops.py").write_text(OPS)
    return pack.parent


def flow(function: str, /, **values: object) -> dict[str, Any]:
    return {
        "nodes": [
            {"id": "f", "type": "functionNode", "data": {"functionName": function, **values}},
            {"id": "view", "type": "viewNode", "data": {}},
        ],
        "edges": [{"source": "f", "target": "view", "sourceHandle": "result", "targetHandle": "input"}],
    }


TEMPLATES = sorted(EXAMPLES.glob("*.json"))
ASKING_A_MODEL = [path for path in TEMPLATES if "llms/" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", ASKING_A_MODEL, ids=lambda path: path.stem)
def test_an_example_that_asks_a_model_says_which_setting_is_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(RunFailed, match="OPENAI_API_KEY") as failed:
        psynapse.run(path)
    assert "among the secrets in the settings" in str(failed.value.__cause__)


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path not in ASKING_A_MODEL], ids=lambda path: path.stem)
def test_every_example_runs_without_findings(path: Path) -> None:
    result = psynapse.run(path)
    assert result.status == "succeeded"
    assert result.diagnostics == ()
    assert all(value is not None for value in result.results.values())


def test_the_worked_example_gives_48_and_other_values_when_set() -> None:
    assert psynapse.run(EXAMPLES / "worked-example.json")["View"] == 48
    assert psynapse.run(EXAMPLES / "worked-example.json", set={"V1.variableValue": 7})["View"] == 60
    assert psynapse.run(EXAMPLES / "worked-example.json", set={"V1.value": "7"})["View"] == 60


def test_a_result_is_a_mapping_of_views_and_knows_every_output() -> None:
    result = psynapse.run(EXAMPLES / "worked-example.json")
    assert dict(result) == {"View": 48}
    assert (result["F1"], result.outputs["L1"], len(result)) == (8, [8, 6], 1)
    with pytest.raises(KeyError):
        result["nowhere"]


def test_only_what_a_target_needs_runs() -> None:
    result = psynapse.run(EXAMPLES / "worked-example.json", targets=["F1"])
    assert dict(result) == {"F1": 8}
    assert set(result.outputs) == {"V1", "V2", "F1"}


def test_a_failing_node_raises_with_the_users_traceback_first(nodepacks: Path) -> None:
    with pytest.raises(RunFailed, match="LookupError: no 3 here") as caught:
        psynapse.run(flow("broken", value=3), nodepacks=nodepacks)
    assert isinstance(caught.value.__cause__, LookupError)
    printed = "".join(traceback.format_exception(caught.value))
    first = printed.splitlines()[1]
    assert "mine/ops.py" in first.replace(os.sep, "/")
    assert "in broken" in first
    assert caught.value.result.skipped == {"view": "f"}  # type: ignore[attr-defined]


def test_without_check_the_failure_is_in_the_result(nodepacks: Path) -> None:
    result = psynapse.run(flow("broken", value=3), nodepacks=nodepacks, check=False)
    assert (result.status, dict(result)) == ("failed", {"view": None})
    assert result.errors["f"].error_type == "LookupError"


def test_environment_variables_last_as_long_as_the_run(nodepacks: Path) -> None:
    document = flow("variable", name="PSYNAPSE_LOCAL_TEST")
    assert psynapse.run(document, nodepacks=nodepacks, env={"PSYNAPSE_LOCAL_TEST": "here"})["view"] == "here"
    assert psynapse.run(document, nodepacks=nodepacks)["view"] == ""


def test_prints_go_where_they_always_go_unless_somebody_listens(
    nodepacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    psynapse.run(flow("speak", text="aloud"), nodepacks=nodepacks)
    assert capsys.readouterr().out == "aloud\n"
    events: list[RunEvent] = []
    psynapse.run(flow("speak", text="noted"), nodepacks=nodepacks, on_event=events.extend)
    assert capsys.readouterr().out == ""
    assert [event.body for event in events if isinstance(event.body, TaskOutput)] == [TaskOutput("stdout", "noted\n")]
    assert isinstance(events[0].body, RunStarted)
    assert isinstance(events[-1].body, RunFinished)
    assert [event.seq for event in events] == list(range(len(events)))


def test_everything_wrong_is_found_at_once_and_before_anything_runs(nodepacks: Path) -> None:
    document = flow("hafl", value=1)
    document["nodes"].append({"id": "other", "type": "functionNode", "data": {"functionName": "half", "value": "x"}})
    loaded = psynapse.load(document, nodepacks=nodepacks)
    findings = {str(finding.node): finding for finding in loaded.check()}
    assert (findings["f"].code, findings["other"].code) == ("unknown-function", "conversion")
    assert "half" in findings["f"].hint


def test_a_cycle_cannot_run_at_all(nodepacks: Path) -> None:
    document = flow("half")
    document["edges"] = [{"source": "f", "target": "f", "sourceHandle": "result", "targetHandle": "value"}]
    with pytest.raises(InvalidWorkflow, match="f → f"):
        psynapse.run(document, nodepacks=nodepacks)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), ("", "is empty"), ("{", "is not JSON"), ("[]", "no workflow"), ("\0", "is not JSON")],
)
def test_a_file_that_is_no_workflow_says_so(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "flow.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(WorkflowFileError, match=words) as caught:
        psynapse.load(path)
    assert caught.value.hint


def test_what_does_not_exist_is_named(nodepacks: Path) -> None:
    document = flow("half", value=1)
    with pytest.raises(UnknownNode, match=r"'x\.value' is no parameter"):
        psynapse.run(document, nodepacks=nodepacks, set={"x.value": 1})
    with pytest.raises(UnknownNode, match="no node 'x'"):
        psynapse.run(document, nodepacks=nodepacks, targets=["x"])
    with pytest.raises(SettingError, match="does not exist"):
        psynapse.load(document, nodepacks=nodepacks / "nowhere")


def test_node_ids_with_dots_can_be_set(nodepacks: Path) -> None:
    document = flow("half", value=1)
    document["nodes"][0]["id"] = document["edges"][0]["source"] = "a.b"
    assert psynapse.run(document, nodepacks=nodepacks, set={"a.b.value": 10})["view"] == 5


def test_integers_of_any_length_arrive_exactly(tmp_path: Path) -> None:
    number = 123456789012345678901234567890
    variable = {"id": "v", "type": "variableNode", "data": {"variableType": "Number", "variableValue": number}}
    path = tmp_path / "flow.json"
    path.write_text(json.dumps({"nodes": [variable], "edges": []}))
    assert psynapse.run(path).outputs["v"] == number


def test_the_public_names_are_all_there_and_importing_them_is_cheap() -> None:
    assert all(hasattr(psynapse, name) for name in psynapse.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        psynapse.nothing  # type: ignore[attr-defined] # noqa: B018
    code = (
        "import sys, psynapse; psynapse.node; sys.exit(any(m in sys.modules for m in ('pydantic', 'asyncio', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
