"""How workers come to life: forked from a process that is ready, or spawned where that cannot be."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final, cast

from psynapse.errors import WorkerError
from psynapse.logs import logger
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.worker.expected import ExpectedWorker
from psynapse.worker.fork_server_process import ForkServerProcess, new_mark, start_fork_server
from psynapse.worker.forked import REFUSED, REPORT, STARTED, ForkedProcess
from psynapse.worker.process import (
    StartedProcess,
    WorkerSpec,
    assemble,
    kill_marked,
    start_process,
)
from psynapse.worker.variables import MARK, is_plain, read_at_import, variables_file, worker_environment

_START_SECONDS: Final = 10.0
_ATTEMPTS: Final = 2


class _NotForked(Exception):
    """The fork server could not be reached, or could not fork."""


class _Refused(Exception):
    """The fork server has imported what in such a worker would be something else."""


@dataclass(slots=True)
class _Python:
    """How workers of one Python are started: forked, as long as that is possible; ``proven``: it was."""

    usable: bool = sys.platform == "linux"
    proven: bool = False
    fork_server: ForkServerProcess | None = None


class Launcher:
    """Starts workers, where the platform forks by way of a fork server for each Python. They end with this process."""

    def __init__(self, begun: ForkServerProcess | None = None) -> None:
        """``begun`` is a fork server of this Python that was started before there was a launcher."""
        self._mark = begun.family if begun else new_mark()
        self._lock = threading.Lock()
        self._pythons: dict[str, _Python] = {sys.executable: _Python(fork_server=begun)} if begun else {}
        self._retired: list[ForkServerProcess] = []
        self._closed = False
        self._expected: ExpectedWorker | None = None
        self._refused: set[Path | None] = set()
        """Where packages are that only workers forked by their own Python can have."""

    def prepare(self, python: str = sys.executable) -> None:
        """Start a fork server now, without waiting for it: the first worker is there sooner."""
        if self._of(python).usable:
            with self._lock, contextlib.suppress(OSError):
                self._running(python)

    def guard(self) -> dict[str, str]:
        """Variables of a program that is to end with this process, and what it starts as well.

        There are none where nothing sees to that.
        """
        if not self._is_watched():
            self.prepare()
        return {MARK: f"{self._mark}-guarded"} if self._is_watched() else {}

    def expect(self, spec: WorkerSpec) -> None:
        """Begin to start a worker of ``spec``: whoever asks for the first one gets it, if it is of the same."""
        if self._can_fork(spec):
            start = partial(assemble, partial(self._fork, spec), self._mark)
            self._expected = ExpectedWorker(spec, start)

    async def start_worker(self, spec: WorkerSpec) -> StartedProcess:
        """Start a worker. Raises WorkerError when it cannot be started, or when the launcher is closed."""
        if self._closed:
            raise WorkerError("no worker can be started: the server is ending", hint="start the server again")
        expected, self._expected = self._expected, None
        if expected and (process := await expected.claim(spec)):
            self._of(self._forking(spec)).proven = True
            return process
        try:
            return await self._start(spec)
        except _Refused:
            self._refused.add(spec.site)
            return await self._start(spec)

    async def _start(self, spec: WorkerSpec) -> StartedProcess:
        """A worker, whichever way it goes. Raises _Refused and WorkerError."""
        known = self._of(self._forking(spec))
        for _ in range(_ATTEMPTS):
            if not self._can_fork(spec):
                return start_process(spec, self._mark)
            with contextlib.suppress(_NotForked):
                process = await self._fork_in_thread(spec)
                known.proven = True
                return process
        known.usable = known.usable and known.proven
        logger.warning("a worker is spawned: the fork server does not fork")
        return start_process(spec, self._mark)

    def keep_only(self, spec: WorkerSpec) -> None:
        """Only such workers are wanted from now on: fork servers that have no part in it end with their last."""
        python = self._forking(spec)
        with self._lock:
            ended = [server for server in self._retired if server.popen.poll() is not None]
            self._retired = [server for server in self._retired if server not in ended]
            for server in ended:
                server.requests.close()
            for other in [path for path in self._pythons if path != python]:
                self._retire(other)

    def forget(self, python: str) -> None:
        """What this Python can import has changed: the next worker of it comes from a new fork server."""
        with self._lock:
            self._retire(python)

    async def close(self) -> None:
        """End the fork servers, all workers that were started here, and what they have started."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        if self._expected:
            self._expected.end()
        with self._lock:
            known = [python.fork_server for python in self._pythons.values()]
            self._pythons.clear()
            for server in (*known, *self._retired):
                if server:
                    server.end()
            self._retired.clear()
        kill_marked(self._mark)

    # Fork servers

    def _forking(self, spec: WorkerSpec) -> str:
        """The Python whose fork server forks such a worker: psynapse's own for all that is on top of it, if it can."""
        return sys.executable if spec.site and spec.site not in self._refused else spec.python

    def _retire(self, python: str) -> None:
        known = self._pythons.pop(python, None)
        if known and known.fork_server:
            known.fork_server.retire()
            self._retired.append(known.fork_server)

    def _is_watched(self) -> bool:
        """Whether a fork server will see this process end; one that is retired may end before."""
        with self._lock:
            servers = [python.fork_server for python in self._pythons.values()]
        return any(server and not server.has_ended() for server in servers)

    def _of(self, python: str) -> _Python:
        return self._pythons.setdefault(python, _Python())

    def _running(self, python: str) -> ForkServerProcess:
        """The fork server; a new one when it has died. Raises OSError when it cannot be started."""
        if self._closed:
            raise OSError("the launcher is closed")
        known = self._of(python)
        if known.fork_server and known.fork_server.has_ended():
            known.fork_server.end()
            known.fork_server = None
        if not known.fork_server:
            known.fork_server = start_fork_server(python, self._mark)
        return known.fork_server

    # Forking

    def _can_fork(self, spec: WorkerSpec) -> bool:
        python = self._of(self._forking(spec))
        if not python.usable or not is_plain(spec.env):
            return False
        known = python.fork_server.variables if python.fork_server else read_at_import(os.environ)
        return known == read_at_import({**os.environ, **spec.env})

    async def _fork_in_thread(self, spec: WorkerSpec) -> StartedProcess:
        forking = asyncio.ensure_future(asyncio.to_thread(assemble, partial(self._fork, spec), self._mark))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            # It comes all the same, and nobody else would end it.
            with contextlib.suppress(_NotForked, WorkerError):
                unwanted = await forking
                await asyncio.to_thread(unwanted.kill)
                unwanted.close()
            raise

    def _fork(self, spec: WorkerSpec, mark: str, descriptors: tuple[int, int, int]) -> ForkedProcess:
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            report, their_report = socket.socketpair()
            ours.callback(report.close)
            theirs.callback(their_report.close)
            variables = variables_file(worker_environment(spec.env, mark))
            theirs.callback(os.close, variables)
            folder = os.open(".", os.O_PATH | os.O_DIRECTORY)
            theirs.callback(os.close, folder)
            (out, their_out), (err, their_err) = _pipe(ours, theirs), _pipe(ours, theirs)
            message = dumps(cast("Json", spec.instructions))
            python = self._forking(spec)
            self._request(
                python, message, [their_report.fileno(), variables, folder, their_out, their_err, *descriptors]
            )
            theirs.close()
            pid = self._started(python, report)
            ours.pop_all()
        report.settimeout(None)
        return ForkedProcess(pid, report, out, err)

    def _request(self, python: str, message: bytes, descriptors: list[int]) -> None:
        try:
            with self._lock:
                socket.send_fds(self._running(python).requests, [message], descriptors)
        except OSError as error:
            raise _NotForked from error

    def _started(self, python: str, report: socket.socket) -> int:
        """The number of the worker that was forked."""
        report.settimeout(_START_SECONDS)
        try:
            told = report.recv(REPORT.size)
        except TimeoutError as error:
            # It would keep the next start waiting as long. Those of its workers that live are left alone.
            self._of(python).usable = False
            raise _NotForked from error
        kind, pid = REPORT.unpack(told) if told else (b"", 0)
        if kind == REFUSED:
            raise _Refused
        if kind != STARTED:
            raise _NotForked
        return pid


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[IO[bytes], int]:
    """A pipe from a worker: our end as a file, and its end."""
    reading, writing = os.pipe()
    file = ours.enter_context(os.fdopen(reading, "rb"))
    theirs.callback(os.close, writing)
    return file, writing
