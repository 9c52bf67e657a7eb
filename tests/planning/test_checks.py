"""Each finding, with the node and port it is about."""

from collections.abc import Callable
from typing import Any

import pytest

from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import RULES, Diagnostic
from psynapse.model.ids import Ref
from psynapse.model.schema import NodeSchema, Origin, Param, Return
from psynapse.model.types import parse_type
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import diagnose


def schema(
    name: str, pack: str, params: dict[str, str], returns: dict[str, str], origin: Origin = "user"
) -> NodeSchema:
    return NodeSchema(
        ref=Ref(f"{pack}/ops.py:{name}"),
        name=name,
        nodepack=pack,
        filepath="ops.py",
        params=tuple(Param(name=param, type=parse_type(text)) for param, text in params.items()),
        returns=tuple(Return(key, parse_type(text)) for key, text in returns.items()),
        origin=origin,
    )


CATALOG = Catalog(
    (
        schema("add", "mine", {"a": "int", "b": "int"}, {"result": "int"}),
        schema("split", "mine", {"text": "str"}, {"head": "str", "tail": "list[str]"}),
        schema("lookup", "mine", {"data": "dict"}, {"result": "dict | None"}),
        schema("twin", "one", {}, {"result": "int"}),
        schema("twin", "two", {}, {"result": "int"}),
    )
)
ADD = {"id": "add", "type": "functionNode", "data": {"functionName": "add", "a": 1, "b": 2}}
SPLIT = {"id": "split", "type": "functionNode", "data": {"functionName": "split", "text": "t"}}
VIEW = {"id": "view", "type": "viewNode"}
LIST = {"id": "list", "type": "listNode"}


def edge(
    source: str, target: str, target_handle: str | None = None, source_handle: str | None = None
) -> dict[str, Any]:
    return {"source": source, "target": target, "sourceHandle": source_handle, "targetHandle": target_handle}


def function(**data: Any) -> dict[str, Any]:
    return {"id": "f", "type": "functionNode", "data": data}


def findings(nodes: list[Any], edges: list[Any]) -> tuple[Diagnostic, ...]:
    workflow, found = parse_workflow({"version": 1, "nodes": nodes, "edges": edges})
    return diagnose(workflow, CATALOG, found)


# By code: nodes, edges, the node and port of the finding, a part of its message, a part of its hint.
Case = tuple[list[Any], list[Any], str | None, str | None, str, str]
CASES: dict[str, Case] = {
    "cycle": (
        [LIST, ADD],
        [edge("list", "add", "a"), edge("add", "list", "input-0")],
        "list",
        None,
        "list → add → list",
        "delete",
    ),
    "duplicate-id": ([ADD, ADD], [], "add", None, "'add'", "another id"),
    "malformed-node": ([7], [], None, None, "node number 1", ""),
    "malformed-edge": ([], [{"source": "a"}], None, None, "edge number 1", ""),
    "unknown-kind": ([{"id": "n", "type": "loopNode"}], [], "n", None, "'loopNode'", "functionNode, variableNode"),
    "unknown-function": ([function(functionName="ad")], [], "f", None, "'ad'", "did you mean add"),
    "ambiguous-name": ([function(functionName="twin")], [], "f", None, "one/ops.py:twin and two/ops.py:twin", '"ref"'),
    "missing-input": ([function(functionName="add", a=1)], [], "f", "b", "'b'", "set it or connect it"),
    "dangling-edge": ([ADD], [edge("gone", "add", "a")], "add", "a", "'gone'", "delete the edge"),
    "conversion": (
        [function(functionName="add", a="x", b=1)],
        [],
        "f",
        "a",
        "a: 'x' cannot become int",
        "whole number",
    ),
    "missing-key": (
        [SPLIT, LIST],
        [edge("split", "list", "input-0", "body")],
        "list",
        "input-0",
        "'body'",
        "head, tail",
    ),
    "dangling-target": ([ADD], [edge("add", "gone", "a")], "add", None, "'gone'", "delete the edge"),
    "unknown-handle": ([SPLIT, ADD], [edge("split", "add", "c")], "add", "c", "'c'", "a, b"),
    "unused-value": ([function(functionName="add", a=1, b=2, old=3)], [], "f", "old", "'old'", "rename"),
    "double-input": (
        [LIST, ADD, VIEW],
        [edge("list", "view"), edge("add", "view")],
        "view",
        "input",
        "the first one counts",
        "",
    ),
    "unlikely-type": ([LIST, SPLIT], [edge("list", "split", "text")], "split", "text", "gives list, but", "converts"),
    "unconnected-view": ([VIEW], [], "view", "input", "not connected", ""),
}


# Findings about the file as such, which tests/model/test_workflow.py has.
ABOUT_THE_FILE = {"malformed-version", "future-version"}


def test_there_is_a_case_for_every_rule():
    assert set(CASES) | ABOUT_THE_FILE == set(RULES)


@pytest.mark.parametrize("code", CASES)
def test_each_finding_names_its_node_and_port_and_what_to_do(code: str):
    nodes, edges, node, port, message, hint = CASES[code]
    (finding,) = [finding for finding in findings(nodes, edges) if finding.code == code]
    assert (finding.node, finding.port) == (node, port)
    assert message in finding.message
    assert hint in finding.hint


def test_a_workflow_without_mistakes_has_no_findings():
    nodes = [
        SPLIT,
        ADD,
        LIST,
        VIEW,
        {"id": "v", "type": "variableNode", "data": {"variableType": "Number", "variableValue": 3}},
    ]
    edges = [
        edge("v", "add", "a", "output"),
        edge("add", "list", "input-0", "result"),
        edge("split", "list", "input-1", "tail"),
        edge("list", "view", "input"),
    ]
    assert findings(nodes, edges) == ()


def test_all_findings_of_a_workflow_arrive_at_once():
    """Every case in one workflow, ids made different: no finding hides another."""
    nodes: list[Any] = []
    edges: list[Any] = []

    def renamed(item: Any, code: str) -> Any:
        if not isinstance(item, dict):
            return item
        return {
            name: f"{code} {value}" if name in {"id", "source", "target"} else value for name, value in item.items()
        }

    for code, (some_nodes, some_edges, *_) in CASES.items():
        nodes += [renamed(item, code) for item in some_nodes]
        edges += [renamed(item, code) for item in some_edges]
    found = {(finding.code, finding.node) for finding in findings(nodes, edges)}
    expected = {(code, node and f"{code} {node}") for code, (_, _, node, *_) in CASES.items()}
    assert expected <= found


def test_every_bad_value_of_a_node_is_told_also_behind_one_that_is_wired_over():
    found = findings([LIST, function(functionName="add", a="x", b="y")], [edge("list", "f", "a")])
    assert [finding.port for finding in found if finding.code == "conversion"] == ["b"]
    found = findings([function(functionName="add", a="x", b="y")], [])
    assert [finding.port for finding in found] == ["a", "b"]


def test_an_edge_between_nodes_that_do_not_exist_is_about_no_node():
    (finding,) = findings([], [edge("gone", "away")])
    assert (finding.code, finding.node) == ("dangling-target", None)


def test_each_repeated_edge_is_told():
    found = findings([LIST, ADD], [edge("list", "add", "a")] * 3)
    assert [finding.message for finding in found if finding.code == "double-input"] == [
        "several edges end at 'a'; the last one counts"
    ] * 2


def test_several_edges_into_a_view_are_told_whatever_handles_they_name():
    found = findings([LIST, ADD, VIEW], [edge("list", "view", "input"), edge("add", "view", "elsewhere")])
    assert [(finding.code, finding.port) for finding in found] == [("double-input", "input")]
    assert "the first one counts" in found[0].message


@pytest.mark.parametrize(("broken", "place"), [([], 2), ([0], 3), ([0, 2], 4), ([3], 2), ([0, 1, 4], 5)])
def test_of_a_repeated_id_the_pointer_leads_to_the_later_node_also_behind_what_is_no_node(
    broken: list[int], place: int
):
    nodes: list[Any] = [ADD, LIST, ADD]
    for index in broken:
        nodes.insert(index, 7)
    (finding,) = [finding for finding in findings(nodes, []) if finding.code == "duplicate-id"]
    assert nodes[place] is ADD
    assert finding.pointer == f"/nodes/{place}/id"


def test_literals_that_python_finds_equal_are_different_types():
    schemas = (
        schema("one", "p", {"a": "Literal[1]"}, {"result": "Literal[1]"}),
        schema("true", "p", {"a": "Literal[True]"}, {"result": "Literal[True]"}),
    )

    def found(source: str, target: str) -> list[str]:
        nodes = [
            {"id": "s", "type": "functionNode", "data": {"functionName": source, "a": 1}},
            {"id": "t", "type": "functionNode", "data": {"functionName": target}},
        ]
        workflow, _ = parse_workflow({"nodes": nodes, "edges": [edge("s", "t", "a")]})
        return [finding.code for finding in diagnose(workflow, Catalog(schemas))]

    assert found("one", "one") == found("true", "true") == []
    assert found("one", "true") == found("true", "one") == ["unlikely-type"]


def test_a_node_connected_to_itself_is_a_circle():
    (finding,) = findings([LIST], [edge("list", "list", "input-0")])
    assert finding.message == "Graph contains a cycle: list → list"


def test_of_a_long_circle_the_first_nodes_and_the_last_are_named():
    names = [f"n{index}" for index in range(50)]
    nodes = [{"id": name, "type": "listNode"} for name in names]
    edges = [edge(one, other, "input-0") for one, other in zip(names, [*names[1:], "n0"], strict=True)]
    (finding,) = findings(nodes, edges)
    assert finding.message == f"Graph contains a cycle: {' → '.join(names[:10])} → … → n0"


@pytest.mark.parametrize(
    ("source", "key", "code"),
    [
        ({"functionName": "add", "a": 1, "b": 2}, "k", "missing-key"),
        ({"functionName": "split", "text": "t"}, "result", None),
        ({"functionName": "split", "text": "t"}, "tail", None),
        ({"functionName": "lookup", "data": {}}, "k", None),
        ({"functionName": "lookup", "data": {}}, "output", None),
    ],
)
def test_a_key_may_come_from_what_can_be_a_dict(source: dict[str, Any], key: str, code: str | None):
    found = findings([function(**source), LIST], [edge("f", "list", "input-0", key)])
    assert [finding.code for finding in found] == ([code] if code else [])


@pytest.mark.parametrize("kind", ["String", "Object"])
def test_a_key_may_come_from_an_object_variable_but_not_from_text(kind: str):
    variable = {"id": "v", "type": "variableNode", "data": {"variableType": kind, "variableValue": "{}"}}
    found = findings([variable, LIST], [edge("v", "list", "input-0", "k")])
    assert [finding.code for finding in found] == ([] if kind == "Object" else ["missing-key"])


@pytest.mark.parametrize("handle", ["tail", "head"])
def test_the_type_of_a_key_is_compared(handle: str):
    found = findings([SPLIT, function(functionName="add", b=1)], [edge("split", "f", "a", handle)])
    assert [(finding.code, finding.port) for finding in found] == ([("unlikely-type", "a")] if handle == "tail" else [])


def test_an_edge_that_names_no_input_means_the_only_one():
    assert findings([{**SPLIT, "data": {"functionName": "split"}}, ADD], [edge("add", "split")]) == ()
    (finding,) = findings([SPLIT, ADD], [edge("split", "add")])
    assert (finding.code, finding.port) == ("unknown-handle", None)


def test_what_leaves_a_node_that_cannot_run_is_not_compared():
    found = findings([function(functionName="gone"), ADD], [edge("f", "add", "a", "k")])
    assert [finding.code for finding in found] == ["unknown-function"]


def test_inputs_of_a_node_without_any_are_said_to_be_none():
    variable = {"id": "v", "type": "variableNode", "data": {}}
    (finding,) = findings([variable, LIST], [edge("list", "v", "x")])
    assert finding.hint == "its inputs are: none"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "handle", [lambda index: f"input-{index}", lambda index: "a", lambda index: "ab"[index % 2] * 2]
)
def test_a_hundred_thousand_edges_into_one_node_are_checked(handle: Callable[[int], str]):
    for target in ({**LIST, "data": {"inputCount": 100_000}}, {**ADD, "id": "list"}):
        edges = [edge("add", "list", handle(index)) for index in range(100_000)]
        found = findings([ADD, target], edges)
        assert all(finding.node == "list" for finding in found)
