"""Remembering what was made of a thing that cannot be hashed."""

from collections.abc import Callable
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


def once_per_object(make: Callable[[Thing], Made], most: int = 1024) -> Callable[[Thing], Made]:
    """``make``, called once for each object, as long as there are no more than ``most`` of them.

    Schemas hold JSON, which rules out ``functools.lru_cache``.
    """
    made: dict[int, tuple[Thing, Made]] = {}

    def made_of(thing: Thing) -> Made:
        found = made.get(id(thing))
        if found is None:
            if len(made) >= most:
                made.clear()
            # The thing is kept as well: while it lives, no other object can have its id.
            found = made[id(thing)] = (thing, make(thing))
        return found[1]

    return made_of
