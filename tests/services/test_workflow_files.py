"""Values set into a workflow's JSON from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import UnknownNode, WorkflowFileError
from psynapse.model.workflow import parse_workflow
from psynapse.services.workflow_files import document_with_values, parse_document, with_values

_VALUES = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3)
_NAMES = st.sampled_from(["f.x", "f.y", "v.value", "a.b.x"])


@given(st.dictionaries(_NAMES, _VALUES))
def test_setting_values_in_a_document_is_setting_them_in_its_workflow(values: dict[str, object]):
    document = {
        "nodes": [
            {"id": "f", "type": "functionNode", "data": {"functionName": "add", "x": 1}, "position": {"x": 0}},
            {"id": "v", "type": "variableNode", "data": {"variableType": "Number", "variableValue": 1}},
            {"id": "a.b", "data": {"functionName": "add"}, "selected": True},
        ],
        "edges": [{"source": "v", "target": "f", "targetHandle": "y"}],
        "mine": {"kept": True},
    }
    changed, found = parse_workflow(document_with_values(document, values))
    assert changed == with_values(parse_workflow(document)[0], values)
    assert found == ()


def test_a_document_that_cannot_run_comes_back_as_it_is_for_whoever_plans_it():
    document = {"nodes": [{"id": "a", "data": {}}, 5], "edges": []}
    assert document_with_values(document, {"a.x": 1}) is document


def test_a_parameter_of_a_node_that_is_not_there_is_refused():
    with pytest.raises(UnknownNode, match=r"'b\.x' is no parameter"):
        document_with_values({"nodes": [{"id": "a", "type": "viewNode"}], "edges": []}, {"b.x": 1})


@pytest.mark.parametrize("content", [b"", b" \n", b"{", b"[1]", b"\xff", b"null"])
def test_what_holds_no_workflow_is_named_in_the_error(content: bytes):
    with pytest.raises(WorkflowFileError, match="standard input"):
        parse_document(content, "standard input")
