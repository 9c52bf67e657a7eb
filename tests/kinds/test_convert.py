"""The one conversion table."""

import math
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import ConversionError
from psynapse.kinds.convert import Converter, converter_for, exact_type, shown, to_bool, to_float, to_int, to_str
from psynapse.model.types import parse_type

TABLE: dict[str, Converter] = {"int": to_int, "float": to_float, "str": to_str, "bool": to_bool}
PYTHON_TYPES: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}

number_texts = st.from_regex(r"\A[ ]?[-+]?[0-9_]{0,5}\.?[0-9_]{0,4}([eE][-+]?[0-9]{1,9})?[ ]?\Z")
words = st.sampled_from(["true", "Yes", " ON ", "off", "No", "nan", "inf", "-Infinity", "None", "null", "", " "])
numpy_scalars = st.one_of(
    st.integers(-128, 127).map(np.int8),
    st.integers(0, 2**64 - 1).map(np.uint64),
    st.floats(width=32).map(np.float32),
    st.floats().map(np.float64),
    st.booleans().map(np.bool_),
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**15, 10**20),
    st.floats(),
    st.text(),
    number_texts,
    words,
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
    st.binary(),
    numpy_scalars,
    st.lists(st.integers(), max_size=3),
    st.lists(st.floats(), max_size=3).map(np.array),
    st.dictionaries(st.text(), st.integers(), max_size=2),
)


class Level(IntEnum):
    HIGH = 3


class Hostile:
    """Whatever it is asked, it raises."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def _refuse(self, *_: object) -> Any:
        raise RuntimeError("no\nanswer")

    __int__ = __float__ = __bool__ = __str__ = __eq__ = __ne__ = __hash__ = _refuse  # type: ignore[assignment]


class Incomparable(Hostile):
    """A number that cannot be compared."""

    def __int__(self) -> int:
        return 3


class Liar:
    """Its __int__ gives text, its __bool__ a number."""

    def __int__(self) -> Any:
        return "3"

    def _three(self) -> Any:
        return 3

    __bool__ = _three


def converted(convert: Converter, value: object) -> object:
    """The converted value; ConversionError itself where it is refused. Anything else raised fails the test."""
    try:
        return convert(value)
    except ConversionError:
        return ConversionError


def titled(value: object) -> str:
    """The name of a case: pytest's own would print the huge and call the hostile."""
    name: object = getattr(value, "__name__", None)
    return name if isinstance(name, str) else shown(value)[:40].encode("ascii", "replace").decode()


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))  # noqa: PLR0124 -- NaN


@pytest.mark.parametrize("name", TABLE)
@given(value=values)
def test_a_converted_value_is_of_its_type_and_converting_it_again_changes_nothing(name: str, value: object):
    once = converted(TABLE[name], value)
    if once is not ConversionError:
        assert isinstance(once, PYTHON_TYPES[name])
        assert same(converted(TABLE[name], once), once)


@given(st.one_of(values, st.just(Level.HIGH), st.just(int), st.just(object())))
def test_optional_types_convert_as_their_scalar_and_keep_none(value: object):
    for name, convert in TABLE.items():
        optional = converter_for(parse_type(f"{name} | None"))
        assert optional is not None
        once = converted(optional, value)
        if once is None:
            assert value is None or (name != "str" and isinstance(value, str) and not value.strip())
        else:
            assert same(once, converted(convert, value))
        if once is not ConversionError:
            assert same(converted(optional, once), once)


@given(st.one_of(st.integers(), st.floats(), st.decimals(allow_nan=False), st.fractions(), numpy_scalars))
def test_a_number_that_becomes_an_int_is_still_the_same_number(number: Any):
    whole = converted(to_int, number)
    if whole is ConversionError:
        assert not (math.isfinite(number) and number == int(number))
    else:
        assert whole == number


@given(number_texts)
def test_text_becomes_exactly_the_int_it_stands_for_or_is_refused(text: str):
    whole = converted(to_int, text)
    try:
        meant = Decimal(text.strip())
        float(text)
    except (ArithmeticError, ValueError):
        assert whole is ConversionError
        return
    if whole is not ConversionError:
        assert whole == meant
    elif meant.adjusted() < 4000:
        assert meant != meant.to_integral_value()


@given(st.one_of(st.integers(), number_texts, st.decimals(allow_nan=False), st.fractions(), st.floats(allow_nan=False)))
def test_only_what_is_infinite_becomes_an_infinite_float(value: Any):
    number = converted(to_float, value)
    if isinstance(number, float) and math.isinf(number):
        assert not isinstance(value, str)
        assert value == number


@given(st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False)))
def test_numbers_survive_being_text(number: float):
    assert to_float(str(number)) == number
    assert to_float(to_str(number)) == number


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [
        (to_int, "3.0", 3),
        (to_int, " 1e3 ", 1000),
        (to_int, "1_000", 1000),
        (to_int, "-0.0", 0),
        (to_int, "0e999999999", 0),
        (to_int, "9007199254740993.0", 2**53 + 1),
        (to_int, "9" * 4300, 10**4300 - 1),
        (to_int, "٣", 3),
        (to_int, 3.0, 3),
        (to_int, True, True),
        (to_int, Decimal("3.00"), 3),
        (to_int, Fraction(6, 2), 3),
        (to_int, np.int64(3), 3),
        (to_int, np.float32(3.0), 3),
        (to_int, np.array(3), 3),
        (to_int, Level.HIGH, Level.HIGH),
        (to_float, "1e3", 1000.0),
        (to_float, "inf", math.inf),
        (to_float, "-Infinity", -math.inf),
        (to_float, 3, 3.0),
        (to_float, True, 1.0),
        (to_float, Decimal("0.5"), 0.5),
        (to_float, Decimal("Infinity"), math.inf),
        (to_float, Fraction(1, 4), 0.25),
        (to_float, np.float32(0.5), 0.5),
        (to_str, 3, "3"),
        (to_str, "", ""),
        (to_str, True, "True"),
        (to_str, [1, 2], "[1, 2]"),
        (to_bool, " FALSE ", False),
        (to_bool, "no", False),
        (to_bool, "0", False),
        (to_bool, "off", False),
        (to_bool, "", False),
        (to_bool, "n", False),
        (to_bool, "f", False),
        (to_bool, "Yes", True),
        (to_bool, "1", True),
        (to_bool, "on", True),
        (to_bool, "true", True),
        (to_bool, 0, False),
        (to_bool, 0.5, True),
        (to_bool, Decimal(0), False),
        (to_bool, np.bool_(True), True),
    ],
)
def test_the_table(convert: Converter, value: object, expected: object):
    result = convert(value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    ("convert", "value"),
    [
        (to_int, "1e999999999"),
        (to_int, "1e99999999999999999999"),
        (to_int, "1e-999999999"),
        (to_int, "1e4300"),
        (to_int, "9" * 100_000),
        (to_int, "0." + "1" * 4000),
        (to_int, Decimal("1e999999999")),
        (to_int, Decimal("1e-999999999")),
        (to_int, Decimal("NaN")),
        (to_int, Decimal("sNaN")),
        (to_int, Decimal("-Infinity")),
        (to_int, "3.9"),
        (to_int, 3.9),
        (to_int, math.nan),
        (to_int, math.inf),
        (to_int, np.float32(3.9)),
        (to_int, Fraction(7, 2)),
        (to_int, "_1"),
        (to_int, "1__0.0"),
        (to_int, "sNaN"),
        (to_int, "nan"),
        (to_int, "0x10"),
        (to_int, "\ud800"),
        (to_int, "x" * 1_000_000),
        (to_int, b"3"),
        (to_int, 3j),
        (to_int, np.array([1, 2])),
        (to_int, pd.DataFrame({"a": [1, 2]})),
        (to_float, "1e999"),
        (to_float, "9" * 100_000),
        (to_float, 10**400),
        (to_float, Decimal("1e999")),
        (to_float, Decimal("sNaN")),
        (to_float, Fraction(10**400)),
        (to_float, "1,5"),
        (to_float, "\ud800"),
        (to_float, np.array(["a"])),
        (to_float, pd.Series([1.0, 2.0])),
        (to_str, 10**5000),
        (to_bool, "maybe"),
        (to_bool, "2"),
        (to_bool, []),
        (to_bool, np.array([1, 2])),
        *[(convert, hostile) for convert in TABLE.values() for hostile in (None, Hostile())],
        (to_int, Incomparable()),
        (to_int, Liar()),
        (to_bool, Liar()),
        (to_int, ""),
        (to_float, ""),
    ],
    ids=titled,
)
def test_what_cannot_be_converted_is_refused_at_once(convert: Converter, value: object):
    with pytest.raises(ConversionError) as caught:
        convert(value)
    assert caught.value.hint
    assert len(caught.value.message) < 300
    assert "\n" not in caught.value.message


def test_a_deep_list_is_refused_as_text():
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert converted(to_str, deep) is ConversionError


def test_an_empty_field_is_told_apart_from_a_wrong_one():
    with pytest.raises(ConversionError, match="nothing is filled in, where a whole number is needed"):
        to_int("")
    with pytest.raises(ConversionError, match="'x' cannot become int"):
        to_int("x")


@pytest.mark.parametrize("text", ["list", "int | float", "None", "Any", "int | str | None", "Literal[1]", "'Thing'"])
def test_other_types_have_no_conversion(text: str):
    assert converter_for(parse_type(text)) is None


def test_only_the_scalars_themselves_have_an_exact_type():
    assert [exact_type(parse_type(name)) for name in TABLE] == list(PYTHON_TYPES.values())
    assert exact_type(parse_type("int | None")) is None
    assert exact_type(parse_type("list")) is None


@given(values)
def test_values_are_shown_short_and_on_one_line(value: object):
    assert len(shown(value)) <= 120
    assert len(shown(value).splitlines()) <= 1


@pytest.mark.parametrize("value", [Hostile(), np.eye(3), "x" * 1_000_000, 10**5000], ids=titled)
def test_odd_values_are_shown_too(value: object):
    text = shown(value)
    assert "\n" not in text
    assert 0 < len(text) <= 120


def test_what_stops_the_program_is_not_taken_for_a_refusal():
    class Interrupted:
        def __int__(self) -> int:
            raise KeyboardInterrupt

    def convert(function: Callable[[object], object]) -> object:
        return function(Interrupted())

    with pytest.raises(KeyboardInterrupt):
        convert(to_int)
