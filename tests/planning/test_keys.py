"""What a task's result depends on, as a key."""

import datetime as dt
import itertools
import json
import math
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId, Ref
from psynapse.model.schema import NodeSchema, Param
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.keys import KEY_SIZE, canonical, full_key, make_keys
from psynapse.planning.plan import Input, Plan
from psynapse.planning.planner import make_plan

PARAMS = tuple(Param(name=name, required=False) for name in ("a", "b", "c"))


def schema(name: str, code: str = "1", *, cache: bool = True) -> NodeSchema:
    ref = Ref(f"p/ops.py:{name}")
    return NodeSchema(ref=ref, name=name, nodepack="p", filepath="ops.py", params=PARAMS, code=code, cache=cache)


CATALOG = Catalog((schema("f"), schema("g"), schema("now", cache=False)))
UNCACHED = "now"

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(codec=None))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Function nodes in a row of which each may take from any before it."""
    size = draw(st.integers(1, 7))
    nodes: list[Node] = []
    edges: list[Edge] = []
    for index in range(size):
        name = draw(st.sampled_from(["f", "g", "f", "g", UNCACHED]))
        nodes.append(Node(NodeId(f"n{index}"), "functionNode", {"functionName": name, "a": draw(json_values)}))
        for port in draw(st.sets(st.sampled_from("bc"))) if index else ():
            key = draw(st.sampled_from([None, "k"]))
            edges.append(Edge(NodeId(f"n{draw(st.integers(0, index - 1))}"), NodeId(f"n{index}"), key, port))
    return Workflow(tuple(nodes), tuple(edges))


def keys_by_node(workflow: Workflow, catalog: Catalog = CATALOG) -> dict[str, bytes | None]:
    plan = make_plan(workflow, catalog)
    return dict(zip((task.node for task in plan.tasks), make_keys(plan, catalog).full, strict=True))


def descendants(workflow: Workflow, node: str) -> set[str]:
    found = {node}
    for _ in workflow.nodes:
        found |= {edge.target for edge in workflow.edges if edge.source in found}
    return found


@given(workflows(), st.permutations(range(7)))
def test_renaming_nodes_and_their_labels_changes_no_key(workflow: Workflow, names: list[int]):
    renamed = {node.id: NodeId(f"other{names[index]}") for index, node in enumerate(workflow.nodes)}
    nodes = [
        node._replace(id=renamed[node.id], data={**node.data, "label": "L"}, extra={"x": 1}) for node in workflow.nodes
    ]
    edges = [edge._replace(source=renamed[edge.source], target=renamed[edge.target], id="e") for edge in workflow.edges]
    before, after = keys_by_node(workflow), keys_by_node(Workflow(tuple(nodes), tuple(edges)))
    assert after == {renamed[NodeId(node)]: key for node, key in before.items()}


@given(workflows(), st.data())
def test_changing_a_constant_changes_the_keys_of_its_node_and_descendants_and_no_others(
    workflow: Workflow, data: st.DataObject
):
    changed = data.draw(st.sampled_from(workflow.nodes))
    nodes = (
        node._replace(data={**node.data, "a": ["changed", node.data["a"]]}) if node is changed else node
        for node in workflow.nodes
    )
    before, after = keys_by_node(workflow), keys_by_node(replace(workflow, nodes=tuple(nodes)))
    cone = descendants(workflow, changed.id)
    for node, key in before.items():
        if node not in cone:
            assert after[node] == key
        elif key is not None:
            assert after[node] not in {key, None}


@given(workflows())
def test_what_must_not_be_cached_and_all_that_depends_on_it_has_no_key(workflow: Workflow):
    keys = keys_by_node(workflow)
    without: set[str] = set()
    for node in workflow.nodes:
        if node.data["functionName"] == UNCACHED:
            without |= descendants(workflow, node.id)
    assert {node for node, key in keys.items() if key is None} == without
    assert all(len(key) == KEY_SIZE for key in keys.values() if key)


@given(workflows(), st.data())
def test_the_previous_keys_are_taken_over_for_the_same_tasks(workflow: Workflow, data: st.DataObject):
    plan = make_plan(workflow, CATALOG)
    keys = make_keys(plan, CATALOG)
    assert make_keys(plan, CATALOG, previous=(plan, keys)) == keys
    index = data.draw(st.integers(0, len(plan.tasks) - 1))
    edited = plan.tasks[index]._replace(constants={"a": "edited"})
    after = Plan((*plan.tasks[:index], edited, *plan.tasks[index + 1 :]))
    assert make_keys(after, CATALOG, previous=(plan, keys)) == make_keys(after, CATALOG)


salts = st.dictionaries(st.integers(0, 6), st.sampled_from([b"", b"1", b"2", None]), max_size=3)


@given(workflows(), workflows(), st.data())
def test_keys_made_with_any_previous_ones_are_those_made_alone(before: Workflow, after: Workflow, data: st.DataObject):
    if data.draw(st.booleans()):
        edited = before.nodes[-1]._replace(data=after.nodes[-1].data)
        after = replace(before, nodes=(*before.nodes[:-1], edited))
    first = make_plan(before, CATALOG)
    past = first, make_keys(first, CATALOG, salts=data.draw(salts))
    plan = make_plan(after, CATALOG, (), (), first)
    now = data.draw(salts)
    assert make_keys(plan, CATALOG, salts=now, previous=past) == make_keys(plan, CATALOG, salts=now)


def test_other_code_makes_other_keys_though_the_tasks_are_the_same_objects():
    node = Workflow((Node(NodeId("n"), "functionNode", {"functionName": "f", "a": 1}),))
    edited = Catalog((schema("f", "2"), schema("g")))
    plan = make_plan(node, CATALOG)
    again = make_plan(node, edited, (), (), plan)
    assert again.tasks[0] is plan.tasks[0]
    keys = make_keys(again, edited, previous=(plan, make_keys(plan, CATALOG)))
    assert keys.full == make_keys(again, edited).full != make_keys(plan, CATALOG).full


@given(workflows(), st.data())
def test_what_the_outside_knows_changes_the_keys_of_the_cone(workflow: Workflow, data: st.DataObject):
    plan = make_plan(workflow, CATALOG)
    index = data.draw(st.integers(0, len(plan.tasks) - 1))
    cone = descendants(workflow, plan.tasks[index].node)
    plain, salted = make_keys(plan, CATALOG), make_keys(plan, CATALOG, salts={index: b"size and time"})
    nameless = make_keys(plan, CATALOG, salts={index: None})
    assert plain.own == salted.own == nameless.own
    for task, before, after, none in zip(plan.tasks, plain.full, salted.full, nameless.full, strict=True):
        assert (before == after) == (task.node not in cone or before is None)
        assert none == (None if task.node in cone else before)


@given(workflows())
def test_a_key_can_be_made_from_the_keys_of_its_sources(workflow: Workflow):
    plan = make_plan(workflow, CATALOG)
    keys = make_keys(plan, CATALOG)
    for index, task in enumerate(plan.tasks):
        assert full_key(task, keys.own[index], b"", keys.full.__getitem__) == keys.full[index]


def single(kind: str = "functionNode", **data: Any) -> bytes | None:
    return keys_by_node(Workflow((Node(NodeId("n"), kind, data),)))["n"]


def test_the_function_its_code_and_the_port_are_part_of_the_key():
    node = Workflow((Node(NodeId("n"), "functionNode", {"functionName": "f", "a": 1}),))
    keys = {
        single(functionName="f", a=1),
        single(functionName="g", a=1),
        single(functionName="f", b=1),
        single("variableNode", variableValue=1),
        single("variableNode", variableValue=1, variableType="Number"),
        single("listNode"),
        single("viewNode"),
        keys_by_node(node, Catalog((schema("f", "2"),)))["n"],
    }
    assert len(keys) == 8
    assert None not in keys


def test_the_selected_key_and_the_port_of_an_edge_are_part_of_the_key():
    def of_edge(source: str | None, target: str) -> bytes | None:
        nodes = (Node(NodeId("v"), "variableNode"), Node(NodeId("n"), "functionNode", {"functionName": "f"}))
        return keys_by_node(Workflow(nodes, (Edge(nodes[0].id, nodes[1].id, source, target),)))["n"]

    assert len({of_edge(None, "a"), of_edge(None, "b"), of_edge("k", "a"), of_edge("a", "b")}) == 4
    assert of_edge(None, "a") == of_edge("output", "a") == of_edge("result", "a")


def test_a_port_and_a_key_are_not_confused_with_each_other():
    nodes = (Node(NodeId("v"), "variableNode"), Node(NodeId("n"), "listNode"))

    def key(source: str | None, target: str) -> bytes | None:
        return keys_by_node(Workflow(nodes, (Edge(nodes[0].id, nodes[1].id, source, target),)))["n"]

    assert key("q\0", "p") != key(None, "p\0q")


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reversed_keys(value[name]) for name in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


@given(json_values)
def test_the_order_of_keys_in_objects_does_not_matter(value: Any):
    assert canonical(value) == canonical(reversed_keys(value))
    assert canonical(value) is not None


@given(json_values, json_values)
def test_different_values_have_different_texts(one: Any, other: Any):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical(one) == canonical(other)) == same


def test_values_that_json_writers_like_to_confuse_are_told_apart():
    values = [
        None,
        math.nan,
        math.inf,
        -math.inf,
        "NaN",
        "null",
        1,
        1.0,
        True,
        "1",
        0.0,
        -0.0,
        [],
        {},
        "",
        [None],
        [math.nan],
    ]
    values += [2**64, 2**64 + 1, 10**4000, "\ud800", "\\ud800", "\udc00"]
    assert len({canonical(value) for value in values}) == len(values)


@dataclass
class Point:
    x: int = 1


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        b"x",
        object(),
        dt.date(2020, 1, 1),
        dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        Point(),
        10**5000,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_json_has_no_identity(value: Any):
    assert canonical(value) is None
    assert canonical({"a": [value]}) is None
    assert single(functionName="f", a=value) is None


def test_a_value_too_deep_or_endless_has_no_identity():
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    endless: list[Any] = []
    endless.append(endless)
    assert canonical(deep) is None
    assert canonical(endless) is None


@pytest.mark.timeout(20)
def test_the_keys_of_a_hundred_thousand_nodes_in_a_row_are_made():
    nodes = tuple(Node(NodeId(f"n{index}"), "functionNode", {"functionName": "f", "a": 1}) for index in range(100_000))
    edges = tuple(Edge(one.id, other.id, None, "b") for one, other in itertools.pairwise(nodes))
    plan = make_plan(Workflow(nodes, edges), CATALOG)
    assert len(set(make_keys(plan, CATALOG).full)) == 100_000
    assert plan.tasks[1].inputs == (Input("b", 0),)
