"""Run workflows in this very process: for scripts, notebooks, debuggers and the command line."""

import atexit
import os
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from psynapse.catalog.nodepacks import shipped_root
from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.cache import Cache
from psynapse.engine.executors import Executors
from psynapse.engine.failures import BlockedTask, user_frames
from psynapse.engine.ledger import MOST_HELPERS, Outcome, RunOptions
from psynapse.engine.program import Program, compile_plan
from psynapse.engine.recorder import Listener
from psynapse.engine.reuse import Reuse
from psynapse.engine.runner import Runner
from psynapse.engine.scheduler import DONE
from psynapse.errors import RunCancelled, RunFailed
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import RunStatus, TaskFailed
from psynapse.model.ids import NodeId
from psynapse.model.workflow import Workflow
from psynapse.planning.plan import Plan
from psynapse.planning.planner import diagnose, make_plan
from psynapse.services.workflow_files import read_workflow, with_values
from psynapse.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class RunResult(Mapping[str, object]):
    """What a run gave: a mapping from the ids of views (or of the targets asked for) to their values.

    ``outputs`` has the value of every node that succeeded, ``errors`` the failure of every one that did not.
    """

    status: RunStatus
    results: Mapping[str, object]
    outputs: Mapping[str, object]
    errors: Mapping[str, TaskFailed]
    skipped: Mapping[str, NodeId]
    diagnostics: tuple[Diagnostic, ...]
    seconds: float

    def __getitem__(self, node: str) -> object:
        return self.results[node] if node in self.results else self.outputs[node]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)


class LoadedWorkflow:
    """A workflow with the nodepacks it runs on. Its runs share the nodepacks' modules and a cache of results."""

    def __init__(self, workflow: Workflow, registry: Registry, found: Sequence[Diagnostic] = ()) -> None:
        self.workflow = workflow
        self.registry = registry
        self._found = tuple(found)
        self._cache = Cache()
        self._last: Program | None = None

    def check(self) -> tuple[Diagnostic, ...]:
        """Every finding about the workflow, without running anything."""
        return diagnose(self.workflow, self.registry.catalog, self._found)

    def plan(self, targets: Sequence[str] = ()) -> Plan:
        """What would run, in which order. Raises InvalidWorkflow and UnknownNode."""
        return make_plan(self.workflow, self.registry.catalog, targets, self._found)

    def run(  # noqa: PLR0913 -- options of a run, by keyword
        self,
        *,
        set: Mapping[str, object] | None = None,  # noqa: A002 -- as on the command line
        targets: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        reuse: bool = False,
        concurrent: bool = True,
        on_event: Listener | None = None,
        check: bool = True,
        on_start: Callable[[Runner, Plan], None] | None = None,
    ) -> RunResult:
        """Run the workflow in this process and return the values of its views.

        ``set`` gives values by ``"node.parameter"``; ``targets`` are nodes to run to instead of everything; ``env`` is
        added to the environment for the time of the run; ``reuse=True`` takes results of earlier runs of this object
        where nothing they depend on has changed; ``concurrent=False`` calls one node after the other in this thread,
        for pdb; ``on_event`` gets lists of RunEvent as they happen, and then also what nodes print; ``on_start`` gets
        the runner, whose ``control`` may be called from another thread.

        Raises RunFailed when a node failed, unless ``check=False``: its ``__cause__`` is the node's own exception, its
        ``result`` what did succeed. Raises RunCancelled after Ctrl-C, and InvalidWorkflow when the graph cannot run.
        """
        workflow = with_values(self.workflow, set) if set else self.workflow
        program = self._compile(workflow, targets)
        plan = program.plan
        options = RunOptions(
            listener=on_event,
            reuse=Reuse(self._cache, plan, self.registry.catalog) if reuse else None,
            capture=on_event is not None,
            helpers=MOST_HELPERS if concurrent else 0,
        )
        runner = Runner(program, _executors(), options)
        if on_start:
            on_start(runner, plan)
        with _environment(env or {}):
            outcome = runner.run()
        result = _result(plan, outcome)
        if check:
            _raise_for(result, plan, outcome)
        return result

    def _compile(self, workflow: Workflow, targets: Sequence[str]) -> Program:
        """Plan and compile; what is as it was in the last run is not made again."""
        last = self._last
        plan = make_plan(workflow, self.registry.catalog, targets, self._found, last.plan if last else None)
        program = compile_plan(plan, self.registry, keep_all=True, previous=last)
        self._last = program
        return program


def load(
    workflow: str | os.PathLike[str] | Mapping[str, object],
    *,
    nodepacks: str | os.PathLike[str] | None = None,
    settings: Settings | None = None,
) -> LoadedWorkflow:
    """Load a workflow, from a file or as parsed JSON, with the shipped nodepacks and those in ``nodepacks``.

    Without ``nodepacks`` the folder that ``NODEPACKS_DIR`` names is taken, else ``./nodepacks``.
    Raises WorkflowFileError when the file is not JSON at all; everything else wrong with it is found by ``check``.
    """
    settings = settings or read_settings(nodepacks_dir=Path(nodepacks) if nodepacks is not None else None)
    read, found = read_workflow(workflow)
    return LoadedWorkflow(read, open_registry(settings.nodepacks_dir.value), found)


def run(  # noqa: PLR0913 -- options of a run, by keyword
    workflow: str | os.PathLike[str] | Mapping[str, object] | LoadedWorkflow,
    *,
    nodepacks: str | os.PathLike[str] | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 -- as on the command line
    targets: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    concurrent: bool = True,
    on_event: Listener | None = None,
    check: bool = True,
) -> RunResult:
    """Load and run a workflow in this process; see ``load`` and ``LoadedWorkflow.run``."""
    loaded = workflow if isinstance(workflow, LoadedWorkflow) else load(workflow, nodepacks=nodepacks)
    return loaded.run(set=set, targets=targets, env=env, concurrent=concurrent, on_event=on_event, check=check)


@cache
def open_registry(nodepacks_dir: Path) -> Registry:
    """The user's nodepacks and the shipped ones, loaded once per process and folder."""
    return load_registry([(nodepacks_dir, "user"), (shipped_root(), "shipped")])


@cache
def _executors() -> Executors:
    executors = Executors()
    atexit.register(executors.close)
    return executors


_environment_lock = threading.RLock()


@contextmanager
def _environment(env: Mapping[str, str]) -> Generator[None]:
    """Set variables for the time of a run. In one process they are everybody's, so such runs take turns."""
    if not env:
        yield
        return
    with _environment_lock:
        before = {name: os.environ.get(name) for name in env}
        os.environ.update(env)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _result(plan: Plan, outcome: Outcome) -> RunResult:
    nodes = [task.node for task in plan.tasks]
    values: dict[str, object] = {
        nodes[task]: value for task, value in enumerate(outcome.values) if outcome.states[task] == DONE
    }
    return RunResult(
        status=outcome.status,
        results={nodes[task]: values.get(nodes[task]) for task in plan.targets},
        outputs=values,
        errors={nodes[task]: failure.event for task, failure in outcome.failures.items()},
        skipped={nodes[task]: nodes[because] for task, because in outcome.because.items()},
        diagnostics=plan.diagnostics,
        seconds=outcome.seconds,
    )


def _raise_for(result: RunResult, plan: Plan, outcome: Outcome) -> None:
    if result.status == "cancelled":
        raise RunCancelled("the run was cancelled", result=result)
    if not outcome.failures:
        return
    first = min(outcome.failures)
    failure = outcome.failures[first].event
    task = plan.tasks[first]
    others = f" (and {len(outcome.failures) - 1} more)" if len(outcome.failures) > 1 else ""
    message = f"node {task.node!r} ({task.name}) failed: {failure.error_type}: {failure.error}{others}"
    raise RunFailed(message, result=result, hint=failure.hint) from _cause(outcome.failures[first].error)


def _cause(error: BaseException) -> BaseException | None:
    """The user's exception, its traceback beginning in the user's code."""
    if isinstance(error, BlockedTask):
        return None
    return error.with_traceback(user_frames(error.__traceback__))
