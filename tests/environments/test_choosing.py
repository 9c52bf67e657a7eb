"""An update of an address is one of the package that came from there, whose name nobody has to write."""

from pathlib import Path

import pytest
from git_repositories import GitRepository
from local_index import LocalIndex
from package_project import build_wheel, make_package
from packages import change, install, offer, versions

from psynapse.environments.edits import Install
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.transaction import Changer

VERSION = "scope_git/__init__.py"


@pytest.mark.parametrize("before", ["the address", "the name", "nothing"])
def test_a_bare_address_is_updated_and_nothing_else_moves(
    before: str, tmp_path: Path, index: LocalIndex, changer: Changer
):
    repository = GitRepository(make_package(tmp_path, "scope-git"))
    offer(index, tmp_path, "helper-lib", "1.0")
    offer(index, tmp_path, "scope-other", requires=["helper-lib"])
    install(changer, "scope-other")
    if before != "nothing":
        install(changer, repository.file_url if before == "the address" else f"scope-git @ {repository.file_url}")
    second = repository.commit({VERSION: "VERSION = '1.1'\n"})
    offer(index, tmp_path, "helper-lib", "2.0")
    made = change(changer, Install(parse_requirement(repository.file_url), upgrade=True))
    assert {one.name: one.commit for one in made.after.locked}["scope-git"] == second
    assert versions(made.after, "scope_git", "helper_lib") == ["1.1", "1.0"]
    assert made.after.summary == "update scope-git 1.0"
    assert len(made.after.requirements) == 2


def test_an_archive_that_was_replaced_at_its_address_is_fetched_again(
    tmp_path: Path, index: LocalIndex, changer: Changer
):
    wheel = build_wheel(make_package(tmp_path / "one", "scope-wheel"))
    index.add(wheel)
    install(changer, index.file_url(wheel))
    files = {"scope_wheel/__init__.py": "VERSION = 'replaced'\n"}
    index.add(build_wheel(make_package(tmp_path / "two", "scope-wheel", files=files)))
    made = change(changer, Install(parse_requirement(index.file_url(wheel)), upgrade=True))
    assert made.after.summary == "update scope-wheel 1.0"
    assert versions(made.after, "scope_wheel") == ["replaced"]
