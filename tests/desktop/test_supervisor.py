"""Servers that are kept running: real processes, ended in every way."""

import http.client
import os
import queue
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from psynapse.desktop.app import make_supervisor
from psynapse.desktop.lifecycle import MOST_CRASHES, State
from psynapse.desktop.ports import is_free
from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.supervisor import Patience, ServerStatus, Supervisor
from psynapse.settings import read_settings

PROBES = Path(__file__).parent / "probes"
TINY = str(PROBES / "tiny_server.py")
HASTE = Patience(port=1.0, answer=20.0, end=3.0)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Watch:
    """What a supervisor has said, in order."""

    def __init__(self) -> None:
        self.heard: queue.SimpleQueue[ServerStatus] = queue.SimpleQueue()
        self.states: list[State] = []

    def until(self, state: State, seconds: float = 60) -> ServerStatus:
        end = time.monotonic() + seconds
        while True:
            status = self.heard.get(timeout=max(0.01, end - time.monotonic()))
            self.states.append(status.state)
            if status.state == state:
                return status


@contextmanager
def supervised(
    folder: Path, how: str | Callable[[], str], ports: Sequence[int] = ()
) -> Generator[tuple[Supervisor, Watch]]:
    """A supervisor of a tiny server, which behaves as said at each of its starts."""
    watch = Watch()

    def command(port: int) -> list[str]:
        return [sys.executable, "-u", TINY, str(port), how if isinstance(how, str) else how()]

    supervisor = Supervisor(command, os.environ, ServerLog(folder / "server.log"), ports or [a_port()], HASTE)
    supervisor.on_change = watch.heard.put
    supervisor.start()
    try:
        yield supervisor, watch
    finally:
        supervisor.close()


def a_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def end_with(status: ServerStatus, code: int) -> None:
    with suppress(OSError, http.client.HTTPException):
        urllib.request.urlopen(f"{status.origin}/exit/{code}", timeout=5).close()


def is_gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has asked about yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def await_end(pid: int, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_gone(pid):
        assert time.monotonic() < end, f"process {pid} lives on"
        time.sleep(0.05)


def test_a_server_is_started_and_ends_with_the_supervisor(tmp_path: Path):
    with supervised(tmp_path, "well") as (supervisor, watch):
        status = watch.until("healthy")
        assert not is_gone(status.pid)
        assert status.boot_id
    assert supervisor.status.state == "stopped"
    assert is_gone(status.pid)
    assert "tiny server, well" in (tmp_path / "server.log").read_text(encoding="utf-8")


def test_exit_code_42_brings_a_new_one_on_the_same_port_at_once(tmp_path: Path):
    with supervised(tmp_path, "well") as (_, watch):
        before = watch.until("healthy")
        end_with(before, 42)
        after = watch.until("healthy")
    assert watch.states == ["starting", "healthy", "restarting", "healthy"]
    assert before.origin == after.origin
    assert before.boot_id != after.boot_id


def test_a_killed_server_comes_back(tmp_path: Path):
    with supervised(tmp_path, "well") as (_, watch):
        before = watch.until("healthy")
        os.kill(before.pid, signal.SIGKILL)
        crashed = watch.until("crashed")
        after = watch.until("healthy")
    assert crashed.message == "the server stopped by signal 9"
    assert before.origin == after.origin
    assert after.message == ""


def test_a_server_that_keeps_crashing_is_given_up_with_its_last_words_and_tried_again_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # How the delays grow is test_lifecycle's; waiting for them shows nothing.
    monkeypatch.setattr("psynapse.desktop.lifecycle.FIRST_DELAY_SECONDS", 0.02)
    moods = ["exit 7"] * (MOST_CRASHES + 1) + ["well"]
    with supervised(tmp_path, lambda: moods.pop(0)) as (supervisor, watch):
        failed = watch.until("failed")
        assert (
            failed.message == f"the server stopped {MOST_CRASHES + 1} times within a minute, at last with exit code 7"
        )
        assert supervisor.log.tail(99).count("tiny server, exit 7") == MOST_CRASHES + 1
        assert watch.states.count("crashed") == MOST_CRASHES
        supervisor.restart()
        watch.until("healthy")


def test_a_server_that_only_ever_asks_to_be_restarted_is_given_up(tmp_path: Path):
    with supervised(tmp_path, "exit 42") as (_, watch):
        assert "asked 6 times" in watch.until("failed").message


def test_a_port_that_another_program_takes_meanwhile_is_waited_for_and_then_named(tmp_path: Path):
    with supervised(tmp_path, "well") as (supervisor, watch):
        before = watch.until("healthy")
        port = int(before.origin.rpartition(":")[2])
        os.kill(before.pid, signal.SIGKILL)
        watch.until("crashed")
        with socket.create_server(("127.0.0.1", port)):
            failed = watch.until("failed")
        assert failed.message.startswith(f"port {port} is used by process {os.getpid()} (")
        supervisor.restart()
        assert watch.until("healthy").origin == before.origin


def test_the_first_free_port_of_several_is_used(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = a_port()
        with supervised(tmp_path, "well", [taken.getsockname()[1], free]) as (_, watch):
            assert watch.until("healthy").origin == f"http://127.0.0.1:{free}"


def test_a_restart_on_request_replaces_even_a_server_that_does_not_listen(tmp_path: Path):
    moods = ["stubborn", "well"]
    with supervised(tmp_path, lambda: moods.pop(0)) as (supervisor, watch):
        before = watch.until("healthy")
        supervisor.restart()
        after = watch.until("healthy")
        assert is_gone(before.pid)
        assert before.origin == after.origin
        assert before.boot_id != after.boot_id


def test_a_program_that_is_not_there_is_told(tmp_path: Path):
    log = ServerLog(tmp_path / "server.log")
    supervisor = Supervisor(lambda _: [str(tmp_path / "nothing")], os.environ, log, [a_port()], HASTE)
    watch = Watch()
    supervisor.on_change = watch.heard.put
    supervisor.start()
    assert "cannot be started" in watch.until("failed").message
    supervisor.close()


def test_a_supervisor_can_be_closed_at_any_time(tmp_path: Path):
    for pause in (0.0, 0.05, 0.2):
        with supervised(tmp_path, "exit 1") as (supervisor, _):
            time.sleep(pause)
        assert supervisor.status.state == "stopped"
        assert supervisor.status.pid == 0


def test_output_without_end_does_not_stop_the_server(tmp_path: Path):
    script = f"import sys; sys.stdout.write('x' * 4_000_000); exec(open({TINY!r}).read())"
    watch = Watch()
    log = ServerLog(tmp_path / "server.log")
    supervisor = Supervisor(lambda port: [sys.executable, "-c", script, str(port), "well"], os.environ, log, [a_port()])
    supervisor.on_change = watch.heard.put
    supervisor.start()
    watch.until("healthy")
    supervisor.close()


def first_healthy(process: "subprocess.Popen[str]") -> tuple[int, int]:
    """The pid and port of the server that a supervising process has brought up."""
    assert process.stdout
    for line in process.stdout:
        state, pid, origin, *_ = line.split(" ")
        if state == "healthy":
            return int(pid), int(origin.rpartition(":")[2])
    raise AssertionError("it ended before its server answered")


def test_a_killed_supervisor_takes_its_server_along(tmp_path: Path):
    arguments = [str(PROBES / "supervising.py"), str(tmp_path), sys.executable, TINY, "PORT", "well"]
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as process:
        pid, _ = first_healthy(process)
        process.kill()
    await_end(pid)


def marked(mark: str) -> list[int]:
    """The processes that have this in their environment, and thus come from the one that got it."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes() and not is_gone(int(folder.name)):
                found.append(int(folder.name))
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes as Linux shows them")
def test_a_killed_supervisor_takes_the_real_server_and_its_workers_along(tmp_path: Path):
    mark = f"MARK={tmp_path}"
    environment = {**os.environ, "MARK": str(tmp_path), "PSYNAPSE_DATA_DIR": str(tmp_path / "data")}
    serve = [sys.executable, "-m", "psynapse.cli", "serve", "--lifeline", "--port", "PORT"]
    command = [sys.executable, str(PROBES / "supervising.py"), str(tmp_path), *serve]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        _, port = first_healthy(process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/get_schema") as answer:
            assert answer.status == 200
        assert len(marked(mark)) > 2, "the server has started no worker"
        process.kill()
    end = time.monotonic() + 30
    while left := marked(mark):
        assert time.monotonic() < end, f"processes {left} live on"
        time.sleep(0.1)
    assert is_free(port)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes as Linux shows them")
def test_the_real_server_needs_the_token_restarts_when_asked_and_leaves_nothing_when_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MARK", str(tmp_path))
    monkeypatch.setenv("PSYNAPSE_PORT", str(a_port()))
    supervisor = make_supervisor(read_settings(data_dir=tmp_path / "data"), "the-token")
    watch = Watch()
    supervisor.on_change = watch.heard.put
    supervisor.start()
    try:
        before = watch.until("healthy")
        assert status_of(before, "") == 401
        assert status_of(before, "the-token") == 200
        ask = urllib.request.Request(
            f"{before.origin}/restart", method="POST", headers={"Authorization": "Bearer the-token"}
        )
        urllib.request.urlopen(ask).close()
        after = watch.until("healthy")
        assert after.boot_id != before.boot_id
        assert "crashed" not in watch.states
        old = [pid for pid in marked(f"MARK={tmp_path}") if pid != os.getpid()]
        os.kill(after.pid, signal.SIGKILL)
        last = watch.until("healthy")
        for pid in old:
            await_end(pid)
        assert last.origin == before.origin
    finally:
        supervisor.close()
    assert [pid for pid in marked(f"MARK={tmp_path}") if pid != os.getpid()] == []


def status_of(status: ServerStatus, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{status.origin}/get_schema", headers=headers)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
