"""Running again after a change: what was computed before is not computed again, and calls are counted."""

from collections.abc import Callable, Iterator
from typing import cast

from benchmarks import graphs, rivals
from benchmarks.engine import Psynapse, finish
from benchmarks.graphs import Step
from benchmarks.plain import plain_plan, run_plain
from benchmarks.rows import HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, make_row
from benchmarks.timing import Contender, compare
from psynapse.engine.cache import Cache
from psynapse.engine.reuse import Reuse
from psynapse.engine.runner import Runner, RunOptions

LENGTH = 10
PLANNED = "planned anew"


def again(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """After one change that one chain depends on, and after none."""
    size = f"re-run of {scale.chains * LENGTH:,} nodes"
    for called, change in ((LENGTH, f"one change that {LENGTH} depend on"), (0, "nothing changed")):
        edited = _Edited(psynapse, scale, called)
        timings = compare(edited.contenders(), scale.rounds)
        goal = Goal(f"≤ 1 ms, {called} calls", 1, of="figure")
        yield make_row(f"{size}, {change}: keys and run", "ms", timings, goal=goal)
        yield make_row(f"{size}, {change}: planned and compiled as well", "ms", timings, ours=PLANNED)


class _Edited:
    """Chains beside each other; the first node of one of them is edited before each round."""

    def __init__(self, psynapse: Psynapse, scale: Scale, called: int) -> None:
        self._psynapse = psynapse
        self._scale = scale
        self._called = called
        self._number = 1
        self._chain = scale.chains // 2
        self._graph = graphs.chains(scale.chains, LENGTH, "counted_add")
        program = psynapse.compile(self._graph)
        self._programs = {PSYNAPSE: program, PLANNED: program}
        self._caches = {PSYNAPSE: Cache(), PLANNED: Cache()}
        module = psynapse.functions["counted_add"].__globals__  # pyright: ignore[reportFunctionMemberAccess] -- a function
        self._calls = cast("list[int]", module["calls"])

    def contenders(self) -> dict[str, Contender]:
        """Everybody who can re-run, having run once; and the plain loop, which calls everything each time."""
        self._run(PSYNAPSE)
        self._run(PLANNED)
        contenders = {
            PLAIN: self._contender(self._run_plain, len(self._graph) - 1, self._edit),
            PSYNAPSE: self._contender(lambda: self._run(PSYNAPSE), self._called, lambda: self._plan(PSYNAPSE)),
            PLANNED: self._contender(self._plan_and_run, self._called),
        }
        if rivals.has_hamilton():
            contenders[HAMILTON] = self._hamilton()
        return contenders

    def _contender(
        self, call: Callable[[], object], calls: int, prepare: Callable[[], None] = lambda: None, every: int = 1
    ) -> Contender:
        def prepare_and_reset() -> None:
            prepare()
            self._calls[0] = 0

        def check(value: object) -> bool:
            return value == self._expected() and self._calls[0] == calls

        return Contender(call=call, check=check, prepare=prepare_and_reset, every=every)

    def _hamilton(self) -> Contender:
        edited = (self._chain * LENGTH, "y")
        adapt = rivals.with_memory_cache
        run = rivals.hamilton_call(self._graph, self._psynapse.functions, adapt=adapt, edited=edited)
        run(self._number)
        return self._contender(lambda: run(self._number), self._called, every=self._scale.every)

    def _edit(self) -> None:
        if self._called:
            self._number += 1
            self._graph[self._chain * LENGTH] = Step("counted_add", {"x": self._chain, "y": self._number})
        self._plain = plain_plan(self._graph, self._psynapse.functions)

    def _plan(self, name: str) -> None:
        """As an editor's worker does: with the program of the run before."""
        self._programs[name] = self._psynapse.compile(self._graph, self._programs[name])

    def _plan_and_run(self) -> object:
        self._plan(PLANNED)
        return self._run(PLANNED)

    def _expected(self) -> list[int]:
        ends = [index + LENGTH for index in range(self._scale.chains)]
        ends[self._chain] += self._number - 1
        return ends

    def _run_plain(self) -> object:
        return run_plain(self._plain)

    def _run(self, name: str) -> object:
        program = self._programs[name]
        reuse = Reuse(self._caches[name], program.plan, self._psynapse.registry.catalog)
        return finish(program, Runner(program, self._psynapse.executors, RunOptions(reuse=reuse)))
