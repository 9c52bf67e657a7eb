import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Program = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[..., Path]


def test_a_clean_workflow_has_no_findings(program: Program, workflow: Write):
    done = program("check", workflow(a=("double", {"x": 1}, []), v=("view", {}, ["a"])))
    assert (done.returncode, done.stdout) == (0, "no findings\n")


def test_every_finding_is_shown_at_once_under_its_node(program: Program, workflow: Write):
    path = workflow(a=("nosuch", {}, []), b=("double", {"x": "many", "y": 1}, []), v=("view", {"label": "Out"}, []))
    done = program("check", path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines.index("node double (b)") > lines.index("node nosuch (a)")
    assert "  error[unknown-function]: no nodepack has a function 'nosuch'" in lines
    assert any(line.startswith("  error[conversion]: x: ") for line in lines)
    assert "  warning[unused-value]: the value 'y' is taken by no parameter" in lines
    assert "    hint: delete it or rename it" in lines
    assert lines[-3:-1] == ["node Out (v)", "  warning[unconnected-view]: the view is not connected"]
    assert lines[-1] == "2 errors, 2 warnings"


def test_warnings_alone_are_a_success(program: Program, workflow: Write):
    done = program("check", workflow(v=("view", {}, [])))
    assert done.returncode == 0
    assert done.stdout.endswith("1 warning\n")


def test_json_has_the_same_findings(program: Program, workflow: Write):
    done = program("check", workflow(a=("passes", {}, ["b"]), b=("passes", {}, ["a"])), "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["errors"], answer["warnings"]) == (1, 0)
    assert answer["diagnostics"][0]["code"] == "cycle"


def test_what_is_no_node_is_found_with_its_place(program: Program, tmp_path: Path):
    path = tmp_path / "bad.json"
    path.write_text('{"nodes": [7], "edges": []}')
    done = program("check", path)
    assert done.returncode == 1
    assert "(/nodes/0)" in done.stdout
