"""Programs made with the one before: equal to programs made alone, their calls shared where nothing has changed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.executors import Executors
from psynapse.engine.program import BLOCKED, Program, compile_plan
from psynapse.engine.runner import Runner
from psynapse.model.workflow import parse_workflow
from psynapse.planning.plan import Plan
from psynapse.planning.planner import make_plan

OPS = """
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

import psynapse


def _small(value):
    if value > 99:
        raise ValueError("too large")
    return value


def mix(a: int = 1, b: float = 2, c: Annotated[int, AfterValidator(_small)] = 3) -> float:
    return a + b + c


@psynapse.node(executor="process")
def far(a: int = 1) -> int:
    return a


async def later(a: int = 1) -> int:
    return a


class Bag:
    def __init__(self, text):
        self.items = list(text)


def fill(bag: Annotated[Bag, BeforeValidator(Bag)]) -> int:
    bag.items.append(0)
    return len(bag.items)


def fill_named(more: int = 1, bag: Annotated[Bag, BeforeValidator(Bag)] = Bag("")) -> int:
    return fill(bag) + more


def count(items: list) -> int:
    items.append(0)
    return len(items)
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pack = tmp_path_factory.mktemp("packs") / "again"
    pack.mkdir()
    (pack / "ops.py").write_text(OPS)
    return pack.parent


@pytest.fixture(scope="module")
def registry(packs: Path) -> Registry:
    return load_registry([(packs, "user")])


Nodes = dict[str, tuple[str, dict[str, Any]]]


def planned(nodes: Nodes, registry: Registry, previous: Plan | None = None, targets: tuple[str, ...] = ()) -> Plan:
    """A plan of nodes given by id as ``(function, {port: value or "@source"})``."""
    made: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for node, (function, given_values) in nodes.items():
        data: dict[str, Any] = {"functionName": function}
        for port, value in given_values.items():
            if isinstance(value, str) and value.startswith("@"):
                edges.append({"source": value[1:], "target": node, "targetHandle": port})
            else:
                data[port] = value
        made.append({"id": node, "type": "functionNode" if function else "viewNode", "data": data})
    workflow, found = parse_workflow({"version": 1, "nodes": made, "edges": edges})
    return make_plan(workflow, registry.catalog, targets, found, previous)


@st.composite
def graphs(draw: st.DrawFn) -> Nodes:
    """Few functions and values, so that two graphs have much in common and differ in who takes what."""
    nodes: Nodes = {}
    for index in range(draw(st.integers(1, 6))):
        function = draw(st.sampled_from(["mix", "mix", "mix", "far", "later", "gone", ""]))
        sources = st.sampled_from([f"@{name}" for name in nodes]) if nodes else st.just(1)
        values = st.one_of(sources, sources, st.sampled_from([1, 1.0, True, "1", 100, "many", None]))
        ports = draw(st.sets(st.sampled_from(["a", "b", "c"] if function else ["input"])))
        nodes[f"n{index}"] = (function, {port: draw(values) for port in sorted(ports)})
    return nodes


def comparable(program: Program) -> object:
    """Everything but the errors, which are compared by their words."""
    errors = {task: str(error) for task, error in program.errors.items()}
    calls = [(call, [type(value) for value in call[1]]) for call in program.calls]
    return program.plan, program.shape, calls, errors, program.remotes, program.shared, program.uses, program.fates


@settings(deadline=None)
@given(before=graphs(), after=graphs(), keep_before=st.booleans(), keep_after=st.booleans(), data=st.data())
def test_a_program_made_with_any_other_is_the_one_made_alone(
    registry: Registry, before: Nodes, after: Nodes, keep_before: bool, keep_after: bool, data: st.DataObject
) -> None:
    first = planned(before, registry, targets=tuple(data.draw(st.sets(st.sampled_from(sorted(before))))))
    earlier = compile_plan(first, registry, keep_all=keep_before)
    plan = planned(after, registry, first, tuple(data.draw(st.sets(st.sampled_from(sorted(after))))))
    alone = compile_plan(plan, registry, keep_all=keep_after)
    assert comparable(compile_plan(plan, registry, keep_all=keep_after, previous=earlier)) == comparable(alone)


def row(*values: Any) -> Nodes:
    """Nodes in a row that each add one of ``values`` to what the one before gives."""
    nodes: Nodes = {"n0": ("mix", {"a": 0, "b": values[0]})}
    for index, value in enumerate(values[1:], 1):
        nodes[f"n{index}"] = ("mix", {"a": f"@n{index - 1}", "b": value})
    return nodes


def compiled(nodes: Nodes, registry: Registry, previous: Program | None = None, *, keep_all: bool = True) -> Program:
    plan = planned(nodes, registry, previous.plan if previous else None)
    return compile_plan(plan, registry, keep_all=keep_all, previous=previous)


def shared(program: Program, earlier: Program) -> list[bool]:
    known = {id(call) for call in earlier.calls}
    return [id(call) in known for call in program.calls]


def test_only_the_call_of_the_node_that_changed_is_compiled_again(registry: Registry) -> None:
    earlier = compiled(row(1.0, 2.0, 3.0), registry)
    assert shared(compiled(row(1.0, 2.5, 3.0), registry, earlier), earlier) == [True, False, True]
    assert shared(compiled(row(1.0, 2.0, 3.0, 4.0), registry, earlier), earlier) == [True, True, True, False]
    assert shared(compiled(row(1.0), registry, earlier), earlier) == [True]


def test_a_call_whose_source_is_now_wanted_by_another_too_is_compiled_again(registry: Registry) -> None:
    nodes = row(1.0, 2.0)
    earlier = compiled(nodes, registry, keep_all=False)
    more = compiled({**nodes, "other": ("mix", {"a": "@n0"})}, registry, earlier, keep_all=False)
    assert shared(more, earlier)[:2] == [True, False]
    kept = compiled(nodes, registry, earlier, keep_all=True)
    assert shared(kept, earlier) == [True, False]


def test_calls_of_other_nodepacks_are_not_taken_over(registry: Registry, packs: Path) -> None:
    nodes = row(1.0, 2.0)
    earlier = compiled(nodes, registry)
    reloaded = load_registry([(packs, "user")])
    program = compile_plan(planned(nodes, reloaded, earlier.plan), reloaded, keep_all=True, previous=earlier)
    assert program.plan.tasks == earlier.plan.tasks
    assert shared(program, earlier) == [False, False]
    callees = [operation.callee for operation in reloaded.operations.values()]
    assert all(call[0] in callees for call in program.calls)


def test_each_program_has_its_own_errors(registry: Registry) -> None:
    nodes: Nodes = {"n": ("mix", {"c": 100})}
    earlier = compiled(nodes, registry)
    program = compiled(nodes, registry, earlier)
    assert program.plan.tasks[0] is earlier.plan.tasks[0]
    assert program.calls[0][-1] == BLOCKED
    assert str(program.errors[0]) == str(earlier.errors[0])
    assert program.errors[0] is not earlier.errors[0]


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("fill", {"bag": "ab"}, 3),
        ("fill_named", {"bag": "ab"}, 4),
        ("fill_named", {"bag": "ab", "more": 2}, 5),
        ("count", {"items": "[1, 2]"}, 3),
    ],
)
def test_what_a_constant_was_converted_to_is_made_anew_for_each_run(
    registry: Registry, executors: Executors, function: str, values: dict[str, Any], expected: int
) -> None:
    program: Program | None = None
    for _ in range(3):
        program = compiled({"n": (function, values)}, registry, program)
        assert Runner(program, executors).run().values == [expected]


def test_a_call_with_plain_values_by_keyword_is_taken_over(registry: Registry) -> None:
    earlier = compiled({"n": ("mix", {"b": 1.0})}, registry)
    assert earlier.calls[0][2] == {"b": 1.0}
    assert shared(compiled({"n": ("mix", {"b": 1.0})}, registry, earlier), earlier) == [True]
