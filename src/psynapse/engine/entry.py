"""A value kept for later runs, and how to tell whether code that got it has changed it since.

Small containers are hashed whole. Of large ones, arrays and frames a sample is hashed, in less than a millisecond for
an array: what changes everything (``a *= 2``, ``a.sort()``, a column added) is found, a change of few items at a place
that the sample leaves out is not.
"""

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from psynapse.engine.fingerprint import fingerprint
from psynapse.engine.simplify import type_name
from psynapse.engine.sizes import size_of
from psynapse.model.guarded import attempt
from psynapse.planning.keys import Key

_CONTAINERS: Final = (list, dict, set, bytearray, tuple)
_LARGEST_CONTAINER: Final = 1_000_000
_LARGEST_ARRAY: Final = 262_144
_LARGEST_FRAME: Final = 5_000
"""What is hashed whole: bytes, bytes, and cells."""

_ARRAY_ITEMS: Final = 8192
_FRAME_ROWS: Final = 256
_FRAME_COLUMNS: Final = 24
_EDGE: Final = 64
_MEMBERS: Final = (64, 8, 4)
"""How many members of a container are looked at, by depth."""

_FEWER: Final = 8
"""By how much the sample of an array shrinks with each container around it."""

_SCALARS: Final = frozenset({int, float, complex, bool, type(None)})
_UNCHANGING: Final = _SCALARS | {str, bytes}


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept value, its size in bytes, how long it took, and its guard: None for what cannot or need not be guarded."""

    value: object
    size: int
    seconds: float
    guard: Key

    @property
    def intact(self) -> bool:
        """False when the value was changed after it was stored, as far as its guard tells."""
        return self.guard is None or guard_of(self.value, self.size) == self.guard


def make_entry(value: object, seconds: float) -> Entry:
    """An entry of a value as it is now."""
    size = size_of(value)
    return Entry(value, size, seconds, guard_of(value, size))


def guard_of(value: object, size: int) -> Key:
    """16 bytes that depend on the content of what can be changed in place; None for everything else. Never raises.

    ``size`` decides how much is looked at: the same value has to come with the same one.
    """
    return None if type(value) in _UNCHANGING else attempt(None, _guard, value, size)


def _guard(value: object, size: int) -> Key:
    if isinstance(value, _CONTAINERS):
        whole = fingerprint(value) if size <= _LARGEST_CONTAINER else None
        return whole or fingerprint(_sketch(value, 0))
    describe = _describer(value)
    return None if describe is None else fingerprint(describe(value, 1))


def _sketch(value: Any, depth: int) -> object:
    """Something small that stands for a value, made of what can be hashed quickly."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if (describe := _describer(value)) is not None:
        return describe(value, _FEWER ** (depth + 1))
    name = type_name(kind)
    if isinstance(value, (str, bytes, bytearray)):
        return (name, len(value), value[:_EDGE], value[-_EDGE:], value[:: len(value) // _EDGE + 1])
    if depth == len(_MEMBERS) or not isinstance(value, _CONTAINERS):
        return name
    if isinstance(value, dict):
        pairs = _pairs(value, _MEMBERS[depth])
        return (name, len(value), [(_sketch(key, depth + 1), _sketch(item, depth + 1)) for key, item in pairs])
    # The order of a set says nothing about it.
    members = value if isinstance(value, (list, tuple)) else ()
    places = _places(len(members), 2 * _MEMBERS[depth])
    return (name, len(value), [_sketch(members[place], depth + 1) for place in places])


def _pairs(value: dict[Any, Any], most: int) -> Iterable[tuple[object, object]]:
    """The first and last items: to get at the middle of a dict, all before it is gone through."""
    if len(value) <= 2 * most:
        return value.items()
    return [*islice(value.items(), most), *islice(reversed(value.items()), most)]


def _places(count: int, most: int) -> list[int]:
    """Up to ``most`` positions from the first to the last, evenly spread."""
    if count <= most:
        return list(range(count))
    return [round(index * (count - 1) / (most - 1)) for index in range(most)]


def _describer(value: object) -> Callable[[Any, int], object] | None:
    """What makes a sample of an array or frame. Their packages are not imported: who has one has imported them."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, getattr(numpy, "ndarray", ())):
        return _sample_of_array
    if pandas is not None and isinstance(value, getattr(pandas, "DataFrame", ())):
        return _sample_of_frame
    if pandas is not None and isinstance(value, getattr(pandas, "Series", ())):
        return _sample_of_series
    return None


def _sample_of_array(array: Any, fewer: int) -> object:
    plain = sys.modules["numpy"].asarray(array)
    name = type_name(type(array))
    if plain.nbytes * fewer <= _LARGEST_ARRAY:
        return (name, plain)
    step = _step(plain.size * fewer // _ARRAY_ITEMS, plain.shape)
    flat = plain.reshape(-1) if plain.flags.c_contiguous else plain.flat
    return (name, plain.shape, flat[:_EDGE], flat[::step], flat[plain.size - _EDGE :])


def _step(step: int, shape: tuple[int, ...]) -> int:
    """About ``step``, but never in time with a row: every column of a table comes into the sample."""
    while math.gcd(step, shape[-1]) > 1:
        step += 1
    return step


def _sample_of_frame(frame: Any, fewer: int) -> object:
    if frame.size * fewer <= _LARGEST_FRAME:
        return frame
    rows, columns = _places(frame.shape[0], _FRAME_ROWS // fewer), _places(frame.shape[1], _FRAME_COLUMNS // fewer)
    # Rows first: taking columns first copies them whole.
    return (frame.shape, frame.iloc[rows].iloc[:, columns])


def _sample_of_series(series: Any, fewer: int) -> object:
    if series.size * fewer <= _LARGEST_FRAME:
        return series
    return (len(series), series.iloc[_places(len(series), _FRAME_ROWS // fewer)])
