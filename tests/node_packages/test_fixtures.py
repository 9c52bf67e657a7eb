"""The fixtures are what they say: real uv installs what they build, and nothing of the machine is used."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from git_repositories import GitRepository, GitServer
from local_index import LocalIndex
from package_project import build_sdist, build_wheel, make_package


def uv(*arguments: str) -> str:
    ran = subprocess.run(["uv", *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


def install(target: Path, *what: str) -> str:
    return uv("pip", "install", "--python", sys.executable, "--target", str(target), *what)


def version_in(target: Path, module: str) -> str:
    code = f"import site; site.addsitedir({str(target)!r}); import {module}; print({module}.VERSION)"
    return subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("build", [build_wheel, build_sdist])
def test_what_is_added_to_the_index_can_be_installed_with_what_it_requires(
    build: Callable[[Path], Path], tmp_path: Path, target: Path, index: LocalIndex
):
    index.add(build_wheel(make_package(tmp_path, "helper-lib", "2.0")))
    index.add(build(make_package(tmp_path, "scope-hello", "1.0", requires=["helper-lib>=1"])))
    install(target, "scope-hello")
    assert version_in(target, "scope_hello") == "1.0"
    assert version_in(target, "helper_lib") == "2.0"
    assert "/simple/helper-lib/" in index.requests


@pytest.mark.parametrize("options", [[], ["-e"]])
def test_a_folder_is_installed_editable_or_not(options: list[str], tmp_path: Path, target: Path, index: LocalIndex):
    project = make_package(tmp_path, "scope-hello", "1.0", dynamic_version=True)
    install(target, *options, str(project))
    (project / "scope_hello" / "__init__.py").write_text("VERSION = 'edited'")
    assert version_in(target, "scope_hello") == ("edited" if options else "1.0")
    assert index.requests == []


def test_a_repository_is_installed_from_a_file_address_and_over_http(
    tmp_path: Path, target: Path, git_server: GitServer
):
    repository = GitRepository(make_package(git_server.folder, "scope-hello", "1.0"))
    install(target, repository.file_url)
    assert version_in(target, "scope_hello") == "1.0"
    first = repository.head
    second = repository.commit({"scope_hello/__init__.py": "VERSION = '1.1'\n"})
    install(target, "--upgrade", f"scope-hello @ git+{git_server.url_of(repository)}@{second}")
    assert version_in(target, "scope_hello") == "1.1"
    assert first != second
    assert any("git-upload-pack" in request for request in git_server.requests)


def test_a_build_that_fails_says_so_and_hooks_leave_their_mark(tmp_path: Path, target: Path, hermetic: Path):
    ran = tmp_path / "ran.txt"
    project = make_package(tmp_path, "scope-hello", build_fails="no compiler here", ran=ran)
    with pytest.raises(AssertionError, match="no compiler here"):
        install(target, str(project))
    assert ran.read_text().split() == ["build_wheel"]


@pytest.mark.parametrize("behaviour", ["unavailable", "vanish"])
def test_an_index_that_fails_fails_the_install(behaviour: str, tmp_path: Path, target: Path, index: LocalIndex):
    index.add(build_wheel(make_package(tmp_path, "scope-hello")))
    assert behaviour in {"unavailable", "vanish"}
    index.behaviour = "unavailable" if behaviour == "unavailable" else "vanish"
    with pytest.raises(AssertionError):
        install(target, "scope-hello")
    index.behaviour = "serve"
    install(target, "scope-hello")


def test_caches_are_the_tests_own(tmp_path: Path, hermetic: Path):
    assert Path(uv("cache", "dir").strip()).is_relative_to(tmp_path)
