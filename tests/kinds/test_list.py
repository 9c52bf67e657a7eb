"""Several inputs gathered into one list."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.kinds.list import ListKind
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId
from psynapse.model.workflow import Node

KIND = ListKind()


def input_names(data: dict[str, Any]) -> list[str]:
    return [port.name for port in KIND.ports(Node(NodeId("n"), "listNode", data), Catalog()).inputs]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"inputCount": 3}, 3),
        ({"inputCount": 0}, 0),
        ({"inputCount": -1}, 0),
        ({}, 1),
        ({"inputCount": "3"}, 1),
        ({"inputCount": 10**100}, 100),
    ],
)
def test_a_list_has_the_inputs_the_editor_shows(data: dict[str, Any], count: int):
    names = input_names(data)
    assert len(names) == count
    assert names[:2] == ["input-0", "input-1"][:count]


def test_a_list_gives_a_list_and_takes_any_handle():
    ports = KIND.ports(Node(NodeId("n"), "listNode"), Catalog())
    assert str(ports.output_type(None)) == "list"
    assert ports.any_handle
    assert KIND.bad_values(ports) == ()


@given(st.permutations(range(120)))
def test_handles_are_ordered_by_number(numbers: list[int]):
    handles = sorted((f"input-{number}" for number in numbers), key=KIND.input_order)
    assert handles == [f"input-{number}" for number in range(120)]


@given(st.text())
def test_any_other_handle_comes_first_and_none_raises(handle: str):
    order = KIND.input_order(handle)
    assert order[1] == handle
    assert 0 <= order[0] < 10**9


@pytest.mark.parametrize("handle", ["input-", "input-x", "input-٣", "input--1", "input-" + "9" * 100_000])
def test_what_is_no_index_is_not_read_as_one(handle: str):
    assert KIND.input_order(handle) == (0, handle)


@given(st.dictionaries(st.text(), st.integers(), max_size=5))
def test_values_are_gathered_in_the_order_they_are_wired(arriving: dict[str, int]):
    evaluation = KIND.evaluate({}, tuple(arriving), None)
    args = list(evaluation.args)
    for port, value in arriving.items():
        args[evaluation.positions[port]] = value
    assert evaluation.function(*args) == list(arriving.values())
