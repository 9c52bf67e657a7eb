"""One run as the server knows it: its events so far, for any number of viewers, and how it ends."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from psynapse.engine.records import Record, RecordReader
from psynapse.model.events import (
    Body,
    OutputStream,
    RunEvent,
    RunFinished,
    RunStatus,
    TaskCancelled,
    TaskCompleted,
    TaskFailed,
    TaskOutput,
    TaskSkipped,
    TaskStarted,
)
from psynapse.model.ids import Json, NodeId
from psynapse.planning.plan import Plan

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]
_OUTPUT_BUDGET = 1_000_000


@dataclass(slots=True)
class RunInfo:
    """What a list of runs shows. ``started_at`` is seconds since the epoch; ``queue_position`` 0 when not waiting."""

    id: str
    status: Status
    started_at: float
    nodes: int
    seconds: float = 0.0
    queue_position: int = 0


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a run ended, with the whole values of its targets when they were asked for."""

    status: RunStatus
    values: dict[str, Json] = field(default_factory=dict[str, Json])
    error: str = ""
    """Why nothing could run, when that was no node's doing."""


class Run:
    """A run, followed from the event loop. Everything it says is in ``events``, numbered without gaps."""

    def __init__(self, plan: Plan, on_cancel: Callable[["Run"], None]) -> None:
        self.id = uuid.uuid4().hex
        self.plan = plan
        self.info = RunInfo(self.id, "queued", time.time(), len(plan.tasks))
        self.cancelled = False
        self._on_cancel = on_cancel
        self._events: list[RunEvent] = []
        self._news = asyncio.Event()
        self._reader: RecordReader | None = None
        self._began = time.perf_counter()
        self._running: dict[NodeId, None] = {}
        self._ended: set[NodeId] = set()
        self._output_left = _OUTPUT_BUDGET
        self._result: asyncio.Future[Conclusion] = asyncio.get_running_loop().create_future()

    @property
    def finished(self) -> bool:
        """True when the last event is there."""
        return self._result.done()

    async def result(self) -> Conclusion:
        """Wait for the end."""
        return await asyncio.shield(self._result)

    def cancel(self) -> None:
        """Stop the run, wherever it is. The second call does nothing."""
        if not self.cancelled and not self.finished:
            self.cancelled = True
            self._on_cancel(self)

    async def events(self, after: int = -1) -> AsyncIterator[Sequence[RunEvent]]:
        """Events with a ``seq`` above ``after``, in batches, until the run has ended."""
        position = max(after + 1, 0)
        while True:
            news = self._news
            if position < len(self._events):
                batch = self._events[position:]
                position += len(batch)
                yield batch
            elif self.finished:
                return
            else:
                await news.wait()

    # What happens to it

    def queued(self, position: int) -> None:
        """It waits for a worker, or no longer does."""
        self.info.queue_position = position

    def started(self) -> None:
        """It has its worker."""
        self.info.status = "running"

    def add_records(self, records: Sequence[Record]) -> Sequence[RunEvent]:
        """Records came from the worker; the events they became. The worker's last word is kept for ``finish``."""
        if self._reader is None:
            self._reader = RecordReader([task.node for task in self.plan.tasks], records[0][0])
        events = [
            event._replace(seq=len(self._events) + offset)
            for offset, event in enumerate(
                event for event in self._reader.read(records, 0) if not isinstance(event.body, RunFinished)
            )
        ]
        for event in events:
            self._note(event)
        self._publish(events)
        return events

    def add_output(self, stream: OutputStream, content: bytes) -> None:
        """The worker process itself wrote something: the node's, if exactly one runs, else the run's."""
        if self.finished or self._output_left <= 0:
            return
        self._output_left -= len(content)
        text = content.decode("utf-8", "replace")
        if self._output_left <= 0:
            text += f"\n[more than {_OUTPUT_BUDGET:,} bytes printed: the rest is left out]\n"
        node = next(iter(self._running)) if len(self._running) == 1 else None
        self._publish([self._event(node, TaskOutput(stream, text))])

    def died(self, message: str, hint: str, tasks: AbstractSet[int]) -> None:
        """Its worker died at these ``tasks``: they have failed, the rest waits for nothing any more."""
        at = {self.plan.tasks[task].node for task in tasks if task < len(self.plan.tasks)} - self._ended
        # What a thread noted is certain; what had started may be waiting on an event loop.
        running = sorted(at) or list(self._running)
        for node in running:
            if not self.cancelled:
                self._publish([self._event(node, TaskFailed(message, "WorkerDied", hint=hint, code="worker-died"))])
        self._end_rest(running)
        self.finish(Conclusion("cancelled" if self.cancelled else "failed", error="" if running else message))

    def finish(self, result: Conclusion) -> None:
        """It is over."""
        if self.finished:
            return
        if self.cancelled:
            self._end_rest(())
        self.info.status = result.status
        self.info.seconds = time.perf_counter() - self._began
        self._result.set_result(result)
        self._publish([self._event(None, RunFinished(result.status, self.info.seconds, result.error))])

    def _end_rest(self, failed: Sequence[NodeId]) -> None:
        """Every node gets an end, so that no viewer waits for one: skipped below a failed one, else cancelled."""
        because = {node: node for node in failed}
        for task in self.plan.tasks:
            if task.node in self._ended:
                continue
            sources = (self.plan.tasks[item.source].node for item in task.inputs)
            cause = next((because[source] for source in sources if source in because), None)
            if cause is not None and not self.cancelled:
                because[task.node] = cause
                self._publish([self._event(task.node, TaskSkipped(cause))])
            else:
                self._publish([self._event(task.node, TaskCancelled())])

    def _event(self, node: NodeId | None, body: Body) -> RunEvent:
        event = RunEvent(len(self._events), time.perf_counter() - self._began, node, body)
        self._note(event)
        return event

    def _note(self, event: RunEvent) -> None:
        """Keep track of which nodes run and which have ended."""
        if event.node is None:
            return
        if isinstance(event.body, TaskStarted):
            self._running[event.node] = None
        elif isinstance(event.body, (TaskCompleted, TaskFailed, TaskSkipped, TaskCancelled)):
            self._running.pop(event.node, None)
            self._ended.add(event.node)

    def _publish(self, events: Sequence[RunEvent]) -> None:
        self._events.extend(events)
        news, self._news = self._news, asyncio.Event()
        news.set()
