"""A server that ends with its standard input."""

import subprocess
import sys

import pytest

SCRIPT = """
import os, signal, sys, threading, time
from psynapse.server.lifeline import hold_lifeline
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
hold_lifeline()
print("held", flush=True)
{wait}
"""


@pytest.mark.parametrize("wait", ["threading.Event().wait()", "time.sleep(60)", "while True: pass"])
def test_the_end_of_its_input_ends_a_process_as_sigterm_does(wait: str):
    command = [sys.executable, "-c", SCRIPT.format(wait=wait)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        process.stdin.write(b"what is said is not heard")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.stdin.close()
        assert process.wait(20) == 3


def test_a_process_that_ends_by_itself_is_not_disturbed():
    command = [sys.executable, "-c", SCRIPT.format(wait="sys.exit(42)")]
    # Its input stays open until it has ended, whatever that of the tests is.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr
        assert process.wait(20) == 42
        assert process.stderr.read() == b""


def test_no_input_at_all_is_its_end():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(wait="threading.Event().wait()")], stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 3
