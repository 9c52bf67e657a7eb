"""What results depend on besides their tasks: every difference that may matter, and no other."""

import os
import sys
from pathlib import Path

import pytest

from psynapse.engine.surroundings import surroundings

VARIABLES = {"MODEL": "small", "HOME": "somewhere"}


def test_it_is_the_same_where_nothing_differs():
    assert surroundings() == surroundings(dict(os.environ), list(sys.path))
    assert len(surroundings()) == 16
    assert surroundings({"A": "1", "B": "2"}) == surroundings({"B": "2", "A": "1"})


@pytest.mark.parametrize(
    "other",
    [{"MODEL": "large"}, {"MODEL": ""}, {"EXTRA": "x"}, {"MODEL": "small\0", "HOME": "here"}, {"MODELS": "mall"}],
)
def test_another_variable_makes_another(other: dict[str, str]):
    assert surroundings(VARIABLES | other) != surroundings(VARIABLES)


def test_a_variable_less_makes_another_and_names_do_not_run_into_values():
    assert surroundings({"MODEL": "small"}) != surroundings(VARIABLES)
    assert surroundings({"A": "1", "B": "2"}) != surroundings({"A": "1B=2"})
    assert surroundings({"A": "1B", "C": ""}) != surroundings({"A": "1", "BC": ""})


@pytest.mark.parametrize("name", ["SHLVL", "PSYNAPSE_WORKER", "PSYNAPSE_TOKEN", "SSH_CONNECTION", "_"])
def test_what_each_start_sets_anew_makes_no_difference(name: str):
    assert surroundings({**VARIABLES, name: "new"}) == surroundings(VARIABLES)


def test_another_version_of_a_package_makes_another(tmp_path: Path):
    seen = {surroundings(VARIABLES, [str(tmp_path)])}
    for name in ("psynapse-0.1.0.dist-info", "numpy-2.0.0.dist-info"):
        (tmp_path / name).mkdir()
        seen.add(surroundings(VARIABLES, [str(tmp_path)]))
    (tmp_path / name).rename(tmp_path / "numpy-2.0.1.dist-info")
    seen.add(surroundings(VARIABLES, [str(tmp_path)]))
    assert len(seen) == 4
    (tmp_path / "__pycache__").mkdir()
    assert surroundings(VARIABLES, [str(tmp_path), str(tmp_path / "missing")]) in seen


def test_another_python_or_folder_makes_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    here = surroundings(VARIABLES)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert surroundings(VARIABLES) != here
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert surroundings(VARIABLES) != here
