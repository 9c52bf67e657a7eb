"""Plans made with the one before: equal to plans made alone, their tasks shared where nothing has changed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId, Ref
from psynapse.model.schema import NodeSchema, Param
from psynapse.model.types import parse_type
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.adopt import adopt
from psynapse.planning.plan import Plan
from psynapse.planning.planner import make_plan


def schema(pack: str, name: str, hint: str = "int") -> NodeSchema:
    params = (Param(name="a", type=parse_type(hint)), Param(name="b", required=False))
    return NodeSchema(ref=Ref(f"{pack}/ops.py:{name}"), name=name, nodepack=pack, filepath="ops.py", params=params)


CATALOG = Catalog((schema("p", "f"), schema("p", "g"), schema("one", "twin"), schema("two", "twin")))
OTHER = Catalog((schema("p", "f", "str"), schema("q", "g")))
# Python finds many of them equal to each other.
values = st.sampled_from(
    [0, 0.0, -0.0, False, 1, 1.0, True, "1", "", None, float("nan"), [], [1], [True], {}, {"k": 1}]
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Few ids, functions and values, so that two of them have much in common."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    for index in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["functionNode"] * 4 + ["variableNode", "listNode", "viewNode", "nope"]))
        name = draw(st.sampled_from(["f", "f", "f", "g", "twin", "gone"]))
        given_values = draw(st.dictionaries(st.sampled_from(["a", "b", "label", "old", "variableValue"]), values))
        nodes.append(Node(NodeId(f"n{index}"), kind, {"functionName": name, **given_values}))
        for _ in range(draw(st.integers(0, 2)) if index else 0):
            source, target = draw(st.sampled_from([*nodes[:-1], *nodes[:-1], Node(NodeId("lost"), "")])), nodes[-1]
            handles = draw(st.sampled_from([None, "k"])), draw(st.sampled_from(["a", "b", "z", "input", None]))
            edges.append(Edge(source.id, target.id, *handles))
    return Workflow(tuple(nodes), tuple(edges))


@given(workflows(), workflows(), st.data())
def test_nothing_of_the_previous_plan_is_in_the_next(before: Workflow, after: Workflow, data: st.DataObject):
    targets = data.draw(st.lists(st.sampled_from([node.id for node in after.nodes]), max_size=2))
    catalog = data.draw(st.sampled_from([CATALOG, OTHER]))
    previous = make_plan(before, CATALOG, data.draw(st.lists(st.sampled_from([before.nodes[0].id]), max_size=1)))
    # The texts tell 1 from True, and 0.0 from -0.0.
    assert repr(make_plan(after, catalog, targets, (), previous)) == repr(make_plan(after, catalog, targets))


def is_unchanging(constants: Any) -> bool:
    return not any(isinstance(value, (list, dict)) or value != value for value in constants.values())  # noqa: PLR0124 -- NaN


@given(workflows())
def test_the_same_workflow_has_the_same_task_objects(workflow: Workflow):
    previous = make_plan(workflow, CATALOG)
    again = make_plan(workflow, CATALOG, (), (), previous)
    for task, earlier in zip(again.tasks, previous.tasks, strict=True):
        assert (task is earlier) == is_unchanging(task.constants)


def chain(length: int) -> Workflow:
    nodes = tuple(Node(NodeId(f"n{index}"), "functionNode", {"functionName": "f", "a": 1}) for index in range(length))
    edges = tuple(Edge(nodes[index].id, nodes[index + 1].id, None, "a") for index in range(length - 1))
    return Workflow(nodes, edges)


def shared(workflow: Workflow, previous: Plan, catalog: Catalog = CATALOG) -> list[bool]:
    tasks = make_plan(workflow, catalog, (), (), previous).tasks
    known = {id(task) for task in previous.tasks}
    return [id(task) in known for task in tasks]


@pytest.mark.parametrize("change", [{"b": 2}, {"label": "L"}, {"functionName": "g"}, {"functionName": "gone"}])
def test_an_edit_shares_all_tasks_but_the_one_it_is_about(change: dict[str, Any]):
    workflow = chain(5)
    previous = make_plan(workflow, CATALOG)
    edited = workflow.nodes[2]._replace(data={**workflow.nodes[2].data, **change})
    after = replace(workflow, nodes=(*workflow.nodes[:2], edited, *workflow.nodes[3:]))
    assert shared(after, previous) == [True, True, False, True, True]
    assert make_plan(after, CATALOG, (), (), previous) == make_plan(after, CATALOG)


@pytest.mark.parametrize("value", [1, 1.0, True, 0, 0.0, -0.0, False, "1"])
@pytest.mark.parametrize("before", [1, 1.0, True, 0, 0.0, -0.0, False, "1"])
def test_values_that_python_finds_equal_are_not_taken_for_each_other(before: Any, value: Any):
    def of(constant: Any) -> Workflow:
        return Workflow((Node(NodeId("n"), "functionNode", {"functionName": "f", "a": 1, "b": constant}),))

    assert shared(of(value), make_plan(of(before), CATALOG)) == [repr(value) == repr(before)]


def test_a_list_that_is_changed_where_it_is_is_never_taken_for_unchanged():
    items: list[Any] = [1]
    workflow = Workflow((Node(NodeId("n"), "functionNode", {"functionName": "f", "a": 1, "b": items}),))
    previous = make_plan(workflow, CATALOG)
    items.append(2)
    assert shared(workflow, previous) == [False]


def test_a_task_that_other_values_replace_or_that_has_fewer_is_another():
    workflow = chain(1)
    (task,) = make_plan(workflow, CATALOG).tasks
    for constants in ({}, {"b": 1}, {"a": 1, "b": None}):
        earlier = Plan((task._replace(constants=constants),))
        assert adopt([task], earlier) == (task,)
        assert adopt([task], earlier)[0] is task


@pytest.mark.parametrize(
    ("source", "handle", "port", "same"),
    [("n1", None, "a", True), ("n0", None, "a", False), ("n1", "k", "a", False), ("n1", None, "b", False)],
)
def test_a_task_that_is_connected_otherwise_is_another(source: str, handle: str | None, port: str, same: bool):
    anything = Catalog((replace(schema("p", "f", "Any"), returns=()),))
    workflow = chain(3)
    edge = Edge(NodeId(source), NodeId("n2"), handle, port)
    after = replace(workflow, edges=(workflow.edges[0], edge))
    assert shared(after, make_plan(workflow, anything), anything) == [True, True, same]


def single(name: str, value: Any = 1) -> Workflow:
    return Workflow((Node(NodeId("n"), "functionNode", {"functionName": name, "a": value}),))


def test_a_task_of_the_same_name_from_another_nodepack_is_another():
    previous = make_plan(single("g"), CATALOG)
    (task,) = make_plan(single("g"), OTHER, (), (), previous).tasks
    assert (previous.tasks[0].ref, task.ref) == ("p/ops.py:g", "q/ops.py:g")


@pytest.mark.parametrize(("before", "after"), [(CATALOG, OTHER), (OTHER, CATALOG)])
def test_what_one_catalog_finds_wrong_stays_with_it(before: Catalog, after: Catalog):
    previous = make_plan(single("f", "x"), before)
    (task,) = make_plan(single("f", "x"), after, (), (), previous).tasks
    assert [bool(previous.tasks[0].blocked), bool(task.blocked)] == [before is CATALOG, after is CATALOG]


def test_plans_of_other_lengths_share_what_stands_in_its_place():
    short, long = chain(3), chain(5)
    assert shared(long, make_plan(short, CATALOG)) == [True] * 3 + [False] * 2
    assert shared(short, make_plan(long, CATALOG)) == [True] * 3
