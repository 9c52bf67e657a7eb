"""What an engine costs per node that does next to nothing."""

from collections.abc import Iterator

from benchmarks import graphs, rivals
from benchmarks.engine import Psynapse
from benchmarks.graphs import Graph
from benchmarks.plain import plain_plan, run_plain
from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, expecting, make_row
from benchmarks.timing import Contender, compare
from psynapse.engine.records import Record, decode_records, encode_records
from psynapse.engine.runner import RunOptions

RECORDED, ENCODED, TOLD = "recorded", "encoded", "told"
# The plain loop takes 0.20 µs a node where the goals were set: a limit in µs is five times as much in ratios.
UNSEEN = Goal("≤ 5 x plain (1.0 µs)", 5)
GOALS = {RECORDED: Goal("≤ 7.5 x plain (1.5 µs)", 7.5), ENCODED: Goal("≤ 12.5 x plain (2.5 µs)", 12.5), TOLD: None}
LARGEST_FOR_RIVALS = 2_000


def overhead(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """Chains of all lengths with and without events, then other shapes."""
    for length in scale.nodes:
        yield from _chain(psynapse, scale, length)
    width, leaves = scale.nodes[0], scale.leaves
    yield _shape(psynapse, scale, f"fan, {width:,} + 1 nodes", graphs.fan(width, x=1, y=1), [2] * width)
    yield _shape(psynapse, scale, f"tree, {2 * leaves - 1:,} nodes", graphs.tree(leaves), leaves)


def _chain(psynapse: Psynapse, scale: Scale, length: int) -> Iterator[Row]:
    graph = graphs.chain(length, y=1)
    contenders = _contenders(psynapse, scale, graph, length) | _with_events(psynapse, graph, length)
    timings = compare(contenders, scale.rounds).per(length)
    yield make_row(f"chain, {length:,} nodes: per node, nobody watching", "µs", timings, goal=UNSEEN)
    texts = {RECORDED: "recorded", ENCODED: "recorded and encoded", TOLD: "told to a listener as RunEvents"}
    for name, text in texts.items():
        yield make_row(f"chain, {length:,} nodes: {text}", "µs", timings, goal=GOALS[name], ours=name)


def _shape(psynapse: Psynapse, scale: Scale, what: str, graph: Graph, value: object) -> Row:
    timings = compare(_contenders(psynapse, scale, graph, value), scale.rounds).per(len(graph))
    return make_row(f"{what}: per node, nobody watching", "µs", timings, goal=UNSEEN)


def _contenders(psynapse: Psynapse, scale: Scale, graph: Graph, value: object) -> dict[str, Contender]:
    plan = plain_plan(graph, psynapse.functions)
    contenders = {
        PLAIN: expecting(value, lambda: run_plain(plan)),
        PSYNAPSE: expecting(value, psynapse.call(graph)),
    }
    if len(graph) > LARGEST_FOR_RIVALS:
        return contenders
    if rivals.has_hamilton():
        contenders[HAMILTON] = expecting(value, rivals.hamilton_call(graph, psynapse.functions), scale.every)
    if rivals.has_dask():
        contenders[DASK] = expecting(value, rivals.dask_call(graph, psynapse.functions), scale.every)
    return contenders


def _with_events(psynapse: Psynapse, graph: Graph, value: object) -> dict[str, Contender]:
    program = psynapse.compile(graph)
    # Two of each node, the run's first and its last.
    count = 2 * len(graph) + 2

    def recorded() -> tuple[object, int]:
        records: list[Record] = []
        answer = psynapse.run(program, RunOptions(on_records=records.extend))
        return answer, len(records)

    def encoded() -> tuple[object, bytes]:
        batches: list[bytes] = []
        options = RunOptions(on_records=lambda records: batches.append(encode_records(records)))
        answer = psynapse.run(program, options)
        return answer, b"\n".join(batches)

    def told() -> tuple[object, int]:
        seen: list[int] = []
        options = RunOptions(listener=lambda events: seen.append(len(events)))
        answer = psynapse.run(program, options)
        return answer, sum(seen)

    def is_complete(given: object) -> bool:
        match given:
            case (found, bytes(batches)):
                return found == value and sum(len(decode_records(batch)) for batch in batches.splitlines()) == count
            case _:
                return False

    return {
        RECORDED: expecting((value, count), recorded),
        ENCODED: Contender(call=encoded, check=is_complete),
        TOLD: expecting((value, count), told),
    }
