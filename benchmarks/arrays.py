"""A big array handed from node to node."""

from collections.abc import Iterator

import numpy as np

from benchmarks import rivals
from benchmarks.engine import Psynapse
from benchmarks.graphs import Step
from benchmarks.plain import plain_plan, run_plain
from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, make_row
from benchmarks.timing import Contender, compare

NODES = 10
IN_PROCESSES = "in processes"


def arrays(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """What is added to the time of a plain loop, which copies nothing."""
    timings = compare(_contenders(psynapse, scale), scale.few_rounds * 3).beyond(PLAIN)
    what = f"{scale.megabytes} MB array through {NODES} nodes"
    here, across = Goal("≈ 0 ms", 1, of="figure"), Goal("≤ 35 ms", 35, of="figure")
    yield make_row(f"{what}: added time", "ms", timings, goal=here, is_difference=True)
    yield make_row(
        f"{what} in other processes: added time", "ms", timings, goal=across, ours=IN_PROCESSES, is_difference=True
    )


def _graph(megabytes: int, function: str) -> list[Step]:
    first = Step("big_array", {"megabytes": megabytes})
    return [first, *(Step(function, {}, {"value": index}) for index in range(NODES))]


def _contenders(psynapse: Psynapse, scale: Scale) -> dict[str, Contender]:
    functions = psynapse.functions
    here, across = _graph(scale.megabytes, "same"), _graph(scale.megabytes, "same_elsewhere")
    plan = plain_plan(here, functions)
    original = run_plain(plan)

    def is_original(value: object) -> bool:
        return value is original

    def is_equal(value: object) -> bool:
        return isinstance(value, np.ndarray) and value.nbytes == scale.megabytes * 10**6 and bool((value == 1).all())

    contenders = {
        PLAIN: Contender(call=lambda: run_plain(plan), check=is_original),
        PSYNAPSE: Contender(call=psynapse.call(here), check=is_original),
        IN_PROCESSES: Contender(call=psynapse.call(across), check=is_equal),
    }
    if rivals.has_hamilton():
        contenders[HAMILTON] = Contender(call=rivals.hamilton_call(here, functions), check=is_original)
    if rivals.has_dask():
        contenders[DASK] = Contender(call=rivals.dask_call(here, functions), check=is_original)
    return contenders
