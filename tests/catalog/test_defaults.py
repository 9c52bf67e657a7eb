import datetime as dt
import enum
import math
import uuid
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.catalog.defaults import json_default, short_repr
from psynapse.model.schema import MISSING


class Color(enum.Enum):
    RED = "red"
    PAIR = (1, 2)
    OBJECT = object()


class Level(enum.IntEnum):
    LOW = 1


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (2.5, 2.5),
        ("text", "text"),
        ([1, {"a": [None]}], [1, {"a": [None]}]),
        ((1, 2), [1, 2]),
        ({2, 1}, [1, 2]),
        (Color.RED, "red"),
        (Color.PAIR, [1, 2]),
        (Level.LOW, 1),
        (PurePosixPath("a/b"), "a/b"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 1, 2, 3), "2024-02-29T01:02:03"),  # noqa: DTZ001
        (dt.time(12, 30), "12:30:00"),
        (dt.timedelta(hours=1), "PT1H"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("0.10"), "0.10"),
    ],
)
def test_a_default_that_has_json_is_shown_as_it(value: object, json: object):
    shown = json_default(value)
    assert shown == json
    assert type(shown) is type(json)


CYCLE: list[Any] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    "value",
    [
        len,
        object(),
        math.nan,
        math.inf,
        b"\xff",
        lambda: 1,
        list(range(100_000)),
        "x" * 100_000,
        2**64,
        "\ud800",
        {"\ud800": 1},
        {1: 2},
        CYCLE,
        [1, math.nan],
        Color.OBJECT,
        Text("x"),
        1j,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_default_without_json_has_a_short_text_instead(value: object):
    assert json_default(value) is MISSING
    text = short_repr(value)
    assert 0 < len(text) <= 200
    assert " at 0x" not in text
    orjson.dumps(text)


def test_a_default_that_raises_when_looked_at_is_named_by_its_class():
    def rude(self: object, name: str = "") -> object:
        raise RuntimeError(name)

    value = type("Rude", (), {"__repr__": rude, "__class__": property(rude), "__getattribute__": rude})()
    assert json_default(value) is MISSING
    assert short_repr(value) == "<Rude>"


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.dates()
    | st.complex_numbers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
)


@given(_ANYTHING)
def test_whatever_the_default_what_is_shown_can_be_sent(value: object):
    shown = json_default(value)
    if shown is not MISSING:
        assert orjson.loads(orjson.dumps(shown)) == shown
    orjson.dumps(short_repr(value))
