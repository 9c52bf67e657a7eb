"""Nodes that do to their process what a process can be done to. Importing them is harmless."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psynapse


def add(a: int, b: int = 1) -> int:
    return a + b


def count(to: int) -> list[int]:
    return list(range(to))


def split(text: str = "ab") -> dict[str, str]:
    return {"head": text[:1], "tail": text[1:]}


def fail() -> int:
    raise ValueError("no luck")


def hang_in_python() -> int:
    while True:
        pass


def hang_in_c() -> int:
    time.sleep(1000)
    return 0


def hang_in_lock() -> int:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return 0


def hang_in_socket() -> int:
    ours, theirs = socket.socketpair()
    ours.recv(1)
    theirs.close()
    return 0


def exit_at_once() -> int:
    os._exit(3)


def segfault() -> int:
    return len(ctypes.string_at(0))


def abort() -> int:
    os.abort()


def end_by_a_nameless_signal() -> int:
    os.kill(os.getpid(), signal.SIGRTMIN + 5)
    time.sleep(1000)
    return 0


def leave() -> int:
    raise SystemExit(4)


def close_everything() -> int:
    os.closerange(0, 256)
    return 0


def close_everything_and_stay() -> int:
    os.closerange(0, 256)
    time.sleep(1000)
    return 0


def write_into_everything() -> int:
    # Not while the event of its own start is on the way: what that would look like differs from time to time.
    time.sleep(0.3)
    for descriptor in range(3, 256):
        try:
            os.write(descriptor, b"what is this?" * 10)
        except OSError:
            continue
    time.sleep(1000)
    return 0


def flood_events(times: int) -> int:
    reporter = psynapse.ProgressReporter()
    for number in range(times):
        reporter.update(number + 1, times)
    return times


def print_for_ever() -> int:
    while True:
        print("again and again")


def write_for_ever() -> int:
    while True:
        os.write(1, b"again and again\n")


def write_raw(text: str) -> int:
    return os.write(1, text.encode()) + os.write(2, text.upper().encode())


def write_and_exit(size: int) -> int:
    os.write(2, b"x" * size + b"last words")
    os._exit(3)


def fork_and_return(seconds: float) -> int:
    """A child that outlives its node."""
    child = os.fork()
    if not child:
        time.sleep(seconds)
        os._exit(0)
    return child


def fork_and_stay() -> int:
    """A child that keeps the worker's connections open."""
    if not os.fork():
        time.sleep(1000)
        os._exit(0)
    time.sleep(1000)
    return 0


def return_twice() -> int:
    os.fork()
    return 1


def daemonise(pidfile: str) -> int:
    """A sleeper that has left the worker's process group and has another parent."""
    child = os.fork()
    if not child:
        os.setsid()
        if not os.fork():
            Path(pidfile).write_text(str(os.getpid()))
            time.sleep(1000)
        os._exit(0)
    os.waitpid(child, 0)
    return _pid_in(pidfile)


def daemonise_and_exit(pidfile: str) -> int:
    daemonise(pidfile)
    os._exit(3)


def start_program() -> int:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True).pid


def leak_memory() -> int:
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


def change_surroundings() -> str:
    os.chdir("/")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
    signal.alarm(1)
    return os.getcwd()


def eat_sigint() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        time.sleep(0.01)


def eat_exceptions() -> int:
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def folder() -> str:
    return os.getcwd()


def run_program() -> int:
    return subprocess.run([sys.executable, "-c", "raise SystemExit(5)"], check=False).returncode


def environment(name: str) -> str | None:
    return os.environ.get(name)


def nap(seconds: float, after: Any = None) -> float:
    time.sleep(seconds)
    return seconds


class _OddList(list):
    def __getitem__(self, key: object) -> object:
        raise RuntimeError("no parts")


def odd_list() -> Any:
    return _OddList(range(10))


def _pid_in(pidfile: str) -> int:
    while not (Path(pidfile).exists() and Path(pidfile).read_text()):
        time.sleep(0.01)
    return int(Path(pidfile).read_text())
