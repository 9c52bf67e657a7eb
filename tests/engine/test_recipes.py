"""Calls made by a recipe are those that are worked out for each task."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.executors import Executors
from psynapse.engine.program import PROCESS, compile_plan
from psynapse.engine.recipes import Call, make_call
from psynapse.engine.runner import Runner
from psynapse.errors import ConversionError
from psynapse.kinds import KINDS
from psynapse.model.ids import Json, NodeId, Ref
from psynapse.planning.plan import Input, Plan, Task

OPS = """
import psynapse


def mix(a: int = 1, b: str = "", c=None) -> str:
    return f"{a}{b}{c}"


def only_named(*, a: int = 1, b: str = "", c=None) -> str:
    return mix(a, b, c)


@psynapse.node(executor="process")
def far(a: int = 1, b: str = "", c=None) -> str:
    return mix(a, b, c)


def collect(c: list) -> int:
    c.append(0)
    return len(c)
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    root: Path = tmp_path_factory.mktemp("packs")
    (root / "p").mkdir()
    (root / "p" / "ops.py").write_text(OPS)
    return load_registry([(root, "user")])


def task(number: int, name: str, constants: dict[str, Json], inputs: tuple[Input, ...] = ()) -> Task:
    return Task(NodeId(f"n{number}"), "functionNode", name, Ref(f"p/ops.py:{name}"), constants, inputs)


values: st.SearchStrategy[Json] = st.sampled_from([1, 2, True, 1.5, "1", "x", "y", None, [1], {"k": 1}])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Many tasks of few functions, with few ways to be set and wired."""
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 8))):
        constants = draw(st.dictionaries(st.sampled_from("abc"), values, max_size=3))
        ports = draw(st.lists(st.sampled_from("abc"), unique=True, max_size=2 if number else 0))
        inputs = tuple(
            Input(port, draw(st.integers(0, number - 1)), draw(st.sampled_from([None, "k"]))) for port in ports
        )
        tasks.append(task(number, draw(st.sampled_from(["mix", "mix", "only_named", "far"])), constants, inputs))
    return Plan(tuple(tasks))


def worked_out(registry: Registry, task: Task, place: int, fates: bytes) -> Call | str:
    assert task.ref
    try:
        wired = tuple(item.port for item in task.inputs)
        evaluation = KINDS[task.kind].evaluate(task.constants, wired, registry.operations[task.ref])
    except ConversionError as error:
        return str(error)
    return make_call(evaluation, task.inputs, place, fates)


def comparable(call: Call | str) -> object:
    """A function that copies values for each call is made anew each time."""
    return call if isinstance(call, str) else (getattr(call[0], "func", call[0]), repr(call[1:3]), *call[3:])


@given(plan=plans(), keep_all=st.booleans())
@settings(deadline=None, max_examples=200)
def test_every_call_is_the_one_that_its_task_alone_would_have(registry: Registry, plan: Plan, keep_all: bool):
    program = compile_plan(plan, registry, keep_all=keep_all)
    for index, (one, call) in enumerate(zip(plan.tasks, program.calls, strict=True)):
        alone = worked_out(registry, one, call[-1], program.fates)
        error = program.errors.get(index)
        assert comparable(str(error) if error else call) == comparable(alone)
        assert (index in program.remotes) == (call[-1] == PROCESS)


def test_tasks_that_are_alike_have_arguments_of_their_own(registry: Registry):
    plan = Plan(tuple(task(number, "mix", {"a": number, "b": "x"}) for number in range(5)))
    assert [call[1] for call in compile_plan(plan, registry, keep_all=True).calls] == [(n, "x") for n in range(5)]


def test_what_a_function_changes_is_not_what_the_next_one_gets(registry: Registry):
    plan = Plan(tuple(task(number, "collect", {"c": [number]}) for number in range(3)))
    executors = Executors()
    try:
        outcome = Runner(compile_plan(plan, registry, keep_all=True), executors).run()
    finally:
        executors.close()
    assert outcome.values == [2, 2, 2]
