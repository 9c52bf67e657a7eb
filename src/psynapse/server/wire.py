"""Run events as objects: those that ``POST /execute/stream`` is documented to send, and our own.

Inside, an event says only what is new. The documented objects repeat the node's name, number and inputs each time:
they are put together here, at the edge, from the plan and from what was sent before.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from psynapse.engine.previews import preview
from psynapse.model.event_json import EVENT_TYPES, body_fields
from psynapse.model.events import (
    Body,
    RunEvent,
    RunFinished,
    TaskCompleted,
    TaskFailed,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.ids import Json
from psynapse.planning.plan import Plan, Task

SeedEvent = dict[str, Json]
_WITHOUT_INPUTS = frozenset({"variableNode"})
_EXECUTING: Final[SeedEvent] = {"status": "executing"}


def event_to_json(event: RunEvent) -> dict[str, Json]:
    """Our own form of an event: where it stands, its type, and the fields of its body."""
    head = {"seq": event.seq, "at": event.at, "node": event.node, "type": EVENT_TYPES[type(event.body)]}
    return {**head, **body_fields(event.body)}


class SeedEncoder:
    """Turns one run's events into the documented objects. Feed it every event, in order."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._index = plan.index()
        self._outputs: dict[int, Json] = {}
        self._inputs: dict[int, dict[str, Json]] = {}
        self._texts: dict[int, str] = {}
        self._ended: set[int] = set()

    def encode(self, event: RunEvent) -> Sequence[SeedEvent]:
        """The objects for one event: none for what the document does not know (printed text), else one or two."""
        body = event.body
        if event.node is not None:
            return self._about_node(self._index[event.node], body)
        if not isinstance(body, RunFinished):
            return ()
        if body.status == "cancelled" or body.error:
            return ({"status": "error", "error": body.error or "the run was cancelled"},)
        return ({"status": "done", "results": self.results()},)

    def results(self) -> dict[str, Json]:
        """Previews of the views' values so far; null where there is none."""
        return {self._plan.tasks[task].node: self._outputs.get(task) for task in self._plan.targets}

    def _about_node(self, index: int, body: Body) -> Sequence[SeedEvent]:
        task = self._plan.tasks[index]
        fields = self._fields(index, body)
        if not fields:
            return ()
        inputs = self._inputs.get(index)
        if inputs is None:
            inputs = self._inputs[index] = self._gather(task)
        told = {"node_id": task.node, "node_number": index + 1, "node_name": task.name, "inputs": inputs, **fields}
        if "cached" not in fields:
            return (told,)
        # A result that was reused never started; the document has an "executing" before every end.
        begun: SeedEvent = {**told, **_EXECUTING}
        del begun["output"], begun["cached"]
        return begun, told

    def _fields(self, index: int, body: Body) -> SeedEvent:
        match body:
            case TaskCompleted(output, _, cached):
                self._outputs[index] = output
                fields: SeedEvent = {"status": "completed", "output": output}
                return {**fields, "cached": True} if cached else fields
            case TaskStarted():
                return _EXECUTING
            case TaskProgress(fraction, message):
                return {"status": "progress", "progress": fraction, "progress_message": message}
            case TaskStreamed(chunk):
                text = self._texts[index] = self._texts.get(index, "") + chunk
                return {"status": "streaming", "streaming_text": text, "streaming_chunk": chunk}
            case TaskFailed():
                return _failure(body)
            case TaskSkipped(because):
                return {"status": "skipped", "because": because}
            case _:
                return {}

    def _gather(self, task: Task) -> dict[str, Json]:
        """Inputs as they were before conversion: constants as set, wired values as their sources gave them."""
        values: dict[str, Json] = {}
        if task.kind not in _WITHOUT_INPUTS:
            for port, value in task.constants.items():
                values[port] = preview(value)
        for port, source, key in task.inputs:
            output = self._outputs.get(source)
            values[port] = output if key is None else _at_key(output, key)
        return values


def _at_key(output: Json, key: str) -> Json:
    return output.get(key) if isinstance(output, Mapping) else output


def _failure(body: TaskFailed) -> SeedEvent:
    fields: SeedEvent = {"status": "error", "error": body.error, "error_type": body.error_type}
    if body.traceback:
        fields["traceback"] = body.traceback
    if body.hint:
        fields["hint"] = body.hint
    if body.port:
        fields["port"] = body.port
    return fields
