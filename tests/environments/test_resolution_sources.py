"""Folders, repositories, archives: what is at an address is named, pinned, and runs no code before it may."""

import asyncio
import shutil
from pathlib import Path

import pytest
from asking import Asking, Offer
from git_repositories import GitRepository, GitServer
from local_index import LocalIndex
from package_project import build_sdist, make_package

from psynapse.environments.base import Base
from psynapse.environments.errors import (
    BadRequirement,
    BuildFailed,
    BuildNeeded,
    DependencyConflict,
    NetworkUnreachable,
    RequirementNotFound,
)
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.resolution import resolve
from psynapse.environments.uv import Uv


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("editable", [False, True])
def test_a_folder_is_named_by_itself(dynamic: bool, editable: bool, tmp_path: Path, uv: Uv, pinned_base: Base):
    project = make_package(tmp_path, "Scope_Local", "3.1", dynamic_version=dynamic)
    requirement = parse_requirement(str(project), editable=editable)
    found = asyncio.run(resolve(uv, pinned_base, [requirement]))
    (locked,) = found.locked
    assert (locked.name, locked.version, locked.source) == ("scope-local", "3.1", "local")
    assert (locked.editable, locked.path) == (editable, str(project))
    assert found.requirements[0].name == "scope-local"
    assert locked.line == (f"-e {project.as_uri()}" if editable else f"scope-local @ {project.as_uri()}")


def test_a_folder_that_is_not_there_is_not_found(ask: Asking, tmp_path: Path):
    with pytest.raises(RequirementNotFound, match="There is nothing at"):
        ask(str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(RequirementNotFound, match="does not appear to be a Python project"):
        ask(str(tmp_path / "empty"))


def test_a_folder_that_is_there_keeps_its_built_version_until_it_is_reloaded(ask: Asking, tmp_path: Path):
    ran = tmp_path / "ran"
    project = make_package(tmp_path, "scope-local", "3.1", dynamic_version=True, ran=ran)
    assert ask(str(project)) == {"scope-local": "3.1"}
    built = ran.read_text().count("build_editable")
    make_package(tmp_path, "scope-local", "3.2", dynamic_version=True, ran=ran)
    assert ask() == {"scope-local": "3.1"}
    assert ran.read_text().count("build_editable") == built
    assert ask(upgrade="scope-local") == {"scope-local": "3.2"}


def test_a_repository_is_pinned_and_moves_only_when_it_is_updated(ask: Asking, tmp_path: Path, offer: Offer):
    offer("scope-other")
    repository = GitRepository(make_package(tmp_path / "git", "scope-hello", "1.0"))
    first = repository.head
    assert ask(repository.file_url) == {"scope-hello": "1.0"}
    assert ask.locked("scope-hello").line == f"scope-hello @ {repository.file_url}@{first}"
    assert ask.last.requirements[0].commit == first
    make_package(tmp_path / "git", "scope-hello", "1.1")
    second = repository.commit({})
    ask("scope-other")
    assert ask.locked("scope-hello").commit == first
    assert ask(upgrade="scope-hello") == {"scope-hello": "1.1", "scope-other": "1.0"}
    assert ask.locked("scope-hello").commit == second == ask.last.requirements[0].commit
    assert ask.locked("scope-hello").source == "git"


def test_a_repository_over_http_with_a_folder_inside_and_a_branch(ask: Asking, git_server: GitServer):
    make_package(git_server.folder / "mono" / "packages", "scope-inner", "2.0", dynamic_version=True)
    repository = GitRepository(git_server.folder / "mono")
    repository.git("checkout", "--quiet", "-b", "next")
    commit = repository.commit({"packages/scope-inner/more.py": ""})
    repository.git("checkout", "--quiet", "main")
    url = f"git+{git_server.url_of(repository)}@next#subdirectory=packages/scope-inner"
    assert ask(url) == {"scope-inner": "2.0"}
    line = f"scope-inner @ git+{git_server.url_of(repository)}@{commit}#subdirectory=packages/scope-inner"
    assert ask.locked("scope-inner").line == line


def test_what_a_package_wants_from_git_is_pinned_too(ask: Asking, tmp_path: Path, offer: Offer):
    offer("scope-other")
    wanted = GitRepository(make_package(tmp_path / "git", "helper-lib", "1.0"))
    first = wanted.head
    project = make_package(tmp_path, "scope-local", requires=[f"helper-lib @ {wanted.file_url}"])
    assert ask(str(project)) == {"helper-lib": "1.0", "scope-local": "1.0"}
    assert ask.locked("helper-lib").commit == first
    make_package(tmp_path / "git", "helper-lib", "1.1")
    second = wanted.commit({})
    ask("scope-other")
    assert ask.locked("helper-lib").commit == first
    assert ask(upgrade="scope-local")["helper-lib"] == "1.1"
    assert ask.locked("helper-lib").commit == second


def test_what_a_package_wants_from_another_folder_is_local(ask: Asking, tmp_path: Path):
    helper = make_package(tmp_path, "helper-lib", "4.0")
    project = make_package(tmp_path, "scope-local", requires=[f"helper-lib @ {helper.as_uri()}"])
    assert ask(str(project)) == {"helper-lib": "4.0", "scope-local": "1.0"}
    assert (ask.locked("helper-lib").source, ask.locked("helper-lib").path) == ("local", str(helper))
    assert not ask.locked("helper-lib").editable


def test_archives_are_taken_from_addresses_and_from_files(ask: Asking, tmp_path: Path, index: LocalIndex, offer: Offer):
    wheel = offer("scope-wheel", "2.0")
    archive = build_sdist(make_package(tmp_path, "scope-archive", "3.0"))
    assert ask(index.file_url(wheel), str(archive)) == {"scope-archive": "3.0", "scope-wheel": "2.0"}
    assert ask.locked("scope-wheel").source == "pypi"
    assert ask.locked("scope-archive").source == "local"
    assert ask() == {"scope-archive": "3.0", "scope-wheel": "2.0"}


def test_the_same_package_from_elsewhere_takes_the_place_of_the_one_before(ask: Asking, tmp_path: Path, offer: Offer):
    offer("scope-hello", "1.0")
    ask("scope-hello")
    repository = GitRepository(make_package(tmp_path / "git", "scope-hello", "2.0"))
    assert ask(repository.file_url) == {"scope-hello": "2.0"}
    assert [one.source for one in ask.last.requirements] == ["git"]


def test_what_is_not_there_in_a_repository_is_said(ask: Asking, tmp_path: Path):
    repository = GitRepository(make_package(tmp_path / "git", "scope-hello"))
    with pytest.raises(RequirementNotFound, match="couldn't find remote ref"):
        ask(f"{repository.file_url}@nobranch")
    with pytest.raises(RequirementNotFound, match="There is nothing to install"):
        ask(f"git+{(tmp_path / 'nowhere').as_uri()}")
    with pytest.raises(BadRequirement, match="called scope-hello, not other-name"):
        ask(f"other-name @ {repository.file_url}")


def test_a_build_that_fails_is_told_with_its_own_reason(ask: Asking, tmp_path: Path):
    project = make_package(tmp_path, "scope-bad", dynamic_version=True, build_fails="no compiler here")
    with pytest.raises(BuildFailed, match=r"Building scope-bad failed: .*no compiler here") as failed:
        ask(str(project))
    assert "Traceback" in failed.value.stderr


def test_a_preview_runs_no_code_where_static_metadata_says_enough(ask: Asking, tmp_path: Path, offer: Offer):
    ran = tmp_path / "ran"
    offer("helper-lib")
    project = make_package(tmp_path, "scope-local", requires=["helper-lib"], ran=ran)
    repository = GitRepository(make_package(tmp_path / "git", "scope-git", "4.0", requires=["helper-lib"], ran=ran))
    found = ask(str(project), repository.file_url, build=False)
    assert found == {"helper-lib": "1.0", "scope-git": "4.0", "scope-local": "1.0"}
    assert not ran.exists()


@pytest.mark.parametrize("source", ["folder", "git", "index", "setup.py", "newest in the index"])
def test_a_preview_says_where_code_would_have_to_run(
    source: str, ask: Asking, tmp_path: Path, offer: Offer, index: LocalIndex
):
    ran = tmp_path / "ran"
    project = make_package(tmp_path, "scope-dynamic", "2.0", dynamic_version=True, ran=ran)
    spec = "scope-dynamic"
    if source == "folder":
        spec = str(project)
    elif source == "git":
        spec = GitRepository(project).file_url
    elif source == "setup.py":
        shutil.rmtree(project)
        project.mkdir()
        (project / "setup.py").write_text(f"open({str(ran)!r}, 'w')\n")
        spec = str(project)
    else:
        index.add(build_sdist(project))
    if source == "newest in the index":
        offer("scope-dynamic", "1.0")

    def preview() -> None:
        ask(spec, build=False)
        # One that needs no code was found, and a newer one that does.
        ask.held_back()

    with pytest.raises(BuildNeeded) as needed:
        preview()
    assert "known only by running its code" in needed.value.message
    assert not ran.exists()


def test_without_the_network_what_is_cached_is_enough(ask: Asking, offer: Offer, index: LocalIndex, tmp_path: Path):
    offer("scope-hello", requires=["torch"])
    repository = GitRepository(make_package(tmp_path / "git", "scope-git", "4.0"))
    ask("scope-hello", repository.file_url)
    index.stop()
    shutil.rmtree(repository.root)
    assert ask() == {"scope-git": "4.0", "scope-hello": "1.0"}
    assert ask("scope-hello", keep=False) == {"scope-hello": "1.0"}
    with pytest.raises(NetworkUnreachable) as unreachable:
        ask("scope-unknown")
    assert "Connection refused" in unreachable.value.message


@pytest.mark.parametrize("behaviour", ["unavailable", "vanish"])
def test_an_index_that_fails_is_the_networks_fault(behaviour: str, ask: Asking, offer: Offer, index: LocalIndex):
    offer("scope-hello")
    index.behaviour = "unavailable" if behaviour == "unavailable" else "vanish"
    with pytest.raises(NetworkUnreachable):
        ask("scope-hello")


def test_an_address_nobody_asked_for_is_refused_in_an_index(ask: Asking, tmp_path: Path, offer: Offer):
    repository = GitRepository(make_package(tmp_path / "git", "helper-lib"))
    offer("scope-hello", requires=[f"helper-lib @ {repository.file_url}"])
    with pytest.raises(DependencyConflict, match="helper-lib from an address of its own") as refused:
        ask("scope-hello")
    assert refused.value.culprits == ("helper-lib",)
    assert ask(repository.file_url, "scope-hello") == {"helper-lib": "1.0", "scope-hello": "1.0"}


def test_two_addresses_for_one_package_are_a_conflict(ask: Asking, tmp_path: Path):
    one = make_package(tmp_path / "one", "helper-lib")
    two = make_package(tmp_path / "two", "helper-lib")
    first = make_package(tmp_path, "scope-one", requires=[f"helper-lib @ {one.as_uri()}"])
    second = make_package(tmp_path, "scope-two", requires=[f"helper-lib @ {two.as_uri()}"])
    with pytest.raises(DependencyConflict, match="helper-lib is asked for from different addresses"):
        ask(str(first), str(second))
