from pathlib import Path

import pytest

from psynapse.environments.identity import read_project


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[project]\nname = "Scope_One"\nversion = "1.0"', ("scope-one", "1.0")),
        ('[project]\nname = "scope-one"\ndynamic = ["version"]', ("scope-one", "")),
        ('[project]\nversion = "1.0"', ("", "")),
        ("[build-system]", ("", "")),
        ("[project", ("", "")),
        ("project = 1", ("", "")),
    ],
)
def test_a_project_says_what_it_says_by_itself(text: str, found: tuple[str, str], tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text(text)
    read = read_project(str(tmp_path))
    assert (read.name, read.version) == found


def test_an_archive_or_a_folder_without_a_project_says_nothing(tmp_path: Path):
    assert read_project(str(tmp_path)).name == ""
    assert read_project(str(tmp_path / "a-1.0-py3-none-any.whl")).name == ""
