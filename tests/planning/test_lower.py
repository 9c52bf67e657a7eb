"""From checked nodes to tasks."""

from typing import Any

from psynapse.kinds import KINDS
from psynapse.kinds.base import Ports
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId, Ref
from psynapse.model.schema import NodeSchema, Param
from psynapse.model.workflow import Edge, Node
from psynapse.planning.inputs import Arrival, inputs_of, split_wires
from psynapse.planning.lower import lower_node, lower_unknown
from psynapse.planning.order import Wire
from psynapse.planning.plan import Input

ADD = NodeSchema(
    ref=Ref("p/ops.py:add"), name="add", nodepack="p", filepath="ops.py", params=(Param(name="a"), Param(name="b"))
)
FOUND = Diagnostic(code="unknown-function", message="m")


def node(kind: str, **data: Any) -> Node:
    return Node(NodeId("n"), kind, data)


def ports(of: Node) -> Ports:
    found = KINDS[of.kind].ports(of, Catalog((ADD,)))
    assert isinstance(found, Ports)
    return found


def wire(source: int, target_handle: str | None, source_handle: str | None = None) -> Wire:
    return Wire(source, 9, Edge(NodeId(str(source)), NodeId("n"), source_handle, target_handle))


def split(of: Node, *wires: Wire) -> tuple[list[Arrival], list[Wire]]:
    found = ports(of)
    return split_wires(wires, found, inputs_of(found.inputs))


def inputs(of: Node, *wires: Wire) -> tuple[Input, ...]:
    position = {index: index + 100 for index in range(9)}
    arrivals, _ = split(of, *wires)
    return lower_node(of, ports(of), arrivals, position, None).inputs


def test_wires_that_end_at_no_input_are_split_off():
    wires = [wire(0, "a"), wire(1, "z"), wire(2, "a"), wire(3, None)]
    assert split(node("functionNode", functionName="add"), *wires) == (
        [("a", wires[0]), ("a", wires[2])],
        [wires[1], wires[3]],
    )
    arrivals, strays = split(node("listNode"), *wires)
    assert [name for name, _ in arrivals] == ["a", "z", "a", "input-0"]
    assert not strays


def test_the_last_edge_into_an_input_counts_but_the_first_into_a_view():
    function = node("functionNode", functionName="add")
    assert inputs(function, wire(0, "a"), wire(1, "a")) == (Input("a", 101),)
    assert inputs(node("viewNode"), wire(0, "input"), wire(1, None)) == (Input("input", 100),)
    assert inputs(node("viewNode"), wire(0, "elsewhere"), wire(1, "input")) == (Input("input", 100),)


def test_a_list_takes_its_inputs_by_number_and_skips_gaps():
    given = [wire(0, "input-10"), wire(1, "input-9"), wire(2, "input-0"), wire(3, "input-100")]
    assert [item.source for item in inputs(node("listNode"), *given)] == [102, 101, 100, 103]


def test_a_source_handle_selects_a_key_unless_it_means_the_whole_value():
    wires = [wire(index, f"input-{index}", handle) for index, handle in enumerate([None, "", "output", "result", "k"])]
    assert [item.key for item in inputs(node("listNode", inputCount=5), *wires)] == [None, None, None, None, "k"]


def test_a_wired_value_replaces_the_one_set_in_the_node():
    function = node("functionNode", functionName="add", a=1, b=2)
    task = lower_node(function, ports(function), [("b", wire(0, "b"))], {0: 0}, None)
    assert task.constants == {"a": 1}
    assert (task.node, task.kind, task.ref, task.blocked) == ("n", "functionNode", ADD.ref, None)


def test_a_task_is_called_by_label_function_or_kind():
    names = [
        lower_node(of, ports(of), [], {}, None).name
        for of in (
            node("functionNode", functionName="add", label="Sum"),
            node("functionNode", functionName="add"),
            node("variableNode"),
            node("listNode"),
            node("viewNode", label=""),
        )
    ]
    assert names == ["Sum", "add", "Variable", "List", "View"]


def test_a_node_without_ports_keeps_its_place_its_inputs_and_a_name():
    wires = [wire(0, "a", "k"), wire(1, None)]
    task = lower_unknown(node("functionNode", functionName="gone"), FOUND, wires, {0: 4, 1: 5})
    assert task.inputs == (Input("a", 4, "k"), Input("", 5))
    assert task.blocked is FOUND
    names = [
        lower_unknown(of, FOUND, [], {}).name
        for of in (node("x", label="L", functionName="gone"), node("x", functionName=[1]), node(""))
    ]
    assert [task.name, *names] == ["gone", "L", "x", "n"]
