"""Equal content has equal fingerprints, different content has different ones, and doubt has none."""

import collections
import dataclasses
import enum
import io
import math
import subprocess
import sys
import threading
import time as clock
import tracemalloc
from array import array
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pydantic
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from psynapse.engine.fingerprint import fingerprint
from psynapse.model.authoring import AnnotatedDict

Scalars = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.integers()
    | st.sampled_from([0.0, 1.0, -1.0, 0.5])
    | st.floats(allow_nan=False)
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.sampled_from(["1", b"1", (), [], "", b"", 1j])
)
Keys = st.text(max_size=2) | st.integers(0, 2)
Values = st.recursive(
    Scalars,
    lambda inner: (
        st.lists(inner, max_size=20)
        | st.lists(st.sampled_from([0, 1]), min_size=16, max_size=18)
        | st.tuples(inner, inner)
        | st.dictionaries(Keys, inner, max_size=3)
        | st.frozensets(st.integers(0, 5) | st.text(max_size=1))
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal as the document of fingerprint means it: by type, and dicts by order too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return one == other


def rebuilt(value: Any) -> Any:
    """An equal value that shares no container with it."""
    if isinstance(value, dict):
        return {key: rebuilt(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(rebuilt, value))
    return frozenset(reversed(list(value))) if isinstance(value, frozenset) else value


@given(Values, Values)
def test_fingerprints_are_equal_exactly_when_values_are(one: object, other: object):
    assert (fingerprint(one) == fingerprint(other)) == same(one, other)


@given(Values)
def test_an_equal_copy_has_the_same_fingerprint_of_16_bytes(value: object):
    found = fingerprint(value)
    assert found is not None
    assert len(found) == 16
    assert fingerprint(rebuilt(value)) == found


@given(st.lists(Scalars, min_size=1, max_size=40), st.data())
def test_changing_one_item_changes_the_fingerprint(items: list[object], data: st.DataObject):
    index = data.draw(st.integers(0, len(items) - 1))
    other = data.draw(Scalars)
    assume(not same(items[index], other))
    changed = [*items[:index], other, *items[index + 1 :]]
    assert fingerprint(changed) != fingerprint(items)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class OtherColour(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Flags(enum.Flag):
    A = 1
    B = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


@dataclasses.dataclass
class OtherPoint:
    x: int
    y: int = 0


class Pair(NamedTuple):
    x: int
    y: int


class Model(pydantic.BaseModel):
    x: int


class Own:
    def __init__(self, content: Any) -> None:
        self.content = content

    def __psynapse_fingerprint__(self) -> Any:
        return self.content


def extended_point() -> Point:
    point = Point(1)
    point.__dict__["extra"] = 1
    return point


def image(mode: str, colour: int) -> Any:
    return Image.new(mode, (4, 4), colour)


def palette(first: int) -> Any:
    picture = image("P", 0)
    picture.putpalette([first] * 6)
    return picture


DIFFERENT: list[Any] = [
    lambda: 1, lambda: True, lambda: 1.0, lambda: "1", lambda: b"1", lambda: bytearray(b"1"), lambda: 1 + 0j,
    lambda: None, lambda: ..., lambda: 0, lambda: False, lambda: 0.0, lambda: -0.0, lambda: "", lambda: math.nan,
    lambda: math.inf, lambda: 2**63, lambda: 2**64, lambda: -1, lambda: 255, lambda: -(10**5000), lambda: "\ud800",
    lambda: [1], lambda: (1,), lambda: {1}, lambda: frozenset({1}), lambda: {1: 1}, lambda: [[1]], lambda: [1, 1],
    list, tuple, set, dict, lambda: [[], []], lambda: [[[]]],
    lambda: {"a": 1, "b": 2}, lambda: {"b": 2, "a": 1}, lambda: {"a": 2, "b": 1},
    lambda: collections.OrderedDict(a=1), lambda: AnnotatedDict(a=1), lambda: {"a": 1},
    lambda: collections.deque([1]), lambda: collections.deque([1], maxlen=2),
    lambda: list(range(20)), lambda: [*range(19), 20], lambda: [float(i) for i in range(20)],
    lambda: [str(i) for i in range(20)], lambda: ["a"] * 15 + ["ab", "c"], lambda: ["a"] * 15 + ["a", "bc"],
    lambda: [2**70] * 20, lambda: [*range(19), "19"],
    lambda: Colour.RED, lambda: Colour.BLUE, lambda: OtherColour.RED, lambda: Level.LOW, lambda: Flags.A,
    lambda: Flags.A | Flags.B,
    lambda: Point(1), lambda: Point(1, 1), lambda: OtherPoint(1), lambda: Pair(1, 0), lambda: (1, 0), extended_point,
    lambda: Model(x=1), lambda: Model(x=2), lambda: Own(b"a"), lambda: Own("b"),
    lambda: Path("a"), lambda: PurePosixPath("a"), lambda: UUID(int=1), lambda: Decimal("1.0"),
    lambda: Decimal("1.00"), lambda: Fraction(1, 2), lambda: range(3), lambda: slice(1, 2), lambda: slice(1, None),
    lambda: date(2024, 1, 1), lambda: datetime(2024, 1, 1),  # noqa: DTZ001 - naive on purpose
    lambda: datetime(2024, 1, 1, tzinfo=UTC),
    lambda: datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")), lambda: datetime(2024, 1, 1, fold=1),  # noqa: DTZ001
    lambda: time(1), lambda: time(1, tzinfo=timezone(timedelta(hours=1))), lambda: timedelta(1), lambda: timedelta(2),
    lambda: int, lambda: Point, lambda: Colour, lambda: math.sqrt, lambda: len, lambda: same,
    lambda: array("i", [1]), lambda: array("l", [1]),
    lambda: np.array([1, 2]), lambda: np.array([1, 2], dtype="i4"), lambda: np.array([[1, 2]]),
    lambda: np.array([2, 1]),
    lambda: np.array([1.0, 2.0]), lambda: np.array(["1", "2"]), lambda: np.array([1, 2], dtype=object),
    lambda: np.array([1, "2"], dtype=object), lambda: np.array([]), lambda: np.array(1), lambda: np.int64(1),
    lambda: np.float64(1), lambda: np.array(["2024-01-01"], dtype="M8[D]"),
    lambda: np.zeros(1, dtype=[("a", "i4"), ("b", "i4")]), lambda: np.zeros(1, dtype=[("a", "i4"), ("c", "i4")]),
    lambda: pd.DataFrame({"a": [1, 2]}), lambda: pd.DataFrame({"b": [1, 2]}), lambda: pd.DataFrame({"a": [1.0, 2.0]}),
    lambda: pd.DataFrame({"a": [1, 2]}, index=[1, 2]), lambda: pd.DataFrame({"a": [1, "2"]}),
    lambda: pd.DataFrame({"a": ["1", "2"]}), lambda: pd.DataFrame({"a": ["1", "2"]}, dtype="category"),
    lambda: pd.DataFrame({"a": pd.Categorical(["1", "2"], categories=["2", "1"])}), lambda: pd.Series([1, 2]),
    lambda: pd.Series([1, 2], name="a"), lambda: pd.Series([1, None], dtype="Int64"), lambda: pd.Index([1, 2]),
    lambda: pd.MultiIndex.from_tuples([(1, 2)]), lambda: pd.Timestamp("2024"), lambda: pd.Timestamp("2024", tz="UTC"),
    lambda: pd.Timedelta(1), lambda: pd.NaT, lambda: pd.NA, lambda: pd.Series(pd.to_datetime(["2024"], utc=True)),
    lambda: pl.DataFrame({"a": [1, 2]}), lambda: pl.DataFrame({"a": [1, 3]}), lambda: pl.DataFrame({"b": [1, 2]}),
    lambda: pl.DataFrame({"a": ["x"]}), lambda: pl.DataFrame({"a": ["x"]}, schema={"a": pl.Categorical}),
    lambda: pl.DataFrame({"a": ["y"]}, schema={"a": pl.Categorical}), lambda: pl.Series("a", [1, 2]),
    lambda: pl.Series("a", [1, None]),
    lambda: image("RGB", 0), lambda: image("RGB", 1), lambda: image("L", 0), lambda: palette(1), lambda: palette(2),
]  # fmt: skip


def test_each_of_these_has_a_fingerprint_of_its_own():
    found = [fingerprint(make()) for make in DIFFERENT]
    assert None not in found
    assert len(set(found)) == len(DIFFERENT)


def test_making_the_same_value_again_gives_the_same_fingerprint():
    assert [fingerprint(make()) for make in DIFFERENT] == [fingerprint(make()) for make in DIFFERENT]


EQUAL: list[tuple[object, object]] = [
    ({"a", "b", "c"}, {"c", "b", "a"}),
    ([math.nan], [float("nan")]),
    (np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3))),
    (np.arange(10)[::2], np.array([0, 2, 4, 6, 8])),
    (pd.DataFrame({"a": [1, 2, 3]})[:2], pd.DataFrame({"a": [1, 2]})),
    (pl.concat([pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [2]})]), pl.DataFrame({"a": [1, 2]})),
    (Own("same"), Own(b"same")),
]


@pytest.mark.parametrize(("one", "other"), EQUAL, ids=lambda value: type(value).__name__)
def test_equal_content_in_another_form_is_the_same(one: object, other: object):
    assert fingerprint(one) == fingerprint(other) is not None


class Plain:
    pass


class Raising:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError


class HostileMeta(type):
    def __getattribute__(cls, name: str) -> object:
        raise RuntimeError(name)

    def __hash__(cls) -> int:
        raise RuntimeError


class OfHostileMeta(metaclass=HostileMeta):
    pass


class MyList(list[int]):
    pass


@dataclasses.dataclass
class WithList(list[int]):
    x: int = 1


class MyArray(np.ndarray[Any, Any]):
    pass


def local_function() -> object:
    def inner() -> None:
        """Shares its name with every other call's."""

    return inner


def loop() -> object:
    value: list[object] = []
    value.append({"again": value})
    return value


def animation() -> object:
    frames = [Image.new("L", (2, 2), colour) for colour in (0, 255)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return Image.open(stream)


NONE: dict[str, Any] = {
    "unknown class": Plain,
    "raising": Raising,
    "hostile metaclass": OfHostileMeta,
    "subclass of list": lambda: MyList([1]),
    "dataclass that is a list": WithList,
    "subclass of array": lambda: np.zeros(2).view(MyArray),
    "masked array": lambda: np.ma.masked_array([1], mask=True),
    "generator": lambda: (item for item in range(3)),
    "lambda": lambda: lambda: None,
    "closure": local_function,
    "bound method": lambda: [].append,
    "module": lambda: math,
    "lock": threading.Lock,
    "cycle": loop,
    "defaultdict": lambda: collections.defaultdict(list),
    "animation": animation,
    "own answer of a wrong type": lambda: Own(5),
    "object array": lambda: np.array([Plain()]),
    "object column": lambda: pd.DataFrame({"a": [Plain()]}),
    "polars objects": lambda: pl.DataFrame({"a": pl.Series([Plain()], dtype=pl.Object)}),
    "fields": lambda: Point(Plain()),  # pyright: ignore[reportArgumentType]
}


@pytest.mark.parametrize("name", NONE)
def test_what_has_no_content_identity_has_no_fingerprint(name: str):
    value = NONE[name]()
    for container in (value, [value], {"a": (value,)}, [1] * 20 + [value]):
        assert fingerprint(container) is None


def test_a_generator_is_not_consumed():
    numbers = iter(range(3))
    assert fingerprint([numbers]) is None
    assert list(numbers) == [0, 1, 2]


def test_very_deep_nesting_has_none_and_shared_parts_are_hashed_once():
    deep: Any = []
    shared: Any = []
    for _ in range(100_000):
        deep = [deep]
    for _ in range(100):
        shared = [shared, shared]
    begin = clock.perf_counter()
    assert fingerprint(deep) is None
    assert fingerprint(shared) is not None
    assert clock.perf_counter() - begin < 1


def test_a_hundred_levels_have_a_fingerprint():
    nested: Any = []
    for _ in range(100):
        nested = [nested]
    assert fingerprint(nested) != fingerprint([nested])
    assert fingerprint(nested) is not None


def test_contiguous_arrays_are_not_copied():
    big = np.zeros(2_000_000)
    tracemalloc.start()
    fingerprint(big)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_other_processes_agree():
    code = (
        "from psynapse.engine.fingerprint import fingerprint;"
        "print(fingerprint([{'a','b','c'}, {'k': (1, 2.5, None)}, frozenset({'x', 1})]).hex())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout.strip()
        for seed in ("1", "2")
    }
    here = fingerprint([{"a", "b", "c"}, {"k": (1, 2.5, None)}, frozenset({"x", 1})])
    assert here is not None
    assert found == {here.hex()}
