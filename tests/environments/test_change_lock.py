"""One process changes the generations at a time; of one that was killed nothing stays in the way."""

import os
import signal
import time
from pathlib import Path

import pytest
from stored import start_python

from psynapse.environments.change_lock import LOCK, take_change_lock
from psynapse.environments.refusals import EnvironmentBusy

HOLD = """
import sys
from pathlib import Path
from psynapse.environments.change_lock import take_change_lock
lock = take_change_lock(Path(sys.argv[1]), "install scope-hello")
print("held", flush=True)
sys.stdin.read()
"""
# Has a process with the lock and one below it without, in a group of their own, and is killed; like uv and its builds.
LEAVE = """
import os, subprocess, sys
from pathlib import Path
from psynapse.environments.change_lock import take_change_lock
lock = take_change_lock(Path(sys.argv[1]), "install scope-hello")
shell = "sh -c 'echo $$; exec sleep 60' & echo $$; wait"
how = dict(pass_fds=[lock.descriptor], start_new_session=True, stdout=subprocess.PIPE)
child = subprocess.Popen(["sh", "-c", shell], **how)
print(int(child.stdout.readline()), int(child.stdout.readline()), flush=True)
os.kill(os.getpid(), 9)
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_is_taken_again_after_it_was_released(tmp_path: Path):
    for _ in range(2):
        lock = take_change_lock(tmp_path, "anything")
        assert lock.descriptor >= 0
        lock.release()
        lock.release()
        assert (tmp_path / LOCK).read_bytes() == b""


def test_who_comes_later_is_told_who_is_at_work_and_at_what(tmp_path: Path):
    with start_python(HOLD, tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        with pytest.raises(EnvironmentBusy, match=rf"process {child.pid}: install scope-hello") as caught:
            take_change_lock(tmp_path, "uninstall scope-hello")
        assert caught.value.pid == child.pid
        child.kill()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": 1}'])
def test_a_lock_whose_holder_is_not_known_is_busy_all_the_same(content: bytes, tmp_path: Path):
    lock = take_change_lock(tmp_path, "anything")
    (tmp_path / LOCK).write_bytes(content)
    with pytest.raises(EnvironmentBusy, match="by another process") as caught:
        take_change_lock(tmp_path, "another")
    assert caught.value.pid == 0
    lock.release()


def test_what_a_killed_change_has_started_is_killed_with_all_its_group(tmp_path: Path):
    with start_python(LEAVE, tmp_path) as child:
        assert child.stdout
        started = [int(pid) for pid in child.stdout.readline().split()]
        assert child.wait() == -signal.SIGKILL
    assert all(map(is_alive, started))
    take_change_lock(tmp_path, "another").release()
    ends = time.monotonic() + 10
    while any(map(is_alive, started)) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not any(map(is_alive, started))


def test_a_killed_change_that_has_started_nothing_is_forgotten(tmp_path: Path):
    with start_python(HOLD, tmp_path) as child:
        assert child.stdout
        child.stdout.readline()
        child.kill()
    assert b"install scope-hello" in (tmp_path / LOCK).read_bytes()
    take_change_lock(tmp_path, "another").release()


def test_a_process_that_only_waits_to_be_buried_is_dead(tmp_path: Path):
    child = start_python(LEAVE, tmp_path)
    assert child.stdout
    child.stdout.readline()
    ends = time.monotonic() + 10
    while is_alive(child.pid) and time.monotonic() < ends:
        time.sleep(0.01)
    # Nobody has waited for it yet: its number is still taken.
    os.kill(child.pid, 0)
    take_change_lock(tmp_path, "another").release()
    child.communicate()


def test_a_folder_that_cannot_be_written_is_an_error_and_holds_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int, content: bytes, offset: int) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("psynapse.environments.change_lock.os.pwrite", full)
        with pytest.raises(OSError, match="No space"):
            take_change_lock(tmp_path, "anything")
    take_change_lock(tmp_path, "anything").release()
