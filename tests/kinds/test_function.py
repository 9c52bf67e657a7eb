"""The ports of a function node and the values in its data."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.kinds.base import Ports
from psynapse.kinds.function import RESERVED, FunctionKind
from psynapse.model.catalog import Catalog
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, NodeId, Ref
from psynapse.model.schema import NodeSchema, Param, Return
from psynapse.model.types import parse_type
from psynapse.model.workflow import Node

KIND = FunctionKind()


def catalog(*names: str, packs: tuple[str, ...] = ("pack",)) -> Catalog:
    params = (
        Param(name="a", type=parse_type("int")),
        Param(name="label", type=parse_type("str"), required=False),
        Param(name="values", required=False),
    )
    return Catalog(
        tuple(
            NodeSchema(
                ref=Ref(f"{pack}/ops.py:{name}"),
                name=name,
                nodepack=pack,
                filepath="ops.py",
                params=params,
                returns=(Return("head"), Return("tail")),
            )
            for pack in packs
            for name in names
        )
    )


def ports(data: Mapping[str, Any], known: Catalog | None = None) -> Ports | Diagnostic:
    return KIND.ports(Node(NodeId("n"), "functionNode", data), known or catalog("add"))


def test_the_ports_are_the_schemas_and_values_nothing_takes_are_told():
    found = ports({"functionName": "add", "label": "Sum", "a": "1", "old": 2, "docstring": "d", "ui": {}})
    assert isinstance(found, Ports)
    assert found.schema is not None
    assert found.inputs == found.schema.params
    assert [port.name for port in found.outputs] == ["head", "tail"]
    assert found.constants == {"a": "1"}
    assert found.unused == ("old",)


def test_a_parameter_with_an_editors_name_keeps_its_value_in_arguments():
    data = {"functionName": "add", "label": "Sum", "a": 1, "arguments": {"label": "x", "a": 2, "values": [3], "z": 0}}
    found = ports(data)
    assert isinstance(found, Ports)
    assert found.constants == {"label": "x", "a": 2, "values": [3]}
    assert found.unused == ("z",)
    assert set(data) - {"a"} <= RESERVED


@pytest.mark.parametrize("value", [["-v"], "text", None])
def test_what_is_called_like_the_reserved_place_and_is_no_object_is_a_value_of_that_name(value: Any):
    params = (Param(name="arguments"), Param(name="label"))
    called = NodeSchema(ref=Ref("p/ops.py:f"), name="f", nodepack="p", filepath="ops.py", params=params)
    found = ports({"functionName": "f", "arguments": value}, Catalog((called,)))
    assert isinstance(found, Ports)
    assert (found.constants, found.unused) == ({"arguments": value}, ())
    without = ports({"functionName": "add", "a": 1, "arguments": value})
    assert isinstance(without, Ports)
    assert (without.constants, without.unused) == ({"a": 1}, ("arguments",))


def test_a_value_that_nothing_takes_is_told_once():
    found = ports({"functionName": "add", "a": 1, "old": 1, "arguments": {"old": 2, "older": 3}})
    assert isinstance(found, Ports)
    assert found.unused == ("old", "older")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "unknown-function"),
        ({"functionName": 7}, "unknown-function"),
        ({"functionName": "sub"}, "unknown-function"),
        ({"functionName": "add"}, "ambiguous-name"),
        ({"ref": "gone/ops.py:add"}, "unknown-function"),
        ({"ref": "gone/ops.py:add", "functionName": "add"}, "unknown-function"),
    ],
)
def test_a_node_that_names_no_function_of_the_catalog_is_a_finding(data: dict[str, Any], code: str):
    found = ports(data, catalog("add", packs=("one", "two")))
    assert isinstance(found, Diagnostic)
    assert found.code == code
    assert found.hint


@pytest.mark.parametrize(
    "data",
    [
        {"ref": "two/ops.py:add", "functionName": "gone"},
        {"ref": "", "functionName": "two/ops.py:add"},
        {"ref": None, "functionName": "two/ops.py:add"},
    ],
)
def test_a_ref_comes_before_the_name(data: dict[str, Any]):
    found = ports(data, catalog("add", packs=("one", "two")))
    assert isinstance(found, Ports)
    assert found.schema is not None
    assert found.schema.ref == "two/ops.py:add"


def test_a_ref_of_another_machine_is_found_by_a_unique_name():
    found = ports({"ref": "their/ops.py:add", "functionName": "add"})
    assert isinstance(found, Ports)
    assert found.schema is not None
    assert found.schema.ref == "pack/ops.py:add"


def test_every_value_the_table_refuses_is_told_with_its_port():
    params = [Param(name=name, type=parse_type("int")) for name in "abcd"] + [Param(name="e", type=parse_type("list"))]
    found = KIND.bad_values(Ports(inputs=tuple(params), constants={"a": "x", "b": 1, "c": "2", "d": 1.5, "e": "x"}))
    assert [error.port for error in found] == ["a", "d"]


def test_parameters_have_no_order_among_themselves():
    assert KIND.input_order("b")[0] == KIND.input_order("a")[0]


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(), st.lists(st.none()))))
def test_no_data_makes_a_node_raise(data: dict[str, Any]):
    found = ports({"functionName": "add", **data})
    if isinstance(found, Ports):
        assert set(found.constants) <= {"a", "label", "values"}
        assert json.dumps([error.message for error in KIND.bad_values(found)])


def pattern(data: dict[str, Any]) -> object:
    return KIND.pattern(Node(NodeId("n"), "functionNode", data))


def test_nodes_are_alike_when_they_set_the_same_names_to_the_same_types():
    data = {"functionName": "add", "a": 1, "b": "x"}
    assert pattern(data) == pattern({**data, "a": 2, "b": ""})
    others = ({"a": True}, {"c": 1}, {"functionName": "sub"}, {"ref": "pack/ops.py:add"})
    assert len({pattern(data), *(pattern({**data, **other}) for other in others)}) == 1 + len(others)


@pytest.mark.parametrize("data", [{"arguments": {}}, {"functionName": ["add"]}, {"ref": {}}])
def test_where_names_and_types_do_not_tell_everything_a_node_is_like_no_other(data: dict[str, Any]):
    assert pattern(data) is None


@pytest.mark.parametrize(("value", "judged"), [(1, True), (True, False), ("1", False), ("x", False)])
def test_only_what_needs_no_conversion_is_judged_by_its_type(value: Json, judged: bool):
    params = (Param(name="a", type=parse_type("int")), Param(name="b", type=parse_type("list")))
    assert KIND.judges_by_type(Ports(inputs=params, constants={"a": value, "b": value})) is judged
