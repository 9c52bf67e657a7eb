import asyncio
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from psynapse.environments.running import Ended, _dying_with, run_program, without_credentials


def run(*command: str, cwd: Path, env: Mapping[str, str] = os.environ, keep_open: Sequence[int] = ()) -> Ended:
    return asyncio.run(run_program(command, env=env, cwd=cwd, keep_open=keep_open))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def wait_for_death(pid: int) -> None:
    for _ in range(500):
        if not is_alive(pid):
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


def test_what_it_prints_and_how_it_ends_is_returned(tmp_path: Path):
    ended = run("sh", "-c", "pwd; echo no >&2; exit 3", cwd=tmp_path)
    assert ended == Ended(3, f"{tmp_path}\n", "no\n")
    assert run("sh", "-c", "kill -9 $$", cwd=tmp_path).exit_code == -signal.SIGKILL


def test_lines_are_told_as_they_come_without_credentials(tmp_path: Path):
    heard: list[str] = []
    script = "printf 'one\\ntwo https://me:pw@h/x\\nlast' >&2"
    ended = asyncio.run(run_program(["sh", "-c", script], env=os.environ, cwd=tmp_path, on_line=heard.append))
    assert heard == ["one", "two https://***@h/x", "last"]
    assert "pw" not in ended.stderr


def test_only_the_end_of_very_much_output_is_kept(tmp_path: Path):
    script = "import sys; sys.stderr.write('x' * 3_000_000 + 'end')"
    ended = run(sys.executable, "-c", script, cwd=tmp_path)
    assert len(ended.stderr) == 1 << 20
    assert ended.stderr.endswith("xend")


def test_a_program_that_is_not_there_raises(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        run("/nowhere/program", cwd=tmp_path)


def test_descriptors_are_inherited_when_they_are_to_be(tmp_path: Path):
    reading, writing = os.pipe()
    try:
        write = [sys.executable, "-c", f"import os; os.write({writing}, b'hello')"]
        assert run(*write, cwd=tmp_path, keep_open=[writing]).exit_code == 0
        assert os.read(reading, 100) == b"hello"
        assert run(*write, cwd=tmp_path).exit_code != 0
    finally:
        os.close(reading)
        os.close(writing)


def test_cancelling_kills_it_and_what_it_started_first(tmp_path: Path):
    async def cancel() -> None:
        script = "sleep 600 & echo $! > child; echo $$ > self; echo ready >&2; wait"
        ready = asyncio.Event()
        running = asyncio.create_task(
            run_program(["sh", "-c", script], env=os.environ, cwd=tmp_path, on_line=lambda _: ready.set())
        )
        await ready.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(cancel())
    assert not is_alive(int((tmp_path / "self").read_text()))
    wait_for_death(int((tmp_path / "child").read_text()))


def test_what_a_program_leaves_running_is_killed_and_not_waited_for(tmp_path: Path):
    ended = run("sh", "-c", "sleep 600 & echo $! > child", cwd=tmp_path)
    assert ended.exit_code == 0
    wait_for_death(int((tmp_path / "child").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills with the parent")
def test_it_dies_with_the_process_that_started_it(tmp_path: Path):
    code = (
        "import asyncio, os; from pathlib import Path; from psynapse.environments.running import run_program; "
        "asyncio.run(run_program(['sh', '-c', 'echo $$ > pid.new; mv pid.new pid; exec sleep 600'], env=os.environ, "
        "cwd=Path('.')))"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as parent:
        for _ in range(500):
            if (tmp_path / "pid").exists():
                break
            time.sleep(0.02)
        pid = int((tmp_path / "pid").read_text())
        assert is_alive(pid)
        parent.kill()
    wait_for_death(pid)


_GUARDED = """
import asyncio, os, sys
from pathlib import Path
from psynapse.environments.running import run_program
from psynapse.worker.launcher import Launcher
script = "setsid sleep 600 & echo $! > child.new; mv child.new child; echo $$ > pid.new; mv pid.new pid; exec sleep 600"
guard = Launcher().guard()
assert guard
asyncio.run(run_program(["sh", "-c", script], env={**os.environ, **guard}, cwd=Path(".")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux finds what carries a mark")
def test_a_guarded_program_dies_with_what_it_started_and_what_has_left_its_session(tmp_path: Path):
    with subprocess.Popen([sys.executable, "-c", _GUARDED], cwd=tmp_path) as parent:
        for _ in range(500):
            if (tmp_path / "pid").exists():
                break
            time.sleep(0.02)
        pids = [int((tmp_path / name).read_text()) for name in ("pid", "child")]
        assert all(map(is_alive, pids))
        parent.kill()
    for pid in pids:
        wait_for_death(pid)


@pytest.fixture
def mortal() -> Iterator[None]:
    """What a child does is done in this process, and taken back."""
    yield
    ctypes.CDLL(None).prctl(1, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills with the parent")
def test_a_child_whose_parent_is_dead_already_ends_at_once(mortal: None, monkeypatch: pytest.MonkeyPatch):
    ends: list[int] = []
    monkeypatch.setattr("os._exit", ends.append)
    for parent in (os.getppid(), os.getpid()):
        first = _dying_with(parent)
        assert first is not None
        first()
    assert ends == [1]


def test_systems_that_cannot_kill_with_the_parent_do_without(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert _dying_with(os.getpid()) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:pw@host/x", "https://***@host/x"),
        ("https://token@host/x", "https://***@host/x"),
        ("git+ssh://git@host/x", "git+ssh://git@host/x"),
        ("https://host/u/r@v1", "https://host/u/r@v1"),
        ("no address", "no address"),
    ],
)
def test_credentials_are_not_shown(text: str, shown: str):
    assert without_credentials(text) == shown
