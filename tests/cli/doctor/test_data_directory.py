import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from psynapse.cli.doctor.data_directory import clock, data_directory, free_space, owner, run_log
from psynapse.cli.doctor.finding import Finding
from psynapse.settings import Settings
from psynapse.storage.run_log import RunLog

Make = Callable[..., Settings]

HOLD = """
import sys, time
from pathlib import Path
from psynapse.storage.data_dir import DataDirectory
lock = DataDirectory(Path(sys.argv[1])).lock("boot", sys.argv[2])
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def held(folder: Path, address: str) -> "Generator[subprocess.Popen[str]]":
    """Another process owns the folder and says it listens at that address."""
    command = [sys.executable, "-c", HOLD, str(folder), address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def described(finding: Finding, level: str, words: str) -> bool:
    return finding.level == level and words in finding.message and bool(finding.hint) == (level != "ok")


def test_a_folder_that_does_not_exist_yet_can_be_made_and_is_not(settings: Make, tmp_path: Path):
    assert described(data_directory(settings()), "ok", "can be made")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "data").mkdir()
    assert data_directory(settings()).message == str(tmp_path / "data")


def test_a_folder_that_cannot_be_written_to_is_a_problem(settings: Make):
    # A folder in which not even the superuser makes files.
    assert described(data_directory(settings(data_dir=Path("/proc/self"))), "problem", "nothing can be written")


def test_a_file_in_the_place_of_the_folder_is_a_problem(settings: Make, tmp_path: Path):
    (tmp_path / "file").touch()
    assert described(data_directory(settings(data_dir=tmp_path / "file" / "data")), "problem", "is no folder")
    assert described(data_directory(settings(data_dir=tmp_path / "file")), "problem", "is no folder")


def test_a_disk_that_is_nearly_full_is_a_warning(settings: Make):
    assert free_space(settings(), least=0).level == "ok"
    assert described(free_space(settings(), least=1 << 62), "warning", "only ")


def test_a_clock_that_is_behind_the_disk_is_a_warning(settings: Make, tmp_path: Path):
    assert clock(settings()).level == "ok"
    (tmp_path / "data").mkdir()
    assert clock(settings()).level == "ok"
    log = tmp_path / "data" / "runs.db"
    log.touch()
    os.utime(log, (time.time() + 7200, time.time() + 7200))
    assert described(clock(settings()), "warning", "120 minutes in the future")


def test_an_owner_that_answers_is_well_and_one_that_does_not_is_a_problem(settings: Make, tmp_path: Path):
    address = str(tmp_path / "socket")
    folder = tmp_path / "data"
    assert described(owner(settings()), "ok", "no server has used")
    with held(folder, address) as process:
        assert described(owner(settings()), "problem", f"process {process.pid} owns the data directory and does not")
        with answering(address, "boot"):
            assert described(owner(settings()), "ok", f"process {process.pid} owns the data directory and answers")
        with answering(address, "another"):
            assert described(owner(settings()), "warning", "another server answers")
    assert described(owner(settings()), "ok", "the last one ended without saying so")


def test_an_owner_that_does_not_listen_yet_is_a_warning(settings: Make, tmp_path: Path):
    with held(tmp_path / "data", ""):
        assert described(owner(settings()), "warning", "does not listen yet")


def test_a_lock_that_nobody_named_holds_is_told_with_who_has_it(settings: Make, tmp_path: Path):
    with held(tmp_path / "data", "") as process:
        (tmp_path / "data" / "owner.json").unlink()
        assert described(owner(settings()), "warning", f"process {process.pid} holds the lock")


@contextmanager
def answering(address: str, boot_id: str) -> Generator[None]:
    """A server at a Unix socket that says it is of that boot, in another process."""
    code = (
        "import http.server, json, os, socketserver, sys\n"
        "class Answer(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        body = json.dumps({'status': 'healthy', 'boot_id': sys.argv[2]}).encode()\n"
        "        self.send_response(200)\n"
        "        self.send_header('Content-Length', str(len(body)))\n"
        "        self.end_headers()\n"
        "        self.wfile.write(body)\n"
        "    def address_string(self): return 'local'\n"
        "with socketserver.UnixStreamServer(sys.argv[1], Answer) as server:\n"
        "    server.serve_forever()\n"
    )
    Path(address).unlink(missing_ok=True)
    with subprocess.Popen([sys.executable, "-c", code, address, boot_id], stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(address)
            yield
        finally:
            process.kill()
    Path(address).unlink()


def wait_for(address: str) -> None:
    ends = time.monotonic() + 20
    while True:
        with socket.socket(socket.AF_UNIX) as one:
            try:
                one.connect(address)
            except OSError:
                assert time.monotonic() < ends
                time.sleep(0.02)
            else:
                return


def _log_with_a_run(path: Path) -> None:
    async def scene() -> None:
        log = RunLog(path)
        await log.begin("one", "boot", time.time(), "digest", b"{}" * 20_000, 1)
        await log.finish("one", "succeeded", 0.1)
        await log.close()

    asyncio.run(scene())


def test_a_run_log_is_looked_at_for_damage(settings: Make, tmp_path: Path):
    path = tmp_path / "data" / "runs.db"
    assert described(run_log(settings()), "ok", "no run log yet")
    path.parent.mkdir()
    _log_with_a_run(path)
    assert described(run_log(settings()), "ok", "1 runs in")
    path.write_bytes(path.read_bytes()[:8000] + b"\xee" * 8000)
    assert described(run_log(settings()), "problem", "is damaged")
    path.write_bytes(b"no database at all" * 500)
    assert described(run_log(settings()), "problem", "is damaged")


def test_logs_that_were_set_aside_are_a_warning(settings: Make, tmp_path: Path):
    path = tmp_path / "data" / "runs.db"
    path.parent.mkdir()
    _log_with_a_run(path)
    path.with_name("runs.db.aside-20200101T000000Z").touch()
    finding = run_log(settings())
    assert described(finding, "warning", "set aside")
    assert finding.details == (str(path.with_name("runs.db.aside-20200101T000000Z")),)


def test_a_run_log_that_cannot_be_read_is_a_problem(settings: Make, tmp_path: Path):
    (tmp_path / "data" / "runs.db").mkdir(parents=True)
    assert described(run_log(settings()), "problem", "cannot be read")
