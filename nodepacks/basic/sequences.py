"""Lists: sorted, counted, flattened."""

import itertools
from collections import Counter
from collections.abc import Hashable
from typing import Any

from lookup import follow

_LONGEST_RANGE = 10_000_000


def item(items: list[Any], index: int) -> Any:
    """The item at ``index``. Raises IndexError saying which there are."""
    if not -len(items) <= index < len(items):
        there = f"0 to {len(items) - 1}" if items else "nothing: the list is empty"
        raise IndexError(f"there is no item {index}; the list has {there}")
    return items[index]


def not_zero(step: int) -> int:
    """The step itself. Raises ValueError when it leads nowhere."""
    if step == 0:
        raise ValueError("a step of 0 never gets anywhere; use 1, or -1 to go backwards")
    return step


def ordered(items: list[Any], by: str, *, descending: bool) -> list[Any]:
    """The items sorted by what is at the path ``by``. Raises TypeError for items without a common order."""
    try:
        return sorted(items, key=lambda item: follow(item, by), reverse=descending)
    except TypeError as error:
        raise TypeError(f"these items have no common order: {error}; make them all numbers or all text") from None


def unique(items: list[Any]) -> list[Any]:
    """The first of each set of equal items."""
    first: dict[object, Any] = {}
    for each in items:
        first.setdefault(_frozen(each), each)
    return list(first.values())


def counted(items: list[Any]) -> list[dict[str, Any]]:
    """Rows of ``item`` and ``count``, the most frequent first."""
    counts = Counter(map(_frozen, items))
    rows = [{"item": each, "count": counts[_frozen(each)]} for each in unique(items)]
    return sorted(rows, key=lambda row: -row["count"])


def _frozen(value: Any) -> object:
    """Something hashable that is equal for equal values; what cannot be hashed equals only itself."""
    # Comparing each item with each other one would need no hashing, and hours for long lists.
    if isinstance(value, dict):
        return dict, frozenset((key, _frozen(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return list, tuple(map(_frozen, value))
    # For Python, True equals 1; in a list of answers they are not the same.
    if isinstance(value, bool):
        return bool, value
    return value if isinstance(value, Hashable) else (id, id(value))


def whole_numbers(start: int, stop: int, step: int) -> list[int]:
    """The numbers of a range. Raises ValueError when they are too many."""
    numbers = range(start, stop, not_zero(step))
    # len() of a range refuses what does not fit a machine word; slicing does not.
    if numbers[_LONGEST_RANGE:]:
        raise ValueError(f"that is more than {_LONGEST_RANGE:,} numbers; choose a larger step or a closer stop")
    return list(numbers)


def zipped(first: list[Any], second: list[Any], *, to_longest: bool) -> list[list[Any]]:
    """Pairs of what stands at the same place; None fills up."""
    pairs = itertools.zip_longest(first, second) if to_longest else zip(first, second, strict=False)
    return [list(pair) for pair in pairs]


def flattened(items: list[Any], depth: int) -> list[Any]:
    """A new list with the items of lists ``depth`` levels deep."""
    for _ in range(depth):
        if not any(isinstance(each, list) for each in items):
            break
        items = [part for each in items for part in (each if isinstance(each, list) else [each])]
    return list(items)
