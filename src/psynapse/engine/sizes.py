"""How much memory a value takes, roughly and quickly."""

import sys
from typing import Final, cast

from psynapse.model.guarded import attempt

_MOST_VISITED: Final = 2000


def size_of(value: object) -> int:
    """Bytes that ``value`` keeps alive, estimated: big buffers exactly, long containers from a sample.

    Never raises and looks at no more than about two thousand objects.
    """
    total, visited = 0, 0
    pending: list[tuple[object, float]] = [(value, 1.0)]
    seen: set[int] = set()
    while pending and visited < _MOST_VISITED:
        item, weight = pending.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        visited += 1
        total += int(_own_size(item) * weight)
        children = _sample(item)
        if children:
            scale = weight * _length(item) / len(children)
            pending.extend((child, scale) for child in children)
    return total


def _own_size(item: object) -> int:
    """The buffer of an array, the memory a frame reports, else what the interpreter says."""
    buffer = attempt(None, getattr, item, "nbytes", None)
    if isinstance(buffer, int) and buffer >= 0:
        return buffer + 100
    return attempt(1000, _frame_or_image_size, item)


def _frame_or_image_size(item: object) -> int:
    usage = getattr(type(item), "memory_usage", None) or getattr(type(item), "estimated_size", None)
    if usage is not None:
        measured = usage(item)
        return int(measured.sum() if hasattr(measured, "sum") else measured)
    pixels = getattr(item, "size", None)
    if type(item).__module__.startswith("PIL.") and isinstance(pixels, tuple):
        return 4 * int(pixels[0]) * int(pixels[1])
    return sys.getsizeof(item)


def _length(item: object) -> int:
    return len(cast("list[object]", item))


def _sample(item: object) -> list[object]:
    """Some members of a built-in container, taken evenly; nothing of anything else."""
    if type(item) is dict:
        pairs = list(cast("dict[object, object]", item).items())
        return [pairs[index] for index in _places(len(pairs))]
    if type(item) in {list, tuple}:
        members = cast("list[object]", item)
        return [members[index] for index in _places(len(members))]
    if type(item) in {set, frozenset}:
        return list(cast("set[object]", item))[:50]
    return []


def _places(count: int) -> range:
    return range(0, count, max(1, count // 50))
