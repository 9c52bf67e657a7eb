import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.cli.run import pairs, parse_value
from psynapse.errors import SettingError

Program = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[..., Path]

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.fixture
def program(program: Program, way: tuple[str, ...]) -> Program:
    """The program, once with a worker and once without."""
    return lambda verb, *arguments, **options: program(verb, *way, *arguments, **options)


@given(_JSON)
def test_a_value_that_is_json_is_taken_as_json(value: object):
    assert parse_value(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["hello", "", "NaN", "Infinity", "{", "1 2", "[" * 100_000, "0x10", "'x'"])
def test_a_value_that_is_no_json_is_taken_as_text(text: str):
    assert parse_value(text) == text


@given(st.text(min_size=1).filter(lambda name: "=" not in name), st.text())
def test_a_pair_is_split_at_its_first_equals_sign(name: str, value: object):
    assert pairs("--set", "name=value", [f"{name}={value}"]) == {name: value}


@pytest.mark.parametrize("text", ["", "name", "=value"])
def test_what_is_no_pair_is_refused(text: str):
    with pytest.raises(SettingError, match="--env"):
        pairs("--env", "KEY=VALUE", [text])


def test_the_value_of_a_single_view_is_all_of_stdout(program: Program, workflow: Write):
    done = program("run", workflow(a=("double", {"x": 21}, []), v=("view", {}, ["a"])))
    assert (done.returncode, done.stdout) == (0, "42\n")
    assert "[1/2] double: done in" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("2 nodes in ")
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr


def test_several_views_are_told_apart_by_name(program: Program, workflow: Write):
    path = workflow(
        a=("double", {"x": 2}, []),
        v=("view", {"label": "Four"}, ["a"]),
        t=("passes", {"x": "text"}, []),
        w=("view", {}, ["t"]),
    )
    assert program("run", path).stdout == "Four: 4\nView: text\n"


def test_values_can_be_set_from_outside(program: Program, workflow: Write):
    path = workflow(a=("passes", {"x": 1}, []), v=("view", {}, ["a"]))
    assert program("run", path, "--set", "a.x=[1, 2]").stdout == "[1,2]\n"
    assert program("run", path, "--set", "a.x=hello = you").stdout == "hello = you\n"


def test_environment_variables_reach_the_nodes(program: Program, workflow: Write):
    path = workflow(a=("environment", {}, []), v=("view", {}, ["a"]))
    assert program("run", path).stdout == "unset\n"
    assert program("run", path, "--env", "COLOUR=blue").stdout == "blue\n"


def test_a_target_runs_only_what_it_needs_and_gives_its_value(program: Program, workflow: Write):
    done = program("run", workflow(a=("double", {"x": 4}, []), b=("fails", {}, [])), "--target", "a")
    assert (done.returncode, done.stdout) == (0, "8\n")
    assert "fails" not in done.stderr


@pytest.mark.parametrize("arguments", [["--target", "zzz"], ["--set", "zzz.x=1"], ["--set", "a"], ["--env", "x"]])
def test_what_the_workflow_does_not_have_is_wrong_usage(program: Program, workflow: Write, arguments: list[str]):
    done = program("run", workflow(a=("double", {}, [])), *arguments)
    assert done.returncode == 2
    assert "error: " in done.stderr
    assert "\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failed_node_shows_the_users_code_and_none_of_ours(program: Program, workflow: Write):
    done = program("run", workflow(bad=("fails", {}, []), p=("passes", {}, ["bad"]), v=("view", {}, ["p"])))
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: node fails (bad) failed\n  Traceback (most recent call last):\n" in done.stderr
    assert "ValueError: cannot take 0" in done.stderr
    assert 'ops.py", line' in done.stderr
    assert "psynapse/engine" not in done.stderr
    assert "skipped: passes, View, because fails failed" in done.stderr
    assert (
        done.stderr.splitlines()[-1].startswith("0 done, 1 failed, 2 skipped in ")
        or "1 failed, 2 skipped" in done.stderr
    )


def test_nodes_besides_a_failed_one_give_their_values(program: Program, workflow: Write):
    path = workflow(bad=("fails", {}, []), w=("view", {}, ["bad"]), a=("double", {}, []), v=("view", {}, ["a"]))
    done = program("run", path)
    assert (done.returncode, done.stdout) == (1, "2\n")


def test_an_unknown_function_fails_its_node_with_a_hint(program: Program, workflow: Write):
    done = program("run", workflow(a=("dobule", {}, [])))
    assert done.returncode == 1
    assert "no nodepack has a function 'dobule'" in done.stderr
    assert "hint: did you mean double" in done.stderr


def test_a_circle_is_an_unusable_workflow(program: Program, workflow: Write):
    path = workflow(a=("passes", {}, ["b"]), b=("passes", {}, ["a"]))
    done = program("run", path)
    assert done.returncode == 2
    assert "error: Graph contains a cycle: a → b → a\nhint: " in done.stderr
    answer = json.loads(program("run", path, "--json").stdout)
    assert answer["error"]["code"] == "invalid-workflow"
    assert [finding["code"] for finding in answer["diagnostics"]] == ["cycle"]


def test_json_is_one_object_with_everything(program: Program, workflow: Write):
    path = workflow(a=("double", {"x": 2}, []), v=("view", {}, ["a"]), bad=("fails", {}, []), w=("view", {}, ["bad"]))
    done = program("run", path, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(answer) == {"status", "results", "errors", "skipped", "diagnostics", "seconds"}
    assert answer["status"] == "failed"
    assert answer["results"] == {"v": 4, "w": None}
    assert answer["errors"]["bad"]["error"] == "cannot take 0"
    assert answer["errors"]["bad"]["error_type"] == "ValueError"
    assert answer["skipped"] == {"w": "bad"}
    assert answer["seconds"] > 0


def test_nothing_but_values_gets_to_stdout(program: Program, workflow: Write):
    path = workflow(p=("prints", {}, []), c=("starts_a_program", {}, []), v=("view", {}, ["p"]), w=("view", {}, ["c"]))
    done = program("run", path, "--json")
    assert json.loads(done.stdout)["results"] == {"v": 1, "w": 0}
    for line in ("imported", "prints | hello", "prints stderr | careful", "prints | no newline"):
        assert line in done.stderr.splitlines()
    # A worker's server knows whose it is when only one node runs; in one process nobody does.
    assert {"from a child", "starts_a_program | from a child"} & set(done.stderr.splitlines())
    assert "prints log | WARNING root: logged" in done.stderr


def test_quiet_leaves_only_values_and_errors(program: Program, workflow: Write):
    path = workflow(a=("prints", {}, []), v=("view", {}, ["a"]))
    done = program("run", path, "--quiet")
    assert (done.stdout, done.stderr) == ("1\n", "imported\n")
    failed = program("run", workflow(bad=("fails", {}, [])), "--quiet")
    assert failed.returncode == 1
    assert "ValueError: cannot take 0" in failed.stderr


def test_warnings_are_told(program: Program, workflow: Write):
    done = program("run", workflow(a=("double", {"y": 1}, [])))
    assert done.returncode == 0
    assert "warning: node double (a): the value 'y' is taken by no parameter\nhint: " in done.stderr


def test_a_node_cannot_write_control_characters_to_the_output(program: Program, workflow: Write):
    done = program("run", workflow(a=("prints", {"text": "\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m"}, [])))
    assert "prints | red" in done.stderr
    assert "\x1b" not in done.stderr


def test_many_failures_are_counted_rather_than_listed(program: Program, workflow: Write):
    nodes: dict[str, tuple[str, dict[str, object], list[str]]] = {f"f{i}": ("fails", {}, []) for i in range(40)}
    nodes |= {f"p{i}": ("passes", {}, [f"f{i}"]) for i in range(40)}
    done = program("run", workflow(**nodes), "--quiet")
    assert done.stderr.count("ValueError: cannot take 0") == 10
    assert "… and 30 more failed nodes; --json gives them all" in done.stderr
    assert "… and 30 more skipped nodes; --json gives them all" in done.stderr
