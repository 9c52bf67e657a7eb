"""One process owns a data directory, for as long as it lives."""

import os
import signal
import stat
import subprocess
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from logged_runs import start_python

from psynapse.errors import StorageError
from psynapse.storage.data_dir import DataDirectory, DataDirectoryBusy, Owner

OWN = """
import subprocess, sys
from pathlib import Path
from psynapse.storage.data_dir import DataDirectory, DataDirectoryBusy

sys.stdin.readline()
try:
    lock = DataDirectory(Path(sys.argv[1])).lock(sys.argv[2], "http://127.0.0.1:8000")
except DataDirectoryBusy as busy:
    print("busy", busy.owner and busy.owner.boot_id, flush=True)
else:
    null, sleep = subprocess.DEVNULL, [sys.executable, "-c", "import time; time.sleep(60)"]
    outliving = subprocess.Popen(sleep, stdin=null, stdout=null, close_fds=False)
    print("owner", outliving.pid, flush=True)
    sys.stdin.readline()
    outliving.kill()
"""


@contextmanager
def owning_process(path: Path, boot: str) -> Generator[subprocess.Popen[str], None, None]:
    """A process that locks the directory once it is told to, and ends when it is told again."""
    with start_python(OWN, path, boot) as process:
        yield process


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def test_the_folder_is_made_for_its_user_only(tmp_path: Path):
    path = tmp_path / "deep" / "data"
    with DataDirectory(path).lock("boot"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_the_owner_is_told_until_it_lets_go(tmp_path: Path):
    directory = DataDirectory(tmp_path)
    assert directory.owner() is None
    with directory.lock("boot") as lock:
        assert directory.owner() == lock.owner
        lock.announce("http://127.0.0.1:9")
        assert directory.owner() == Owner(lock.owner.pid, "boot", "http://127.0.0.1:9")
    lock.release()
    assert directory.owner() is None


def test_asking_for_the_owner_makes_nothing(tmp_path: Path):
    assert DataDirectory(tmp_path / "data").owner() is None
    assert list(tmp_path.iterdir()) == []


def test_a_second_lock_is_refused_and_names_the_owner(tmp_path: Path):
    directory = DataDirectory(tmp_path)
    with directory.lock("boot", "http://127.0.0.1:9") as lock:
        with pytest.raises(
            DataDirectoryBusy, match=rf"belongs to process {lock.owner.pid} at http://127.0.0.1:9"
        ) as busy:
            directory.lock("another")
        assert busy.value.owner == lock.owner
        assert busy.value.hint
    directory.lock("another").release()


def test_a_killed_owner_leaves_the_directory_to_the_next_although_its_child_lives_on(tmp_path: Path):
    directory = DataDirectory(tmp_path)
    with owning_process(tmp_path, "first") as process:
        tell(process)
        word, outliving = answer(process)
        assert word == "owner"
        assert directory.owner() == Owner(process.pid, "first", "http://127.0.0.1:8000")
        with pytest.raises(DataDirectoryBusy):
            directory.lock("second")
        process.kill()
        process.wait()
        os.kill(int(outliving), 0)
        assert directory.owner() is None
        with directory.lock("second") as lock:
            assert directory.owner() == lock.owner
        os.kill(int(outliving), signal.SIGKILL)


def test_of_several_that_start_at_once_one_becomes_the_owner(tmp_path: Path):
    with ExitStack() as stack:
        processes = [stack.enter_context(owning_process(tmp_path, f"boot{number}")) for number in range(4)]
        for process in processes:
            tell(process)
        answers = [answer(process)[0] for process in processes]
    assert sorted(answers) == ["busy", "busy", "busy", "owner"]


def test_asking_for_the_owner_keeps_nobody_from_starting(tmp_path: Path):
    directory = DataDirectory(tmp_path)
    directory.lock("boot").release()
    asking = directory._acquire()
    assert asking is not None
    answered = threading.Timer(0.015, os.close, [asking])
    answered.start()
    try:
        directory.lock("another").release()
    finally:
        answered.join()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "1", "boot_id": "b", "address": ""}'])
def test_an_owner_that_cannot_be_read_is_still_an_owner(tmp_path: Path, content: str):
    directory = DataDirectory(tmp_path)
    with directory.lock("boot"):
        (tmp_path / "owner.json").write_text(content)
        assert directory.owner() is None
        with pytest.raises(DataDirectoryBusy, match="belongs to another process"):
            directory.lock("another")


def test_a_file_in_place_of_the_folder_is_explained(tmp_path: Path):
    path = tmp_path / "data"
    path.touch()
    with pytest.raises(StorageError, match="cannot be used") as error:
        DataDirectory(path).lock("boot")
    assert "another data directory" in error.value.hint
    assert DataDirectory(path).owner() is None


def test_a_lock_whose_owner_cannot_be_written_is_given_back(tmp_path: Path):
    (tmp_path / "owner.json").mkdir()
    with pytest.raises(StorageError, match="cannot be used"):
        DataDirectory(tmp_path).lock("boot")
    (tmp_path / "owner.json").rmdir()
    DataDirectory(tmp_path).lock("boot").release()
