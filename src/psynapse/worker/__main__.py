"""A worker process: imports nodepacks, runs plans, answers on the sockets it was started with.

Started by ``worker.process`` as ``python -m psynapse.worker WORK CONTROL INSTRUCTIONS SHARED PARENT``: inherited
descriptors, its instructions as JSON, and the number of the process that starts it. Or forked by
``worker.fork_server``, with the same arguments.
"""

import contextlib
import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Final, cast
from urllib.parse import quote

from psynapse.catalog.registry import Registry
from psynapse.engine.cache import Cache
from psynapse.engine.disk_cache import DiskCache
from psynapse.engine.encoding import to_json
from psynapse.engine.executors import Executors
from psynapse.engine.interrupt import Interrupted, raise_in_thread
from psynapse.engine.ledger import Outcome, RunOptions
from psynapse.engine.records import Record, encode_records
from psynapse.engine.reuse import Reuse
from psynapse.engine.runner import Runner
from psynapse.engine.scheduler import DONE
from psynapse.engine.surroundings import surroundings
from psynapse.engine.values import select
from psynapse.errors import PsynapseError, WorkerError
from psynapse.logs import logger
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.planning.plan import Plan
from psynapse.worker import protocol
from psynapse.worker.adopting import become
from psynapse.worker.condition import Condition
from psynapse.worker.framing import FrameSocket
from psynapse.worker.importing import import_all
from psynapse.worker.priority import give_way
from psynapse.worker.process import Instructions, map_integers
from psynapse.worker.programs import Programs
from psynapse.worker.redaction import Redaction
from psynapse.worker.transfer import catalog_to_json
from psynapse.worker.values import write_value
from psynapse.worker.whole_values import to_pieces

_PR_SET_PDEATHSIG: Final = 1
_LONGEST_STRETCH: Final = 2_000
"""So many records are sent at once."""
_VIEW: Final = "viewNode"
_FLUSH_SECONDS: Final = 0.8
"""How long an idle worker that is told to end writes results; soon afterwards it is killed."""


class WorkerProcess:
    """The state of a worker: its nodepacks, the run it is at, and the values of the last one."""

    def __init__(
        self, work: FrameSocket, control: FrameSocket, registry: Registry, whereabouts: "memoryview[int]"
    ) -> None:
        self._work = work
        self._control = control
        self._registry = registry
        self._whereabouts = whereabouts
        self._executors = Executors()
        self._cache = Cache()
        self._main = threading.get_ident()
        signal.signal(signal.SIGINT, self._on_interrupt)
        self._runner: Runner | None = None
        self._run = ""
        self._cancelled: str = ""
        self._programs = Programs(registry)
        self._kept: tuple[Plan, Outcome] | None = None

    def serve(self) -> None:
        """Answer requests until the server closes the work socket."""
        _log_to_pipe()
        threading.Thread(target=self._listen_for_control, name="psynapse-control", daemon=True).start()
        hello: protocol.Hello = {
            "version": protocol.VERSION,
            "pid": os.getpid(),
            "catalog": catalog_to_json(self._registry.catalog),
        }
        self._work.send(protocol.HELLO, dumps(cast("Json", hello)))
        # What nodes may change, before any of them runs. It takes a moment for which the server need not wait.
        self._surroundings, self._condition = surroundings(), Condition()
        while (frame := self._work.receive()) is not None:
            self._answer(*frame)
        if self._cache.disk:
            self._cache.disk.flush(_FLUSH_SECONDS)
        self._executors.close()

    def _answer(self, kind: int, payload: bytes) -> None:
        try:
            if kind == protocol.RUN:
                head, _, plan = payload.partition(b"\n")
                self._carry_out(protocol.RUN_REQUEST.validate_python(loads(head)), plan)
            elif kind == protocol.FETCH:
                self._fetch(protocol.FETCH_REQUEST.validate_python(loads(payload)))
            elif kind in {protocol.LOAD, protocol.UNLOAD, protocol.PIPELINES}:
                self._host(kind, payload)
            else:
                raise WorkerError(f"there is no request of kind {kind}")
        except (PsynapseError, ValueError) as error:
            hint = error.hint if isinstance(error, PsynapseError) else ""
            code = error.code if isinstance(error, PsynapseError) else "bad-request"
            message = error.message if isinstance(error, PsynapseError) else str(error)
            self._work.send(protocol.PROBLEM, dumps({"code": code, "message": message, "hint": hint}))

    def _carry_out(self, request: protocol.RunRequest, encoded: bytes) -> None:
        keep_all = request["keep"] or request["reuse"]
        program = self._programs.take(encoded, keep_all=keep_all)
        plan = program.plan
        href = request["href"]
        self._use_disk(request["cache_folder"])
        self._registry.turn_to(request["home"])
        options = RunOptions(
            on_records=self._send_records,
            reuse=Reuse(self._cache, plan, self._registry.catalog) if request["reuse"] else None,
            href=(lambda node: href.replace("{node}", quote(node, safe=""))) if href else None,
            on_truncated=_value_writer(plan, request) if request["folder"] else None,
            interrupt=self._interrupt,
            whereabouts=self._whereabouts,
            keyboard=False,
        )
        self._condition.restore()
        self._run, self._runner = request["run"], Runner(program, self._executors, options)
        if self._cancelled == self._run:
            self._runner.control("cancel")
        outcome = self._runner.run()
        self._runner = None
        self._kept = (plan, outcome) if request["keep"] else None
        counts, pieces = to_pieces(_target_values(plan, outcome) if request["whole"] else {})
        finished: protocol.Finished = {"run": request["run"], "status": outcome.status, "pieces": counts}
        self._work.send(protocol.FINISHED, dumps(cast("Json", finished)))
        for piece in pieces:
            self._work.send(protocol.PIECE, piece)
        after: protocol.AfterRun = {"damage": self._condition.damage() or _shortage(outcome)}
        self._work.send(protocol.CONDITION, dumps(cast("Json", after)))
        # For this nobody waits.
        self._programs.give_back(program, encoded, keep_all=keep_all)

    def _use_disk(self, folder: str) -> None:
        """Have costly results kept in ``folder`` and looked for there; nowhere when it is empty."""
        disk = self._cache.disk
        if disk and disk.folder != Path(folder):
            disk.close()
            self._cache.disk = disk = None
        if folder and disk is None:
            self._cache.disk = DiskCache(Path(folder), self._surroundings)

    def _send_records(self, records: Sequence[Record]) -> None:
        # Not all that may have gathered in one: the server would have no time for anything else.
        for start in range(0, len(records), _LONGEST_STRETCH):
            self._work.send(protocol.RECORDS, encode_records(records[start : start + _LONGEST_STRETCH]))

    def _fetch(self, request: protocol.FetchRequest) -> None:
        """Send a value that was kept, or a page of it."""
        value = self._kept_value(request["run"], request["node"])
        if request["handle"] not in {"", "output", "result"}:
            value = select(value, request["handle"])
        if request["count"] > 0:
            start = max(0, request["start"])
            value = _page(value, slice(start, start + request["count"]))
        self._work.send(protocol.VALUE, dumps(to_json(value)))

    def _host(self, kind: int, payload: bytes) -> None:
        """Load or unload a pipeline, and say how all are."""
        host = self._registry.host
        if kind == protocol.LOAD:
            asked = protocol.LOAD_REQUEST.validate_python(loads(payload))
            if host is None:
                hint = "install the node package that has it"
                raise WorkerError(f"there is no pipeline {asked['pipeline']!r}", hint=hint)
            host.load(asked["pipeline"], asked["params"])
        elif kind == protocol.UNLOAD and host:
            host.unload(protocol.UNLOAD_REQUEST.validate_python(loads(payload))["pipeline"])
        states = [state.to_json() for state in host.states()] if host else []
        self._work.send(protocol.PIPELINES_STATUS, dumps({"pipelines": states}))

    def _kept_value(self, run: str, node: str) -> object:
        if self._kept is not None and self._run == run:
            plan, outcome = self._kept
            for index, task in enumerate(plan.tasks):
                if task.node == node and outcome.states[index] == DONE:
                    return outcome.values[index]
        raise WorkerError(f"there is no value of {node!r} any more", hint="run the workflow again")

    # Interrupting

    def _listen_for_control(self) -> None:
        while (frame := self._control.receive()) is not None:
            # A request that makes no sense must not be the last one that is heard.
            with contextlib.suppress(PsynapseError, ValueError):
                self._obey(protocol.CONTROL_REQUEST.validate_python(loads(frame[1])))
        # The server is gone: nothing here is wanted any more.
        os._exit(0)

    def _obey(self, request: protocol.ControlRequest) -> None:
        # Noted before looking whether the run has begun: the run looks there once it has.
        if request["verb"] == "cancel":
            self._cancelled = request["run"]
        runner = self._runner
        if runner is not None and self._run == request["run"]:
            runner.control(request["verb"], request["task"])

    def _interrupt(self, thread: int) -> None:
        """A signal wakes the main thread even where it waits in C; the others notice when they return from there."""
        if thread == self._main:
            signal.pthread_kill(thread, signal.SIGINT)
        else:
            raise_in_thread(thread)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._runner is not None and self._runner.in_user_code(self._main):
            raise Interrupted


def _log_to_pipe() -> None:
    """What psynapse itself logs goes where the server reads it: a node's log is for what the node says."""
    logger.addHandler(logging.StreamHandler(sys.__stderr__))
    logger.propagate = False


def _target_values(plan: Plan, outcome: Outcome) -> dict[str, Json]:
    return {
        plan.tasks[task].node: to_json(outcome.values[task]) if outcome.states[task] == DONE else None
        for task in plan.targets
    }


def _shortage(outcome: Outcome) -> str:
    """Whether a node got no more memory: it may have kept what it had."""
    short = any(isinstance(failure.error, MemoryError) for failure in outcome.failures.values())
    return "the memory has run out" if short else ""


def _value_writer(plan: Plan, request: protocol.RunRequest) -> Callable[[int, object], None]:
    """Writes the values of views to files. Those of all other nodes would soon fill a disk."""
    # Now: nodes may change variables.
    redaction = Redaction({name: os.environ.get(name, "") for name in request["env"]})

    def write(task: int, value: object) -> None:
        if plan.tasks[task].kind == _VIEW:
            write_value(request["folder"], plan.tasks[task].node, value, redaction)

    return write


def _page(value: object, part: slice) -> object:
    """A part of a value that is long; others have no parts. A subclass may have odd ideas of slicing."""
    match value:
        case list():
            return list.__getitem__(value, part)
        case tuple():
            return tuple.__getitem__(value, part)
        case str():
            return str.__getitem__(value, part)
        case _:
            return value


def _die_with_parent(parent: int) -> None:
    """Have the kernel end this process with the thread that started it (Linux; elsewhere the closed socket does)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _limit_memory(count: int) -> None:
    """Bound what this process and each that it starts may write to, so that it fails before the machine does.

    Not its address space: libraries for GPUs and those that map large files reserve far more than they take.
    """
    if count:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        least = count if most == resource.RLIM_INFINITY else min(count, most)
        resource.setrlimit(resource.RLIMIT_DATA, (least, least))


def main(arguments: list[str]) -> None:
    """Run a worker."""
    instructions = cast("Instructions", loads(arguments[2].encode()))
    _die_with_parent(int(arguments[4]))
    _limit_memory(instructions["memory_bytes"])
    give_way()
    work, control = (FrameSocket(socket.socket(fileno=int(number))) for number in arguments[:2])
    become(instructions)
    try:
        registry = import_all(instructions, work)
        # What is imported stays. Without this every run walks through it again and again, looking for rubbish.
        gc.freeze()
        WorkerProcess(work, control, registry, map_integers(int(arguments[3]))).serve()
    except OSError:
        # A node may have closed the sockets. Python's own farewell could now hang on what else it closed.
        os._exit(protocol.LOST_CONNECTION)


if __name__ == "__main__":
    main(sys.argv[1:])
