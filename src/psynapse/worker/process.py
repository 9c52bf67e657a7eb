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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from psynapse.engine.ledger import MOST_SEATS
from psynapse.errors import WorkerError
from psynapse.model.json_text import dumps
from psynapse.model.schema import Origin

_MARK: Final = "PSYNAPSE_WORKER"
# What belongs to the server alone.
_SECRET: Final = frozenset({"PSYNAPSE_TOKEN"})
_CLEANING_SECONDS: Final = 2.0


def _no_variables() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """What a worker is made from: nodepack folders, environment variables on top of ours."""

    roots: tuple[tuple[Path, Origin], ...]
    env: Mapping[str, str] = field(default_factory=_no_variables, hash=False, repr=False)
    python: str = sys.executable


@dataclass(slots=True)
class StartedProcess:
    """A worker that was started: the server's ends of its sockets and of its standard output and error."""

    popen: subprocess.Popen[bytes]
    mark: str
    work: socket.socket
    control: socket.socket
    whereabouts: "memoryview[int]"
    """By thread of the worker, the task it is at, or was when it died; -1 for none."""
    _reaping: threading.Lock = field(default_factory=threading.Lock)

    def kill(self) -> None:
        """Kill the process, its group, and what has left the group but still carries its mark."""
        self.reap()
        ends = time.monotonic() + _CLEANING_SECONDS
        # Again, because one may have started another before it was killed.
        while time.monotonic() < ends and (left := list(marked_processes(self.mark))):
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)

    def reap(self) -> None:
        """Kill the process and its group, and wait for its end; afterwards its status is known."""
        with self._reaping:
            # Before it is waited for: then somebody else may have its number.
            if self.popen.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
                # A copy of the last: the memory it was in is let go, and its descriptor with it.
                self.whereabouts = memoryview(bytes(self.whereabouts)).cast("i")

    def close(self) -> None:
        """Let go of sockets and pipes. Closing the work socket asks an idle worker to end."""
        self.work.close()
        self.control.close()
        for pipe in (self.popen.stdout, self.popen.stderr):
            if pipe:
                pipe.close()


def start_process(spec: WorkerSpec) -> StartedProcess:
    """Start a worker in a process group of its own. Its parent is the calling thread: it dies with that thread.

    Raises WorkerError when it cannot be started.
    """
    mark = uuid.uuid4().hex
    with contextlib.ExitStack() as ours:
        work, their_work = socket.socketpair()
        control, their_control = socket.socketpair()
        ours.callback(work.close)
        ours.callback(control.close)
        with their_work, their_control:
            shared = _shared_integers(MOST_SEATS)
            try:
                popen = _spawn(spec, mark, (their_work.fileno(), their_control.fileno(), shared))
                whereabouts = map_integers(shared)
            except (OSError, ValueError) as error:
                hint = "check the path of its Python, its environment variables and the number of processes"
                raise WorkerError(f"no worker can be started: {error}", hint=hint) from error
            finally:
                os.close(shared)
        ours.pop_all()
    return StartedProcess(popen, mark, work, control, whereabouts)


def _spawn(spec: WorkerSpec, mark: str, descriptors: tuple[int, int, int]) -> subprocess.Popen[bytes]:
    work, control, shared = descriptors
    roots = dumps([[str(path), origin] for path, origin in spec.roots]).decode()
    arguments = [str(work), str(control), roots, str(shared), str(os.getpid())]
    inherited = {name: value for name, value in os.environ.items() if name not in _SECRET}
    # -P: the current folder must not come before the standard library.
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [spec.python, "-P", "-m", "psynapse.worker", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=descriptors,
        env={**inherited, **spec.env, _MARK: mark},
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
    """Processes that the worker of that mark has started, wherever they are now (Linux; elsewhere none are found)."""
    wanted = f"{_MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
