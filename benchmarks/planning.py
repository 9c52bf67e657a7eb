"""From a workflow to something that can be run, without running it."""

from collections.abc import Iterator

from benchmarks import graphs, rivals
from benchmarks.engine import Psynapse
from benchmarks.graphs import to_workflow
from benchmarks.plain import plain_plan
from benchmarks.rows import HAMILTON, PLAIN, PSYNAPSE, Row, Scale, make_row
from benchmarks.timing import Contender, compare
from psynapse.engine.program import compile_plan
from psynapse.planning.planner import make_plan

LARGEST_FOR_HAMILTON = 2_000
COMPILE = "compile"


def planning(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """Checking and ordering, and compiling, of chains of all lengths."""
    for length in scale.nodes:
        timings = compare(_contenders(psynapse, length), scale.few_rounds).per(length)
        yield make_row(f"make_plan, chain of {length:,}: per node (Hamilton: build)", "µs", timings)
        yield make_row(f"compile_plan, chain of {length:,}: per node", "µs", timings, ours=COMPILE)


def _contenders(psynapse: Psynapse, length: int) -> dict[str, Contender]:
    graph = graphs.chain(length, y=1)
    workflow, registry = to_workflow(graph), psynapse.registry
    plan = make_plan(workflow, registry.catalog)
    contenders = {
        PLAIN: Contender(
            call=lambda: plain_plan(graph, psynapse.functions),
            check=lambda made: isinstance(made, list) and len(made) == length,
        ),
        PSYNAPSE: Contender(call=lambda: make_plan(workflow, registry.catalog), check=lambda made: made == plan),
        COMPILE: Contender(
            call=lambda: compile_plan(plan, registry, keep_all=True),
            check=lambda made: made == compile_plan(plan, registry, keep_all=True),
        ),
    }
    if rivals.has_hamilton() and length <= LARGEST_FOR_HAMILTON:
        module = rivals.hamilton_module(graph, psynapse.functions)
        contenders[HAMILTON] = Contender(
            call=lambda: rivals.build_hamilton(module), check=lambda driver: driver is not None
        )
    return contenders
