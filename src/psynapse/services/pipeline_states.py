"""What is known of pipelines: those that a catalog offers, and how each is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.packages import PipelineInfo, PipelineState
from psynapse.planning.plan import Plan

StateName = Literal["not_loaded", "loading", "loaded", "error"]
_KIND = "/pipelines:"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStatus:
    """How a pipeline is. The error stays until the next attempt to load it."""

    pipeline_id: str
    state: StateName = "not_loaded"
    load_params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    error: str = ""
    traceback: str = ""


class Offer:
    """The pipelines of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    @cached_property
    def infos(self) -> Mapping[str, PipelineInfo]:
        """What is known of each, by id."""
        return {pipeline.id: pipeline for package in self._catalog.packages for pipeline in package.pipelines}

    @cached_property
    def code(self) -> Mapping[str, str]:
        """What tells the source of each pipeline, by id, from others of that name."""
        return {self._ids[schema.ref]: schema.code for schema in self._catalog.schemas if schema.ref in self._ids}

    def used_by(self, plan: Plan) -> frozenset[str]:
        """The ids of the pipelines that a plan needs."""
        return frozenset(filter(None, (self.at(plan, task) for task in range(len(plan.tasks))))) if self._ids else _NONE

    def at(self, plan: Plan, task: int) -> str:
        """The id of the pipeline that a task of the plan is; empty for another node."""
        ref = plan.tasks[task].ref if task < len(plan.tasks) else None
        return self._ids.get(ref, "") if ref else ""

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """The ids by the refs of their schemas."""
        refs = (schema.ref for schema in self._catalog.schemas if schema.style == "pipeline" and _KIND in schema.ref)
        return {ref: ref.partition(_KIND)[2] for ref in refs}


class PipelineBoard:
    """How each pipeline is; one that is not on it is not loaded. ``on_change`` hears of every change."""

    def __init__(self) -> None:
        self._states: dict[str, PipelineStatus] = {}
        self.on_change: Callable[[], None] = _nobody

    def __contains__(self, name: str) -> bool:
        return name in self._states

    def list(self, offered: Mapping[str, PipelineInfo]) -> Sequence[PipelineStatus]:
        """How each is that is ``offered``, and those that are loaded although they are not offered any more."""
        ids = {**dict.fromkeys(offered), **dict.fromkeys(self._states)}
        return [self._states.get(name, PipelineStatus(pipeline_id=name)) for name in ids]

    def params(self, *states: StateName) -> Mapping[str, Mapping[str, Json]]:
        """The parameters, by id, of those in one of these states."""
        return {name: one.load_params for name, one in self._states.items() if one.state in states}

    def loading(self, name: str, params: Mapping[str, Json]) -> None:
        """It is being loaded, or will be."""
        self._states[name] = PipelineStatus(pipeline_id=name, state="loading", load_params=params)
        self.on_change()

    def fail(self, name: str, error: str) -> None:
        """It is not loaded because of this."""
        before = self._states.get(name, PipelineStatus(pipeline_id=name))
        self._states[name] = replace(before, state="error", error=error, traceback="")
        self.on_change()

    def forget(self, name: str) -> None:
        """It is not loaded."""
        if self._states.pop(name, None):
            self.on_change()

    def adopt(self, told: Sequence[PipelineState], asked: str = "") -> None:
        """Take over what a worker says of all its pipelines; ``asked`` is the one that it was just told to load."""
        for one in told:
            self._states[one.pipeline_id] = PipelineStatus(
                pipeline_id=one.pipeline_id,
                state=one.state,
                load_params=one.load_params,
                error=one.error,
                traceback=one.traceback,
            )
        there = {one.pipeline_id for one in told}
        gone = [name for name, one in self._states.items() if one.state == "loaded" or name == asked]
        for name in gone:
            if name not in there:
                del self._states[name]
        self.on_change()


_NONE: frozenset[str] = frozenset()


def _nobody() -> None:
    pass
