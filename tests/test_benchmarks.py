"""The benchmarks run and their engines agree; how long anything takes is not a test's business."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEADING = "| what | unit | plain Python | Psynapse | ratio | Hamilton | Dask | goal | met? |"


def start(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)


def test_the_quickest_benchmark_gives_the_right_values_and_writes_its_table(tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    done = start("overhead", "--quick", "--write", str(page))
    assert done.returncode == 0, done.stderr
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith(("| chain", "| fan", "| tree"))]
    assert HEADING in lines
    assert len(rows) == 6
    assert all(re.fullmatch(r"[\d.]+ x", row[4]) for row in rows)
    assert "chain, 30 nodes: recorded and encoded" in done.stdout


@pytest.mark.parametrize("group", ["again", "planning", "server"])
def test_benchmarks_that_count_calls_and_compare_plans_work(group: str):
    done = start(group, "--quick")
    assert done.returncode == 0, done.stderr


def test_a_contender_that_computes_something_else_is_not_timed():
    code = (
        "from benchmarks.timing import Contender, WrongAnswer, compare\n"
        "try:\n"
        "    compare({'liar': Contender(call=lambda: 1, check=lambda value: value == 2)}, 1)\n"
        "except WrongAnswer as refused:\n"
        "    print(refused)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "liar gave 1\n"


def test_an_unknown_benchmark_is_refused_with_the_names_there_are():
    done = start("speed")
    assert done.returncode == 2
    assert "overhead" in done.stderr
