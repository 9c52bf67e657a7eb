"""A value that was changed since it was stored is recognised, and one that was not is not suspected."""

import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.engine.entry import guard_of, make_entry
from psynapse.engine.sizes import size_of

Change = Callable[[Any], object]
LARGE = 200_000


def change_first(array: Any) -> None:
    array[0] += 1


def change_last(array: Any) -> None:
    array[-1] += 1


def clear(array: Any) -> None:
    array[...] = 0


def double(array: Any) -> None:
    array *= 2


IN_PLACE: dict[str, Change] = {
    "doubled": double,
    "sorted": lambda array: array.sort(),
    "cleared": clear,
    "reversed": lambda array: array.__setitem__(slice(None), array[::-1].copy()),
    "changed at its first item": change_first,
    "changed at its last item": change_last,
    "given another shape": lambda array: setattr(array, "shape", (2, -1)),
}


@pytest.mark.parametrize("change", IN_PLACE)
@pytest.mark.parametrize("size", [10, 20_000, LARGE])
@pytest.mark.parametrize("dtype", ["float64", "int32", "uint8", "complex64"])
@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
def test_an_array_is_recognised_when_it_is(change: str, size: int, dtype: str):
    array = (np.random.default_rng(3).permutation(size) % 100 + 1).astype(dtype)
    entry = make_entry(array, 1.0)
    assert entry.guard
    assert entry.intact
    IN_PLACE[change](array)
    assert not entry.intact


@pytest.mark.parametrize("shape", [(2_000, 64), (500, 300), (64, 2_000), (30, 40, 150)])
def test_a_change_of_any_whole_column_of_a_large_table_is_seen(shape: tuple[int, ...]):
    for column in range(0, shape[-1], 7):
        table = np.zeros(shape)
        entry = make_entry(table, 1.0)
        table[..., column] = 1
        assert not entry.intact, column


LAYOUTS: dict[str, Any] = {
    "by columns": np.asfortranarray(np.arange(LARGE * 1.0).reshape(400, -1)),
    "with gaps": np.arange(LARGE * 2.0)[::2],
    "upside down": np.arange(LARGE * 1.0)[::-1],
    "of objects": np.array([str(number) for number in range(LARGE)], dtype=object),
    "of records": np.zeros(LARGE, dtype=[("a", "i4"), ("b", "f8")]),
    "of times": np.arange(LARGE).astype("datetime64[s]"),
    "masked": np.ma.masked_array(np.arange(LARGE * 1.0), mask=False),
    "without dimensions": np.array(3.0),
    "without items": np.zeros((5, 0)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_array_of_any_layout_is_the_same_after_being_stored(layout: str):
    array = LAYOUTS[layout]
    guard = guard_of(array, size_of(array))
    assert guard is not None
    assert guard_of(array.copy(), size_of(array)) == guard
    assert guard_of(pickle.loads(pickle.dumps(array, protocol=5)), size_of(array)) == guard


def frame(rows: int) -> pd.DataFrame:
    numbers = np.arange(rows, 0, -1)
    return pd.DataFrame({"number": numbers, "half": numbers / 2, "text": [f"t{number}" for number in numbers]})


FRAME_CHANGES: dict[str, Change] = {
    "gets a column": lambda table: table.__setitem__("more", 1),
    "gets a column before others": lambda table: table.insert(0, "more", 1),
    "loses a column": lambda table: table.pop("half"),
    "gets a row": lambda table: table.loc.__setitem__(len(table), [1, 1.0, "new"]),
    "has a column renamed": lambda table: table.__setattr__("columns", ["number", "half", "words"]),
    "has a column replaced": lambda table: table.__setitem__("half", 0.0),
    "has its first cell changed": lambda table: table.iloc.__setitem__((0, 0), -1),
    "has its last cell changed": lambda table: table.iloc.__setitem__((-1, 2), "other"),
    "gets another index": lambda table: table.__setattr__("index", range(5, 5 + len(table))),
}


@pytest.mark.parametrize("change", FRAME_CHANGES)
@pytest.mark.parametrize("rows", [10, 50_000])
def test_a_frame_is_recognised_when_it(change: str, rows: int):
    table = frame(rows)
    entry = make_entry(table, 1.0)
    assert entry.intact
    FRAME_CHANGES[change](table)
    assert not entry.intact


@pytest.mark.parametrize("rows", [10, 100_000])
def test_a_series_is_guarded(rows: int):
    series = pd.Series(np.arange(rows, 0, -1))
    entry = make_entry(series, 1.0)
    assert entry.intact
    series[:] = 0
    assert not entry.intact


@pytest.mark.parametrize("size", [100, LARGE])
@pytest.mark.parametrize(
    "nested", [lambda a: [a], lambda a: {"x": 1, "array": a}, lambda a: (0, [a]), lambda a: [{"a": (a,)}]]
)
def test_an_array_inside_a_container_is_guarded_as_well(size: int, nested: Callable[[Any], Any]):
    array = np.ones(size)
    entry = make_entry(nested(array), 1.0)
    assert entry.intact
    array *= 2
    assert not entry.intact


LARGE_CONTAINERS: dict[str, tuple[Callable[[], Any], Change]] = {
    "list that grew": (lambda: list(range(LARGE)), lambda items: items.append(1)),
    "list that was sorted": (lambda: list(range(LARGE, 0, -1)), lambda items: items.sort()),
    "list whose first item changed": (lambda: [{"n": i} for i in range(LARGE)], lambda items: items[0].update(n=7)),
    "dict that got a key": (lambda: {i: i for i in range(LARGE)}, lambda pairs: pairs.update(new=1)),
    "dict with a changed value": (lambda: {i: [i] for i in range(LARGE)}, lambda pairs: pairs[LARGE - 1].append(1)),
    "set that shrank": (lambda: set(range(LARGE)), lambda items: items.pop()),
    "bytearray that was cleared": (lambda: bytearray(b"x" * 5_000_000), lambda data: data.clear()),
    "list of unknown objects": (lambda: [object() for _ in range(10)], lambda items: items.pop()),
}


@pytest.mark.parametrize("case", LARGE_CONTAINERS)
def test_a_large_container_is_recognised_by_a_sample(case: str):
    make, change = LARGE_CONTAINERS[case]
    value = make()
    entry = make_entry(value, 1.0)
    assert entry.guard
    assert entry.intact
    change(value)
    assert not entry.intact


Plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=4) | st.tuples(inner)
    ),
    max_leaves=20,
)


@given(value=Plain, size=st.sampled_from([100, 2_000_000]))
def test_an_equal_value_has_an_equal_guard_whatever_is_looked_at(value: Any, size: int):
    guard = guard_of(value, size)
    assert (guard is None) == (not isinstance(value, (list, dict, tuple)))
    assert guard_of(pickle.loads(pickle.dumps(value)), size) == guard


@pytest.mark.parametrize("value", [1, 1.5, "text", b"bytes", None, True, range(3), frozenset({1}), object()])
def test_what_cannot_be_changed_in_place_or_is_unknown_has_no_guard(value: object):
    assert guard_of(value, 100) is None
    assert make_entry(value, 1.0).intact


class Hostile:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError("do not ask")


def test_a_value_that_raises_when_it_is_looked_at_has_no_guard():
    assert guard_of(Hostile(), 100) is None
    assert guard_of([Hostile()], 2_000_000) is None


def test_the_guard_of_100_megabytes_costs_less_than_a_millisecond():
    array = np.arange(12_500_000.0)
    size = size_of(array)
    assert size >= 100_000_000

    def seconds() -> float:
        began = time.perf_counter()
        guard_of(array, size)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(10)) < 0.001


def test_no_package_is_imported_to_look_at_values():
    code = (
        "import sys; from psynapse.engine.entry import make_entry\n"
        "assert make_entry([1, {'a': 2.5}], 1.0).intact; make_entry(object(), 1.0)\n"
        "print([name for name in ('numpy', 'pandas') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "[]"
