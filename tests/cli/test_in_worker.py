"""``psynapse run`` keeps nodes in a worker: what happens to one never happens to the command."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from psynapse.worker.variables import MARK

Program = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Any]
Write = Callable[..., Path]


def marked(folder: Path) -> list[int]:
    """The workers that came from a command started in ``folder``, and everything those have started."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = f"{MARK}=".encode() in (process / "environ").read_bytes()
            if is_ours and (process / "cwd").resolve() == folder:
                found.append(int(process.name))
    return found


def assert_none_left(folder: Path, seconds: float = 3.0) -> None:
    ends = time.monotonic() + seconds
    while (left := marked(folder)) and time.monotonic() < ends:
        time.sleep(0.05)
    assert left == []


@pytest.mark.parametrize(
    ("function", "how"), [("crashes", "was ended by SIGSEGV"), ("leaves", "ended with exit code 3")]
)
def test_a_node_that_ends_its_process_is_a_failed_node_with_a_name(
    program: Program, workflow: Write, function: str, how: str
):
    path = workflow(bad=(function, {}, ["a"]), a=("double", {"x": 4}, []), v=("view", {}, ["bad"]))
    done = program("run", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"error: node {function} (bad) failed\n  the worker process {how}\nhint: " in done.stderr
    assert "--in-process" in done.stderr
    assert f"skipped: View, because {function} failed" in done.stderr
    assert "1 done, 1 failed, 1 skipped in " in done.stderr
    assert "Traceback" not in done.stderr


def test_values_that_were_there_before_a_crash_are_shown(program: Program, workflow: Write):
    path = workflow(
        a=("double", {"x": 4}, []), v=("view", {}, ["a"]), s=("passes", {}, ["v"]), bad=("crashes", {}, ["s"])
    )
    assert program("run", path).stdout == "8\n"
    answer = json.loads(program("run", path, "--json").stdout)
    assert answer["results"] == {"v": 8}
    assert answer["errors"]["bad"]["code"] == "worker-died"
    assert "error" not in answer


def test_a_nodepack_that_ends_the_worker_is_one_error_with_a_hint(program: Program, workflow: Write, nodepacks: Path):
    nodepacks.joinpath("mine", "stream_ops.py").write_text("import os\nprint('here', flush=True)\nos._exit(5)\n")
    done = program("run", workflow(a=("double", {}, [])))
    assert (done.returncode, done.stdout) == (2, "")
    assert "here" in done.stderr.splitlines()
    assert "error: the worker process ended with exit code 5\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


def test_environment_variables_of_a_run_are_neither_hidden_nor_kept(program: Program, workflow: Write):
    path = workflow(a=("environment", {}, []), v=("view", {}, ["a"]))
    assert program("run", path, "--env", "COLOUR=a long and winding value").stdout == "a long and winding value\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_what_a_node_has_started_as_well(
    terminal: Start, workflow: Write, tmp_path: Path, number: signal.Signals
):
    one = terminal("run", workflow(a=("leaves_a_program", {}, [])))
    one.wait_for("left")
    assert len(marked(tmp_path)) >= 2
    one.process.send_signal(number)
    assert one.wait() == 130
    assert_none_left(tmp_path)


def test_the_second_signal_leaves_nothing_behind_either(terminal: Start, workflow: Write, tmp_path: Path):
    one = terminal("run", workflow(s=("Stubborn", {}, []), a=("leaves_a_program", {}, [])))
    one.wait_for("working")
    one.wait_for("left")
    one.interrupt()
    one.wait_for("press Ctrl-C again")
    one.interrupt()
    assert one.wait() == 130
    assert_none_left(tmp_path)
    assert "Traceback" not in one.text


def test_an_impatient_user_during_the_start_leaves_nothing_behind(
    terminal: Start, workflow: Write, nodepacks: Path, tmp_path: Path
):
    nodepacks.joinpath("mine", "stream_ops.py").write_text("import time\nprint('slow', flush=True)\ntime.sleep(20)\n")
    one = terminal("run", workflow())
    one.wait_for("slow")
    for _ in range(3):
        with suppress(ProcessLookupError):
            one.interrupt()
    assert one.wait() == 130
    assert_none_left(tmp_path)


def test_a_killed_command_takes_its_worker_along(terminal: Start, workflow: Write, tmp_path: Path):
    one = terminal("run", workflow(s=("Stubborn", {}, [])))
    one.wait_for("working")
    one.process.kill()
    assert one.wait() == -signal.SIGKILL
    assert_none_left(tmp_path)


def test_a_workflow_is_read_from_stdin(program: Program, workflow: Write, way: tuple[str, ...]):
    text = workflow(a=("double", {"x": 21}, []), v=("view", {}, ["a"])).read_text()
    done = program("run", *way, "-", "--set", "a.x=5", stdin=text)
    assert (done.returncode, done.stdout) == (0, "10\n")
    assert "no findings" in program("check", "-", stdin=text).stdout


@pytest.mark.parametrize(("text", "message"), [("", "is empty"), ("{", "is not JSON"), ("[]", "no workflow")])
def test_stdin_without_a_workflow_is_one_error(program: Program, text: str, message: str):
    done = program("run", "-", stdin=text)
    assert done.returncode == 2
    assert "error: standard input " in done.stderr
    assert message in done.stderr


def test_a_pasted_breakpoint_says_where_a_debugger_works(program: Program, workflow: Write):
    done = program("run", workflow(d=("debugs", {}, [])))
    assert done.returncode == 1
    assert "hint: psynapse run --in-process" in done.stderr


def test_a_debugger_has_the_terminal_to_itself_in_process(terminal: Start, workflow: Write):
    one = terminal("run", "--in-process", workflow(d=("debugs", {}, []), v=("view", {}, ["d"])))
    one.wait_for("(Pdb) ")
    drawn = one.text.count("\x1b[2K")
    time.sleep(0.5)
    assert one.text.count("\x1b[2K") == drawn
    os.write(one.master, b"p value + 1000\n")
    one.wait_for("1041")
    os.write(one.master, b"c\n")
    assert one.wait() == 0
    assert "View" in one.text
    assert "2 nodes" in one.text
