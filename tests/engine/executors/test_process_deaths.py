"""Processes that die, are killed or closed: each costs its own call, and nothing is left."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from process_bench import Bench, children_of, is_alive, wait_until

from psynapse.engine.executors.process import CancelledCall
from psynapse.errors import ExecutorError


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("leave", (3,), "exit code 3"),
        ("leave", (0,), "exit code 0"),
        ("crash", (), "SIGSEGV"),
        ("sys_exit", (4,), "sys.exit(4)"),
    ],
)
def test_the_end_of_a_process_fails_its_call_and_no_other(
    fresh: Bench, tmp_path: Path, name: str, args: tuple[object, ...], words: str
) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    other = fresh.start("meet", one, two)
    error = fresh.start(name, *args).failure()
    assert isinstance(error, ExecutorError)
    assert words in error.message
    assert error.hint
    assert fresh.start("meet", two, one).result() != other.result()


def test_a_child_killed_in_mid_call_fails_that_call_at_once_and_is_replaced(folder: Path, tmp_path: Path) -> None:
    others, fresh = children_of(os.getpid()), Bench(folder, 1)
    started = tmp_path / "started"
    victim = fresh.call("pid")
    listener = fresh.start("stubborn", str(started))
    wait_until(started.exists)
    at = time.monotonic()
    for child in children_of(os.getpid()) - others:
        os.kill(child, signal.SIGKILL)
    assert "SIGKILL" in str(listener.failure())
    assert time.monotonic() - at < 1
    assert fresh.call("pid") != victim
    fresh.executor.close()


def test_a_child_killed_while_idle_is_replaced_without_a_failure(fresh: Bench) -> None:
    for _ in range(3):
        victim = fresh.call("pid")
        assert isinstance(victim, int)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda dead=victim: not is_alive(dead))
        assert fresh.call("pid") != victim


def test_a_node_that_closes_our_connection_fails_and_its_process_goes(fresh: Bench) -> None:
    assert "closed its connection" in str(fresh.start("close_everything").failure())
    assert fresh.call("add", 1, 1) == 2


def test_a_dead_process_is_noticed_although_one_it_forked_lives_on(fresh: Bench, tmp_path: Path) -> None:
    pidfile = tmp_path / "pid"
    at = time.monotonic()
    assert "exit code 5" in str(fresh.start("fork_and_die", str(pidfile)).failure())
    assert time.monotonic() - at < 5
    wait_until(lambda: not is_alive(int(pidfile.read_text())))


def test_a_node_that_forks_and_returns_twice_answers_once(fresh: Bench) -> None:
    listener = fresh.start("fork_and_return")
    assert listener.result() == "once"
    assert [fresh.call("add", number, 1) for number in range(5)] == [1, 2, 3, 4, 5]
    assert listener.endings == 1


def test_after_close_no_process_descriptor_or_memory_is_left(folder: Path, tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    others, bench = children_of(os.getpid()), Bench(folder, 2)
    started, program = tmp_path / "started", tmp_path / "program"
    bench.call("start_program", str(program))
    assert bench.call("total", bench.call("zeros", 5_000_000)) == 0
    listeners = [bench.start("stubborn", str(started)), bench.start("spin"), bench.start("add", 1, 2)]
    wait_until(started.exists)
    children = children_of(os.getpid()) - others
    assert len(children) == 2
    bench.executor.close()
    assert all(isinstance(listener.failure(), CancelledCall) for listener in listeners)
    assert not any(is_alive(child) for child in children)
    wait_until(lambda: not is_alive(int(program.read_text())))
    with pytest.raises(ExecutorError, match="closed"):
        bench.start("add", 1, 2)
    bench.executor.close()
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


PARENT = """
import sys, time
from psynapse.engine.executors.process import ProcessCall, ProcessExecutor
from psynapse.model.operation import Address

class Silent:
    def progress(self, fraction, message): pass
    def emit(self, chunk): pass
    def output(self, stream, text): pass
    def succeeded(self, value): print(value, flush=True)
    def failed(self, error, text): pass

folder = sys.argv[1]
executor = ProcessExecutor(2)
for name in ("spin", "pid"):
    executor.submit(ProcessCall(Address(folder, folder + "/ops.py", "", name), (), {}, False, False), Silent())
time.sleep(60)
"""


def test_children_die_with_a_parent_that_is_killed(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder)], stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip().isdigit()
        children = children_of(parent.pid)
        assert len(children) == 2
    finally:
        parent.kill()
        parent.communicate()
    wait_until(lambda: not any(is_alive(child) for child in children))
