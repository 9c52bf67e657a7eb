"""Small shapes, and schedulers that have started on them."""

from collections.abc import Iterable
from typing import Final

from psynapse.engine.scheduler import NOTHING, STATE_NAMES, Scheduler, Shape, make_shape

CHAIN: Final = make_shape([[], [0], [1]])

DIAMOND: Final = make_shape([[], [0], [0], [1, 2]])

ALONE: Final = make_shape([[], [], []])

ONE: Final = make_shape([[]])


def started(shape: Shape, known: Iterable[int] = ()) -> Scheduler:
    scheduler = Scheduler(shape)
    scheduler.start(known)
    return scheduler


def names(scheduler: Scheduler) -> list[str]:
    scheduler.validate()
    return [STATE_NAMES[state] for state in scheduler.state]


def take_all(scheduler: Scheduler) -> list[int]:
    taken: list[int] = []
    while (task := scheduler.take()) != NOTHING:
        taken.append(task)
    return taken
