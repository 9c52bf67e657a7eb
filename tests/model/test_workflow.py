"""Workflow files: what is read, what is kept, what is refused and where."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId
from psynapse.model.workflow import Edge, Node, Workflow, dump_workflow, parse_workflow

names = st.text(max_size=6)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8))
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(names, json_values, max_size=3)
ids = st.text(min_size=1, max_size=4)
kinds = st.sampled_from(["functionNode", "variableNode", "listNode", "viewNode", "somethingNew"])


def with_extra(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(objects, st.fixed_dictionaries(known)).map(lambda pair: {**pair[0], **pair[1]})


nodes = with_extra({"id": ids, "type": kinds, "data": objects})
edges = with_extra({"id": ids, "source": ids, "target": ids, "sourceHandle": ids, "targetHandle": ids})
documents = with_extra(
    {"version": st.just(1), "nodes": st.lists(nodes, max_size=4), "edges": st.lists(edges, max_size=4)}
)
almost = st.one_of(
    json_values,
    st.fixed_dictionaries(
        {},
        optional={
            "version": json_values,
            "nodes": st.one_of(json_values, st.lists(st.one_of(json_values, nodes, with_extra({"id": json_values})))),
            "edges": st.one_of(
                json_values, st.lists(st.one_of(json_values, edges, with_extra({"source": json_values})))
            ),
        },
    ),
)


def resolve(pointer: str, document: Any) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


def read(document: object) -> Workflow:
    workflow, found = parse_workflow(document)
    assert not found
    return workflow


def only_finding(document: object) -> Diagnostic:
    _, found = parse_workflow(document)
    assert len(found) == 1
    return found[0]


@given(documents)
def test_saving_keeps_every_field_also_the_unknown_ones(document: dict[str, Any]):
    assert dump_workflow(read(document)) == document


@given(documents)
def test_what_was_saved_loads_to_the_same_workflow(document: dict[str, Any]):
    text = json.dumps(dump_workflow(read(document)))
    assert read(json.loads(text)) == read(document)


@given(almost)
def test_loading_and_saving_twice_changes_nothing_more(document: object):
    once = dump_workflow(parse_workflow(document)[0])
    assert dump_workflow(read(once)) == once


@given(almost)
def test_no_json_makes_loading_raise_and_every_pointer_leads_somewhere(document: object):
    _, found = parse_workflow(document)
    for finding in found:
        assert finding.code in {"malformed-node", "malformed-edge", "malformed-version", "future-version"}
        resolve(finding.pointer, document)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (None, "is null"),
        ([], "a list"),
        ("n", "a string"),
        (7, "a number"),
        (True, "a boolean"),
        ({}, "no usable id: it is missing"),
        ({"id": None}, "no usable id: it is null"),
        ({"id": ""}, "no usable id"),
        ({"id": 7}, "a number"),
        ({"id": "n", "data": [1]}, "data that is a list"),
        ({"id": "n", "type": {"a": 1}}, "type that is an object"),
    ],
)
def test_a_malformed_node_is_pointed_at_and_left_out(node: object, said: str):
    good = {"id": "good", "type": "viewNode"}
    workflow, found = parse_workflow({"nodes": [good, node], "edges": []})
    assert [kept.id for kept in workflow.nodes] == ["good"]
    assert [(finding.code, finding.pointer) for finding in found] == [("malformed-node", "/nodes/1")]
    assert said in found[0].message
    assert "number 2" in found[0].message


@pytest.mark.parametrize(
    ("edge", "said"),
    [
        (None, "is null"),
        ({"target": "b"}, "source: it is missing"),
        ({"source": None, "target": "b"}, "source: it is null"),
        ({"source": "a", "target": ""}, "target"),
        ({"source": 1, "target": "b"}, "a number"),
        ({"source": "a", "target": "b", "sourceHandle": 3}, "sourceHandle"),
        ({"source": "a", "target": "b", "targetHandle": ["x"]}, "targetHandle"),
    ],
)
def test_a_malformed_edge_is_pointed_at_and_left_out(edge: object, said: str):
    finding = only_finding({"nodes": [], "edges": [edge]})
    assert (finding.code, finding.pointer) == ("malformed-edge", "/edges/0")
    assert said in finding.message


def test_a_document_that_is_no_object_is_one_finding():
    finding = only_finding([1])
    assert finding.code == "malformed-node"
    assert "a list" in finding.message


def test_missing_lists_are_two_findings_that_point_to_the_document():
    workflow, found = parse_workflow({"nodes": None})
    assert workflow == Workflow()
    assert [(finding.code, finding.pointer) for finding in found] == [
        ("malformed-node", "/nodes"),
        ("malformed-edge", ""),
    ]


@pytest.mark.parametrize(
    ("fields", "pointer", "said"),
    [
        ({}, "", '"edges" is missing'),
        ({"edges": None}, "/edges", '"edges" is null'),
        ({"edges": 1}, "/edges", "number"),
    ],
)
def test_a_list_that_is_null_is_not_called_missing(fields: dict[str, Any], pointer: str, said: str):
    finding = only_finding({"nodes": [], **fields})
    assert finding.pointer == pointer
    assert said in finding.message


@pytest.mark.parametrize(
    ("version", "needed"),
    [(2, "version 2"), (10, "version 10"), (10**5_000, "far later")],
    ids=["next", "later", "huge"],
)
def test_a_workflow_of_a_newer_psynapse_says_which_version_it_needs(version: int, needed: str):
    finding = only_finding({"version": version, "nodes": [], "edges": []})
    assert (finding.code, finding.pointer, finding.rule.blocks) == ("future-version", "/version", "graph")
    assert needed in finding.message
    assert "up to 1" in finding.message
    assert needed in finding.hint


@pytest.mark.parametrize(
    ("version", "said"),
    [(None, "null"), ("1", "a string"), (True, "a boolean"), (1.0, "a number"), (-1, "a number"), ([], "a list")],
)
def test_a_version_that_is_no_version_is_a_finding(version: object, said: str):
    finding = only_finding({"version": version, "nodes": [], "edges": []})
    assert (finding.code, finding.pointer, finding.rule.blocks) == ("malformed-version", "/version", "graph")
    assert f'"version" is {said},' in finding.message
    assert "write 1" in finding.hint


def test_the_findings_about_a_version_come_beside_all_others():
    _, found = parse_workflow({"version": "x", "nodes": [1], "edges": []})
    assert [finding.pointer for finding in found] == ["/version", "/nodes/0"]


def test_all_malformed_items_are_reported_at_once():
    _, found = parse_workflow({"nodes": [1, 2], "edges": [3, {"id": "e"}]})
    assert [finding.pointer for finding in found] == ["/nodes/0", "/nodes/1", "/edges/0", "/edges/1"]


def test_a_node_without_a_type_is_a_function_node_if_it_names_a_function():
    workflow = read(
        {
            "nodes": [
                {"id": "a", "data": {"functionName": "add"}},
                {"id": "b", "data": {"ref": "p/ops.py:f"}},
                {"id": "c"},
            ],
            "edges": [],
        }
    )
    assert [node.kind for node in workflow.nodes] == ["functionNode", "functionNode", ""]


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_handle_is_no_handle(empty: object):
    workflow = read(
        {"nodes": [], "edges": [{"source": "a", "target": "b", "sourceHandle": empty, "targetHandle": empty}]}
    )
    assert workflow.edges == (Edge(NodeId("a"), NodeId("b")),)
    assert dump_workflow(workflow)["edges"] == [{"source": "a", "target": "b"}]


@pytest.mark.parametrize(("data", "label"), [({"label": "Sum"}, "Sum"), ({"label": 3}, ""), ({}, "")])
def test_a_label_is_text_or_nothing(data: dict[str, Any], label: str):
    assert Node(NodeId("n"), "viewNode", data).label == label


@pytest.mark.timeout(20)
def test_deep_and_huge_data_passes_through():
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    workflow = read(
        {"nodes": [{"id": "x" * 1_000_000, "type": "variableNode", "data": {"variableValue": deep}}], "edges": []}
    )
    assert workflow.nodes[0].data["variableValue"] is deep
    assert len(workflow.nodes[0].id) == 1_000_000


def test_a_workflow_is_written_with_its_version_first(tmp_path: Path):
    path = tmp_path / "flow.json"
    path.write_text(json.dumps(dump_workflow(Workflow(extra={"title": "t"}))), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == {"version": 1, "title": "t", "nodes": [], "edges": []}
