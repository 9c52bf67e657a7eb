"""Rows of the table: what was measured, and whether the goal was met."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from benchmarks.engine import Psynapse
from benchmarks.timing import Contender, Timings

PLAIN, PSYNAPSE, HAMILTON, DASK = "plain Python", "Psynapse", "Hamilton", "Dask"
Unit = Literal["s", "ms", "µs", "MB"]
_FACTORS: dict[Unit, float] = {"s": 1.0, "ms": 1e3, "µs": 1e6, "MB": 1e-6}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: the real thing, or just enough to see that everything works."""

    nodes: tuple[int, ...] = (1_000, 10_000)
    leaves: int = 512
    rounds: int = 40
    few_rounds: int = 3
    every: int = 10
    """In which rounds slow rivals take part."""
    slowness: float = 1.0
    """Sleeps and calculations are this many times as long as in the goals."""
    megabytes: int = 100
    chains: int = 100


FULL = Scale()
QUICK = Scale((30,), leaves=8, rounds=2, few_rounds=1, every=1, slowness=0.01, megabytes=1, chains=5)


@dataclass(frozen=True, slots=True)
class Goal:
    """``most`` is a limit: of the ratio to plain Python, or of Psynapse's own figure in the row's unit."""

    text: str
    most: float
    of: Literal["ratio", "figure"] = "ratio"


@dataclass(frozen=True, slots=True)
class Row:
    """Figures are in ``unit``; None stands for an engine that did not take part."""

    what: str
    unit: Unit
    figures: dict[str, float | None]
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None without one."""
        value = self.ratio if self.goal and self.goal.of == "ratio" else self.figures[PSYNAPSE]
        return None if self.goal is None or value is None else value <= self.goal.most


Group = Callable[[Psynapse, Scale], Iterable[Row]]


def make_row(
    what: str,
    unit: Unit,
    timings: Timings,
    *,
    goal: Goal | None = None,
    ours: str = PSYNAPSE,
    is_difference: bool = False,
) -> Row:
    """A row from timings, of which ``ours`` is Psynapse's. Differences have no ratio: they may be zero or less.

    Rivals appear where Psynapse runs as it does by default, so that what they do is not compared with something else.
    """
    rivals = (HAMILTON, DASK) if ours == PSYNAPSE else ()
    figures = {
        name: timings.typical(name) if name == PLAIN or name in rivals else None for name in (PLAIN, HAMILTON, DASK)
    }
    figures[PSYNAPSE] = timings.typical(ours)
    scaled = {name: None if value is None else value * _FACTORS[unit] for name, value in figures.items()}
    ratio = None if is_difference or PLAIN not in timings.seconds else timings.ratio(ours, PLAIN)
    return Row(what, unit, scaled, ratio, goal)


def expecting(value: object, call: Callable[[], object], every: int = 1) -> Contender:
    """A contender that has to give ``value``."""
    return Contender(call=call, check=lambda given: given == value, every=every)
