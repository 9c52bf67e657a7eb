"""Contenders measured side by side: in turns, in one process, their answers checked each time."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


class WrongAnswer(Exception):
    """A contender was not worth timing: it computed something else."""


def _nothing() -> None:
    """Most contenders need no preparation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """What is timed is ``call`` alone; ``prepare`` comes before it, ``check`` after it.

    ``every``: slow ones take part in every second, third, … round only.
    """

    call: Callable[[], object]
    check: Callable[[object], bool]
    prepare: Callable[[], object] = _nothing
    every: int = 1


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds by contender and round."""

    seconds: Mapping[str, Mapping[int, float]]

    def typical(self, name: str) -> float | None:
        """The median of a contender, in seconds; None if it did not take part."""
        return median(self.seconds[name].values()) if name in self.seconds else None

    def ratio(self, name: str, base: str) -> float:
        """How many times as long as ``base``: the median over rounds, so that a slow moment counts for both."""
        reference = self.seconds[base]
        return median(taken / reference[at] for at, taken in self.seconds[name].items() if at in reference)

    def beyond(self, base: str) -> "Timings":
        """What each contender takes longer than ``base``, round by round."""
        reference = self.seconds[base]
        return Timings(
            {
                name: {at: taken - reference[at] for at, taken in rounds.items() if at in reference}
                for name, rounds in self.seconds.items()
            }
        )

    def per(self, count: int) -> "Timings":
        """The same for one of ``count`` nodes."""
        return Timings(
            {name: {at: taken / count for at, taken in rounds.items()} for name, rounds in self.seconds.items()}
        )


def compare(contenders: Mapping[str, Contender], rounds: int) -> Timings:
    """Time all contenders ``rounds`` times, after a round that does not count.

    Raises WrongAnswer when one gives a value that its check refuses.
    """
    seconds: dict[str, dict[int, float]] = {name: {} for name in contenders}
    # Collecting garbage would otherwise walk through what all contenders keep, in the time of whoever caused it.
    gc.freeze()
    try:
        for at in range(-1, rounds):
            for name, contender in contenders.items():
                if at < 0 or at % contender.every == 0:
                    seconds[name][at] = _time(name, contender)
    finally:
        gc.unfreeze()
    # Round -1 started threads and processes and filled the processor's caches.
    return Timings({name: {at: taken for at, taken in found.items() if at >= 0} for name, found in seconds.items()})


def _time(name: str, contender: Contender) -> float:
    contender.prepare()
    # What the contender before left behind is not this one's to clear away.
    gc.collect()
    began = time.perf_counter()
    value = contender.call()
    taken = time.perf_counter() - began
    if not contender.check(value):
        raise WrongAnswer(f"{name} gave {value!r:.200}")
    return taken
