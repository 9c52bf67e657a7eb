"""A process that has imported what every worker needs, and forks one for each request; it never imports node code.

Started by ``worker.fork_server_process``, with the descriptor of its socket and the number of the process that it
serves as arguments. A request is a message on that socket, the worker's instructions as JSON, with the descriptors of
``Request``; ``RETIRE`` has it end with its last worker. The worker answers on its
*report* socket with its number once it is set up; later the fork server says there how it ended. The number stays taken
until the other end of the report is closed, which also ends a worker that lives. When the server goes away, so do all
its workers and what they have started.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import random
import select
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, cast

from psynapse.catalog import distributions
from psynapse.model.guarded import attempt
from psynapse.model.json_text import loads
from psynapse.worker import __main__ as worker
from psynapse.worker import preload
from psynapse.worker.adopting import may_fork
from psynapse.worker.fork_server_process import RETIRE
from psynapse.worker.forked import ENDED, REFUSED, REPORT, STARTED
from psynapse.worker.process import Instructions, kill_marked, worker_arguments
from psynapse.worker.variables import MARK

DESCRIPTORS: Final = 8
_LONGEST: Final = 1 << 18
_QUIET_MILLISECONDS: Final = 250


class Request(NamedTuple):
    """A worker that is to be forked. ``environment`` is a file of all its variables, as a process has them."""

    report: int
    environment: int
    folder: int
    stdout: int
    stderr: int
    work: int
    control: int
    shared: int
    instructions: Instructions


@dataclass(slots=True)
class _Forked:
    """A worker, or a process that tries out an import: then there is nobody to report to, but the module's name."""

    pid: int
    watch: int
    report: socket.socket | None = None
    module: str = ""


class ForkServer:
    """Forks workers, and sees to their end."""

    def __init__(self, requests: socket.socket, server: int) -> None:
        self._requests = requests
        # The end of its socket is not enough: what the server has forked may hold that open.
        self._server = os.pidfd_open(server)
        self._poll = select.poll()
        self._poll.register(requests, select.POLLIN)
        self._poll.register(self._server, select.POLLIN)
        self._watched: dict[int, _Forked] = {}
        self._reporting: dict[int, _Forked] = {}
        self._roots: list[Path] = []
        self._considered: set[str] = set()
        self._to_import: deque[str] = deque()
        self._trying = False
        self.retired = False
        """True when it forks no more workers, and ends with the last there is."""

    def serve(self) -> Request | None:
        """Fork workers until the server is gone: then None is returned, and in each worker what was asked for."""
        while not self.retired or self._reporting:
            ready = [descriptor for descriptor, _ in self._poll.poll(self._patience())]
            if self._server in ready:
                return None
            for descriptor in ready:
                if descriptor in self._watched:
                    self._see_end(descriptor)
                elif descriptor in self._reporting:
                    self._release(descriptor)
            if self._requests.fileno() in ready:
                try:
                    request = self._receive()
                except EOFError:
                    return None
                if request and self._fork(request):
                    return request
            elif not ready and self._to_import:
                self._try_out(self._to_import.popleft())
        return None

    def close(self) -> None:
        """Let go of everything, in a process that was forked."""
        self._requests.close()
        os.close(self._server)
        for descriptor in self._watched:
            os.close(descriptor)
        for forked in self._reporting.values():
            if forked.report:
                forked.report.close()

    def end(self) -> None:
        """Kill all workers, and what they have started."""
        for forked in {**self._watched, **self._reporting}.values():
            _kill(forked.pid)

    def _patience(self) -> int | None:
        """How long to wait for somebody before there is time for imports: a request must not wait for those."""
        if self.retired or self._trying:
            return None
        if self._roots:
            found = [module for module in preload.wanted(self._roots) if module not in self._considered]
            self._considered.update(found)
            self._to_import += found
            self._roots = []
        return _QUIET_MILLISECONDS if self._to_import else None

    # Workers

    def _receive(self) -> Request | None:
        """The next request; None for half of one. Raises EOFError when the server has closed."""
        message, descriptors, _, _ = socket.recv_fds(self._requests, _LONGEST, DESCRIPTORS)
        if not message:
            raise EOFError
        self.retired = self.retired or message == RETIRE
        if len(descriptors) < DESCRIPTORS:
            # There is no room for more open files here. The report is closed with the others: that is the answer.
            for descriptor in descriptors:
                os.close(descriptor)
            return None
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        return Request(*descriptors, instructions=cast("Instructions", loads(message)))

    def _fork(self, request: Request) -> bool:
        """Whether this is the new worker. Where none can be forked, the closed report says so."""
        report = socket.socket(fileno=request.report)
        is_ours = may_fork(request.instructions)
        pid = _fork() if is_ours else -1
        if not pid:
            self.close()
            report.detach()
            return True
        for descriptor in request[1:DESCRIPTORS]:
            os.close(descriptor)
        if pid < 0:
            if not is_ours:
                report.send(REPORT.pack(REFUSED, 0))
            report.close()
            return False
        self._roots = [Path(path) for path, _ in request.instructions["roots"]]
        self._watch(_Forked(pid, os.pidfd_open(pid), report))
        return False

    def _watch(self, forked: _Forked) -> None:
        self._watched[forked.watch] = forked
        self._poll.register(forked.watch, select.POLLIN)
        if forked.report:
            self._reporting[forked.report.fileno()] = forked
            # Nothing is read there: what comes is the end.
            self._poll.register(forked.report, select.POLLIN)

    def _see_end(self, watch: int) -> None:
        """Say how a process ended. It is not waited for: then somebody else could have its number."""
        forked = self._watched.pop(watch)
        self._poll.unregister(watch)
        os.close(watch)
        if forked.report:
            with contextlib.suppress(OSError):
                forked.report.send(REPORT.pack(ENDED, _status(forked.pid)))
        else:
            self._finish_import(forked)

    def _release(self, descriptor: int) -> None:
        """The server has let go of a worker."""
        forked = self._reporting.pop(descriptor)
        self._poll.unregister(descriptor)
        if forked.report:
            forked.report.close()
        # Of one that has ended the number is free again, and may by now be that of another's watch.
        if self._watched.get(forked.watch) is forked:
            del self._watched[forked.watch]
            self._poll.unregister(forked.watch)
            os.close(forked.watch)
            _kill(forked.pid)
        os.waitpid(forked.pid, 0)

    # Imports

    def _try_out(self, module: str) -> None:
        """Have another process import it first: a thread that is once here cannot be got rid of."""
        pid = _fork()
        if not pid:
            self.close()
            preload.rehearse(module)
        if pid > 0:
            self._trying = True
            self._watch(_Forked(pid, os.pidfd_open(pid), module=module))

    def _finish_import(self, forked: _Forked) -> None:
        self._trying = False
        if _status(forked.pid) == 0:
            attempt(None, importlib.import_module, forked.module)
        if not self._to_import:
            distributions.remember(sys.path)
        gc.freeze()
        os.waitpid(forked.pid, 0)


def _fork() -> int:
    """What ``os.fork`` returns, or -1 where there can be no more processes: those that are there must not suffer."""
    try:
        return os.fork()
    except OSError:
        return -1


def _status(pid: int) -> int:
    """The exit code of an ended process, or the signal that ended it as a negative number."""
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert ended is not None
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _kill(pid: int) -> None:
    # Its group as well, which it has only once it is set up.
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def become_worker(request: Request, parent: int) -> list[str]:
    """Make this process what a spawned worker is at its start; returns what its ``main`` takes."""
    os.setsid()
    for number, descriptor in enumerate((os.open(os.devnull, os.O_RDONLY), request.stdout, request.stderr)):
        os.dup2(descriptor, number)
        os.close(descriptor)
    _replace_environment(request.environment)
    os.fchdir(request.folder)
    os.close(request.folder)
    _reseed()
    descriptors = (request.work, request.control, request.shared)
    arguments = worker_arguments(request.instructions, descriptors, parent)
    sys.argv[:] = [str(worker.__file__), *arguments]
    sys.modules["__main__"] = worker
    with socket.socket(fileno=request.report) as report:
        report.send(REPORT.pack(STARTED, os.getpid()))
    return arguments


def _replace_environment(descriptor: int) -> None:
    with os.fdopen(descriptor, "rb") as file:
        variables = [variable.partition(b"=") for variable in file.read().split(b"\0") if variable]
    env = {name: value for name, _, value in variables}
    _show_mark(env[MARK.encode()])
    os.environb.clear()
    os.environb.update(env)
    time.tzset()


def _show_mark(mark: bytes) -> None:
    """Write the mark where others see it: the kernel shows the variables that a process was started with.

    What the worker forks inherits those, like everything in its memory.
    """
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_void_p
    place = libc.getenv(MARK.encode())
    if not place or len(ctypes.string_at(place)) != len(mark):
        raise ValueError("the fork server was started without a mark, or with one of another length")
    ctypes.memmove(place, mark, len(mark))


def _reseed() -> None:
    random.seed()
    if generators := sys.modules.get("numpy.random"):
        generators.seed()


def main() -> None:
    """Serve the process of that number; in each process that is forked, run a worker."""
    here = os.getpid()
    requests, server = map(int, sys.argv[1:])
    try:
        fork_server = ForkServer(socket.socket(fileno=requests), server)
    except ProcessLookupError:
        # It was killed before anybody watched it, but may have started something.
        return _end_family()
    gc.freeze()
    gc.enable()
    request = fork_server.serve()
    if request:
        return worker.main(become_worker(request, here))
    fork_server.end()
    # A retired one is not the last: others of its family have workers.
    return None if fork_server.retired else _end_family()


def _end_family() -> None:
    kill_marked(os.environ[MARK].rstrip("-"))
