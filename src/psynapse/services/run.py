"""One run as the server knows it: what it has said so far, for any number of viewers, and how it ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from psynapse.engine.recording import Recording, make_recording
from psynapse.engine.records import RecordReader, decode_records
from psynapse.logs import logger
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
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan
from psynapse.services.info import RunInfo
from psynapse.services.journal import Entry, Journal
from psynapse.services.tape import Recall, Tape
from psynapse.storage.run_log import RunLog
from psynapse.worker.whole_values import WholeValues

_OUTPUT_BUDGET: Final = 1_000_000
_UNWATCHED_SECONDS: Final = 0.1
"""So long what a quiet run says may lie as it came: whoever waits for its result is served first."""
_ANSWERED_SECONDS: Final = 0.001
"""So soon after its end they have its result, and seldom ask for the next one at once."""
_MOST_UNREAD: Final = 5
"""So often may it have said something by then."""
_WITH_CODE: Final = "functionNode"
_ENDS: Final = frozenset({TaskCompleted, TaskFailed, TaskSkipped, TaskCancelled})


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a run ended, with the whole values of its targets when they were asked for."""

    status: RunStatus
    values: WholeValues = field(default_factory=WholeValues)
    error: str = ""
    """Why nothing could run, when that was no node's doing."""


class Run:
    """A run, followed from the event loop. Everything it says is on its tape, numbered without gaps.

    A ``quiet`` run is one that nobody is expected to watch: its events are made a little later, or when somebody does.
    """

    def __init__(self, run_id: str, plan: Plan, on_cancel: Callable[["Run"], None], *, quiet: bool = False) -> None:
        self.id = run_id
        self.plan = plan
        self.info = RunInfo(run_id, "queued", time.time(), len(plan.tasks))
        self.cancelled = False
        self._on_cancel = on_cancel
        self._tape = Tape()
        self._journal: Journal | None = None
        self._quiet = quiet
        self._unread: list[bytes] = []
        self._conclusion: Conclusion | None = None
        """How it ended, until its last event has been made."""
        self._reader: RecordReader | None = None
        self._began = time.perf_counter()
        self._running: dict[NodeId, None] = {}
        self._ended: set[NodeId] = set()
        self._output_left = _OUTPUT_BUDGET
        self._result: asyncio.Future[Conclusion] = asyncio.get_running_loop().create_future()

    def log_to(self, log: RunLog, entry: Entry, recall: Recall) -> None:
        """Keep a journal, from before anything has happened; ``recall`` gives events back from the log."""
        self._tape = Tape(recall)
        self._journal = Journal(log, entry, self._tape, self._on_unlogged)

    @property
    def finished(self) -> bool:
        """True when it is known how it ended."""
        return self._result.done()

    @property
    def begun(self) -> bool:
        """True when its worker has said something."""
        return bool(self._unread or self._tape.end)

    @property
    def in_log(self) -> bool:
        """True when the log has all of it, so that nothing is lost when it is forgotten."""
        return self._tape.in_log

    async def result(self) -> Conclusion:
        """Wait for the end."""
        return await asyncio.shield(self._result)

    def cancel(self) -> None:
        """Stop the run, wherever it is. The second call does nothing."""
        if not self.cancelled and not self.finished:
            self.cancelled = True
            self._on_cancel(self)

    def events(self, after: int = -1) -> AsyncIterator[Sequence[RunEvent]]:
        """Events with a ``seq`` above ``after``, in batches, until the run has ended."""
        self._quiet = False
        self._catch_up()
        return self._tape.read(after)

    async def keep_pace(self) -> None:
        """Wait a moment when it says more than can be stored. To be called between what comes from the worker."""
        if self._journal:
            await self._journal.keep_pace()

    async def settle(self) -> None:
        """Wait until what has happened is in the log, if there is one that takes it."""
        self._catch_up()
        if self._journal:
            await self._journal.settle()

    # What happens to it

    def queued(self, position: int) -> None:
        """It waits for a worker, or no longer does."""
        self.info.queue_position = position

    def started(self) -> None:
        """It has its worker."""
        self.info.status = "running"

    def waits_again(self) -> None:
        """Its worker was gone before anything began."""
        self.info.status = "queued"

    def add_records(self, encoded: bytes) -> None:
        """Records came from the worker."""
        self._unread.append(encoded)
        # Who says much is not quiet, whether watched or not: to read all of it at once would keep everybody waiting.
        self._quiet = self._quiet and len(self._unread) < _MOST_UNREAD
        if not self._quiet:
            self._catch_up()
        elif len(self._unread) == 1:
            asyncio.get_running_loop().call_later(_UNWATCHED_SECONDS, self._catch_up)

    def add_output(self, stream: OutputStream, content: bytes) -> None:
        """The worker process itself wrote something: the node's, if exactly one runs, else the run's."""
        if self.finished or self._output_left <= 0:
            return
        self._output_left -= len(content)
        text = content.decode("utf-8", "replace")
        if self._output_left <= 0:
            text += f"\n[more than {_OUTPUT_BUDGET:,} bytes printed: the rest is left out]\n"
        self._catch_up()
        node = next(iter(self._running)) if len(self._running) == 1 else None
        self._say(node, TaskOutput(stream, text))

    def died(self, message: str, hint: str, tasks: AbstractSet[int], *, lost: bool = False) -> None:
        """Its worker died at these ``tasks``: they have failed, the rest waits for nothing any more.

        ``lost``: it could not tell any more what had ended before them, so that one of those may have done it.
        Nothing changes when the run was over before.
        """
        if self.finished:
            return
        self._catch_up()
        at = self._suspects({task for task in tasks if task < len(self.plan.tasks)}, all_before=lost)
        # What a thread noted is certain; what had started may be waiting on an event loop.
        running = sorted(at) or list(self._running)
        for node in running:
            if not self.cancelled:
                self._say(node, TaskFailed(message, "WorkerDied", hint=hint, code="worker-died"))
        self._end_rest(running)
        self.finish(Conclusion("cancelled" if self.cancelled else "failed", error="" if running else message))

    def finish(self, result: Conclusion) -> None:
        """It is over."""
        if self.finished:
            return
        if self.cancelled:
            self._catch_up()
            self._end_rest(())
        self.info.status = result.status
        self.info.seconds = time.perf_counter() - self._began
        self._result.set_result(result)
        self._conclusion = result
        if not self._unread:
            self._catch_up()
        else:
            asyncio.get_running_loop().call_later(_ANSWERED_SECONDS, self._put_away)

    def _put_away(self) -> None:
        """Let what a quiet run has said lie as it came: hardly ever does anybody want to see it."""
        recording = None if self._tape.end else self._recorded()
        if recording is None:
            self._catch_up()
            return
        self._unread, self._conclusion = [], None
        self._tape.take_whole(recording)
        if self._journal:
            self._journal.finish_whole(recording)
        else:
            self._tape.show(self._tape.end)

    def _recorded(self) -> Recording | None:
        """All that it has said and how it ended. None where it has been seen already, or cannot be understood."""
        if self._conclusion is None:
            return None
        ending = RunFinished(self._conclusion.status, self.info.seconds, self._conclusion.error)
        try:
            return make_recording([task.node for task in self.plan.tasks], self._unread, ending)
        except (ValueError, TypeError, LookupError):
            # What of it makes sense is told apart.
            return None

    def _catch_up(self) -> None:
        """Make events of what lies there as it came, the last one included."""
        unread, self._unread = self._unread, []
        for encoded in unread:
            self._publish(self._read(encoded))
        conclusion, self._conclusion = self._conclusion, None
        if conclusion:
            body = RunFinished(conclusion.status, self.info.seconds, conclusion.error)
            self._publish([RunEvent(self._tape.end, self.info.seconds, None, body)])

    def _read(self, encoded: bytes) -> Sequence[RunEvent]:
        """The events in records of the worker, without its last word: ``finish`` has ours."""
        try:
            records = decode_records(encoded)
            if self._reader is None:
                self._reader = RecordReader([task.node for task in self.plan.tasks], records[0][0])
            if isinstance(records[-1][3], RunFinished):
                records.pop()
            return list(self._reader.read(records, self._tape.end))
        except (ValueError, TypeError, LookupError) as error:
            # A node may have changed Python itself under the worker's feet. That it dies of it is told apart.
            logger.warning("run %s: its worker said what nobody understands: %s", self.id, error)
            return ()

    def _suspects(self, tasks: AbstractSet[int], *, all_before: bool) -> set[NodeId]:
        """The nodes at these tasks that have not ended; for those without code of a user's, what they depend on."""
        found: set[NodeId] = set()
        seen, waiting = set(tasks), list(tasks)
        while waiting:
            task = self.plan.tasks[waiting.pop()]
            has_code = task.kind == _WITH_CODE
            if has_code and task.node not in self._ended:
                found.add(task.node)
            if all_before or not has_code:
                sources = {item.source for item in task.inputs} - seen
                seen |= sources
                waiting += sources
        return found

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
                self._say(task.node, TaskSkipped(cause))
            else:
                self._say(task.node, TaskCancelled())

    def _say(self, node: NodeId | None, body: Body) -> None:
        self._publish([RunEvent(self._tape.end, time.perf_counter() - self._began, node, body)])

    def _publish(self, events: Sequence[RunEvent]) -> None:
        if not events:
            return
        self._note(events)
        self._tape.add(events)
        if self._journal is None:
            self._tape.show(self._tape.end)
        elif isinstance(events[-1].body, RunFinished):
            self._journal.finish(events, events[-1].body)
        else:
            self._journal.add(events)

    def _note(self, events: Sequence[RunEvent]) -> None:
        """Keep track of which nodes run and which have ended."""
        running, ended = self._running, self._ended
        for _, _, node, body in events:
            kind = type(body)
            if node is None:
                continue
            if kind is TaskStarted:
                running[node] = None
            elif kind in _ENDS:
                running.pop(node, None)
                ended.add(node)

    def _on_unlogged(self, reason: str) -> None:
        self.info.unlogged = reason
        logger.warning("run %s goes on unlogged: %s", self.id, reason)
