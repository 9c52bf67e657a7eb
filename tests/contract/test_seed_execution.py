"""The node editor's documented execution: events, answers and values, as its document shows them."""

import json
from pathlib import Path
from typing import Any

import pytest

from psynapse_backend.executor import GraphExecutor

OPS = '''
from typing import Literal
from psynapse_backend.schema_extractor import AnnotatedDict

def add(a: float, b: float) -> float:
    """Add."""
    return a + b

def multiply(a: float, b: float) -> float:
    return a * b

def divide(a: int, b: int) -> float:
    return a / b

def not_a_number() -> float:
    return float("nan")

def stop_everything() -> int:
    raise SystemExit(3)

def split(text: str) -> AnnotatedDict[Literal["head", "tail"]]:
    head, _, tail = text.partition(" ")
    return AnnotatedDict(head=head, tail=tail)

def read_variable(name: str) -> str | None:
    import os
    return os.environ.get(name)
'''
PROGRESS_OPS = '''
class _ProgressReporter:
    def __init__(self):
        self.callback = None

    def set_callback(self, callback):
        self.callback = callback

    def update(self, current: int, total: int, message: str):
        if self.callback:
            percent = current / total if total > 0 else 0.0
            self.callback(percent, message)


class MyProgressOperation:
    """A progress-aware operation that reports execution status."""

    def __init__(self):
        self._progress_reporter = _ProgressReporter()

    def __call__(self, iterations: int) -> str:
        for i in range(iterations):
            self._progress_reporter.update(
                current=i + 1, total=iterations, message=f"Processing iteration {i + 1}/{iterations}"
            )
        return f"Completed {iterations} iterations"
'''
STREAM_OPS = '''
from psynapse_backend.stateful_op_utils import StreamReporter


class MyStreamOperation:
    """A stream-aware operation that emits text chunks in real-time."""

    def __init__(self):
        self._stream_reporter = StreamReporter()

    def __call__(self, prompt: str) -> str:
        result_chunks = []
        for word in prompt.split():
            processed = word.upper() + " "
            result_chunks.append(processed)
            self._stream_reporter.emit(processed)
        return "".join(result_chunks)
'''


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> GraphExecutor:
    pack = tmp_path_factory.mktemp("nodepacks") / "seed"
    pack.mkdir()
    (pack / "ops.py").write_text(OPS)
    (pack / "progress_ops.py").write_text(PROGRESS_OPS)
    (pack / "stream_ops.py").write_text(STREAM_OPS)
    return GraphExecutor(str(pack.parent))


def function(id_: str, name: str, /, **values: object) -> dict[str, Any]:
    return {"id": id_, "type": "functionNode", "data": {"functionName": name, **values}}


def variable(id_: str, value: object, type_: str = "Number") -> dict[str, Any]:
    return {"id": id_, "type": "variableNode", "data": {"variableType": type_, "variableValue": value}}


def view(id_: str = "View") -> dict[str, Any]:
    return {"id": id_, "type": "viewNode", "data": {}}


def edge(source: str, target: str, target_handle: str = "input", source_handle: str = "output") -> dict[str, Any]:
    return {"source": source, "target": target, "sourceHandle": source_handle, "targetHandle": target_handle}


def worked_example() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    nodes = [
        variable("V1", 5), variable("V2", 3), variable("V3", 2), variable("V4", 4),
        function("F1", "add"), function("F2", "add"), function("F3", "multiply"),
        {"id": "L1", "type": "listNode", "data": {"inputCount": 2}}, view(),
    ]  # fmt: skip
    edges = [
        edge("V1", "F1", "a"), edge("V2", "F1", "b"), edge("V3", "F2", "a"), edge("V4", "F2", "b"),
        edge("F1", "L1", "input-0", "result"), edge("F2", "L1", "input-1", "result"),
        edge("F1", "F3", "a", "result"), edge("F2", "F3", "b", "result"), edge("F3", "View", "input", "result"),
    ]  # fmt: skip
    return nodes, edges


def ended(events: list[dict[str, Any]], node: str) -> dict[str, Any]:
    return next(event for event in events if event.get("node_id") == node and event["status"] != "executing")


def test_the_worked_example_gives_48(executor: GraphExecutor) -> None:
    assert executor.execute_graph(*worked_example()) == {"View": 48}


def test_the_worked_example_streams_the_documented_events(executor: GraphExecutor) -> None:
    events = list(executor.execute_graph_streaming(*worked_example()))
    by_node = {node: [event for event in events if event.get("node_id") == node] for node in ("V1", "F1", "L1", "View")}
    assert by_node["V1"] == [
        {"node_id": "V1", "node_number": 1, "node_name": "Variable", "status": "executing", "inputs": {}},
        {"node_id": "V1", "node_number": 1, "node_name": "Variable", "status": "completed", "inputs": {}, "output": 5},
    ]
    assert by_node["F1"] == [
        {"node_id": "F1", "node_number": 5, "node_name": "add", "status": "executing", "inputs": {"a": 5, "b": 3}},
        {
            "node_id": "F1", "node_number": 5, "node_name": "add", "status": "completed",
            "inputs": {"a": 5, "b": 3}, "output": 8,
        },
    ]  # fmt: skip
    assert by_node["L1"][-1] == {
        "node_id": "L1", "node_number": 7, "node_name": "List", "status": "completed",
        "inputs": {"input-0": 8, "input-1": 6}, "output": [8, 6],
    }  # fmt: skip
    assert by_node["View"][-1]["output"] == 48
    assert events[-1] == {"status": "done", "results": {"View": 48}}


def test_the_events_fold_to_what_execute_answers(executor: GraphExecutor) -> None:
    graph = worked_example()
    *_, last = executor.execute_graph_streaming(*graph)
    assert last["results"] == executor.execute_graph(*graph)


def test_inputs_in_events_are_shown_before_conversion(executor: GraphExecutor) -> None:
    events = list(executor.execute_graph_streaming([function("node_1", "add", a="5", b="10")], []))
    assert events[0]["inputs"] == {"a": "5", "b": "10"}
    assert events[1]["output"] == 15


def test_a_progress_class_reports_each_step(executor: GraphExecutor) -> None:
    events = list(executor.execute_graph_streaming([function("p", "MyProgressOperation", iterations=10)], []))
    steps = [event for event in events if event["status"] == "progress"]
    assert [step["progress"] for step in steps] == [number / 10 for number in range(1, 11)]
    assert steps[2]["progress_message"] == "Processing iteration 3/10"
    assert steps[2]["inputs"] == {"iterations": 10}
    assert ended(events[-2:], "p")["output"] == "Completed 10 iterations"


def test_a_stream_class_sends_its_text_chunk_by_chunk(executor: GraphExecutor) -> None:
    events = list(executor.execute_graph_streaming([function("s", "MyStreamOperation", prompt="hello big world")], []))
    chunks = [event for event in events if event["status"] == "streaming"]
    assert [chunk["streaming_chunk"] for chunk in chunks] == ["HELLO ", "BIG ", "WORLD "]
    assert chunks[-1]["streaming_text"] == "HELLO BIG WORLD "
    assert events[-2]["output"] == "HELLO BIG WORLD "


def test_a_division_by_zero_is_an_error_of_that_node_only(executor: GraphExecutor) -> None:
    nodes = [
        function("node_3", "divide", a=10, b=0),
        function("after", "add", b=1),
        view(),
        function("other", "add", a=1, b=1),
        view("Other"),
    ]
    edges = [edge("node_3", "after", "a"), edge("after", "View"), edge("other", "Other")]
    events = list(executor.execute_graph_streaming(nodes, edges))
    error = ended(events, "node_3")
    assert error["error"] == "division by zero"
    assert error["error_type"] == "ZeroDivisionError"
    assert error["inputs"] == {"a": 10, "b": 0}
    assert str(error["traceback"]).startswith("Traceback (most recent call last):\n  File ")
    assert "ops.py" in str(error["traceback"]).splitlines()[1]
    assert ended(events, "after")["status"] == "skipped"
    assert ended(events, "View")["because"] == "node_3"
    assert events[-1] == {"status": "done", "results": {"View": None, "Other": 2}}
    assert executor.execute_graph(nodes, edges) == {"View": None, "Other": 2}


def test_a_cycle_stops_the_graph_and_names_its_nodes(executor: GraphExecutor) -> None:
    nodes = [function("a", "add", b=1), function("b", "add", b=1)]
    edges = [edge("a", "b", "a"), edge("b", "a", "a")]
    assert list(executor.execute_graph_streaming(nodes, edges)) == [
        {"status": "error", "error": "Graph contains a cycle: a → b → a"}
    ]
    with pytest.raises(ValueError, match="Graph contains a cycle: a → b → a"):
        executor.execute_graph(nodes, edges)


def test_both_spellings_of_the_whole_value_and_keys_are_handles(executor: GraphExecutor) -> None:
    nodes = [function("s", "split", text="one two"), view("head"), view("tail"), view("whole"), view("old")]
    edges = [
        edge("s", "head", source_handle="head"), edge("s", "tail", source_handle="tail"),
        edge("s", "whole", source_handle="result"), edge("s", "old", source_handle="output"),
    ]  # fmt: skip
    whole = {"head": "one", "tail": "two"}
    assert executor.execute_graph(nodes, edges) == {"head": "one", "tail": "two", "whole": whole, "old": whole}


def test_a_missing_key_is_an_error_of_the_node_that_asks_for_it(executor: GraphExecutor) -> None:
    nodes = [variable("o", {"here": 1}, "Object"), view(), view("Good")]
    edges = [edge("o", "View", source_handle="gone"), edge("o", "Good", source_handle="here")]
    events = list(executor.execute_graph_streaming(nodes, edges))
    assert "'gone'" in str(ended(events, "View")["error"])
    assert "'here'" in str(ended(events, "View")["hint"])
    assert events[-1]["results"] == {"View": None, "Good": 1}


def test_a_node_that_exits_costs_only_itself(executor: GraphExecutor) -> None:
    nodes = [function("x", "stop_everything"), view()]
    events = list(executor.execute_graph_streaming(nodes, [edge("x", "View")]))
    assert ended(events, "x")["error_type"] == "SystemExit"
    assert events[-1] == {"status": "done", "results": {"View": None}}


def test_everything_sent_parses_as_strict_json(executor: GraphExecutor) -> None:
    events = list(executor.execute_graph_streaming([function("n", "not_a_number"), view()], [edge("n", "View")]))
    text = json.dumps(events, allow_nan=False)
    assert json.loads(text)[-1]["results"] == {"View": "NaN"}


def test_environment_variables_are_there_for_the_run_only(executor: GraphExecutor) -> None:
    graph = [function("r", "read_variable", name="PSYNAPSE_SEED_TEST"), view()], [edge("r", "View")]
    assert executor.execute_graph(*graph, env_vars={"PSYNAPSE_SEED_TEST": "secret"}) == {"View": "secret"}
    assert executor.execute_graph(*graph) == {"View": None}


def test_closing_the_stream_cancels_the_run(executor: GraphExecutor, tmp_path: Path) -> None:
    stream = executor.execute_graph_streaming(*worked_example())
    assert next(stream)["status"] == "executing"
    stream.close()


def test_files_of_the_earlier_editor_run(executor: GraphExecutor) -> None:
    """React Flow leftovers, copies of all edges, stale results and schemas: accepted and ignored."""
    nodes, edges = worked_example()
    for node in nodes:
        node |= {"position": {"x": 1.0, "y": 2.0}, "width": 200, "selected": True, "dragging": False}
        node["data"] |= {"edges": edges, "executionStatus": "completed", "params": [{"name": "gone"}], "label": "L"}
    nodes[-1]["data"]["value"] = 17
    edges = [{**item, "id": f"reactflow__edge-{number}"} for number, item in enumerate(edges)]
    assert executor.execute_graph(nodes, edges) == {"View": 48}
