"""From a workflow to its plan."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import InvalidWorkflow, UnknownNode
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId, Ref
from psynapse.model.schema import NodeSchema, Origin, Param
from psynapse.model.types import parse_type
from psynapse.model.workflow import Edge, Node, Workflow, parse_workflow
from psynapse.planning.order import topological_order
from psynapse.planning.plan import Plan
from psynapse.planning.planner import diagnose, make_plan

BIG = 100_000


def schema(pack: str, name: str, origin: Origin = "user") -> NodeSchema:
    params = (Param(name="a", type=parse_type("int"), required=False), Param(name="b", required=False))
    ref = Ref(f"{pack}/ops.py:{name}")
    return NodeSchema(ref=ref, name=name, nodepack=pack, filepath="ops.py", params=params, origin=origin)


CATALOG = Catalog(
    (schema("mine", "add"), schema("basic", "add", "shipped"), schema("one", "twin"), schema("two", "twin"))
)


@st.composite
def acyclic(draw: st.DrawFn) -> Workflow:
    """Nodes of all kinds and conditions, wired without circles, in any order."""
    size = draw(st.integers(1, 8))
    rank = draw(st.permutations(range(size)))
    kinds = st.sampled_from(["functionNode", "variableNode", "listNode", "viewNode", "unknownNode"])
    data = st.sampled_from([{}, {"functionName": "add"}, {"functionName": "gone"}, {"functionName": "add", "a": "x"}])
    nodes = tuple(Node(NodeId(f"n{index}"), draw(kinds), draw(data)) for index in range(size))
    ends = st.integers(0, size - 1)
    pairs = draw(st.lists(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1]), max_size=16))
    ordered = [pair if rank[pair[0]] < rank[pair[1]] else pair[::-1] for pair in pairs]
    handles = st.sampled_from([None, "a", "b", "input", "input-0", "input-1", "z"])
    keys = st.sampled_from([None, "output", "result", "k"])
    return Workflow(
        nodes, tuple(Edge(nodes[one].id, nodes[other].id, draw(keys), draw(handles)) for one, other in ordered)
    )


def full_order(workflow: Workflow) -> list[str]:
    """All nodes in Kahn's order."""
    place = {node.id: index for index, node in enumerate(workflow.nodes)}
    successors = [[place[edge.target] for edge in workflow.edges if edge.source == node.id] for node in workflow.nodes]
    return [workflow.nodes[index].id for index in topological_order(successors)]


def needed(workflow: Workflow, targets: set[str]) -> set[str]:
    found = set(targets)
    for _ in workflow.nodes:
        found |= {edge.source for edge in workflow.edges if edge.target in found}
    return found


def order_of(plan: Plan) -> list[str]:
    return [task.node for task in plan.tasks]


@given(acyclic())
def test_a_plan_holds_every_node_in_the_order_of_the_contract(workflow: Workflow):
    plan = make_plan(workflow, CATALOG)
    assert order_of(plan) == full_order(workflow)
    for index, task in enumerate(plan.tasks):
        assert all(item.source < index for item in task.inputs)


@given(acyclic(), st.data())
def test_targets_give_exactly_what_they_depend_on_in_the_same_order(workflow: Workflow, data: st.DataObject):
    targets = data.draw(st.lists(st.sampled_from([node.id for node in workflow.nodes]), min_size=1))
    plan = make_plan(workflow, CATALOG, targets)
    wanted = needed(workflow, set(targets))
    assert order_of(plan) == [node for node in full_order(workflow) if node in wanted]
    assert {plan.tasks[index].node for index in plan.targets} == set(targets)


@given(acyclic(), st.data())
def test_a_task_is_the_same_with_targets_as_without(workflow: Workflow, data: st.DataObject):
    target = data.draw(st.sampled_from([node.id for node in workflow.nodes]))
    part, whole = make_plan(workflow, CATALOG, [target]), make_plan(workflow, CATALOG)
    for task in part.tasks:
        other = whole.tasks[whole.index()[task.node]]
        assert (task.constants, task.name, task.ref, task.blocked) == (
            other.constants,
            other.name,
            other.ref,
            other.blocked,
        )
        assert [(item.port, item.key, part.tasks[item.source].node) for item in task.inputs] == [
            (item.port, item.key, whole.tasks[item.source].node) for item in other.inputs
        ]


@given(acyclic())
def test_a_task_is_blocked_by_the_first_finding_that_stops_its_node(workflow: Workflow):
    plan = make_plan(workflow, CATALOG)
    assert set(plan.diagnostics) == set(diagnose(workflow, CATALOG))
    for task in plan.tasks:
        stopping = [found for found in plan.diagnostics if found.node == task.node and found.rule.blocks == "node"]
        assert task.blocked == (stopping[0] if stopping else None)


@given(acyclic())
def test_without_targets_a_run_is_for_every_view(workflow: Workflow):
    plan = make_plan(workflow, CATALOG)
    views = [index for index, task in enumerate(plan.tasks) if task.kind == "viewNode"]
    assert list(plan.targets) == views


@given(acyclic())
def test_planning_depends_on_nothing_but_its_arguments(workflow: Workflow):
    assert make_plan(workflow, CATALOG) == make_plan(workflow, CATALOG)


json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.sampled_from(["add", "twin", "n", "m", "a"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abx"), inner, max_size=3)),
    max_leaves=5,
)
wild_nodes = st.fixed_dictionaries(
    {"id": st.sampled_from(["n", "m", "o"])},
    optional={
        "type": st.one_of(json_values, st.sampled_from(["functionNode", "variableNode", "listNode", "viewNode"])),
        "data": st.one_of(
            json_values,
            st.dictionaries(
                st.sampled_from(
                    ["functionName", "ref", "a", "b", "values", "label", "inputCount", "variableType", "variableValue"]
                ),
                json_values,
            ),
        ),
    },
)
wild_edges = st.fixed_dictionaries(
    {"source": st.sampled_from(["n", "m", "o", "gone"]), "target": st.sampled_from(["n", "m", "o", "gone"])},
    optional={"sourceHandle": json_values, "targetHandle": json_values, "id": json_values},
)
documents = st.fixed_dictionaries(
    {"nodes": st.lists(wild_nodes, max_size=3), "edges": st.lists(wild_edges, max_size=4)}
)


@given(documents)
def test_any_workflow_is_planned_or_refused_with_every_finding(document: dict[str, Any]):
    workflow, found = parse_workflow(document)
    findings = diagnose(workflow, CATALOG, found)
    assert json.dumps([finding.to_json() for finding in findings])
    try:
        plan = make_plan(workflow, CATALOG, (), found)
    except InvalidWorkflow as error:
        assert set(error.diagnostics) == set(findings)  # noqa: PT017 -- either outcome is right, each with its findings
        return
    assert set(plan.diagnostics) == set(findings)
    assert all(finding.rule.blocks != "graph" for finding in findings)


def chain(kind: str, size: int, data: dict[str, Any], handle: str) -> Workflow:
    nodes = tuple(Node(NodeId(f"n{index}"), kind, data) for index in range(size))
    return Workflow(nodes, tuple(Edge(nodes[index].id, nodes[index + 1].id, None, handle) for index in range(size - 1)))


def test_a_circle_is_refused_with_every_other_finding():
    ring = Workflow(
        (
            Node(NodeId("a"), "listNode"),
            Node(NodeId("b"), "listNode"),
            Node(NodeId("c"), "nope"),
            Node(NodeId("d"), "viewNode"),
        ),
        (Edge(NodeId("a"), NodeId("b")), Edge(NodeId("b"), NodeId("a"))),
    )
    with pytest.raises(InvalidWorkflow, match="Graph contains a cycle: a → b → a") as caught:
        make_plan(ring, CATALOG)
    assert [getattr(found, "code", "") for found in caught.value.diagnostics] == [
        "cycle",
        "unknown-kind",
        "unconnected-view",
    ]


def test_findings_from_reading_the_file_are_carried_along():
    workflow, found = parse_workflow({"nodes": [{"id": "a", "type": "viewNode"}, 3], "edges": []})
    with pytest.raises(InvalidWorkflow) as caught:
        make_plan(workflow, CATALOG, (), found)
    assert caught.value.diagnostics[0] is found[0]


def test_a_target_that_does_not_exist_is_refused():
    with pytest.raises(UnknownNode, match="'z'"):
        make_plan(chain("listNode", 2, {}, "input-0"), CATALOG, ["n0", "z"])


def test_a_users_pack_wins_over_a_shipped_one_and_two_packs_of_the_user_are_ambiguous():
    nodes = (
        Node(NodeId("a"), "functionNode", {"functionName": "add"}),
        Node(NodeId("t"), "functionNode", {"functionName": "twin"}),
    )
    added, twin = make_plan(Workflow(nodes), CATALOG).tasks
    assert added.ref == "mine/ops.py:add"
    assert twin.blocked is not None
    assert twin.blocked.node == "t"
    assert "one/ops.py:twin" in twin.blocked.message
    assert "two/ops.py:twin" in twin.blocked.message


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    ("kind", "data", "handle", "targets"),
    [
        ("functionNode", {"functionName": "add", "b": 2}, "a", [f"n{BIG - 1}"]),
        ("listNode", {"inputCount": 10**9}, "input-0", []),
        ("viewNode", {}, "input", []),
        ("nope", {}, "x", []),
        ("functionNode", {"functionName": "ad"}, "x", []),
        ("functionNode", {"functionName": "add", "a": "no", "old": 1}, "z", []),
    ],
)
def test_a_chain_of_a_hundred_thousand_nodes_is_planned(
    kind: str, data: dict[str, Any], handle: str, targets: list[str]
):
    workflow = chain(kind, BIG, data, handle)
    assert len(make_plan(workflow, CATALOG, targets).tasks) == BIG


@pytest.mark.timeout(30)
def test_a_fan_of_a_hundred_thousand_nodes_is_planned():
    middle = tuple(Node(NodeId(f"m{index}"), "functionNode", {"functionName": "add"}) for index in range(BIG))
    source, sink = Node(NodeId("s"), "variableNode"), Node(NodeId("t"), "listNode", {"inputCount": BIG})
    out = tuple(Edge(source.id, node.id, "output", "b") for node in middle)
    back = tuple(Edge(node.id, sink.id, "result", f"input-{index}") for index, node in enumerate(middle))
    plan = make_plan(Workflow((sink, *middle, source), out + back), CATALOG)
    assert plan.tasks[0].node == "s"
    assert [item.source for item in plan.tasks[-1].inputs] == list(range(1, BIG + 1))


@pytest.mark.timeout(30)
def test_a_ring_of_a_hundred_thousand_nodes_is_refused():
    line = chain("listNode", BIG, {}, "input-0")
    ring = Workflow(line.nodes, (*line.edges, Edge(line.nodes[-1].id, line.nodes[0].id, None, "input-0")))
    with pytest.raises(InvalidWorkflow, match=r"n0 → n1 → .* → … → n0"):
        make_plan(ring, CATALOG)


@pytest.mark.timeout(30)
def test_deep_data_and_huge_text_are_planned():
    deep: Any = []
    for _ in range(BIG):
        deep = [deep]
    huge = "x" * 10_000_000
    data: list[tuple[str, dict[str, Any]]] = [
        ("functionNode", {"functionName": "add", "a": deep, "b": deep}),
        ("functionNode", {"functionName": huge}),
        ("functionNode", {"functionName": "add", "a": huge, "label": huge}),
        ("variableNode", {"variableType": "String", "variableValue": deep}),
        ("variableNode", {"variableType": deep, "variableValue": huge}),
        ("variableNode", {"variableType": "Number", "variableValue": huge}),
        ("listNode", {"inputCount": deep}),
        (huge, {}),
    ]
    nodes = tuple(Node(NodeId(f"n{index}"), kind, fields) for index, (kind, fields) in enumerate(data))
    plan = make_plan(Workflow(nodes), CATALOG)
    assert [task.blocked.code if task.blocked else "" for task in plan.tasks] == [
        "conversion",
        "unknown-function",
        "conversion",
        "conversion",
        "",
        "conversion",
        "",
        "unknown-kind",
    ]
    assert all(len(finding.message) < 500 for finding in plan.diagnostics)
