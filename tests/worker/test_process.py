"""Starting worker processes, and leaving nothing of them."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from worker_bench import is_alive, play, play_until_busy, wait_until, working

from psynapse.errors import WorkerError
from psynapse.worker.framing import FrameSocket
from psynapse.worker.priority import NICENESS, give_way
from psynapse.worker.process import StartedProcess, WorkerSpec, marked_processes, start_process


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def ended(process: StartedProcess) -> None:
    process.kill()
    process.close()


def test_a_worker_carries_its_mark_and_has_a_session_of_its_own(spec: WorkerSpec):
    process = start_process(spec)
    try:
        wait_until(lambda: process.popen.pid in marked_processes(process.mark))
        assert os.getsid(process.popen.pid) == process.popen.pid
        assert set(process.whereabouts) == {-1}
    finally:
        ended(process)
    assert list(marked_processes(process.mark)) == []


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="the system has no priority of sessions")
def test_others_come_before_a_worker_and_all_that_it_starts(spec: WorkerSpec):
    process = start_process(spec)
    try:
        wait_until(lambda: Path(f"/proc/{process.popen.pid}/autogroup").read_text().endswith(f"nice {NICENESS}\n"))
        assert os.getpriority(os.PRIO_PROCESS, process.popen.pid) == os.nice(0) + NICENESS
    finally:
        ended(process)


def test_a_session_that_cannot_be_lowered_at_once_is_lowered_a_little_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    session = tmp_path / "autogroup"
    answers: list[Exception | None] = [BlockingIOError(), BlockingIOError(), None]

    def write(path: Path, text: str, **_: object) -> None:
        if answer := answers.pop(0):
            raise answer
        session.write_bytes(text.encode())

    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr("os.nice", lambda _: 0)
    give_way()
    wait_until(session.exists)
    assert (session.read_text(), answers) == (str(NICENESS), [])


def test_a_system_without_priorities_of_sessions_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("psynapse.worker.priority._SESSION", tmp_path / "nothing" / "autogroup")
    monkeypatch.setattr("os.nice", lambda _: 0)
    before = threading.active_count()
    give_way()
    assert threading.active_count() == before


def test_no_two_workers_have_the_same_mark(spec: WorkerSpec):
    one, other = start_process(spec), start_process(spec)
    ended(one)
    wait_until(lambda: other.popen.pid in marked_processes(other.mark))
    ended(other)
    assert one.mark != other.mark


def test_starting_and_killing_leaves_no_descriptor(spec: WorkerSpec):
    ended(start_process(spec))
    before = descriptors()
    for _ in range(3):
        ended(start_process(spec))
    assert descriptors() == before


def test_a_python_that_does_not_exist_is_an_error_and_leaves_no_descriptor(spec: WorkerSpec, tmp_path: Path):
    before = descriptors()
    with pytest.raises(WorkerError, match=r"no worker can be started: .*nowhere") as caught:
        start_process(replace(spec, python=str(tmp_path / "nowhere")))
    assert caught.value.hint
    assert descriptors() == before


def test_a_variable_that_no_environment_can_hold_is_an_error(spec: WorkerSpec):
    with pytest.raises(WorkerError, match="no worker can be started"):
        start_process(replace(spec, env={"NUL": "a\0b"}))


def test_killing_twice_or_from_several_threads_is_killing(spec: WorkerSpec):
    process = start_process(spec)
    threads = [threading.Thread(target=process.kill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    ended(process)
    assert process.popen.returncode == -signal.SIGKILL


def test_a_worker_that_ended_by_itself_keeps_its_exit_code_when_it_is_killed(spec: WorkerSpec):
    process = start_process(spec)
    assert FrameSocket(process.work).receive() is not None
    process.work.close()
    wait_until(lambda: not is_alive(process.popen.pid))
    ended(process)
    assert process.popen.returncode == 0


def test_modules_in_the_current_folder_do_not_stand_in_for_pythons_own(
    spec: WorkerSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "asyncio.py").write_text("raise SystemExit(77)")
    (tmp_path / "struct.py").write_text("raise SystemExit(78)")
    monkeypatch.chdir(tmp_path)

    async def story() -> None:
        async with working(spec) as worker:
            assert (await play(worker, "folder")).values == {"view": str(tmp_path)}

    asyncio.run(story())


def test_nodes_see_the_variables_of_their_worker_and_not_the_servers_token(
    spec: WorkerSpec, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PSYNAPSE_TOKEN", "only for the server")
    monkeypatch.setenv("INHERITED", "from the server")
    monkeypatch.setenv("REPLACED", "from the server")
    wanted = {"GREETING": "hello", "REPLACED": "from the run", "INHERITED": "from the server", "PSYNAPSE_TOKEN": None}

    async def story() -> None:
        async with working(replace(spec, env={"GREETING": "hello", "REPLACED": "from the run"})) as worker:
            seen = {name: (await play(worker, "environment", name=name)).values["view"] for name in wanted}
            assert seen == wanted
            assert "hello" not in repr(worker.spec)

    asyncio.run(story())


@pytest.mark.parametrize("function", ["fork_and_return", "daemonise", "start_program"])
def test_what_a_node_has_started_goes_with_its_worker(spec: WorkerSpec, tmp_path: Path, function: str):
    ports: dict[str, dict[str, Any]] = {
        "fork_and_return": {"seconds": 1000.0},
        "daemonise": {"pidfile": str(tmp_path / "pid")},
        "start_program": {},
    }

    async def story() -> int:
        async with working(spec) as worker:
            pid = (await play(worker, function, **ports[function])).values["view"]
            assert isinstance(pid, int)
            assert is_alive(pid)
            assert pid != worker.pid
            return pid

    left = asyncio.run(story())
    wait_until(lambda: not is_alive(left))


def test_processes_that_a_node_starts_outlive_their_run_while_the_worker_lives(spec: WorkerSpec, tmp_path: Path):
    async def story() -> None:
        async with working(spec) as worker:
            pid = (await play(worker, "daemonise", pidfile=str(tmp_path / "pid"))).values["view"]
            assert isinstance(pid, int)
            assert (await play(worker, "add", run="next", a=1)).values == {"view": 2}
            assert is_alive(pid)

    asyncio.run(story())


def test_a_sleeper_that_left_the_group_goes_when_its_worker_dies_by_itself(spec: WorkerSpec, tmp_path: Path):
    pidfile = tmp_path / "pid"

    async def story() -> None:
        async with working(spec) as worker:
            playing = await play_until_busy(worker, "daemonise_and_exit", pidfile=str(pidfile))
            with pytest.raises(WorkerError, match="exit code 3"):
                await playing

    asyncio.run(story())
    wait_until(lambda: not is_alive(int(pidfile.read_text())))


PARENT = """
import asyncio, sys
from pathlib import Path
from worker_bench import play_until_busy
from psynapse.worker.client import Worker
from psynapse.worker.process import WorkerSpec, start_process

async def main(packs, state):
    spec = WorkerSpec(roots=((Path(packs), "user"),))
    if state == "starting":
        pid = start_process(spec).popen.pid
    else:
        worker = await Worker.start(spec)
        pid = worker.pid
        if state != "idle":
            busy = await play_until_busy(worker, state)
    print(pid, flush=True)
    await asyncio.sleep(100)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("state", ["starting", "idle", "hang_in_python", "hang_in_c", "eat_sigint"])
def test_a_server_that_is_killed_leaves_no_worker(packs: Path, state: str):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(packs), state],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    try:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert is_alive(worker)
    finally:
        parent.kill()
        parent.communicate()
    wait_until(lambda: not is_alive(worker))
