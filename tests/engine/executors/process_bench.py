"""A process executor beside the nodepack its calls come from, and a listener that keeps what it hears."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from psynapse.catalog.loading import load_operation
from psynapse.engine.executors.process import ProcessCall, ProcessExecutor
from psynapse.model.operation import Address

OPS = """
import asyncio, ctypes, gc, logging, os, signal, subprocess, sys, threading, time
from dataclasses import dataclass
from pathlib import Path
import numpy as np
from psynapse import ProgressReporter, StreamReporter

@dataclass
class Point:
    x: int
    y: int

class Picky(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")

class Fine(Exception):
    pass

def add(a, b=10): return a + b
def same(x): return x
def mirror(point): return Point(point.y, point.x)
def pid(): return os.getpid()
def total(x): return int(x.sum())
def zeros(n): return np.zeros(n, np.uint8)
def change(x): x[0] = 1
def fail(): raise Fine("wrong")
def fail_picky(): raise Picky(1, 2)
def fail_locked():
    error = ValueError("has a lock")
    error.lock = threading.Lock()
    raise error
def make_lock(): return threading.Lock()
def leave(code): os._exit(code)
def sys_exit(code): sys.exit(code)
def crash(): ctypes.string_at(0)
def close_everything(): os.closerange(3, 100); time.sleep(60)
def nice(): return os.nice(0)

def spin():
    while True: pass

def stubborn(started):
    while True:
        try:
            Path(started).touch()
            while True: time.sleep(0.01)
        except BaseException: pass

def tidy(started, cleaned):
    try:
        Path(started).touch()
        while True: time.sleep(0.01)
    finally: Path(cleaned).touch()

def meet(mine, other):
    Path(mine).touch()
    deadline = time.monotonic() + 20
    while not Path(other).exists():
        if time.monotonic() > deadline: raise TimeoutError
    return os.getpid()

def speak():
    print("one"); print("two", end=""); print(" halves")
    print("oops", file=sys.stderr)
    logging.getLogger("pack").warning("careful %s", 7)
    print("no end", end="")

class Leaving:
    def __init__(self): self.itself = self
    def __del__(self): print("gone"); print("gone", end="", file=sys.stderr)

def speak_while_others_leave(times):
    gc.set_threshold(1)
    for _ in range(times):
        Leaving(); print("said", end="", flush=True); print("said")
    gc.set_threshold(700)
    gc.collect()

def speak_in_thread():
    thread = threading.Thread(target=lambda: print("from a thread")); thread.start(); thread.join()

def slow_lines():
    for number in range(3):
        print(number); time.sleep(0.01)
    time.sleep(30)

def chatter(size): print("x" * 79 + "\\n" * 1, end=""); print(("y" * 79 + "\\n") * (size // 80), end="")

def chatter_for_ever():
    while True: print("again")

def mumble_later():
    def later():
        time.sleep(0.2); print("too late")
    threading.Thread(target=later).start()

def fork_and_return():
    os.fork(); return "once"

def fork_and_die(pidfile):
    if os.fork() == 0:
        Path(pidfile).write_text(str(os.getpid())); time.sleep(60); os._exit(0)
    while not Path(pidfile).exists() or not Path(pidfile).read_text(): time.sleep(0.01)
    os._exit(5)

def start_program(pidfile):
    Path(pidfile).write_text(str(subprocess.Popen(["sleep", "60"]).pid))

async def later(x):
    await asyncio.sleep(0.01); print("awake"); return x + 1

async def fail_later():
    await asyncio.sleep(0); raise Fine("later")

async def wait_for_ever(started):
    Path(started).touch()
    await asyncio.sleep(60)

class Steps:
    def __init__(self): self._progress_reporter = ProgressReporter()
    def __call__(self, n):
        for i in range(n): self._progress_reporter.update(i + 1, n, f"step {i + 1}")
        return n

class Words:
    def __init__(self): self._stream_reporter = StreamReporter()
    def __call__(self, text):
        for word in text.split(): self._stream_reporter.emit(word)
        return text

def unannounced(): ProgressReporter().update(1, 2, "half"); StreamReporter().emit("chunk")
"""


class Listener:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        self.value: object = None
        self.error: BaseException | None = None
        self.traceback = ""
        self.ended = threading.Event()
        self.endings = 0
        self.ticket = 0

    def progress(self, fraction: float, message: str) -> None:
        self.heard.append(("progress", fraction, message))

    def emit(self, chunk: str) -> None:
        self.heard.append(("emit", chunk))

    def output(self, stream: str, text: str) -> None:
        self.heard.append((stream, text))

    def succeeded(self, value: object) -> None:
        self.value = value
        self._end()

    def failed(self, error: BaseException, traceback_text: str) -> None:
        self.error, self.traceback = error, traceback_text
        self._end()

    def _end(self) -> None:
        self.endings += 1
        self.ended.set()

    def text(self, stream: str) -> str:
        return "".join(str(entry[1]) for entry in self.heard if entry[0] == stream)

    def result(self) -> object:
        assert self.ended.wait(30), "the call did not end"
        if self.error:
            raise self.error
        return self.value

    def failure(self) -> BaseException:
        assert self.ended.wait(30), "the call did not end"
        assert self.error is not None, f"returned {self.value!r}"
        return self.error


class Bench:
    """An executor and the nodepack its calls come from."""

    def __init__(self, folder: Path, size: int) -> None:
        self.executor = ProcessExecutor(size)
        self.folder = folder

    def address(self, name: str) -> Address:
        return Address(str(self.folder), str(self.folder / "ops.py"), "", name)

    def start(self, name: str, *args: object, kwargs: Mapping[str, object] | None = None) -> Listener:
        listener = Listener()
        is_class, is_async = name[0].isupper(), name in {"later", "fail_later", "wait_for_ever"}
        call = ProcessCall(self.address(name), args, kwargs or {}, is_class, is_async)
        listener.ticket = self.executor.submit(call, listener)
        return listener

    def call(self, name: str, *args: object) -> object:
        return self.start(name, *args).result()

    def cancel(self, listener: Listener) -> None:
        self.executor.cancel(listener.ticket)

    def here(self, name: str) -> Callable[..., object]:
        return load_operation(self.address(name))


def is_alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    return False


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def children_of(process: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            found.update(int(number) for number in (task / "children").read_text().split())
    return found
