"""Any Python value becomes JSON that a strict parser reads: the contract's rules, and limits of size."""

import dataclasses
import enum
import json
from collections import OrderedDict, deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from types import MappingProxyType
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strict_reader import refuse, wire

from psynapse.engine.encoding import encode, to_json
from psynapse.model.json_text import dumps

Scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()

Values = st.recursive(Scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=40)


@given(Values)
def test_json_values_come_back_equal(value: object):
    assert wire(value) == value


@given(Values, st.integers(0, 200))
def test_a_limit_gives_readable_json_and_tells_whether_it_is_whole(value: object, limit: int):
    result, whole = encode(value, limit)
    json.loads(dumps(result), parse_constant=refuse)
    assert result == value if whole else len(dumps(to_json(value))) > limit


@given(st.lists(st.floats(), max_size=40))
def test_floats_that_json_lacks_become_their_names(values: list[float]):
    names = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    assert wire(values) == [names.get(str(value), value) for value in values]


@given(st.lists(st.text(st.characters(codec=None, categories=None)), max_size=30))
def test_any_string_becomes_valid_utf8(texts: list[str]):
    assert [len(text) for text in wire(texts)] == [len(clean(text)) for text in texts]


def clean(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def test_a_lone_surrogate_is_replaced_in_values_and_keys():
    assert wire({"a\ud800": "\udc00b"}) == {"a\ufffd": "\ufffdb"}


class Colour(enum.Enum):
    RED = "red"
    PAIR = (1, 2)


class Level(enum.IntEnum):
    LOW = 1


@dataclasses.dataclass
class Point:
    x: float
    tags: tuple[str, ...] = ()


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    when: date
    secret: str = pydantic.Field(default="s", exclude=True)

    @pydantic.computed_field
    @property
    def year(self) -> int:
        return self.when.year


class MyText(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise ValueError


RULES: list[tuple[object, object]] = [
    ((1, (2,)), [1, [2]]),
    ({3, 1, 2}, [1, 2, 3]),
    (frozenset({"b", "a"}), ["a", "b"]),
    (deque([1], maxlen=3), [1]),
    (Colour.RED, "red"),
    (Colour.PAIR, [1, 2]),
    (Level.LOW, 1),
    (date(2024, 2, 29), "2024-02-29"),
    (datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02T03:00:00+00:00"),
    (time(1, 2, 3), "01:02:03"),
    (timedelta(days=1, hours=2, seconds=1.5), "P1DT2H1.5S"),
    (timedelta(minutes=-61), "-PT1H1M"),
    (timedelta(), "PT0S"),
    (timedelta.min, "-P999999999D"),
    (PurePosixPath("/a/b"), "/a/b"),
    (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (Decimal("1.50"), "1.50"),
    (Point(1.0, ("a",)), {"x": 1.0, "tags": ["a"]}),
    (Model(when=date(2024, 1, 1), more=(1,)), {"when": "2024-01-01", "year": 2024, "more": [1]}),  # pyright: ignore[reportCallIssue]
    (b"\x00\xff", "data:application/octet-stream;base64,AP8="),
    (bytearray(b"a"), "data:application/octet-stream;base64,YQ=="),
    (memoryview(b"a"), "data:application/octet-stream;base64,YQ=="),
    (MappingProxyType({"a": 1}), {"a": 1}),
    (OrderedDict(a=1), {"a": 1}),
    (MyText("abc"), "abc"),
    (10**30, 10**30),
    (-(2**63) - 1, -(2**63) - 1),
    ({True: "a", None: "b", 2: "c"}, {"true": "a", "null": "b", "2": "c"}),
    ({1: "a", "1": "b"}, {"1": "a", "1 #2": "b"}),
    ({Colour.RED: 1, (1, 2): 2, date(2024, 1, 1): 3, 1.5: 4}, {"red": 1, "[1,2]": 2, "2024-01-01": 3, "1.5": 4}),
    (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    (np.array([1.5, np.nan, -np.inf]), [1.5, "NaN", "-Infinity"]),
    (np.array(["2024-01-01", "NaT"], dtype="datetime64[D]"), ["2024-01-01", None]),
    (np.array(7), 7),
    (np.array([1, None, "a"], dtype=object), [1, None, "a"]),
    (np.float32(0.5), 0.5),
    (np.int64(3), 3),
    (np.bool_(1), True),
    (np.longdouble(0.5), 0.5),
    (np.str_("x"), "x"),
    (
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["p", "q"]),
        {"columns": ["a", "b"], "index": ["p", "q"], "data": [[1, "x"], [2, "NaN"]]},
    ),
    (pd.Series([1.5, 2.5], name="s"), {"name": "s", "index": [0, 1], "data": [1.5, 2.5]}),
    (pd.Series([1, None], dtype="Int64"), {"name": None, "index": [0, 1], "data": [1, None]}),
    (pd.Timestamp("2024-01-01 00:00:00.000000001"), "2024-01-01T00:00:00.000000001"),
    (pd.NaT, None),
    (
        pl.DataFrame({"a": [1, 2], "b": ["x", None]}),
        {"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, None]]},
    ),
    (pl.Series("s", [1.5, None]), {"name": "s", "index": [0, 1], "data": [1.5, None]}),
]


@pytest.mark.parametrize(("value", "expected"), RULES, ids=lambda value: type(value).__name__)
def test_each_rule_of_the_contract(value: object, expected: object):
    assert wire(value) == expected
