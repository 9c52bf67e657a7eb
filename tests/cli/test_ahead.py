"""What begins before the command line is read."""

import asyncio
import contextlib
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from psynapse.cli import ahead
from psynapse.worker.fork_server_process import ForkServerProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")


@pytest.fixture(autouse=True)
def nothing_left() -> Generator[None]:
    yield
    gc.enable()
    while ahead._begun:
        ahead._begun.pop().end()


@pytest.mark.parametrize("arguments", [[], ["serve"], ["serve", "--port", "0"], ["serve", "--nonsense"]])
def test_a_fork_server_begins_for_a_server(arguments: list[str]):
    ahead.begin(arguments)
    (begun,) = ahead._begun
    assert not begun.has_ended()
    assert not gc.isenabled()


def test_a_fork_server_begins_for_a_run_which_leaves_no_rubbish():
    ahead.begin(["run", "it.json"])
    assert len(ahead._begun) == 1
    assert gc.isenabled()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "serve"],
        ["--help"],
        ["run", "it.json", "--in-process"],
        ["serve", "--help"],
        ["serve", "-h"],
        ["serve", "--reload"],
        ["nodes", "list"],
    ],
)
def test_nothing_begins_for_anything_else(arguments: list[str]):
    ahead.begin(arguments)
    assert ahead._begun == []
    assert gc.isenabled()


def test_where_no_process_can_be_started_nothing_is_said_yet(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    ahead.begin(["serve"])
    assert ahead._begun == []


def test_a_launcher_takes_over_what_was_begun():
    ahead.begin(["serve"])
    (begun,) = ahead._begun
    launcher = ahead.begun()
    assert launcher
    assert (launcher._mark, launcher._pythons[sys.executable].fork_server) == (begun.family, begun)
    assert ahead.begun() is None
    asyncio.run(launcher.close())
    assert begun.popen.returncode is not None


def test_nothing_heavy_is_loaded_before_it_begins():
    code = (
        "import sys, json; from psynapse.cli import ahead; ahead.begin(['serve']);"
        "print(json.dumps(list(sys.modules))); ahead._begun.pop().end()"
    )
    loaded = set(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout))
    assert not loaded & {"typer", "pydantic", "asyncio", "dataclasses", "inspect", "uvicorn", "psynapse.settings"}
    assert not any(name.startswith(("psynapse.model", "psynapse.engine", "psynapse.catalog")) for name in loaded)


def test_wrong_usage_says_the_same_and_leaves_nothing_running(tmp_path: Path):
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    mark = {"AHEAD_MARK": str(tmp_path)}
    command = [sys.executable, "-c", code, "serve", "--nonsense"]
    done = subprocess.run(command, env={**os.environ, **mark}, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: no such option: --nonsense")
    assert hint == "hint: psynapse serve --help shows what is possible"
    ends = time.monotonic() + 10
    while _carrying(f"AHEAD_MARK={tmp_path}"):
        assert time.monotonic() < ends
        time.sleep(0.05)


def _carrying(variable: str) -> list[str]:
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if variable.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(entry.name)
    return found


def test_a_fork_server_that_was_begun_is_known_to_have_ended():
    ahead.begin(["serve"])
    begun: ForkServerProcess = ahead._begun[0]
    begun.popen.kill()
    begun.popen.wait()
    assert begun.has_ended()
