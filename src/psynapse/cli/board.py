"""What is known about each node of a run, kept up to date from its events: what the displays show."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from psynapse.cli.streams import one_line
from psynapse.model.events import (
    OutputStream,
    RunEvent,
    RunFinished,
    TaskCancelled,
    TaskCompleted,
    TaskFailed,
    TaskOutput,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan

State = Literal["running", "done", "failed", "skipped", "cancelled"]
_REMEMBERED: Final = 200
"""More lines than any screen has."""
_TAIL: Final = 400
"""More characters than any line has."""
_LONGEST_PARTIAL: Final = 4096


@dataclass(slots=True)
class NodeLine:
    """What one line shows. ``text`` is the end of what the node streamed, or why it ended badly."""

    number: int
    name: str
    state: State = "running"
    began: float = 0.0
    seconds: float = 0.0
    fraction: float | None = None
    message: str = ""
    text: str = ""


class Printed(NamedTuple):
    """A line that a node printed, or the process it ran in when several nodes ran."""

    line: NodeLine | None
    stream: OutputStream
    text: str


class Board:
    """The state of a run. Feed it every event, in order; only what may be shown is kept."""

    def __init__(self, plan: Plan) -> None:
        self.size = len(plan.tasks)
        self.counts: Counter[State] = Counter()
        self.running: dict[NodeId, NodeLine] = {}
        self.failed: deque[NodeLine] = deque(maxlen=_REMEMBERED)
        self.ended: deque[NodeLine] = deque(maxlen=_REMEMBERED)
        self._plan = plan
        self._index = plan.index()
        self._over: set[NodeId] = set()
        self._partial: dict[tuple[NodeId | None, OutputStream], str] = {}

    @property
    def settled(self) -> int:
        """How many nodes have ended, one way or another."""
        return self.counts.total()

    def take(self, events: Iterable[RunEvent]) -> tuple[list[NodeLine], list[Printed]]:
        """Learn from ``events``; the nodes that ended in them and the lines that were printed."""
        ended: list[NodeLine] = []
        printed: list[Printed] = []
        for event in events:
            if event.node is not None:
                self._about_node(event.node, event, ended, printed)
            elif isinstance(event.body, TaskOutput):
                printed.extend(self._output(None, event.body.stream, event.body.text))
            elif isinstance(event.body, RunFinished):
                printed.extend(self._rest(None))
        return ended, printed

    def name_of(self, node: NodeId) -> str:
        """The shown name of a node."""
        return one_line(self._plan.tasks[self._index[node]].name)

    def _about_node(self, node: NodeId, event: RunEvent, ended: list[NodeLine], printed: list[Printed]) -> None:
        match event.body:
            case TaskStarted():
                self._line(node).began = event.at
            case TaskProgress(fraction, message):
                line = self._line(node)
                line.fraction, line.message = fraction, message
            case TaskStreamed(chunk):
                line = self._line(node)
                line.text = (line.text + chunk)[-_TAIL:]
            case TaskOutput(stream, text):
                printed.extend(self._output(node, stream, text))
            case TaskCompleted() | TaskFailed() | TaskSkipped() | TaskCancelled():
                printed.extend(self._rest(node))
                ended.append(self._end(node, event))
            case _:
                pass

    def _line(self, node: NodeId) -> NodeLine:
        line = self.running.get(node)
        if line is None:
            line = NodeLine(self._index[node] + 1, self.name_of(node))
            # Threads of a node may go on after it has ended; that does not make it run again.
            if node not in self._over:
                self.running[node] = line
        return line

    def _end(self, node: NodeId, event: RunEvent) -> NodeLine:
        line = self._line(node)
        self.running.pop(node, None)
        self._over.add(node)
        line.seconds = event.at - line.began if line.began else 0.0
        self._describe_end(line, event)
        self.counts[line.state] += 1
        (self.failed if line.state == "failed" else self.ended).append(line)
        return line

    def _describe_end(self, line: NodeLine, event: RunEvent) -> None:
        match event.body:
            case TaskFailed(error, error_type, code=code):
                line.state = "failed"
                line.text = error if code else f"{error_type}: {error}"
            case TaskSkipped(because):
                line.state, line.text = "skipped", f"because {self.name_of(because)} failed"
            case TaskCancelled():
                line.state = "cancelled"
            case TaskCompleted(_, seconds):
                line.state, line.seconds, line.text, line.message = "done", seconds, "", ""
            case _:
                raise AssertionError("not the end of a node")

    def _output(self, node: NodeId | None, stream: OutputStream, text: str) -> Iterable[Printed]:
        """Whole lines. A line that returns to its beginning, as progress bars do, is shown as the node's message."""
        *whole, rest = (self._partial.pop((node, stream), "") + text).split("\n")
        line = None if node is None else self._line(node)
        last = rest.rpartition("\r")[2]
        if len(last) > _LONGEST_PARTIAL:
            whole, last = [*whole, last], ""
        if last:
            self._partial[node, stream] = last
            if line:
                line.message = last
        for item in whole:
            yield Printed(line, stream, item.rstrip("\r").rpartition("\r")[2])

    def _rest(self, node: NodeId | None) -> Iterable[Printed]:
        streams: tuple[OutputStream, ...] = ("stdout", "stderr", "log")
        for stream in streams:
            rest = self._partial.pop((node, stream), "")
            if rest:
                yield Printed(None if node is None else self._line(node), stream, rest)
