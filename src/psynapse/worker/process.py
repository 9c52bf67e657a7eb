"""Starting a worker process and making sure that nothing is left of it."""

import array
import contextlib
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol, TypedDict, cast

from psynapse.errors import WorkerError
from psynapse.model.events import OutputStream
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.packages import DisabledPackage
from psynapse.model.schema import Origin
from psynapse.worker.variables import MARK, worker_environment

_CLEANING_SECONDS: Final = 2.0
_cleaning: Final = threading.Lock()


OutputListener = Callable[[OutputStream, bytes], None]
"""Hears what a worker process writes to its standard output or error."""


def _no_variables() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """What a worker is made from: its Python, nodepack folders, variables on top of ours, the memory it may take.

    ``memory_bytes`` bounds what the process may write to, touched or only allocated, stacks of threads included; 0 for
    no bound. Where Python is refused more, the node fails with a MemoryError.
    """

    roots: tuple[tuple[Path, Origin], ...]
    env: Mapping[str, str] = field(default_factory=_no_variables, hash=False, repr=False)
    python: str = sys.executable
    memory_bytes: int = 0
    packages: bool = True
    """Whether node packages are loaded: the distributions with a ``scope`` entry point that its Python has."""
    skip_packages: tuple[str, ...] = ()
    """Distributions, by normalised name, that are not imported because that would end the process."""
    disabled: tuple[DisabledPackage, ...] = ()
    """Distributions that the user has switched off: listed, but not imported."""
    site: Path | None = None
    """Where ``python`` has packages of its own, when it is an environment on top of the one that psynapse runs in."""
    in_use: Path | None = None
    """A file that is locked, shared, as long as the worker lives: nobody takes its generation away meanwhile."""
    on_import: OutputListener | None = field(default=None, compare=False, repr=False)
    """Hears what nodepacks print while they are imported."""

    @property
    def instructions(self) -> "Instructions":
        """What the worker is told at its start."""
        return {
            "roots": [(str(path), origin) for path, origin in self.roots],
            "memory_bytes": self.memory_bytes,
            "packages": self.packages,
            "site": str(self.site or ""),
            "python": self.python,
            "skip_packages": list(self.skip_packages),
            "disabled": [(one.name, list(one.nodepacks)) for one in self.disabled],
        }


class Instructions(TypedDict):
    """What a worker is told at its start: the fields of that name of its ``WorkerSpec``."""

    roots: list[tuple[str, Origin]]
    memory_bytes: int
    packages: bool
    site: str
    python: str
    skip_packages: list[str]
    disabled: list[tuple[str, list[str]]]


class Child(Protocol):
    """A process that was started: by ``subprocess``, or by the fork server."""

    pid: int
    returncode: int | None
    """None until it was waited for; then its exit code, or the signal that ended it as a negative number."""
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, for so many seconds; returns its return code."""
        ...


StartChild = Callable[[str, tuple[int, int, int]], Child]
"""Starts a process of that mark with these descriptors: the work socket, the control socket, the shared page."""


@dataclass(slots=True)
class StartedProcess:
    """A worker that was started: the server's ends of its sockets and of its standard output and error."""

    popen: Child
    mark: str
    work: socket.socket
    control: socket.socket
    whereabouts: "memoryview[int]"
    """By thread of the worker, the task it is at, or was when it died; -1 for none."""
    _reaping: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        """Kill the process, its group, and what has left the group but still carries its mark."""
        self.reap()
        kill_marked(self.mark)

    def reap(self) -> None:
        """Kill the process and its group, and wait for its end; afterwards its status is known."""
        with self._reaping:
            # Before it is waited for: then somebody else may have its number.
            if self.popen.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
                # A copy of the last: the memory it was in is let go, and its descriptor with it.
                self.whereabouts = memoryview(bytearray(self.whereabouts)).cast("i")

    def forget_whereabouts(self) -> None:
        """It is to begin something new."""
        for thread in range(len(self.whereabouts)):
            self.whereabouts[thread] = -1

    def close(self) -> None:
        """Let go of sockets and pipes. Closing the work socket asks an idle worker to end."""
        self.work.close()
        self.control.close()
        for pipe in (self.popen.stdout, self.popen.stderr):
            if pipe:
                pipe.close()


def start_process(spec: WorkerSpec, family: str = "") -> StartedProcess:
    """Start a worker in a process group of its own. Its parent is the calling thread: it dies with that thread.

    Its mark begins with that of the ``family``. Raises WorkerError when it cannot be started.
    """
    return assemble(lambda mark, descriptors: _spawn(spec, mark, descriptors), family)


def assemble(start: StartChild, family: str) -> StartedProcess:
    """A worker with its sockets and its shared page. Raises WorkerError for the OSError or ValueError of ``start``."""
    # Not sooner: a server has its fork server started first, and that imports the engine at the same time.
    from psynapse.engine.ledger import MOST_SEATS  # noqa: PLC0415

    mark = family + uuid.uuid4().hex
    with contextlib.ExitStack() as ours:
        work, their_work = socket.socketpair()
        control, their_control = socket.socketpair()
        ours.callback(work.close)
        ours.callback(control.close)
        with their_work, their_control:
            shared = _shared_integers(MOST_SEATS)
            try:
                popen = start(mark, (their_work.fileno(), their_control.fileno(), shared))
                whereabouts = map_integers(shared)
            except (OSError, ValueError) as error:
                hint = "check the path of its Python, its environment variables and the number of processes"
                raise WorkerError(f"no worker can be started: {error}", hint=hint) from error
            finally:
                os.close(shared)
        ours.pop_all()
    return StartedProcess(popen, mark, work, control, whereabouts)


def worker_arguments(instructions: Instructions, descriptors: tuple[int, int, int], parent: int) -> list[str]:
    """What ``psynapse.worker.__main__.main`` takes."""
    work, control, shared = descriptors
    return [str(work), str(control), dumps(cast("Json", instructions)).decode(), str(shared), str(parent)]


def _spawn(spec: WorkerSpec, mark: str, descriptors: tuple[int, int, int]) -> Child:
    arguments = worker_arguments(spec.instructions, descriptors, os.getpid())
    # -P: the current folder must not come before the standard library.
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [spec.python, "-P", "-m", "psynapse.worker", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=descriptors,
        env=worker_environment(spec.env, mark),
        start_new_session=True,
    )


def _shared_integers(count: int) -> int:
    """A descriptor of ``count`` integers, each -1, that other processes can map."""
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(array.array("i", [-1] * count).tobytes())
        return os.dup(file.fileno())


def map_integers(descriptor: int) -> "memoryview[int]":
    """The integers behind a descriptor, shared with whoever else maps it."""
    return memoryview(mmap.mmap(descriptor, 0)).cast("i")


def marked_processes(mark: str) -> Iterator[int]:
    """Processes that the worker of that mark has started, wherever they are now (Linux; elsewhere none are found).

    The mark of a family stands for all its workers.
    """
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(variable.startswith(wanted) for variable in (entry / "environ").read_bytes().split(b"\0")):
                yield int(entry.name)


def kill_marked(mark: str) -> None:
    """Kill what carries that mark, but for the calling process."""
    # One after the other: many threads that look through all processes leave the event loop no time.
    with _cleaning:
        ends = time.monotonic() + _CLEANING_SECONDS
        # Again, because one may have started another before it was killed.
        while time.monotonic() < ends and (left := [pid for pid in marked_processes(mark) if pid != os.getpid()]):
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
