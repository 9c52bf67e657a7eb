"""Locks end with their holder, and are not taken on a file that is gone."""

import os
import signal
import time
from pathlib import Path

import pytest
from stored import start_python

from psynapse.environments.file_lock import kill_holders, try_lock

HOLD = """
import sys, time
from pathlib import Path
from psynapse.environments.file_lock import try_lock
lock = try_lock(Path(sys.argv[1]), shared=sys.argv[2] == "shared")
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""
# Starts a process that inherits the lock, and is killed.
LEAVE = """
import os, subprocess, sys
from pathlib import Path
from psynapse.environments.file_lock import try_lock
lock = try_lock(Path(sys.argv[1]))
child = subprocess.Popen(["sleep", "60"], pass_fds=[lock.descriptor], start_new_session=sys.argv[2] == "apart")
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "lock").touch()
    return tmp_path / "lock"


def test_nobody_else_has_it_until_it_is_released(path: Path):
    lock = try_lock(path)
    assert lock
    assert try_lock(path) is None
    assert try_lock(path, shared=True) is None
    lock.release()
    lock.release()
    with try_lock(path) or pytest.fail("it is free"):
        assert try_lock(path) is None


def test_any_number_may_share_it(path: Path):
    locks = [try_lock(path, shared=True) for _ in range(3)]
    assert all(locks)
    for lock in locks:
        assert try_lock(path) is None
        assert lock
        lock.release()
    assert try_lock(path)


def test_a_file_that_is_not_there_is_not_locked_unless_it_is_to_be_made(tmp_path: Path):
    assert try_lock(tmp_path / "new") is None
    lock = try_lock(tmp_path / "new", make=True)
    assert lock
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileNotFoundError):
        try_lock(tmp_path / "missing" / "new", make=True)


@pytest.mark.parametrize("replaced", [True, False])
def test_a_file_that_was_removed_meanwhile_is_not_locked(
    replaced: bool, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    really = os.open

    def remove_after(opened: Path, flags: int, mode: int) -> int:
        descriptor = really(opened, flags, mode)
        path.rename(tmp_path / "trash")
        if replaced:
            path.write_text("another")
        return descriptor

    # Between opening and locking there is no other way in.
    monkeypatch.setattr("psynapse.environments.file_lock.os.open", remove_after)
    assert try_lock(path) is None


@pytest.mark.parametrize("kind", ["alone", "shared"])
def test_another_process_has_it_until_it_is_killed(kind: str, path: Path):
    with start_python(HOLD, path, kind) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        assert try_lock(path) is None
        child.kill()
    assert try_lock(path)


@pytest.mark.parametrize("group", ["apart", "ours"])
def test_those_that_hold_it_are_killed_and_those_that_only_look_at_it_are_not(group: str, path: Path):
    with start_python(LEAVE, path, group) as owner, path.open("rb") as looking:
        assert owner.stdout
        heir = int(owner.stdout.readline())
        assert owner.wait() == -signal.SIGKILL
        assert try_lock(path) is None
        with start_python(
            "import sys; file = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()", path
        ) as idle:
            assert idle.stdout
            assert idle.stdout.readline() == "open\n"
            assert kill_holders(path) == (heir,)
            ends = time.monotonic() + 10
            while (lock := try_lock(path)) is None and time.monotonic() < ends:
                time.sleep(0.01)
            assert lock
            lock.release()
            assert idle.poll() is None
            idle.kill()
        assert not looking.closed
    assert kill_holders(path) == ()


def test_a_lock_of_our_own_is_not_among_them(path: Path):
    with try_lock(path) or pytest.fail("it is free"):
        assert kill_holders(path) == ()


def test_who_inherited_it_loses_it_when_it_is_released(path: Path):
    lock = try_lock(path)
    assert lock
    copy = os.dup(lock.descriptor)
    lock.release()
    assert try_lock(path)
    os.close(copy)
