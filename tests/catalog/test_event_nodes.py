"""Event-style nodes and sources of frames."""

from pathlib import Path
from typing import Any

import pytest
from installed_packages import array_of
from package_bench import load_one

from psynapse.catalog import event_nodes
from psynapse.catalog.event_nodes import SourceSilent
from psynapse.catalog.packages import LoadedPackages
from psynapse.catalog.registry import load_registry
from psynapse.model.ids import Ref
from psynapse.model.operation import Operation

SOURCE = """
import numpy as np
from psynapse import hookimpl
from scope.core.inputs.interface import InputSource, InputSourceInfo
from scope.core.nodes.base import BaseNode, NodeDefinition, NodeParam, NodePort

class Counter(BaseNode):
    node_type_id = "counter"
    ended = []

    @classmethod
    def get_definition(cls):
        return NodeDefinition(
            node_type_id="counter", display_name="Counter", description="Counts",
            inputs=[
                NodePort(name="step", port_type="number"),
                NodePort(name="label", port_type="string", required=False),
            ],
            outputs=[NodePort(name="count", port_type="number"), NodePort(name="never", port_type="trigger")],
            params=[
                NodeParam(name="mode", param_type="select", default="up", ui={"options": ["up", "down"]}),
                NodeParam(name="speed", param_type="number", default=1, min_value=0, max_value=4, step=0.5,
                          description="Fast"),
                NodeParam(name="step", param_type="number", default=1),
            ],
        )

    def __init__(self, node_id, config=None):
        super().__init__(node_id, config)
        self.count = 0

    def execute(self, inputs, **params):
        if params.get("mode") == "fail":
            raise KeyError("fail")
        self.count += inputs["step"] * (-1 if params.get("mode") == "down" else 1)
        return {"count": self.count, "never": None, "by": self.node_id}

    def shutdown(self):
        Counter.ended.append(self.node_id)

class Bars(InputSource):
    source_id = "bars"
    source_name = "Bars"
    source_description = "Grey bars"
    closed = 0

    def list_sources(self, timeout_ms=5000):
        return [InputSourceInfo("one", "one")]

    def connect(self, identifier):
        self.left = {"one": [5, None, 6, 7], "silent": []}.get(identifier)
        return self.left is not None

    def receive_frame(self, timeout_ms=100):
        level = self.left.pop(0) if self.left else None
        return None if level is None else np.full((2, 3, 3), level, np.uint8)

    def disconnect(self):
        Bars.closed += 1

@hookimpl
def register_nodes(register):
    register(Counter)
    register(Bars)
"""


@pytest.fixture
def found(site: Path) -> LoadedPackages:
    return load_one(site, "events", SOURCE)


@pytest.fixture
def operations(found: LoadedPackages) -> dict[str, Operation]:
    assert found.packages[0].failures == ()
    assert found.packages[0].node_types == ("counter", "bars")
    return {operation.schema.name: operation for operation in found.operations}


@pytest.fixture
def counter(operations: dict[str, Operation]) -> Operation:
    return operations["counter"]


def test_a_node_has_the_ports_and_parameters_of_its_definition(counter: Operation):
    schema = counter.schema
    assert (schema.ref, schema.style, schema.cache) == ("events/nodes:counter", "function", False)
    assert schema.docstring == "Counter\n\nCounts"
    assert [(param.name, str(param.type), param.required) for param in schema.params] == [
        ("step", "float", True),
        ("label", "str", False),
        ("mode", "Literal['up', 'down']", False),
        ("speed", "float", False),
    ]
    assert schema.params[2].to_json()["literal_values"] == ["up", "down"]
    assert schema.params[3].json_schema == {
        "description": "Fast",
        "type": "number",
        "minimum": 0,
        "maximum": 4,
        "ui": {"step": 0.5},
    }
    assert [(item.name, str(item.type)) for item in schema.returns] == [
        ("count", "float"),
        ("never", "bool"),
        ("result", "Any"),
    ]


def test_each_node_of_a_workflow_has_an_instance_that_stays_between_runs(counter: Operation):
    one, two = counter.of_node("one").callee, counter.of_node("two").callee
    assert one(step=2) == {"count": 2, "by": "one"}
    assert counter.of_node("one").callee(step=3, mode="down") == {"count": -1, "by": "one"}
    assert two(step=7) == {"count": 7, "by": "two"}


def test_nodes_of_two_open_workflows_share_nothing_although_their_ids_are_the_same(found: LoadedPackages):
    registry = load_registry([], found)
    counter = registry.operations[Ref("events/nodes:counter")].of_node("one").callee
    registry.turn_to("first")
    assert counter(step=2) == {"count": 2, "by": "one"}
    registry.turn_to("second")
    assert counter(step=5) == {"count": 5, "by": "one"}
    registry.turn_to("first")
    assert counter(step=1) == {"count": 3, "by": "one"}


def test_an_instance_that_raises_is_ended_and_replaced(counter: Operation):
    node: Any = counter.of_node("one").callee
    node(step=2)
    with pytest.raises(KeyError, match="fail"):
        node(step=2, mode="fail")
    callee: Any = counter.callee
    assert callee.cls.ended == ["one"]
    assert node(step=5) == {"count": 5, "by": "one"}


def test_of_very_many_nodes_the_oldest_is_ended(counter: Operation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(event_nodes, "_MOST_INSTANCES", 2)
    for name in "abc":
        counter.of_node(name).callee(step=1)
    callee: Any = counter.callee
    assert callee.cls.ended == ["a"]


def test_a_source_gives_as_many_frames_as_are_wanted_and_is_closed(operations: dict[str, Operation]):
    bars: Any = operations["bars"].callee
    result = bars(source="one", frames=3)
    assert array_of(result["video"])[:, 0, 0, 0].tolist() == [5, 6, 7]
    assert array_of(result["video"]).shape == (3, 2, 3, 3)
    assert bars.cls.closed == 1


def test_a_source_that_cannot_be_connected_or_stays_silent_is_an_error(
    operations: dict[str, Operation], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(event_nodes, "_PATIENCE_SECONDS", 0.0)
    bars: Any = operations["bars"].callee
    with pytest.raises(SourceSilent, match="cannot be connected to 'nowhere'"):
        bars(source="nowhere")
    with pytest.raises(SourceSilent, match="given no frame"):
        bars(source="silent")
    assert bars.cls.closed == 2
