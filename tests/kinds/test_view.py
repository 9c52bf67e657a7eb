"""A value shown to the user."""

import pytest

from psynapse.kinds.view import ViewKind
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId
from psynapse.model.workflow import Node

KIND = ViewKind()


def test_a_view_has_one_input_of_any_type_and_the_first_edge_counts():
    ports = KIND.ports(Node(NodeId("v"), "viewNode", {"value": 48}), Catalog())
    assert [(port.name, str(port.type), port.required) for port in ports.inputs] == [("input", "Any", False)]
    assert ports.one_input
    assert not ports.constants
    assert KIND.bad_values(ports) == ()
    assert KIND.input_order("input") == (0, "input")


@pytest.mark.parametrize("port", ["input", "", "somewhere"])
def test_a_view_passes_the_very_value_through(port: str):
    evaluation = KIND.evaluate({}, (port,), None)
    value = object()
    args = list(evaluation.args)
    args[evaluation.positions[port]] = value
    assert evaluation.function(*args) is value


def test_an_unconnected_view_shows_null():
    evaluation = KIND.evaluate({}, (), None)
    assert evaluation.function(*evaluation.args) is None
