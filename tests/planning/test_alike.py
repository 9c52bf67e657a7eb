"""Nodes that are alike are looked at once: their plan is the one that comes of looking at each."""

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json, NodeId, Ref
from psynapse.model.schema import NodeSchema, Param, Return
from psynapse.model.types import parse_type
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.planner import diagnose, make_plan


def schema(name: str, *returns: Return, **params: str) -> NodeSchema:
    taken = tuple(Param(name=one, type=parse_type(text), required=one != "c") for one, text in params.items())
    ref = Ref(f"p/ops.py:{name}")
    gives = returns or (Return("result"),)
    return NodeSchema(ref=ref, name=name, nodepack="p", filepath="ops.py", params=taken, returns=gives)


CATALOG = Catalog(
    (
        schema("add", a="int", b="int"),
        schema("mix", a="str", b="Any", c="list"),
        schema("split", Return("head", parse_type("str")), Return("tail", parse_type("int")), a="str"),
    )
)
values: st.SearchStrategy[Json] = st.sampled_from(
    [1, 2, True, 1.0, "1", "x", "", None, [1], {"k": 1}, {"$secret": "K"}]
)
named = st.fixed_dictionaries(
    {},
    optional={
        "functionName": st.sampled_from(["add", "add", "mix", "split", "gone", "", None, 3, ["add"]]),
        "ref": st.sampled_from(["p/ops.py:add", "q/ops.py:mix", "", None, 3]),
        "label": st.sampled_from(["one", "two", "", None]),
        **dict.fromkeys("abcz", values),
    },
)
kinds = st.sampled_from(
    ["functionNode", "functionNode", "functionNode", "variableNode", "listNode", "viewNode", "nope"]
)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """Few ways to be and many nodes that are so, with edges that may lead nowhere."""
    ways = draw(st.lists(st.tuples(kinds, named), min_size=1, max_size=3))
    chosen = draw(st.lists(st.sampled_from(ways), min_size=1, max_size=8))
    nodes = [Node(NodeId(f"n{place}"), kind, draw(changed(data))) for place, (kind, data) in enumerate(chosen)]
    handles = st.sampled_from([None, "a", "b", "c", "z", "input-0"])
    edges: list[Edge] = []
    for target in range(len(nodes)):
        for _ in range(draw(st.integers(0, 2))):
            source = f"n{draw(st.integers(0, target - 1))}" if target and draw(st.integers(0, 9)) else "missing"
            keys = st.sampled_from([None, "output", "head", "tail", "k"])
            edges.append(Edge(NodeId(source), nodes[target].id, draw(keys), draw(handles)))
    return Workflow(tuple(nodes), tuple(edges))


def changed(data: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The same names with the same values, or with others of the same type, or of any."""
    like = {"one": "two", "x": "y", 1: 7, "1": "3"}
    others = {
        name: st.just(value)
        if name in {"functionName", "ref"}
        else st.sampled_from([value, like.get(str(value), value)])
        for name, value in data.items()
    }
    return st.fixed_dictionaries(others)


def each_by_itself(workflow: Workflow) -> Workflow:
    """The same to whoever plans it, but for what shows that two nodes are alike."""
    return replace(
        workflow,
        nodes=tuple(
            node._replace(data={**node.data, "arguments": {}}) if node.kind == "functionNode" else node
            for node in workflow.nodes
        ),
    )


@given(workflows())
@settings(max_examples=400, deadline=None)
def test_a_plan_is_the_same_whether_or_not_its_nodes_are_known_to_be_alike(workflow: Workflow):
    apart = each_by_itself(workflow)
    # As text: to Python 1 and True are equal.
    assert repr(make_plan(workflow, CATALOG)) == repr(make_plan(apart, CATALOG))
    assert diagnose(workflow, CATALOG) == diagnose(apart, CATALOG)
    ids = [node.id for node in workflow.nodes[-1:]]
    assert repr(make_plan(workflow, CATALOG, ids)) == repr(make_plan(apart, CATALOG, ids))


def test_each_of_many_has_its_own_values_label_and_source():
    ids = [NodeId(f"n{place}") for place in range(6)]
    nodes = [
        Node(id_, "functionNode", {"functionName": "add", "label": f"the {id_}", "a": 9, "b": place})
        for place, id_ in enumerate(ids)
    ]
    edges = [Edge(one, other, "output", "a") for one, other in itertools.pairwise(ids)]
    first, *rest = make_plan(Workflow(tuple(nodes), tuple(edges)), CATALOG).tasks
    assert (first.name, first.constants, first.inputs) == ("the n0", {"a": 9, "b": 0}, ())
    for place, task in enumerate(rest, 1):
        assert (task.name, task.constants, task.inputs) == (f"the n{place}", {"b": place}, (("a", place - 1, None),))
