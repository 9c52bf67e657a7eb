"""Nodes that keep a core busy in pure Python."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import ceil
from multiprocessing import get_context

from benchmarks import graphs, rivals
from benchmarks.engine import Psynapse
from benchmarks.graphs import Graph
from benchmarks.nodepack.ops import burn
from benchmarks.plain import plain_plan, run_plain
from benchmarks.rows import DASK, PLAIN, PSYNAPSE, Goal, Row, Scale, expecting, make_row
from benchmarks.timing import Contender, compare

NODES = 4
STEPS = 4_000_000
IN_PROCESSES, BARE = "in processes", "in a bare process pool"


def cores(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """The same calculation in child processes, and in threads, which take turns."""
    steps = int(STEPS * scale.slowness)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        timings = compare(_contenders(psynapse, pool, steps), scale.few_rounds)
    ideal = ceil(NODES / min(NODES, os.cpu_count() or 1)) / NODES
    goal = Goal(f"≤ {1.1 * ideal:.2f} x plain (1.1 x ideal)", 1.1 * ideal)
    # On a machine that is busy with something else, a bare pool cannot keep to the goal either.
    what = f"{NODES} CPU-bound nodes, process executor (a bare process pool: {timings.ratio(BARE, PLAIN):.2f} x)"
    yield make_row(what, "s", timings, goal=goal, ours=IN_PROCESSES)
    yield make_row(f"{NODES} CPU-bound nodes, unmarked (threads)", "s", timings)


def _contenders(psynapse: Psynapse, pool: ProcessPoolExecutor, steps: int) -> dict[str, Contender]:
    functions = psynapse.functions
    here: Graph = graphs.fan(NODES, "burn", steps=steps)
    plan = plain_plan(here, functions)
    value = run_plain(plan)
    contenders = {
        PLAIN: expecting(value, lambda: run_plain(plan)),
        IN_PROCESSES: expecting(value, psynapse.call(graphs.fan(NODES, "burn_elsewhere", steps=steps))),
        BARE: expecting(value, lambda: list(pool.map(burn, [steps] * NODES))),
        PSYNAPSE: expecting(value, psynapse.call(here)),
    }
    if rivals.has_dask():
        contenders[DASK] = expecting(value, rivals.dask_call(here, functions))
    return contenders
