"""What nodes may do to their process: undone, or noticed."""

import builtins
import functools
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from psynapse.model import json_text
from psynapse.worker.condition import Condition


@pytest.fixture
def condition(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Condition]:
    """The condition of this very process, which the test may spoil."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGUSR1)}
    deepest, variables = sys.getrecursionlimit(), dict(os.environ)
    monkeypatch.chdir(tmp_path)
    yield Condition()
    sys.setrecursionlimit(deepest)
    os.environ.clear()
    os.environ.update(variables)
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_process_that_nobody_has_touched_is_whole(condition: Condition):
    condition.restore()
    assert condition.damage() == ""


def test_folder_variables_signals_and_the_depth_of_recursion_are_put_back(condition: Condition, tmp_path: Path):
    path = os.environ["PATH"]
    os.chdir("/")
    os.environ["PATH"] = "nowhere"
    os.environ["NEW"] = "value"
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.alarm(1000)
    sys.setrecursionlimit(100_000)
    condition.restore()
    assert Path.cwd() == tmp_path
    assert os.environ["PATH"] == path
    assert "NEW" not in os.environ
    assert "NEW" not in subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
    assert signal.alarm(0) == 0
    assert sys.getrecursionlimit() < 100_000
    assert condition.damage() == ""


@pytest.mark.parametrize(
    ("module", "name"), [(json, "dumps"), (builtins, "len"), (os, "getcwd"), (json_text, "loads")], ids=str
)
def test_what_has_been_replaced_is_named(
    condition: Condition, monkeypatch: pytest.MonkeyPatch, module: object, name: str
):
    original = getattr(module, name)
    with monkeypatch.context() as patching:
        patching.setattr(module, name, functools.partial(original))
        assert condition.damage().endswith(f".{name} was replaced")
    assert condition.damage() == ""


def test_what_has_been_removed_is_named(condition: Condition, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(json, "dumps")
    assert condition.damage() == "json.dumps was replaced"


def test_what_is_there_to_be_replaced_is_no_damage(condition: Condition, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    monkeypatch.setattr(warnings, "showwarning", lambda *_: None)
    assert condition.damage() == ""


def test_a_standard_stream_that_is_another_file_is_named(condition: Condition, tmp_path: Path):
    kept = os.dup(0)
    try:
        with (tmp_path / "file").open("w") as file:
            os.dup2(file.fileno(), 0)
        assert condition.damage() == "descriptor 0 was closed or replaced"
        os.close(0)
        assert condition.damage() == "descriptor 0 was closed or replaced"
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert condition.damage() == ""


def test_looking_costs_less_than_a_millisecond(condition: Condition):
    times: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        condition.damage()
        times.append(time.perf_counter() - began)
    assert min(times) < 0.001
