"""``GraphExecutor``, for programs written against the earlier editor's backend."""

import queue
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from psynapse.catalog.registry import load_registry
from psynapse.engine.encoding import to_json
from psynapse.engine.runner import Runner
from psynapse.errors import InvalidWorkflow
from psynapse.model.events import RunEvent
from psynapse.model.workflow import parse_workflow
from psynapse.planning.plan import Plan
from psynapse.server.wire import SeedEncoder, SeedEvent
from psynapse.services.local import LoadedWorkflow


class GraphExecutor:
    """Runs graphs on the nodepacks of one folder, in this process."""

    def __init__(self, nodepacks_dir: str) -> None:
        self.nodepacks_dir = nodepacks_dir
        self._registry = load_registry([(Path(nodepacks_dir), "user")])

    def execute_graph(
        self,
        nodes: Sequence[Mapping[str, object]],
        edges: Sequence[Mapping[str, object]],
        env_vars: Mapping[str, str] | None = None,
    ) -> dict[str, object]:
        """Run a graph; the views' values as JSON by node id, null behind a failed node.

        Raises ValueError when the graph as a whole cannot run: ``Graph contains a cycle: a → b → a``.
        """
        try:
            result = self._load(nodes, edges).run(env=env_vars or {}, check=False)
        except InvalidWorkflow as error:
            raise ValueError(error.message) from error
        return {node: to_json(value) for node, value in result.results.items()}

    def execute_graph_streaming(
        self,
        nodes: Sequence[Mapping[str, object]],
        edges: Sequence[Mapping[str, object]],
        env_vars: Mapping[str, str] | None = None,
    ) -> Generator[SeedEvent]:
        """Run a graph and yield the documented event objects as they happen; closing the generator cancels the run."""
        stream = _EventStream(self._load(nodes, edges), env_vars or {})
        try:
            plan = stream.start()
        except InvalidWorkflow as error:
            yield {"status": "error", "error": error.message}
            return
        encoder = SeedEncoder(plan)
        try:
            for event in stream.events():
                yield from encoder.encode(event)
        finally:
            stream.stop()

    def _load(self, nodes: Sequence[Mapping[str, object]], edges: Sequence[Mapping[str, object]]) -> LoadedWorkflow:
        workflow, found = parse_workflow({"nodes": list(nodes), "edges": list(edges)})
        return LoadedWorkflow(workflow, self._registry, found)


class _EventStream:
    """A run in a thread of its own, its events handed over through a queue."""

    def __init__(self, loaded: LoadedWorkflow, env: Mapping[str, str]) -> None:
        self._loaded = loaded
        self._env = env
        self._queue: queue.SimpleQueue[Sequence[RunEvent] | BaseException | None] = queue.SimpleQueue()
        self._started: queue.SimpleQueue[tuple[Runner, Plan] | BaseException] = queue.SimpleQueue()
        self._runner: Runner | None = None
        self._thread = threading.Thread(target=self._run, name="psynapse-stream", daemon=True)

    def start(self) -> Plan:
        """Start the run. Raises what planning raises."""
        self._thread.start()
        started = self._started.get()
        if isinstance(started, BaseException):
            raise started
        self._runner, plan = started
        return plan

    def events(self) -> Iterator[RunEvent]:
        """Every event until the run has ended."""
        while (batch := self._queue.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield from batch

    def stop(self) -> None:
        """Cancel the run if it still goes on."""
        if self._runner and self._thread.is_alive():
            self._runner.control("cancel")

    def _run(self) -> None:
        try:
            self._loaded.run(env=self._env, check=False, on_event=self._queue.put, on_start=self._note_start)
        except Exception as error:  # noqa: BLE001 -- carried to the caller's thread, which raises it
            self._started.put(error)
            self._queue.put(error)
        finally:
            self._queue.put(None)

    def _note_start(self, runner: Runner, plan: Plan) -> None:
        self._started.put((runner, plan))
