"""Which distributions are node packages."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from installed_packages import write_package

from psynapse.catalog.distributions import find_packages, normalised, readable, remember


def names(*folders: Path) -> list[tuple[str, str]]:
    return [(package.name, package.version) for package in find_packages([str(folder) for folder in folders])]


def test_only_distributions_with_a_scope_entry_point_are_node_packages(tmp_path: Path):
    write_package(tmp_path, "Scope.Hello", {"hello.py": ""}, version="2.0.1")
    write_package(tmp_path, "other", {"other.py": ""}, {})
    folder = write_package(tmp_path, "console", {"console.py": ""}, {})
    (folder / "entry_points.txt").write_text("[console_scripts]\nscope = console:main\n")
    assert names(tmp_path) == [("scope-hello", "2.0.1")]


def test_of_two_distributions_of_one_name_the_first_on_the_path_counts(tmp_path: Path):
    write_package(tmp_path / "one", "twice", {"twice.py": ""}, version="2")
    write_package(tmp_path / "two", "twice", {"twice.py": ""}, version="1")
    write_package(tmp_path / "two", "alone", {"alone.py": ""})
    assert names(tmp_path / "one", tmp_path / "two") == [("alone", "1.0"), ("twice", "2")]


def test_a_distribution_without_the_entry_point_hides_one_that_comes_later(tmp_path: Path):
    write_package(tmp_path / "one", "plain", {"plain.py": ""}, {})
    write_package(tmp_path / "two", "plain", {"plain.py": ""})
    assert names(tmp_path / "one", tmp_path / "two") == []


def test_what_is_remembered_counts_until_something_comes_or_goes(tmp_path: Path):
    write_package(tmp_path, "first", {"first.py": ""})
    remember([str(tmp_path), str(tmp_path / "nowhere"), ""])
    assert names(tmp_path) == [("first", "1.0")]
    write_package(tmp_path, "second", {"second.py": ""})
    # However fast this was: a disk may count time in larger steps.
    os.utime(tmp_path, ns=(1, 1))
    assert names(tmp_path) == [("first", "1.0"), ("second", "1.0")]
    remember([str(tmp_path)])
    shutil.rmtree(tmp_path)
    assert names(tmp_path) == []


def test_folders_that_are_not_there_and_files_are_passed_over(tmp_path: Path):
    (tmp_path / "file.zip").write_text("")
    assert names(tmp_path / "nowhere", tmp_path / "file.zip") == []


@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", fullmatch=True))
def test_normalised_names_stay_as_they_are(name: str):
    assert normalised(normalised(name)) == normalised(name)
    assert normalised(name.upper()) == normalised(name.replace("_", "-"))


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("=?utf-8?q?Sebasti=C3=A1n?= <a@example.org>", "Sebastián <a@example.org>"),
        ("Ada <ada@example.org>", "Ada <ada@example.org>"),
        ("=?no-such-code?q?x?=", "=?no-such-code?q?x?="),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("", ""),
    ],
)
def test_a_field_is_shown_as_its_author_wrote_it(header: str, shown: str):
    assert readable(header) == shown
