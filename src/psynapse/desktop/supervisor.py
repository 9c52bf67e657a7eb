"""Keeps a server running: starts it, starts it again, and says when that is of no use."""

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from psynapse.desktop.health import boot_id_at
from psynapse.desktop.lifecycle import Course, State
from psynapse.desktop.ports import HOST, PORTS, first_free, is_free, listener_on
from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.server_process import ServerProcess
from psynapse.model.ids import Json

_BETWEEN_PROBES: Final = 0.05
_FIRST_POLL: Final = 0.05
_LONGEST_POLL: Final = 2.0
_CLOSES_WITHIN: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait: for the port, for the first answer, for the end."""

    port: float = 15.0
    answer: float = 120.0
    end: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerStatus:
    """How the server is. ``origin`` is where it listens, empty before that is known; ``pid`` 0 without a process."""

    state: State
    origin: str
    boot_id: str
    message: str
    pid: int

    def to_json(self) -> dict[str, Json]:
        """As pages get it."""
        return {"state": self.state, "origin": self.origin, "boot_id": self.boot_id, "message": self.message}


@dataclass(frozen=True, slots=True)
class _Exited:
    process: ServerProcess
    code: int


_Message = _Exited | Literal["restart", "close"]


class Supervisor:
    """One server, from ``start`` to ``close``. ``on_change`` hears every new status, from the supervisor's thread.

    ``command`` says how to start a server on a port.
    """

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        environment: Mapping[str, str],
        log: ServerLog,
        ports: Sequence[int] = PORTS,
        patience: Patience | None = None,
    ) -> None:
        self.on_change: Callable[[ServerStatus], None] = _nobody
        self.log = log
        self._command = command
        self._environment = environment
        self._ports = ports
        self._patience = patience or Patience()
        self._course = Course()
        self._port = 0
        self._process: ServerProcess | None = None
        self._messages: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    @property
    def status(self) -> ServerStatus:
        """How the server is now."""
        course, process = self._course, self._process
        return ServerStatus(
            state=course.state,
            origin=f"http://{HOST}:{self._port}" if self._port else "",
            boot_id=course.boot_id,
            message=course.reason,
            pid=process.pid if process else 0,
        )

    def start(self) -> None:
        """Begin, without waiting for the server."""
        self._become(self._course.begun())
        self._thread.start()

    def restart(self) -> None:
        """End the server, however it is, and start it again; also after it has failed. Does not wait."""
        self._messages.put("restart")

    def close(self) -> None:
        """End the server and wait for its end."""
        self._messages.put("close")
        if self._thread.is_alive():
            self._thread.join(_CLOSES_WITHIN)
        self.log.close()

    def _supervise(self) -> None:
        while self._course.state != "stopped":
            match self._course.state:
                case "starting" | "restarting":
                    self._bring_up()
                case "crashed":
                    if not self._interrupted(self._course.delay):
                        self._become(self._course.resumed())
                case _:
                    self._heed(self._messages.get())

    def _bring_up(self) -> None:
        if not self._has_port():
            return
        try:
            self._process = ServerProcess(self._command(self._port), self._environment, self.log, self._tell_exit)
        except OSError as error:
            self._fail(f"the server cannot be started: {error.strerror or error}")
            return
        self._await_answer()

    def _has_port(self) -> bool:
        """Find a port, or wait for the one that pages know. False when there is none, or something came in between."""
        if self._course.state == "starting" or not self._port:
            self._port = first_free([self._port, *self._ports] if self._port else self._ports) or 0
            if not self._port:
                taken = f"{self._ports[0]} to {self._ports[-1]}" if len(self._ports) > 1 else str(self._ports[0])
                self._fail(f"port {taken} is used by {listener_on(self._ports[0])}")
            return bool(self._port)
        end = time.monotonic() + self._patience.port
        while not is_free(self._port):
            if time.monotonic() > end:
                self._fail(f"port {self._port} is used by {listener_on(self._port)}")
                return False
            if self._interrupted(_BETWEEN_PROBES):
                return False
        return True

    def _await_answer(self) -> None:
        end, pause = time.monotonic() + self._patience.answer, _FIRST_POLL
        while not (boot_id := boot_id_at(self._port)):
            if time.monotonic() > end:
                self._end_process()
                self._fail(f"the server has not answered within {self._patience.answer:g} s")
                return
            if self._interrupted(pause):
                return
            pause = min(_LONGEST_POLL, pause * 2)
        # The port was free when this process was started: nobody else can have answered.
        self._become(self._course.answered(boot_id, time.monotonic()))

    def _interrupted(self, seconds: float) -> bool:
        """Wait that long for a message and do what it says; whether that has changed the course."""
        before = self._course
        try:
            self._heed(self._messages.get(timeout=seconds))
        except queue.Empty:
            return False
        return self._course is not before

    def _heed(self, message: _Message) -> None:
        match message:
            case "close":
                self._end_process()
                self._become(self._course.stopped())
            case "restart":
                fresh = self._course.state == "failed"
                self._end_process()
                self._become(self._course.begun() if fresh else Course(state="restarting"))
            case _Exited(process, code) if process is self._process:
                self._process = None
                self.log.write(f"--- the server has ended with exit code {code}")
                self._become(self._course.exited(code, time.monotonic()))
            case _:
                # The end of one that was ended on purpose.
                pass

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process:
            process.end(self._patience.end)

    def _tell_exit(self, process: ServerProcess, code: int) -> None:
        self._messages.put(_Exited(process, code))

    def _fail(self, reason: str) -> None:
        self._become(self._course.failed(reason))

    def _become(self, course: Course) -> None:
        before, self._course = self._course, course
        if course.reason and course.reason != before.reason:
            self.log.write(f"--- {course.reason}")
        self.on_change(self.status)


def _nobody(_: ServerStatus) -> None:
    """Until somebody wants to know."""
