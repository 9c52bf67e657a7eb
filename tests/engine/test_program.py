"""What is decided about a run before its first call."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psynapse.engine.program import AIO, BLOCKED, INLINE, LOCAL, PROCESS, Program
from psynapse.engine.recipes import Wire
from psynapse.engine.runner import Runner
from psynapse.model.events import RunEvent

Prepare = Callable[..., tuple[Runner, dict[str, int], list[RunEvent]]]


def compiled(prepare: Prepare, nodes: Mapping[str, Any], *, keep_all: bool = True) -> tuple[Program, dict[str, int]]:
    runner, tasks, _ = prepare(nodes, keep_all=keep_all, listen=False)
    return runner._state.program, tasks


def wires_of(program: Program, task: int) -> tuple[Wire, ...]:
    _, _, _, by_position, by_keyword, _ = program.calls[task]
    return by_position + by_keyword


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        (("add", {"a": 1}), LOCAL),
        (("thread_inline", {}), INLINE),
        (("doze", {"seconds": 0}), AIO),
        (("process_id", {}), PROCESS),
        (("no_such_function", {}), BLOCKED),
        (("multiply", {"a": 1}), BLOCKED),
        (("multiply", {"a": 1, "b": "many"}), BLOCKED),
        (("picky", {"value": "grudge"}), BLOCKED),
        (("Count", {"steps": 1}), LOCAL),
    ],
)
def test_where_a_node_runs_is_decided_by_its_options_and_its_findings(prepare: Prepare, spec: Any, place: int):
    program, tasks = compiled(prepare, {"node": spec})
    assert program.calls[tasks["node"]][-1] == place


def test_constants_are_converted_once_before_the_run(prepare: Prepare):
    program, tasks = compiled(prepare, {"sum": ("add", {"a": "1e3", "b": True})})
    function, args, kwargs, by_position, by_keyword, _ = program.calls[tasks["sum"]]
    assert function(*args, **(kwargs or {})) == 1001.0
    assert (by_position, by_keyword) == ((), ())


def test_several_wires_between_two_nodes_are_one_dependency(prepare: Prepare):
    nodes = {"one": ("add", {"a": 1}), "sum": ("mix", {"a": "@one", "b": "@one", "c": "@one"})}
    program, tasks = compiled(prepare, nodes, keep_all=False)
    assert program.shape.indegree[tasks["sum"]] == 1
    assert program.shape.successors[tasks["one"]] == (tasks["sum"],)
    assert program.uses[tasks["one"]] == 3
    assert program.shared[tasks["sum"]] == (tasks["one"],) * 3


@given(choices=st.lists(st.lists(st.integers(0, 99), max_size=3), min_size=1, max_size=25), keep_all=st.booleans())
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_is_let_go_exactly_once_and_only_when_all_have_had_it(
    prepare: Prepare, choices: list[list[int]], keep_all: bool
):
    nodes: dict[str, Any] = {}
    for number, sources in enumerate(choices):
        ports = zip("abc", sources, strict=False)
        nodes[f"n{number}"] = ("mix", {port: f"@n{source % number}" if number else source for port, source in ports})
    nodes["view"] = "@n0"
    program, tasks = compiled(prepare, nodes, keep_all=keep_all)
    leaving = Counter(wire[1] for task in tasks.values() for wire in wires_of(program, task))
    assert [leaving[task] for task in range(len(tasks))] == list(program.uses)
    at_once = [wire[1] for task in tasks.values() for wire in wires_of(program, task) if wire[5]]
    counted = Counter(source for shared in program.shared for source in shared)
    for source in tasks.values():
        kept = keep_all or source == tasks["view"]
        assert at_once.count(source) == (leaving[source] == 1 and not kept)
        assert counted[source] == (leaving[source] if leaving[source] > 1 and not kept else 0)
