"""Packages to begin with: their names, and where they are written."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.services.new_package import UnusablePackageName, module_of, write_package


def test_a_package_is_written_under_its_name_with_nothing_left_to_fill_in(tmp_path: Path):
    written = write_package("scope-sparkle", tmp_path)
    names = {path.relative_to(tmp_path / "scope-sparkle").as_posix() for path in written}
    assert {"pyproject.toml", "README.md", ".gitignore", "src/scope_sparkle/__init__.py"} <= names
    assert "src/scope_sparkle/scope_sparkle_nodes/ops.py" in names
    assert all("${" not in path.read_text() and "template" not in path.name for path in written)
    project = tomllib.loads((tmp_path / "scope-sparkle" / "pyproject.toml").read_text())
    assert project["project"]["entry-points"]["scope"] == {"scope-sparkle": "scope_sparkle"}
    for path in written:
        if path.suffix == ".py":
            compile(path.read_text(), str(path), "exec")


def test_nothing_that_is_there_is_written_over(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    write_package("mine", tmp_path)
    with pytest.raises(UnusablePackageName, match="is there already"):
        write_package("mine", tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(UnusablePackageName):
        write_package("file", tmp_path)


@pytest.mark.parametrize("name", ["", "9lives", "Upper", "a b", "a/b", "..", "-a", "a-", "class", "json", "scope"])
def test_what_could_not_be_imported_is_no_name(name: str):
    with pytest.raises(UnusablePackageName):
        module_of(name)


@given(st.text(max_size=20))
def test_every_name_that_is_taken_makes_a_module(name: str):
    try:
        module = module_of(name)
    except UnusablePackageName:
        return
    assert module.isidentifier()
    assert "/" not in name
