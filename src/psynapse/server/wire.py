"""Run events as objects: those that ``POST /execute/stream`` is documented to send, and our own.

Inside, an event says only what is new. The documented objects repeat the node's name, number and inputs each time:
they are put together here, at the edge, from the plan and from what was sent before.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from psynapse.engine.previews import preview
from psynapse.model.events import (
    Body,
    RunEvent,
    RunFinished,
    RunStarted,
    TaskCancelled,
    TaskCompleted,
    TaskFailed,
    TaskOutput,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.ids import Json, NodeId
from psynapse.planning.plan import Plan, Task

TYPES: Final[Mapping[type[Body], str]] = {
    RunStarted: "run-started",
    TaskStarted: "task-started",
    TaskProgress: "task-progress",
    TaskStreamed: "task-streamed",
    TaskOutput: "task-output",
    TaskCompleted: "task-completed",
    TaskFailed: "task-failed",
    TaskSkipped: "task-skipped",
    TaskCancelled: "task-cancelled",
    RunFinished: "run-finished",
}

SeedEvent = dict[str, Json]
_WITHOUT_INPUTS = frozenset({"variableNode"})


def event_to_json(event: RunEvent) -> dict[str, Json]:
    """Our own form of an event: where it stands, its type, and the fields of its body."""
    fields: dict[str, Json] = {name: getattr(event.body, name) for name in event.body.__slots__}
    return {"seq": event.seq, "at": event.at, "node": event.node, "type": TYPES[type(event.body)], **fields}


class SeedEncoder:
    """Turns one run's events into the documented objects. Feed it every event, in order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._index = plan.index()
        self._outputs: dict[int, Json] = {}
        self._inputs: dict[int, dict[str, Json]] = {}
        self._texts: dict[int, str] = {}
        self._ended: set[int] = set()

    def encode(self, event: RunEvent) -> Iterator[SeedEvent]:
        """The objects for one event: none for what the document does not know (printed text), else one or two."""
        if event.node is not None:
            yield from self._about_node(event.node, event.body)
        elif isinstance(event.body, RunFinished):
            if event.body.status == "cancelled" or event.body.error:
                yield {"status": "error", "error": event.body.error or "the run was cancelled"}
            else:
                yield {"status": "done", "results": self.results()}

    def results(self) -> dict[str, Json]:
        """Previews of the views' values so far; null where there is none."""
        return {self._plan.tasks[task].node: self._outputs.get(task) for task in self._plan.targets}

    def _about_node(self, node: NodeId, body: Body) -> Iterator[SeedEvent]:
        index = self._index[node]
        head = self._head(index)
        # A result that was reused never started; the document has an "executing" before every end.
        if isinstance(body, TaskCompleted) and body.cached:
            yield {**head, "status": "executing", "inputs": self._input_values(index)}
        fields = self._fields(index, body)
        if fields:
            yield {**head, "status": fields["status"], "inputs": self._input_values(index), **fields}

    def _head(self, index: int) -> SeedEvent:
        task = self._plan.tasks[index]
        return {"node_id": task.node, "node_number": index + 1, "node_name": task.name}

    def _fields(self, index: int, body: Body) -> SeedEvent:
        match body:
            case TaskStarted():
                return {"status": "executing"}
            case TaskProgress(fraction, message):
                return {"status": "progress", "progress": fraction, "progress_message": message}
            case TaskStreamed(chunk):
                text = self._texts[index] = self._texts.get(index, "") + chunk
                return {"status": "streaming", "streaming_text": text, "streaming_chunk": chunk}
            case TaskCompleted(output, _, cached):
                self._outputs[index] = output
                return {"status": "completed", "output": output, **({"cached": True} if cached else {})}
            case TaskFailed():
                return _failure(body)
            case TaskSkipped(because):
                return {"status": "skipped", "because": because}
            case _:
                return {}

    def _input_values(self, index: int) -> dict[str, Json]:
        known = self._inputs.get(index)
        if known is None:
            known = self._inputs[index] = self._gather(self._plan.tasks[index])
        return known

    def _gather(self, task: Task) -> dict[str, Json]:
        """Inputs as they were before conversion: constants as set, wired values as their sources gave them."""
        constants: Mapping[str, Json] = {} if task.kind in _WITHOUT_INPUTS else task.constants
        own = {port: preview(value) for port, value in constants.items()}
        wired = {item.port: _at_key(self._outputs.get(item.source), item.key) for item in task.inputs}
        return {**own, **wired}


def _at_key(output: Json, key: str | None) -> Json:
    if key is None or not isinstance(output, Mapping):
        return output
    return output.get(key)


def _failure(body: TaskFailed) -> SeedEvent:
    fields: SeedEvent = {"status": "error", "error": body.error, "error_type": body.error_type}
    if body.traceback:
        fields["traceback"] = body.traceback
    if body.hint:
        fields["hint"] = body.hint
    if body.port:
        fields["port"] = body.port
    return fields
