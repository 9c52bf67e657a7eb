"""Psynapse as it runs in a worker: graphs planned and compiled by its own code, run by its own runner."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from benchmarks.graphs import Graph, node_id, to_workflow
from benchmarks.plain import Functions
from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.executors import Executors
from psynapse.engine.program import Program, compile_plan
from psynapse.engine.runner import Runner, RunOptions
from psynapse.planning.planner import make_plan


class Failed(Exception):
    """A run that should have succeeded did not."""


class Psynapse:
    """The nodepack of the benchmarks, loaded, with executors to run it."""

    def __init__(self) -> None:
        self.executors = Executors()

    @cached_property
    def registry(self) -> Registry:
        """The nodepack beside this file. Raises Failed when a file of it does not load."""
        registry = load_registry([(Path(__file__).parent, "user")])
        if registry.catalog.failures:
            raise Failed(registry.catalog.failures[0].message)
        return registry

    @cached_property
    def functions(self) -> Functions:
        """The nodepack's functions by name: the very objects that the engine calls."""
        return {operation.schema.name: operation.callee for operation in self.registry.operations.values()}

    def compile(self, graph: Graph, previous: Program | None = None) -> Program:
        """Plan and compile a graph, only its last value to be kept; ``previous`` is its program before an edit."""
        last = node_id(len(graph) - 1)
        earlier = previous.plan if previous else None
        plan = make_plan(to_workflow(graph), self.registry.catalog, [last], previous=earlier)
        if plan.diagnostics:
            raise Failed(str(plan.diagnostics[0]))
        return compile_plan(plan, self.registry, keep_all=False, previous=previous)

    def run(self, program: Program, options: RunOptions | None = None) -> object:
        """Run to the end and return the graph's value."""
        return finish(program, Runner(program, self.executors, options))

    def call(self, graph: Graph) -> Callable[[], object]:
        """A function without arguments that runs the graph."""
        program = self.compile(graph)
        return lambda: self.run(program)

    def close(self) -> None:
        """End threads and processes."""
        self.executors.close()


def finish(program: Program, runner: Runner) -> object:
    """Run a runner to the end and return the graph's value. Raises Failed."""
    outcome = runner.run()
    if outcome.status != "succeeded":
        failures = outcome.failures.values()
        raise Failed("; ".join(f"{one.event.error_type}: {one.event.error}" for one in failures) or outcome.status)
    return outcome.values[program.plan.targets[0]]
