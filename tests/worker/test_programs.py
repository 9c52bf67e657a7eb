"""Compiled plans, kept as long as they can be run again."""

import gc
from collections.abc import Iterator

import pytest

from psynapse.catalog.registry import Registry
from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog
from psynapse.model.ids import NodeId
from psynapse.model.json_text import dumps
from psynapse.planning.plan import Plan, Task
from psynapse.worker.programs import Programs
from psynapse.worker.transfer import plan_to_json


def encoded(*nodes: str) -> bytes:
    return dumps(plan_to_json(Plan(tuple(Task(NodeId(node), "viewNode", node) for node in nodes))))


@pytest.fixture
def programs() -> Programs:
    return Programs(Registry(Catalog(), {}))


@pytest.fixture(params=[True, False])
def collecting(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether the search for rubbish is on, as a node may have left it."""
    was_on = gc.isenabled()
    wanted: bool = request.param
    (gc.enable if wanted else gc.disable)()
    yield wanted
    (gc.enable if was_on else gc.disable)()


def test_the_same_plan_is_the_same_program_as_long_as_it_is_kept(programs: Programs):
    first = programs.take(encoded("a"), keep_all=True)
    programs.give_back(first, encoded("a"), keep_all=True)
    assert programs.take(encoded("a"), keep_all=True) is first
    # It is taken: whoever runs it has not given it back.
    assert programs.take(encoded("a"), keep_all=True) is not first


@pytest.fixture
def thresholds() -> Iterator[tuple[int, int, int]]:
    usual = gc.get_threshold()
    yield usual
    gc.set_threshold(*usual)


def test_the_search_for_rubbish_waits_for_the_run_and_is_as_before_after_it(
    programs: Programs, thresholds: tuple[int, int, int]
):
    for _ in range(2):
        # These break off: nothing is given back.
        programs.take(encoded("a"), keep_all=True)
    program = programs.take(encoded("a"), keep_all=True)
    programs.give_back(program, encoded("a"), keep_all=True)
    assert gc.get_threshold() == thresholds


def test_a_threshold_that_a_node_has_set_stays(programs: Programs, thresholds: tuple[int, int, int]):
    program = programs.take(encoded("a"), keep_all=True)
    own = (thresholds[0] + 100_000, 7, 7)
    gc.set_threshold(*own)
    programs.give_back(program, encoded("a"), keep_all=True)
    assert gc.get_threshold() == own


def test_only_the_newest_programs_are_kept(programs: Programs):
    made = [programs.take(encoded(str(number)), keep_all=False) for number in range(6)]
    for number, program in enumerate(made):
        programs.give_back(program, encoded(str(number)), keep_all=False)
    again = [programs.take(encoded(str(number)), keep_all=False) for number in range(6)]
    assert [one is two for one, two in zip(made, again, strict=True)] == [False, False, True, True, True, True]


def test_compiling_leaves_the_search_for_rubbish_as_it_was(programs: Programs, collecting: bool):
    programs.take(encoded("a"), keep_all=True)
    assert gc.isenabled() is collecting
    with pytest.raises(WorkerError):
        programs.take(b"{}", keep_all=True)
    assert gc.isenabled() is collecting
