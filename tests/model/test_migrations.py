"""Files that earlier editors saved."""

from typing import Any

import pytest

from psynapse.model.migrations import migrate
from psynapse.model.workflow import dump_workflow, parse_workflow

SCREEN = {
    "selected": True,
    "positionAbsolute": {"x": 1, "y": 2},
    "dragging": False,
    "width": 180,
    "height": 96,
}


def old_file() -> dict[str, Any]:
    edge = {"id": "e", "source": "f", "target": "v", "sourceHandle": "output", "targetHandle": "input"}
    function = {
        "label": "add",
        "functionName": "add",
        "a": 1,
        "params": [{"name": "a"}],
        "returns": [],
        "docstring": "d",
    }
    return {
        "nodes": [
            {
                "id": "f",
                "type": "functionNode",
                "position": {"x": 1, "y": 2},
                **SCREEN,
                "data": {**function, "edges": [edge], "executionStatus": "completed"},
            },
            {"id": "v", "type": "viewNode", **SCREEN, "data": {"label": "View", "edges": [edge], "value": 48}},
        ],
        "edges": [{**edge, "selected": True}],
    }


@pytest.mark.parametrize("data", [None, 3, {"label": "a"}])
def test_screen_state_goes_whatever_the_data_is(data: Any):
    (node,) = migrate({"nodes": [{"id": "n", **SCREEN, "data": data}], "edges": []})["nodes"]  # type: ignore[misc]
    assert node == {"id": "n", "data": data}


def test_leftovers_of_earlier_editors_are_accepted_and_not_written_back():
    workflow, found = parse_workflow(old_file())
    assert not found
    assert dump_workflow(workflow) == {
        "version": 1,
        "nodes": [
            {
                "id": "f",
                "type": "functionNode",
                "position": {"x": 1, "y": 2},
                "data": {"label": "add", "functionName": "add", "a": 1},
            },
            {"id": "v", "type": "viewNode", "data": {"label": "View"}},
        ],
        "edges": [{"id": "e", "source": "f", "target": "v", "sourceHandle": "output", "targetHandle": "input"}],
    }


def test_migrating_changes_nothing_in_what_it_is_given():
    document = old_file()
    migrate(document)
    assert document == old_file()


def test_a_value_of_any_other_node_than_a_view_is_kept():
    document = {"nodes": [{"id": "f", "type": "functionNode", "data": {"value": 3}}], "edges": []}
    assert migrate(document) == document


@pytest.mark.parametrize("version", [1, 2, 10**30])
def test_current_and_future_files_are_not_touched(version: int):
    document = {**old_file(), "version": version}
    assert migrate(document) is document


@pytest.mark.parametrize("version", [0, -1, True, None, "1", 1.5, [], {}])
def test_a_version_that_is_none_counts_as_the_first(version: Any):
    nodes: Any = migrate({**old_file(), "version": version})["nodes"]
    assert "selected" not in nodes[0]


@pytest.mark.parametrize("broken", [None, 3, "x", {}, [None, 3, {"id": "n"}, {"id": "m", "data": None}]])
def test_broken_lists_are_left_for_the_parser_to_report(broken: Any):
    migrated = migrate({"nodes": broken, "edges": broken})
    assert migrated == {"nodes": broken, "edges": broken}
