"""Nodes that do to their process what a process can be done to. Importing them is harmless."""

import ctypes
import os
import re
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


def interrupt_itself() -> int:
    raise KeyboardInterrupt


def hang_in_c_with_the_lock() -> int:
    """Python's signals and other threads wait as well."""
    return ctypes.PyDLL(None).sleep(1000)


def hang_in_a_pattern() -> bool:
    return bool(re.match(r"(a+)+$", "a" * 64 + "b"))


def hang_in_a_power() -> int:
    return 7 ** (10**8) % 10


def puts_for_ever() -> int:
    """C's own buffer, which nobody in Python sees."""
    puts = ctypes.CDLL(None).puts
    while True:
        puts(b"again and again")


def close_standard_streams() -> int:
    os.closerange(0, 3)
    return 1


def close_its_sockets() -> int:
    _each_socket(lambda one: one.close())
    return 1


def shut_down_its_sockets() -> int:
    _each_socket(lambda one: one.shutdown(socket.SHUT_RDWR))
    return 1


def kill_its_group() -> int:
    os.killpg(0, signal.SIGTERM)
    time.sleep(1000)
    return 0


def start_endless_threads(count: int = 3) -> int:
    """Not daemons: a process that ends by itself would wait for them."""
    for _ in range(count):
        threading.Thread(target=_sleep_for_ever).start()
    return count


def exit_in_a_thread() -> int:
    thread = threading.Thread(target=sys.exit, args=(5,))
    thread.start()
    thread.join()
    return 1


def recurse() -> int:
    return recurse() + 1


def recurse_without_limit() -> int:
    """Through C, until the stack ends."""
    sys.setrecursionlimit(2**31 - 1)
    value: Any = []
    for _ in range(1_000_000):
        value = [value]
    return len(repr(value))


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


def burn(seconds: float) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return seconds


def touch_and_wait(path: str, seconds: float = 60.0) -> str:
    """Shows that it has begun, and who it is, and that it got to its end."""
    Path(path + ".begun.new").write_text(str(os.getpid()))
    Path(path + ".begun.new").rename(path + ".begun")
    time.sleep(seconds)
    Path(path + ".ended").touch()
    return path


def _sleep_for_ever() -> None:
    while True:
        time.sleep(0.05)


def _each_socket(act: Any) -> None:
    for descriptor in range(3, 256):
        try:
            if not os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:"):
                continue
            act(socket.socket(fileno=descriptor))
        except OSError:
            continue


def _pid_in(pidfile: str) -> int:
    while not (Path(pidfile).exists() and Path(pidfile).read_text()):
        time.sleep(0.01)
    return int(Path(pidfile).read_text())
