"""How a run ended, whichever process it was in: what the report and ``--json`` are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from psynapse.cli.values import Told
from psynapse.model.events import RunEvent, RunFinished, RunStatus, TaskCompleted, TaskFailed, TaskSkipped
from psynapse.model.ids import Json, NodeId
from psynapse.planning.plan import Plan

_DEBUGGER: Final = "psynapse run --in-process runs it where a debugger can follow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A run that is over. ``values`` are those of the targets that have one; ``done`` counts the nodes that succeeded.

    ``error`` says why the run failed when that was no node's doing.
    """

    plan: Plan
    status: RunStatus
    values: Mapping[str, object]
    done: int
    errors: Mapping[str, TaskFailed]
    skipped: Mapping[str, NodeId]
    seconds: float
    error: str = ""

    @property
    def targets(self) -> Sequence[NodeId]:
        """The nodes whose values the run was for."""
        return [self.plan.tasks[task].node for task in self.plan.targets]


class Witness:
    """Learns from the events of a run elsewhere how it ended. Feed it every event."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._targets = {plan.tasks[task].node: None for task in plan.targets}
        self._done = 0
        self._previews: dict[NodeId, Json] = {}
        self._errors: dict[str, TaskFailed] = {}
        self._skipped: dict[str, NodeId] = {}
        self._finished = RunFinished("failed", 0.0, "the run broke off without a word")

    def take(self, events: Sequence[RunEvent]) -> None:
        """Learn from ``events``."""
        for _, _, node, body in events:
            if node is not None:
                self._about_node(node, body)
            elif isinstance(body, RunFinished):
                self._finished = body

    def ending(self, whole: Mapping[str, Json]) -> Ending:
        """What became of the run; ``whole`` are the values of its targets where they were asked for.

        Of a worker that died nothing but previews is left, which are whole for values that are not too big.
        """
        there = [node for node in self._targets if node in self._previews]
        return Ending(
            plan=self._plan,
            status=self._finished.status,
            values={node: Told(self._previews[node], whole.get(node, self._previews[node])) for node in there},
            done=self._done,
            errors=self._errors,
            skipped=self._skipped,
            seconds=self._finished.seconds,
            error=self._finished.error,
        )

    def _about_node(self, node: NodeId, body: object) -> None:
        match body:
            case TaskCompleted(output):
                self._done += 1
                if node in self._targets:
                    self._previews[node] = output
            case TaskFailed(code="worker-died") | TaskFailed(error_type="BdbQuit"):
                self._errors[node] = replace(body, hint=f"{body.hint}; {_DEBUGGER}".removeprefix("; "))
            case TaskFailed():
                self._errors[node] = body
            case TaskSkipped(because):
                self._skipped[node] = because
            case _:
                pass
