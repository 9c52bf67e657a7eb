"""The server's end of a worker: requests out, records in, and certainty about when it has died."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.model.packages import PipelineState
from psynapse.worker import protocol
from psynapse.worker.death import how_it_ended, what_to_do
from psynapse.worker.greeting import content_of, greeted
from psynapse.worker.in_use import InUse
from psynapse.worker.launcher import Launcher
from psynapse.worker.output_pipes import OutputPipes
from psynapse.worker.process import StartedProcess, WorkerSpec, start_process
from psynapse.worker.transfer import pipeline_states_from_json
from psynapse.worker.whole_values import WholeValues, from_pieces

START_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 1.0
_SETTLE_SECONDS: Final = 0.1
_CONDITION_SECONDS: Final = 5.0
_ANSWERS: Final = frozenset(
    {
        *(protocol.HELLO, protocol.IMPORTING, protocol.RECORDS, protocol.FINISHED, protocol.PIECE, protocol.CONDITION),
        *(protocol.VALUE, protocol.PIPELINES_STATUS, protocol.PROBLEM),
    }
)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended in its worker."""

    status: Literal["succeeded", "failed", "cancelled"]
    values: WholeValues


class WorkerDied(WorkerError):
    """The worker process ended while it was needed. The message says how.

    ``lost``: it could not say anything any more some time before.
    """

    code = "worker-died"

    def __init__(self, message: str, *, hint: str = "", lost: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.lost = lost


class Worker:
    """One worker process. Runs one plan at a time; ``control`` may be called meanwhile."""

    def __init__(self, process: StartedProcess, spec: WorkerSpec, in_use: InUse | None = None) -> None:
        self.spec = spec
        self._in_use = in_use
        self.catalog = Catalog()
        self.output = OutputPipes()
        self._process = process
        self._died = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._control: asyncio.StreamWriter
        self.damage = ""
        """Why it cannot have another run; empty when it can."""
        self._lost = False
        """True when the process has let go of its connection, or wrote something else into it."""

    @classmethod
    async def start(cls, spec: WorkerSpec, launcher: Launcher | None = None) -> "Worker":
        """Start a worker and wait until it has imported its nodepacks and node packages.

        Raises PackageImportDied when it ended at a package, GenerationGone, WorkerDied or another WorkerError.
        """
        with contextlib.ExitStack() as held:
            in_use = InUse(spec.in_use) if spec.in_use else None
            if in_use:
                held.callback(in_use.release)
            worker = cls(await launcher.start_worker(spec) if launcher else start_process(spec), spec, in_use)
            held.pop_all()
        worker.output.listener = spec.on_import
        ready = False
        connecting = asyncio.ensure_future(worker._connect())
        try:
            # Whole, even when this is cancelled meanwhile: what is half connected cannot be killed.
            await asyncio.shield(connecting)
            worker.catalog = await greeted(worker._receive, START_SECONDS)
            await worker.output.settle()
            worker.output.listener = None
            ready = True
        finally:
            if not ready:
                await connecting
                await worker.kill()
        return worker

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.popen.pid

    @property
    def whereabouts(self) -> frozenset[int]:
        """The tasks that its threads are at, or were when it died; some of them may have ended."""
        return frozenset(task for task in self._process.whereabouts if task >= 0)

    @property
    def alive(self) -> bool:
        """False when the process has ended."""
        return not self._died.is_set()

    async def ended(self) -> None:
        """Wait until the process has ended, however that comes."""
        await self._died.wait()

    async def run(self, request: protocol.RunRequest, plan: bytes) -> AsyncIterator[bytes | RunEnd]:
        """Run a plan, the JSON of ``plan_to_json``: encoded batches of records as they come, then how it ended.

        When there is nothing more, it is known whether the worker is fit for another one: see ``damage``.
        Raises WorkerDied, and WorkerError for a plan that cannot be understood. A run that is not followed to its end
        costs the worker: what it says next would be about that run.
        """
        # Here, not there: a worker that dies before it reads this is at nothing.
        self._process.forget_whereabouts()
        self._send(protocol.RUN, dumps(cast("Json", request)) + b"\n" + plan)
        ended = False
        try:
            while (frame := await self._receive())[0] == protocol.RECORDS:
                yield frame[1]
            ended = frame[0] != protocol.FINISHED
            # At once: what follows matters only to who runs something next.
            yield await self._run_end(*frame)
            await self._hear_damage()
            ended = True
        finally:
            if not ended:
                await self.kill()

    async def fetch(self, request: protocol.FetchRequest) -> bytes:
        """A kept value as JSON. Raises WorkerError when it is not there any more."""
        self._send(protocol.FETCH, dumps(cast("Json", request)))
        kind, payload = await self._receive()
        if kind != protocol.VALUE:
            raise _problem(kind, payload)
        return payload

    async def load_pipeline(self, pipeline: str, params: Mapping[str, Json]) -> tuple[PipelineState, ...]:
        """Load a pipeline, again if it is loaded with other parameters. Returns how all of the worker's are then.

        One that fails is among them with its error. Raises WorkerError for one that the worker does not have, and
        WorkerDied. Not to be called while a run goes on.
        """
        request: protocol.LoadRequest = {"pipeline": pipeline, "params": dict(params)}
        return await self._pipelines(protocol.LOAD, cast("Json", request))

    async def unload_pipeline(self, pipeline: str) -> tuple[PipelineState, ...]:
        """Let a pipeline go with its memory, and its error. Returns how the worker's others are. Raises WorkerDied."""
        return await self._pipelines(protocol.UNLOAD, {"pipeline": pipeline})

    async def pipelines(self) -> tuple[PipelineState, ...]:
        """The worker's pipelines that are loaded or have an error; the others are not loaded. Raises WorkerDied."""
        return await self._pipelines(protocol.PIPELINES, {})

    async def _pipelines(self, kind: int, request: Json) -> tuple[PipelineState, ...]:
        self._send(kind, dumps(request))
        answer, payload = await self._receive()
        if answer != protocol.PIPELINES_STATUS:
            raise _problem(answer, payload)
        return pipeline_states_from_json(content_of(payload).get("pipelines"))

    def control(self, request: protocol.ControlRequest) -> None:
        """Interrupt the run that goes on."""
        if self.alive:
            self._control.write(_frame(protocol.CONTROL, dumps(cast("Json", request))))

    async def stop(self) -> None:
        """End an idle worker politely, a busy one not."""
        self._writer.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._died.wait(), GRACE_SECONDS)
        await self.kill()

    async def kill(self) -> None:
        """Kill the process and everything it started, wherever it is."""
        await asyncio.to_thread(self._process.kill)
        self._ended()
        await self.output.settle()
        await self.output.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writer.close()
        self._control.close()
        await asyncio.gather(self._writer.wait_closed(), self._control.wait_closed(), return_exceptions=True)

    async def _run_end(self, kind: int, payload: bytes) -> RunEnd:
        if kind != protocol.FINISHED:
            raise _problem(kind, payload)
        finished = cast("protocol.Finished", content_of(payload))
        pieces: list[bytes] = []
        for _ in range(sum(count for _, count in finished["pieces"])):
            kind, piece = await self._receive()
            if kind != protocol.PIECE:
                raise _problem(kind, piece)
            pieces.append(piece)
        return RunEnd(finished["status"], from_pieces(finished["pieces"], pieces))

    async def _hear_damage(self) -> None:
        # One that has died since it said how the run ended is no business of that run.
        with contextlib.suppress(WorkerDied):
            try:
                kind, payload = await asyncio.wait_for(self._receive(), _CONDITION_SECONDS)
            except TimeoutError:
                self.damage = "it says nothing any more"
                await self.kill()
                return
            if kind != protocol.CONDITION:
                raise _problem(kind, payload)
            self.damage = cast("protocol.AfterRun", content_of(payload))["damage"]

    async def _connect(self) -> None:
        popen = self._process.popen
        assert popen.stdout is not None
        assert popen.stderr is not None
        self._reader, self._writer = await asyncio.open_connection(sock=self._process.work)
        _, self._control = await asyncio.open_connection(sock=self._process.control)
        await self.output.open({"stdout": popen.stdout, "stderr": popen.stderr})
        self._tasks = [asyncio.create_task(self._watch())]

    def _send(self, kind: int, payload: bytes) -> None:
        if not self.alive:
            raise self._death()
        self._writer.write(_frame(kind, payload))

    async def _receive(self) -> tuple[int, bytes]:
        """The next frame. A node may have forked, so the end of the process counts, not the end of the stream."""
        reading = asyncio.ensure_future(self._read_frame())
        dying = asyncio.ensure_future(self._died.wait())
        try:
            await asyncio.wait({reading, dying}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                # What it said before it died may not have been read yet.
                await asyncio.wait({reading}, timeout=_SETTLE_SECONDS)
            if reading.done():
                return reading.result()
        except (asyncio.IncompleteReadError, ConnectionError, _NoFrame) as error:
            await self._let_die(error)
        finally:
            reading.cancel()
            dying.cancel()
        raise self._death()

    async def _read_frame(self) -> tuple[int, bytes]:
        length, kind = protocol.HEADER.unpack(await self._reader.readexactly(protocol.HEADER.size))
        if kind not in _ANSWERS or length > protocol.LONGEST:
            raise _NoFrame
        return kind, await self._reader.readexactly(length)

    async def _let_die(self, error: Exception) -> None:
        """Nothing more can come from it: wait for its end, and see to it."""
        if not isinstance(error, _NoFrame):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._died.wait(), GRACE_SECONDS)
        self._lost = self.alive
        await self.kill()

    async def _watch(self) -> None:
        """Notice the end of the process by its pidfd."""
        # Without a fork server nobody keeps the number of a dead worker: then it is not found.
        with contextlib.suppress(ProcessLookupError):
            await _end_of(os.pidfd_open(self.pid))
        # In a thread: a fork server at its imports does not answer at once.
        await asyncio.to_thread(self._process.reap)
        self._ended()

    def _ended(self) -> None:
        self._died.set()
        if self._in_use:
            self._in_use.release()

    def _death(self) -> WorkerDied:
        status = self._process.popen.returncode
        lost = self._lost or status == protocol.LOST_CONNECTION
        return WorkerDied(how_it_ended(status, lost=lost), hint=what_to_do(status, self.spec, lost=lost), lost=lost)


class _NoFrame(Exception):
    """What came from the worker is no frame."""


async def _end_of(watch: int) -> None:
    """Wait for the end of the process behind a pidfd, and close it."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(watch, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(watch)
        os.close(watch)


def _frame(kind: int, payload: bytes) -> bytes:
    return protocol.HEADER.pack(len(payload), kind) + payload


def _problem(kind: int, payload: bytes) -> WorkerError:
    if kind != protocol.PROBLEM:
        return WorkerError(f"the worker sent a frame of kind {kind} that was not asked for")
    problem = cast("protocol.Problem", content_of(payload))
    return WorkerError(problem["message"], hint=problem["hint"])
