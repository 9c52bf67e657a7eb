import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
Write = Callable[..., Path]


@pytest.fixture
def terminal(terminal: Start, way: tuple[str, ...]) -> Start:
    """The program, once with a worker and once without."""
    return lambda verb, *arguments, **options: terminal(verb, *way, *arguments, **options)


def test_ctrl_c_cancels_the_run_and_leaves_a_clean_terminal(terminal: Start, workflow: Write):
    path = workflow(s=("Steps", {"count": 1000, "delay": 0.05}, []), v=("view", {}, ["s"]))
    one = terminal("run", path)
    one.wait_for("step 3")
    one.interrupt()
    began = time.monotonic()
    assert one.wait() == 130
    assert time.monotonic() - began < 5
    assert "2 cancelled in" in one.text.replace("\x1b[1;33m", "").replace("\x1b[0m", "").replace("\x1b[2m", "")
    assert "Traceback" not in one.text
    assert one.text.rfind("\x1b[?25h") > one.text.rfind("\x1b[?25l")


def test_the_second_ctrl_c_ends_at_once(terminal: Start, workflow: Write):
    one = terminal("run", workflow(s=("Stubborn", {}, [])))
    one.wait_for("working")
    one.interrupt()
    one.wait_for("press Ctrl-C again")
    began = time.monotonic()
    one.interrupt()
    assert one.wait() == 130
    assert time.monotonic() - began < 2
    assert "Traceback" not in one.text
    assert one.text.rfind("\x1b[?25h") > one.text.rfind("\x1b[?25l")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_run_still_answers_in_json(terminal: Start, workflow: Write, number: signal.Signals):
    path = workflow(s=("Steps", {"count": 1000, "delay": 0.05}, []), v=("view", {}, ["s"]))
    one = terminal("run", path, "--json")
    one.wait_for("step 2")
    one.process.send_signal(number)
    assert one.wait() == 130
    answer = json.loads(one.text[one.text.index('{"status"') :].split("\r\n")[0])
    assert (answer["status"], answer["results"]) == ("cancelled", {"v": None})


def test_ctrl_c_while_nodepacks_load_ends_without_a_traceback(terminal: Start, workflow: Write, nodepacks: Path):
    nodepacks.joinpath("mine", "stream_ops.py").write_text("import time\nprint('slow', flush=True)\ntime.sleep(20)\n")
    one = terminal("run", workflow())
    one.wait_for("slow")
    time.sleep(0.2)
    one.interrupt()
    assert one.wait() == 130
    assert "Traceback" not in one.text
    assert "cancelled" in one.text


def test_signals_of_forked_children_are_not_taken_for_ours(terminal: Start, workflow: Write, nodepacks: Path):
    forks = (
        "import os, signal, time\n"
        "def forks() -> int:\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        signal.signal(signal.SIGINT, lambda *_: os._exit(0))\n"
        "        time.sleep(10)\n"
        "        os._exit(1)\n"
        "    time.sleep(0.2)\n"
        "    os.kill(pid, signal.SIGINT)\n"
        "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
    )
    nodepacks.joinpath("mine", "ops.py").write_text(forks)
    one = terminal("run", workflow(f=("forks", {}, []), v=("view", {}, ["f"])))
    assert one.wait() == 0
    assert "cancelling" not in one.text
