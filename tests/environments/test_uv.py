import asyncio
import os
from pathlib import Path

import pytest

from psynapse.environments import uv as module
from psynapse.environments.errors import UvFailed, UvMissing
from psynapse.environments.uv import Uv, clean_environment, find_uv


@pytest.fixture
def uv(tmp_path: Path, hermetic: Path) -> Uv:
    return Uv(tmp_path / "nodes" / "cache")


def test_uv_runs_with_its_own_cache(uv: Uv):
    assert asyncio.run(uv.run(["cache", "dir"])).strip() == str(uv.cache)
    assert uv.cache.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_the_user_named_is_used(uv: Uv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "theirs"))
    assert asyncio.run(uv.run(["cache", "dir"])).strip() == str(tmp_path / "theirs")


def test_what_uv_refuses_is_raised_with_what_it_said(uv: Uv):
    lines: list[str] = []
    with pytest.raises(UvFailed, match="uv pip nothing failed: error: unrecognized subcommand") as failed:
        asyncio.run(uv.run(["pip", "nothing"], on_line=lines.append))
    assert failed.value.exit_code == 2
    assert "unrecognized subcommand" in failed.value.stderr
    assert "unrecognized subcommand" in lines[0]


def test_a_uv_that_says_nothing_and_dies_is_raised_too(uv: Uv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nkill -9 $$\n")
    silent.chmod(0o755)
    monkeypatch.setattr(module.uv, "find_uv_bin", lambda: str(silent))
    with pytest.raises(UvFailed, match="it said nothing") as failed:
        asyncio.run(uv.run(["pip", "list"]))
    assert failed.value.exit_code == -9


def test_uv_is_found_through_its_wheel_and_missed_clearly(uv: Uv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert Path(find_uv()).name.startswith("uv")

    def missing() -> str:
        raise FileNotFoundError("no uv in any folder")

    monkeypatch.setattr(module.uv, "find_uv_bin", missing)
    with pytest.raises(UvMissing, match="no uv in any folder") as missed:
        asyncio.run(uv.run(["--version"]))
    assert "pip install uv" in missed.value.hint


def test_a_uv_that_cannot_be_started_is_said(uv: Uv, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    broken = tmp_path / "broken"
    broken.write_text("")
    monkeypatch.setattr(module.uv, "find_uv_bin", lambda: str(broken))
    with pytest.raises(UvMissing, match="cannot be started"):
        asyncio.run(uv.run(["--version"]))


def test_secrets_and_what_redirects_uv_do_not_reach_it():
    dropped = ["PSYNAPSE_TOKEN", "DAYDREAM_SCOPE_DIR", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "GIT_DIR"]
    dropped += ["UV_TARGET", "UV_CONSTRAINT", "UV_PYTHON", "UV_PROJECT", "UV_SYSTEM_PYTHON"]
    kept = ["HOME", "PATH", "SSH_AUTH_SOCK", "HTTPS_PROXY", "SSL_CERT_FILE", "UV_DEFAULT_INDEX", "UV_INDEX_X_PASSWORD"]
    kept += ["UV_FIND_LINKS", "CUDA_HOME", "UV_CACHE_DIR"]
    clean = clean_environment(dict.fromkeys(dropped + kept, "value"))
    assert {name for name, value in clean.items() if value == "value"} == set(kept)
    assert clean["GIT_TERMINAL_PROMPT"] == "0"
    assert "BatchMode" in clean["GIT_SSH_COMMAND"]
    assert clean_environment({"GIT_SSH_COMMAND": "mine"})["GIT_SSH_COMMAND"] == "mine"


def test_descriptors_reach_uv(uv: Uv):
    reading, writing = os.pipe()
    try:
        asyncio.run(uv.run(["--version"], keep_open=[writing], cwd=uv.cache.parent.parent, offline=True))
    finally:
        os.close(reading)
        os.close(writing)
