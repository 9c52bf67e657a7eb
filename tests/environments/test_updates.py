"""Newer versions are found in a real index and in real repositories, and not asked for too often."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from base_environment import make_base
from git_repositories import GitRepository, GitServer
from local_index import LocalIndex
from package_project import build_wheel, make_package

from psynapse.environments.base import Base
from psynapse.environments.locked import Locked
from psynapse.environments.requirement import Requirement, parse_requirement
from psynapse.environments.resolution import resolve
from psynapse.environments.updates import KNOWN_SECONDS, UNKNOWN_SECONDS, Update, Updates
from psynapse.environments.uv import Uv


class Installed:
    """What is installed, a clock that is set by hand, and an event loop for all questions."""

    def __init__(self, uv: Uv, base: Base, runner: asyncio.Runner, patience: float = 20) -> None:
        self.uv = uv
        self.base = base
        self.now = 1000.0
        self.runner = runner
        self.requirements: Sequence[Requirement] = ()
        self.locked: Sequence[Locked] = ()
        self.updates = Updates(uv, base, clock=lambda: self.now, patience=patience)

    def install(self, *specs: str) -> None:
        requirements = [parse_requirement(spec) for spec in specs]
        resolution = self.runner.run(resolve(self.uv, self.base, requirements, pre=True))
        self.requirements, self.locked = resolution.requirements, resolution.locked

    def check(self, *, refresh: bool = False) -> dict[str, Update]:
        return dict(self.runner.run(self.updates.check(self.requirements, self.locked, refresh=refresh)))

    def settle(self) -> None:
        async def settle() -> None:
            await asyncio.gather(*self.updates._looking.values())

        self.runner.run(settle())


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def installed(tmp_path: Path, index: LocalIndex, runner: asyncio.Runner) -> Iterator[Installed]:
    torch, held = make_package(tmp_path / "in", "torch", "2.13.0+cpu"), make_package(tmp_path / "in", "held-lib", "1.0")
    base = make_base(tmp_path, [build_wheel(torch), build_wheel(held)])
    installed = Installed(Uv(tmp_path / "nodes" / "cache"), base, runner)
    yield installed
    runner.run(installed.updates.close())


def offer(index: LocalIndex, folder: Path, name: str, version: str) -> Path:
    wheel = build_wheel(make_package(folder / version, name, version))
    index.add(wheel)
    return wheel


def test_a_newer_version_in_the_index_is_told_and_an_older_one_is_not(
    installed: Installed, index: LocalIndex, tmp_path: Path
):
    for name in ("scope-one", "scope-two"):
        offer(index, tmp_path, name, "1.0")
    installed.install("scope-one", "scope-two")
    offer(index, tmp_path, "scope-one", "1.10")
    assert installed.check(refresh=True) == {
        "scope-one": Update(latest_version="1.10", update_available=True),
        "scope-two": Update(latest_version="1.0", update_available=False),
    }


def test_a_version_outside_of_what_was_asked_for_is_no_update(installed: Installed, index: LocalIndex, tmp_path: Path):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one<2")
    offer(index, tmp_path, "scope-one", "2.0")
    assert installed.check(refresh=True) == {"scope-one": Update(latest_version="1.0", update_available=False)}


def test_pre_releases_are_updates_of_pre_releases_alone(installed: Installed, index: LocalIndex, tmp_path: Path):
    offer(index, tmp_path, "scope-early", "1.0b1")
    offer(index, tmp_path, "scope-final", "1.0")
    installed.install("scope-early", "scope-final")
    offer(index, tmp_path, "scope-early", "1.0b2")
    offer(index, tmp_path, "scope-final", "1.1b2")
    found = installed.check(refresh=True)
    assert found["scope-early"] == Update(latest_version="1.0b2", update_available=True)
    assert found["scope-final"] == Update(latest_version="1.0", update_available=False)


def test_an_answer_is_known_at_once_and_looked_for_meanwhile(installed: Installed, index: LocalIndex, tmp_path: Path):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one")
    offer(index, tmp_path, "scope-one", "2.0")
    index.requests.clear()
    assert installed.check() == {"scope-one": Update()}
    assert installed.check() == {"scope-one": Update()}
    installed.settle()
    newer = {"scope-one": Update(latest_version="2.0", update_available=True)}
    assert installed.check() == newer
    assert index.requests.count("/simple/scope-one/") == 1
    installed.now += KNOWN_SECONDS + 1
    offer(index, tmp_path, "scope-one", "3.0")
    assert installed.check() == newer
    installed.settle()
    assert installed.check()["scope-one"].latest_version == "3.0"


def test_what_was_just_updated_has_no_update(installed: Installed, index: LocalIndex, tmp_path: Path):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one")
    offer(index, tmp_path, "scope-one", "2.0")
    assert installed.check(refresh=True)["scope-one"].update_available
    installed.runner.run(installed.uv.run(["cache", "clean"]))
    installed.install("scope-one")
    assert installed.check() == {"scope-one": Update(latest_version="2.0", update_available=False)}


def test_a_package_that_no_index_has_any_more_hides_no_other(installed: Installed, index: LocalIndex, tmp_path: Path):
    gone = offer(index, tmp_path, "scope-gone", "1.0")
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-gone", "scope-one")
    index.remove(gone)
    found = installed.check(refresh=True)
    assert found == {"scope-gone": Update(), "scope-one": Update(latest_version="1.0", update_available=False)}


def test_without_a_network_nothing_is_known_and_it_is_asked_again_soon(
    installed: Installed, index: LocalIndex, tmp_path: Path
):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one")
    index.behaviour = "unavailable"
    assert installed.check(refresh=True) == {"scope-one": Update()}
    index.behaviour = "serve"
    assert installed.check() == {"scope-one": Update()}
    installed.settle()
    assert installed.check() == {"scope-one": Update()}
    installed.now += UNKNOWN_SECONDS + 1
    installed.check()
    installed.settle()
    assert installed.check()["scope-one"].update_available is False


def test_an_index_that_does_not_answer_is_not_waited_for(
    installed: Installed, index: LocalIndex, tmp_path: Path, runner: asyncio.Runner
):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one")
    index.behaviour = "hang"
    installed.updates = Updates(installed.uv, installed.base, patience=0.5)
    assert installed.check(refresh=True) == {"scope-one": Update()}


def test_looking_ends_when_it_is_not_wanted_any_more(installed: Installed, index: LocalIndex, tmp_path: Path):
    offer(index, tmp_path, "scope-one", "1.0")
    installed.install("scope-one")
    index.behaviour = "hang"
    installed.check()
    installed.runner.run(installed.updates.close())
    assert installed.updates._looking == {}


def test_folders_archives_and_what_is_pinned_have_no_updates(installed: Installed, index: LocalIndex, tmp_path: Path):
    wheel = offer(index, tmp_path, "scope-wheel", "1.0")
    project = make_package(tmp_path, "scope-local")
    installed.install(str(project), index.file_url(wheel), "torch")
    assert installed.check(refresh=True) == {}


def test_what_the_base_has_can_be_newer_in_the_index(installed: Installed, index: LocalIndex, tmp_path: Path):
    installed.install("held-lib")
    offer(index, tmp_path, "held-lib", "1.5")
    assert installed.check(refresh=True) == {"held-lib": Update(latest_version="1.5", update_available=True)}


def test_new_commits_of_the_default_branch_are_updates(installed: Installed, git_server: GitServer):
    repository = GitRepository(make_package(git_server.folder, "scope-git"))
    installed.install(f"git+{git_server.url_of(repository)}")
    assert installed.check(refresh=True)["scope-git"].update_available is False
    head = repository.commit({"new.py": ""})
    assert installed.check(refresh=True) == {"scope-git": Update(latest_version=head[:9], update_available=True)}


def test_a_branch_a_tag_and_a_commit_are_compared_with_themselves(installed: Installed, tmp_path: Path):
    repository = GitRepository(make_package(tmp_path / "git", "scope-git"))
    first = repository.head
    repository.git("branch", "next")
    repository.git("tag", "--annotate", "v1", "--message", "one")
    repository.git("tag", "light")
    repository.commit({"new.py": ""})
    for ref in ("next", "v1", "light", first, first[:10]):
        installed.install(f"{repository.file_url}@{ref}")
        found = installed.check(refresh=True)
        assert found == {"scope-git": Update(latest_version=first[:9], update_available=False)}, ref
    installed.install(f"{repository.file_url}@next")
    repository.git("checkout", "--quiet", "next")
    moved = repository.commit({"next.py": ""})
    assert installed.check(refresh=True) == {"scope-git": Update(latest_version=moved[:9], update_available=True)}
    repository.git("checkout", "--quiet", "main")
    repository.git("branch", "--delete", "--force", "next")
    assert installed.check(refresh=True) == {"scope-git": Update()}


def test_a_repository_that_is_gone_and_a_missing_git_say_nothing(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    repository = GitRepository(make_package(tmp_path / "git", "scope-git"))
    installed.install(repository.file_url)
    repository.root.rename(tmp_path / "moved")
    assert installed.check(refresh=True) == {"scope-git": Update()}
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert installed.check(refresh=True) == {"scope-git": Update()}
