"""A value set by hand."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import ConversionError
from psynapse.kinds.variable import VariableKind, variable_value
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId
from psynapse.model.types import is_assignable, parse_type
from psynapse.model.workflow import Node

KIND = VariableKind()
TYPES = ["String", "Number", "Boolean", "List", "Object", "Image"]
IMAGE = "data:image/png;base64,AAAA"

json_values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["[1]", "{}", "1e3", IMAGE])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=6,
)
settings = st.fixed_dictionaries(
    {},
    optional={
        "variableType": st.one_of(st.sampled_from(TYPES), json_values),
        "variableValue": json_values,
        "llmMessageFormat": json_values,
        "llmMessageRole": json_values,
        "textContentFormat": json_values,
        "imageContentFormat": json_values,
        "label": json_values,
    },
)


def value_of(kind: Any, raw: Any, **formats: Any) -> object:
    return variable_value({"variableType": kind, "variableValue": raw, **formats})


def node(data: dict[str, Any]) -> Node:
    return Node(NodeId("n"), "variableNode", data)


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("Number", 3, 3),
        ("Number", 0.5, 0.5),
        ("Number", "3", 3),
        ("Number", "1e3", 1000),
        ("Number", "1.0", 1.0),
        ("Number", " -2.5 ", -2.5),
        ("Number", "1e-3", 0.001),
        ("Number", "inf", math.inf),
        ("Number", 10**400, 10**400),
        ("Boolean", True, True),
        ("Boolean", "false", False),
        ("Boolean", "No", False),
        ("Boolean", "0", False),
        ("Boolean", "off", False),
        ("Boolean", "", False),
        ("Boolean", "yes", True),
        ("Boolean", 0, False),
        ("Boolean", 2.5, True),
        ("List", [1, [2]], [1, [2]]),
        ("List", "[1, 2]", [1, 2]),
        ("Object", {"a": 1}, {"a": 1}),
        ("Object", '{"a": [1]}', {"a": [1]}),
        ("String", "text", "text"),
        ("String", None, ""),
        ("String", 3, "3"),
        ("String", [1], "[1]"),
        ("Image", IMAGE, IMAGE),
        (None, "text", "text"),
        ("", "text", "text"),
        (7, "text", "text"),
        ([[]], "text", "text"),
        ("Other", "text", "text"),
    ],
)
def test_variables_are_read_as_the_contract_says(kind: object, raw: object, expected: object):
    value = value_of(kind, raw)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("Number", ""),
        ("Number", None),
        ("Number", True),
        ("Number", "many"),
        ("Number", "1,5"),
        ("Number", [1]),
        ("Number", "9" * 100_000),
        ("Number", "1e999999999"),
        ("Number", "1.5e999"),
        ("Boolean", "maybe"),
        ("Boolean", None),
        ("Boolean", [True]),
        ("List", None),
        ("List", ""),
        ("List", "1, 2"),
        ("List", '{"a": 1}'),
        ("List", {"a": 1}),
        ("List", "[" * 100_000),
        ("List", "[" + "9" * 5000 + "]"),
        ("Object", [1]),
        ("Object", "[1]"),
        ("Object", "{"),
        ("Image", ""),
        ("Image", None),
        ("Image", "https://example.org/a.png"),
        ("Image", "data:text/plain,hi"),
        ("String", 10**5000),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, int) else type(value).__name__,
)
def test_what_a_variable_cannot_be_is_refused_with_what_to_do(kind: str, raw: object):
    with pytest.raises(ConversionError) as caught:
        value_of(kind, raw)
    assert caught.value.port == "variableValue"
    assert caught.value.hint
    assert len(caught.value.message) < 300


LLM, TEXT, IMAGE_FORMAT = {"llmMessageFormat": True}, {"textContentFormat": True}, {"imageContentFormat": True}
URL = [{"type": "image_url", "image_url": {"url": IMAGE}}]


@pytest.mark.parametrize(
    ("kind", "raw", "formats", "expected"),
    [
        ("String", "hi", LLM, {"role": "user", "content": "hi"}),
        ("String", "hi", {**LLM, "llmMessageRole": "system"}, {"role": "system", "content": "hi"}),
        ("String", "hi", {**LLM, "llmMessageRole": ""}, {"role": "user", "content": "hi"}),
        ("String", "hi", TEXT, {"type": "text", "content": "hi"}),
        ("String", "hi", {**LLM, **TEXT}, {"role": "user", "content": "hi"}),
        ("String", None, TEXT, {"type": "text", "content": ""}),
        ("String", "hi", {"llmMessageFormat": False, "textContentFormat": None}, "hi"),
        ("Image", IMAGE, LLM, {"role": "user", "content": URL}),
        ("Image", IMAGE, {**LLM, **IMAGE_FORMAT, "llmMessageRole": "assistant"}, {"role": "assistant", "content": URL}),
        ("Image", IMAGE, IMAGE_FORMAT, IMAGE),
        ("Image", IMAGE, TEXT, IMAGE),
        ("Number", 3, {**LLM, **TEXT}, 3),
        ("Object", {}, LLM, {}),
    ],
)
def test_text_and_images_are_wrapped_as_messages(kind: str, raw: object, formats: dict[str, Any], expected: object):
    assert value_of(kind, raw, **formats) == expected


@given(settings)
def test_any_data_is_a_value_of_the_announced_type_or_a_finding(data: dict[str, Any]):
    ports = KIND.ports(node(data), Catalog())
    refused = KIND.bad_values(ports)
    if refused:
        assert [error.port for error in refused] == ["variableValue"]
        with pytest.raises(ConversionError):
            KIND.evaluate(ports.constants, (), None)
        return
    value = KIND.evaluate(ports.constants, (), None).function()
    assert is_assignable(parse_type(type(value).__name__), ports.output_type("output"))


@given(st.one_of(st.lists(json_values, max_size=3), st.dictionaries(st.text(max_size=3), json_values, max_size=3)))
def test_lists_and_objects_may_be_given_as_their_json(value: object):
    kind = "List" if isinstance(value, list) else "Object"
    assert repr(value_of(kind, json.dumps(value))) == repr(value)


@pytest.mark.parametrize("raw", [[[1]], "[[1]]"])
def test_a_variable_is_made_anew_for_each_run(raw: Any):
    function = KIND.evaluate({"variableType": "List", "variableValue": raw}, (), None).function
    first: Any = function()
    first[0].append(2)
    assert function() == [[1]]


def test_a_deep_list_is_refused_as_text():
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ConversionError):
        value_of("String", deep)


def test_a_variable_has_one_output_and_no_inputs():
    ports = KIND.ports(node({"variableType": "Number", "label": "x", "variableName": "n", "other": 1}), Catalog())
    assert ports.inputs == ()
    assert ports.constants == {"variableType": "Number"}
    assert ports.unused == ()
    assert str(ports.output_type("output")) == "int | float"
    assert KIND.input_order("x") == (0, "x")
