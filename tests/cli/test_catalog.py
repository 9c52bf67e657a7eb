import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Program = Callable[..., subprocess.CompletedProcess[str]]


def _break(nodepacks: Path) -> None:
    folder = nodepacks / "broken"
    folder.mkdir()
    folder.joinpath("ops.py").write_text("import no_such_module_here\n")


def test_every_node_has_a_line_like_its_signature(program: Program):
    done = program("catalog")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "mine" in lines
    at = lines.index("  double(x: int = 1) -> int")
    assert lines[at + 1] == "    Twice a number."
    assert "nodes in" in lines[-1]


def test_a_name_filters_and_the_only_match_is_shown_in_full(program: Program, nodepacks: Path):
    done = program("catalog", "double")
    assert "The whole story of doubling." in done.stdout
    assert "ref          mine/ops.py:double" in done.stdout
    assert f"{nodepacks / 'mine' / 'ops.py'}:" in done.stdout
    assert "passes" not in done.stdout
    several = program("catalog", "mine/")
    assert "passes(" in several.stdout
    assert "The whole story" not in several.stdout


def test_a_name_that_nothing_has_is_said(program: Program):
    done = program("catalog", "zzzzz")
    assert (done.returncode, done.stdout) == (0, "no node has 'zzzzz' in its name\n")


def test_a_broken_nodepack_is_told_beside_the_others(program: Program, nodepacks: Path):
    _break(nodepacks)
    done = program("catalog")
    assert done.returncode == 0
    assert "  double(x: int = 1) -> int" in done.stdout
    assert "  ModuleNotFoundError: No module named 'no_such_module_here'\n  hint: install" in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failure" in done.stdout.splitlines()[-1]
    assert "Traceback" in program("catalog", "--verbose").stdout


def test_a_nodepack_that_only_lacks_an_extra_is_an_offer_and_no_failure(program: Program, nodepacks: Path):
    folder = nodepacks / "pictures"
    folder.mkdir()
    for name in ("ops.py", "progress_ops.py"):
        folder.joinpath(name).write_text("raise ImportError('add it with: pip install \"psynapse[images]\"')\n")
    lines = program("catalog").stdout.splitlines()
    offer = 'not installed: pictures; add what is missing: python -m pip install "psynapse[images]"'
    assert lines[-1] == offer
    assert lines.count(offer) == 1
    assert not any("failed to load" in line for line in lines)


def test_json_has_all_schemas_and_failures(program: Program, nodepacks: Path):
    _break(nodepacks)
    answer = json.loads(program("catalog", "--json").stdout)
    assert "mine/ops.py:double" in {schema["ref"] for schema in answer["schemas"]}
    assert [failure["nodepack"] for failure in answer["failures"]] == ["broken"]
