"""The shapes in which node kinds answer."""

import pytest

from psynapse.kinds import KINDS
from psynapse.kinds.base import Port, Ports
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId
from psynapse.model.types import ANY, parse_type
from psynapse.model.workflow import Node

WHOLE = Ports(outputs=(Port("result", parse_type("int")),))
KEYS = Ports(outputs=(Port("head", parse_type("int")), Port("tail", parse_type("str"))))


@pytest.mark.parametrize("handle", [None, "", "output", "result"])
def test_the_whole_value_has_synonyms(handle: str | None):
    assert WHOLE.output_type(handle) == parse_type("int")
    assert KEYS.output_type(handle) == ANY


def test_a_key_has_its_declared_type_and_an_undeclared_one_any():
    assert KEYS.output_type("tail") == parse_type("str")
    assert KEYS.output_type("other") == ANY
    assert WHOLE.output_type("other") == ANY


def test_there_is_a_kind_for_each_node_type_of_the_contract():
    assert {kind: row.default_name for kind, row in KINDS.items()} == {
        "functionNode": "Function",
        "variableNode": "Variable",
        "listNode": "List",
        "viewNode": "View",
    }


@pytest.mark.parametrize("name", ["variableNode", "listNode", "viewNode"])
def test_a_node_without_a_function_is_looked_at_by_itself(name: str):
    kind, node = KINDS[name], Node(NodeId("n"), name, {"variableType": "String"})
    ports = kind.ports(node, Catalog())
    assert isinstance(ports, Ports)
    assert kind.pattern(node) is None
    assert not kind.judges_by_type(ports)
