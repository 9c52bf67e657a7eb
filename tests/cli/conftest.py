"""Starting the real program, in a pipe or in a terminal."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

NODEPACK = '''
import sys, time, logging
from typing import Any
import psynapse

print("imported")

def double(x: int = 1) -> int:
    """Twice a number.

    The whole story of doubling.
    """
    return 2 * x

def passes(x: Any = None) -> Any:
    return x

def fails(x: Any = 0) -> int:
    return _inner(x)

def _inner(x: Any) -> int:
    raise ValueError(f"cannot take {x}")

def prints(text: str = "hello") -> int:
    print(text)
    print("careful", file=sys.stderr)
    logging.warning("logged")
    print("no newline", end="")
    return 1

def starts_a_program() -> int:
    import subprocess
    return subprocess.call([sys.executable, "-c", "print('from a child')"])

def environment(name: str = "COLOUR") -> str:
    import os
    return os.environ.get(name, "unset")

def many(count: int = 100) -> list:
    return [{"name": f"item {i}", "price": i} for i in range(count)]

def crashes(x: Any = None) -> int:
    import ctypes
    # What was told just before a crash may be lost with the process.
    time.sleep(0.3)
    return ctypes.string_at(0)

def leaves(x: Any = None) -> int:
    import os
    time.sleep(0.3)
    os._exit(3)

def debugs() -> int:
    value = 41
    breakpoint()
    return value

def leaves_a_program(seconds: float = 60.0) -> int:
    import subprocess
    sleeper = [sys.executable, "-c", f"import time; time.sleep({seconds})"]
    subprocess.Popen(sleeper, start_new_session=True)
    print("left", flush=True)
    time.sleep(seconds)
    return 1

class Steps:
    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()
    def __call__(self, count: int = 5, delay: float = 0.1) -> int:
        for step in range(1, count + 1):
            self._progress_reporter.update(step, count, f"step {step}")
            time.sleep(delay)
        return count

class Stubborn:
    """Starts to report, then cannot be interrupted."""
    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()
    def __call__(self, seconds: float = 20.0) -> int:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self._progress_reporter.update(1, 2, "working")
                time.sleep(0.05)
            except BaseException:
                pass
        return 1
'''

# Under nohup the tests, and with them what they start, would ignore that the terminal was closed.
_MAIN = [
    sys.executable,
    "-c",
    "import signal, sys; from psynapse.cli import main\nsignal.signal(signal.SIGHUP, signal.SIG_DFL); sys.exit(main())",
]


@dataclass
class Terminal:
    """A program in a terminal, everything it writes collected in ``output``."""

    process: subprocess.Popen[bytes]
    master: int
    output: bytearray = field(default_factory=bytearray)

    def read(self) -> None:
        while True:
            try:
                chunk = os.read(self.master, 65536)
            except OSError:
                return
            self.output += chunk

    def wait_for(self, text: str, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while text.encode() not in self.output:
            assert time.monotonic() < deadline, f"no {text!r} in {bytes(self.output)!r}"
            time.sleep(0.02)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def wait(self, seconds: float = 30.0) -> int:
        code = self.process.wait(seconds)
        time.sleep(0.1)
        return code

    @property
    def text(self) -> str:
        return bytes(self.output).decode()


def _environment(nodepacks: Path, extra: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"}
    }
    own = {"NODEPACKS_DIR": str(nodepacks), "DAYDREAM_SCOPE_DIR": str(nodepacks.parent / "scope")}
    return {**kept, **own, "TERM": "xterm-256color", "PYTHONUTF8": "1", **extra}


@pytest.fixture
def nodepacks(tmp_path: Path) -> Path:
    folder = tmp_path / "nodepacks"
    pack = folder / "mine"
    pack.mkdir(parents=True)
    pack.joinpath("ops.py").write_text(NODEPACK)
    return folder


@pytest.fixture(params=[(), ("--in-process",)], ids=["worker", "in process"])
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The options that have ``psynapse run`` carry out nodes in a worker, or in its own process."""
    return request.param


Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def program(nodepacks: Path, tmp_path: Path) -> Program:
    def run(*arguments: str | Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*_MAIN, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=_environment(nodepacks, env),
            check=False,
        )

    return run


@pytest.fixture
def terminal(nodepacks: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def start(*arguments: str | Path, width: int = 100, height: int = 30, **env: str) -> Terminal:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        process = subprocess.Popen(
            [*_MAIN, *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=tmp_path,
            env=_environment(nodepacks, env),
            start_new_session=True,
        )
        os.close(slave)
        one = Terminal(process, master)
        started.append(one)
        threading.Thread(target=one.read, daemon=True).start()
        return one

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        os.close(one.master)


Chain = Callable[..., Path]


@pytest.fixture
def workflow(tmp_path: Path) -> Chain:
    """Writes a workflow: each argument is a function node, ``id=(function, {parameter: value}, [sources of x])``."""

    def write(**nodes: tuple[str, dict[str, object], list[str]]) -> Path:
        boxes: list[object] = []
        edges: list[object] = []
        for name, (function, values, sources) in nodes.items():
            kind = "viewNode" if function == "view" else "functionNode"
            data = values if kind == "viewNode" else {"functionName": function, **values}
            boxes.append({"id": name, "type": kind, "data": data})
            port = "input" if kind == "viewNode" else "x"
            edges += [{"source": source, "target": name, "targetHandle": port} for source in sources]
        path = tmp_path / "flow.json"
        path.write_text(json.dumps({"nodes": boxes, "edges": edges}))
        return path

    return write
