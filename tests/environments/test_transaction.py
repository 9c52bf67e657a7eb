"""Changes from end to end: real uv, real packages, real workers."""

import asyncio
from pathlib import Path

import pytest
from git_repositories import GitRepository, GitServer
from local_index import LocalIndex
from package_project import build_sdist, build_wheel, make_package
from packages import change, held, install, offer, offer_code, snapshot, versions

from psynapse.environments.edits import Install, Rebuild, Remove, Rollback
from psynapse.environments.errors import BuildNeeded, DependencyConflict
from psynapse.environments.generation import BASE_ALONE
from psynapse.environments.refusals import NotInstalled, PackageFails, UnknownGeneration
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.steps import STEPS, Step
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer


def test_a_package_is_installed_with_what_it_needs_and_can_be_imported(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "helper-lib", "2.0")
    offer(index, tmp_path, "scope-hello", requires=["helper-lib>=1", "numpy"])
    heard: list[Step] = []
    made = change(changer, Install(parse_requirement("Scope_Hello")), heard.append)
    assert made.before == BASE_ALONE
    assert made.after == store.current()
    assert [one.name for one in made.changes.added] == ["helper-lib", "scope-hello"]
    assert "scope-hello" in [package.name for package in made.packages]
    assert made.after.summary == "install scope-hello 1.0"
    assert "numpy" in dict(made.after.relies_on)
    assert made.after.parent == 0
    assert versions(made.after, "scope_hello", "helper_lib") == ["1.0", "2.0"]
    assert (store.folder / "nodes.txt").read_text() == f"{made.after.requirements[0].spec}\n"
    assert (store.folder / "resolved.txt").read_text() == "helper-lib==2.0\nscope-hello==1.0\n"
    assert list(dict.fromkeys(step.name for step in heard)) == list(STEPS)
    assert [step.fraction for step in heard] == sorted(step.fraction for step in heard)


def test_uninstalling_takes_away_what_only_that_needed(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "helper-lib")
    offer(index, tmp_path, "lonely-lib")
    offer(index, tmp_path, "scope-a", requires=["helper-lib", "lonely-lib"])
    offer(index, tmp_path, "scope-b", requires=["helper-lib"])
    install(changer, "scope-a")
    install(changer, "scope-b")
    index.stop()
    made = change(changer, Remove("SCOPE.A"))
    assert [one.name for one in made.changes.removed] == ["lonely-lib", "scope-a"]
    assert held(store) == {"helper-lib": "1.0", "scope-b": "1.0"}
    assert versions(store.current(), "scope_b", "helper_lib") == ["1.0", "1.0"]
    with pytest.raises(NotInstalled, match="helper-lib"):
        change(changer, Remove("helper-lib"))
    made = change(changer, Remove("scope-b"))
    assert made.after.locked == ()
    assert (store.folder / "nodes.txt").read_text() == ""


def test_an_update_moves_that_package_alone(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    for name in ("helper-lib", "scope-a", "scope-b"):
        offer(index, tmp_path, name, requires=["helper-lib"] if name == "scope-a" else [])
    install(changer, "scope-a")
    install(changer, "scope-b")
    for name in ("helper-lib", "scope-a", "scope-b"):
        offer(index, tmp_path, name, "2.0", requires=["helper-lib"] if name == "scope-a" else [])
    assert install(changer, "scope-a").after == store.current()
    assert held(store)["scope-a"] == "1.0"
    made = install(changer, "scope-a", upgrade=True)
    assert [(one.name, one.before, one.after) for one in made.changes.changed] == [("scope-a", "1.0", "2.0")]
    assert held(store) == {"helper-lib": "1.0", "scope-a": "2.0", "scope-b": "1.0"}
    assert made.after.summary == "update scope-a 2.0"
    assert versions(made.after, "scope_a", "helper_lib") == ["2.0", "1.0"]


def test_what_is_there_already_is_not_built_again(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-hello")
    install(changer, "scope-hello")
    before = snapshot(store)
    made = install(changer, "scope-hello")
    assert made.before == made.after == store.current()
    assert made.changes.added == ()
    assert snapshot(store) == before


def test_going_back_needs_neither_network_nor_uv(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer, monkeypatch: pytest.MonkeyPatch
):
    for name in ("scope-a", "scope-b"):
        offer(index, tmp_path, name)
        install(changer, name)
    index.stop()
    monkeypatch.setattr("psynapse.environments.uv.uv.find_uv_bin", lambda: pytest.fail("uv is not needed"))
    made = change(changer, Rollback())
    assert made.after.id == 1
    assert [one.name for one in made.changes.removed] == ["scope-b"]
    assert (store.folder / "freeze.txt").read_text() == "scope-a==1.0\nscope-b==1.0\n"
    assert change(changer, Rollback()).after == BASE_ALONE
    assert held(store) == {}
    with pytest.raises(UnknownGeneration, match="nothing to go back to"):
        change(changer, Rollback())
    assert change(changer, Rollback(2)).after.id == 2
    assert change(changer, Rollback(2)).after.id == 2
    assert versions(store.current(), "scope_a", "scope_b") == ["1.0", "1.0"]
    with pytest.raises(UnknownGeneration, match="generation 9"):
        change(changer, Rollback(9))
    assert change(changer, Rollback(0)).after == BASE_ALONE


def test_a_repository_stays_at_its_commit_until_it_is_updated(
    tmp_path: Path, index: LocalIndex, git_server: GitServer, store: GenerationStore, changer: Changer
):
    repository = GitRepository(make_package(git_server.folder, "scope-git"))
    offer(index, tmp_path, "scope-other")
    first = install(changer, f"git+{git_server.url_of(repository)}").after
    assert first.locked[0].commit == repository.head
    assert versions(first, "scope_git") == ["1.0"]
    second = repository.commit({"scope_git/__init__.py": "VERSION = '1.1'\n"})
    other = install(changer, "scope-other").after
    assert versions(other, "scope_git", "scope_other") == ["1.0", "1.0"]
    again = install(changer, f"scope-git @ git+{git_server.url_of(repository)}")
    assert versions(again.after, "scope_git") == ["1.0"]
    made = install(changer, f"scope-git @ git+{git_server.url_of(repository)}", upgrade=True)
    assert {one.name: one.commit for one in made.after.locked}["scope-git"] == second
    assert [one.name for one in made.changes.changed] == ["scope-git"]
    assert versions(made.after, "scope_git", "scope_other") == ["1.1", "1.0"]
    assert len(made.after.requirements) == 2


def test_a_repository_takes_the_place_of_the_package_that_it_is(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-hello")
    offer(index, tmp_path, "scope-other")
    install(changer, "scope-hello")
    install(changer, "scope-other")
    repository = GitRepository(make_package(tmp_path / "git", "scope-hello", "3.0"))
    made = install(changer, repository.file_url)
    assert sorted(one.name for one in made.after.requirements) == ["scope-hello", "scope-other"]
    assert versions(made.after, "scope_hello") == ["3.0"]
    assert made.after.summary == "install scope-hello 3.0"


def test_an_editable_folder_shows_its_edits_and_the_one_it_needs_comes_along(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    helper = make_package(tmp_path, "helper-local")
    project = make_package(tmp_path, "scope-local", requires=[f"helper-local @ {helper.as_uri()}"])
    made = install(changer, project)
    assert held(store) == {"helper-local": "1.0", "scope-local": "1.0"}
    (project / "scope_local" / "__init__.py").write_text("VERSION = 'edited'\n")
    assert versions(made.after, "scope_local", "helper_local") == ["edited", "1.0"]
    offer(index, tmp_path, "scope-other")
    made = install(changer, "scope-other")
    assert versions(made.after, "scope_local", "scope_other") == ["edited", "1.0"]


def test_a_folder_that_is_not_editable_is_built_as_it_is_each_time_it_is_installed(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    project = make_package(tmp_path, "scope-local")
    first = install(changer, project, editable=False).after
    (project / "scope_local" / "__init__.py").write_text("VERSION = 'edited'\n")
    assert versions(first, "scope_local") == ["1.0"]
    second = install(changer, project, editable=False).after
    assert second.id != first.id
    assert versions(second, "scope_local") == ["edited"]
    assert versions(first, "scope_local") == ["1.0"]


def test_archives_are_installed_from_files_and_addresses(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    archive = build_sdist(make_package(tmp_path, "scope-archive"))
    wheel = build_wheel(make_package(tmp_path, "scope-wheel"))
    index.add(archive)
    install(changer, wheel)
    made = install(changer, index.file_url(archive))
    assert versions(made.after, "scope_archive", "scope_wheel") == ["1.0", "1.0"]


# Refusals


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("raise ValueError('no such device')\n", "no such device"),
        ("import not_there_at_all\n", "not_there_at_all"),
        ("import os\nos._exit(3)\n", "exit code 3"),
        ("raise SystemExit(4)\n", "ends the program"),
        ("import ctypes\nctypes.string_at(0)\n", "SIGSEGV"),
    ],
)
def test_a_package_that_cannot_be_imported_is_refused_and_nothing_has_changed(
    code: str, word: str, tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-good")
    install(changer, "scope-good")
    offer_code(index, tmp_path, "scope-bad", code)
    before = snapshot(store)
    with pytest.raises(PackageFails, match="scope-bad") as caught:
        install(changer, "scope-bad")
    assert word in str(caught.value)
    assert caught.value.package == "scope-bad"
    assert snapshot(store) == before
    assert sorted(path.name for path in (store.folder / "generations").iterdir()) == ["1", "last"]


def test_a_change_that_breaks_what_depends_on_it_is_refused(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-base")
    offer_code(index, tmp_path, "scope-user", "from scope_base import VERSION\n", "1.0", "scope-base")
    install(changer, "scope-base")
    install(changer, "scope-user")
    offer_code(index, tmp_path, "scope-base", "OTHER = '2.0'\n", "2.0")
    with pytest.raises(PackageFails, match="scope-user"):
        install(changer, "scope-base", upgrade=True)
    assert held(store) == {"scope-base": "1.0", "scope-user": "1.0"}


def test_a_package_that_was_broken_before_does_not_stand_in_the_way(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    project = make_package(tmp_path, "scope-local")
    install(changer, project)
    (project / "scope_local" / "__init__.py").write_text("raise ValueError('half edited')\n")
    offer(index, tmp_path, "scope-other")
    made = install(changer, "scope-other")
    assert versions(made.after, "scope_other") == ["1.0"]
    with pytest.raises(PackageFails, match="half edited"):
        install(changer, project)


def test_what_excludes_each_other_is_refused_in_words(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "helper-lib")
    offer(index, tmp_path, "helper-lib", "2.0")
    offer(index, tmp_path, "scope-old", requires=["helper-lib<2"])
    offer(index, tmp_path, "scope-new", requires=["helper-lib>=2"])
    install(changer, "scope-old")
    before = snapshot(store)
    with pytest.raises(DependencyConflict, match="helper-lib") as caught:
        install(changer, "scope-new")
    assert caught.value.explanation
    assert snapshot(store) == before


# Looking ahead


def test_a_preview_says_what_would_change_and_changes_nothing(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    offer(index, tmp_path, "scope-b", requires=["scope-a"])
    install(changer, "scope-a")
    before = snapshot(store)
    ahead = asyncio.run(changer.preview(Install(parse_requirement("scope-b"))))
    assert [one.name for one in ahead.changes.added] == ["scope-b"]
    assert [one.name for one in asyncio.run(changer.preview(Remove("scope-a"))).changes.removed] == ["scope-a"]
    assert [one.name for one in asyncio.run(changer.preview(Rollback())).changes.removed] == ["scope-a"]
    assert snapshot(store) == before


def test_a_preview_runs_no_code_of_a_package(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    ran = tmp_path / "ran.txt"
    project = make_package(tmp_path, "scope-dynamic", dynamic_version=True, ran=ran)
    repository = GitRepository(project)
    with pytest.raises(BuildNeeded):
        asyncio.run(changer.preview(Install(parse_requirement(repository.file_url))))
    assert not ran.exists()
    install(changer, repository.file_url)
    assert ran.exists()


def test_a_rebuild_makes_everything_anew_and_leaves_nothing_to_go_back_to_that_does_not_fit(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-hello")
    first = install(changer, "scope-hello").after
    index.stop()
    made = change(changer, Rebuild())
    assert made.after.id == 2
    assert (made.after.parent, made.after.locked) == (first.parent, first.locked)
    assert made.after.summary == "rebuild for the changed base"
    assert versions(made.after, "scope_hello") == ["1.0"]
