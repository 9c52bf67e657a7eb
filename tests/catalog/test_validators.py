import datetime as dt
import decimal
import pathlib
import uuid
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Literal, NewType, Protocol, TypedDict

import numpy as np
import pytest
from pydantic import AfterValidator, Field

from psynapse.catalog.registry import Registry
from psynapse.catalog.validators import validator_for
from psynapse.model.ids import Ref
from psynapse.model.operation import Validator


class Color(Enum):
    RED = "red"

    @classmethod
    def _missing_(cls, value: object) -> "Color | None":
        return cls.RED if value == "crimson" else None


class Movie(TypedDict):
    title: str


class Shape(Protocol):
    def area(self) -> float: ...


def _explode(_: object) -> object:
    raise KeyError("user code")


UserId = NewType("UserId", int)
Exploding = Annotated[int, AfterValidator(_explode)]


def _validator(registry: Registry, where: str) -> Validator:
    function, _, param = where.partition(".")
    return registry.operations[Ref(f"precise/ops.py:{function}")].validators[param]


@pytest.mark.parametrize(
    "hint",
    [
        int,
        float,
        str,
        bool,
        Any,
        object,
        None,
        int | None,
        str | int,
        list,
        list[int],
        dict[str, list[Any]],
        tuple[int, ...],
        set[str],
        Callable[[int], str],
        np.ndarray,
        UserId,
        Movie,
        list[Movie],
        Shape,
        Annotated[int, "only a note"],
        Annotated[int, Field(description="only a note")],
        "text",
        5,
    ],
    ids=str,
)
def test_what_the_conversion_table_covers_needs_no_validator(hint: object):
    assert validator_for(hint) is None


@pytest.mark.parametrize(
    ("where", "value", "expected"),
    [
        ("literal.mode", "fast", "fast"),
        ("literal.size", 1, 1),
        ("literal.size", "1", 1),
        ("literal.size", 1.0, 1),
        ("literal.switch", "true", True),
        ("literal.switch", False, False),
        ("optional_literal.mode", None, None),
        ("optional_literal.mode", "", None),
        ("optional_literal.mode", "slow", "slow"),
        ("mixed_literal.size", "auto", "auto"),
        ("mixed_literal.size", "5", 5),
        ("mixed_literal.size", 7, 7),
        ("moments.day", "2024-02-29", dt.date(2024, 2, 29)),
        ("moments.moment", "2024-02-29T12:00:00", dt.datetime(2024, 2, 29, 12)),  # noqa: DTZ001
        ("moments.clock", "12:30", dt.time(12, 30)),
        ("moments.length", 90, dt.timedelta(seconds=90)),
        ("moments.length", "PT1H", dt.timedelta(hours=1)),
        ("exact.path", "a/b", pathlib.Path("a/b")),
        ("exact.key", "00000000-0000-0000-0000-000000000001", uuid.UUID(int=1)),
        ("exact.price", "0.10", decimal.Decimal("0.10")),
        ("bounded.n", 10, 10),
        ("bounded.even", 4, 4),
        ("bounded.maybe", None, None),
    ],
)
def test_a_value_becomes_what_the_hint_asks_for(misbehaving: Registry, where: str, value: object, expected: object):
    got = _validator(misbehaving, where)(value)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("where", "value", "shown"),
    [
        ("enums.color", "red", "Color.RED"),
        ("enums.color", "RED", "Color.RED"),
        ("enums.level", "2", "<Level.HIGH: 2>"),
        ("enums.colors", ["red"], "[<Color.RED: 'red'>]"),
        ("enums.colors", '["blue"]', "[<Color.BLUE: 'blue'>]"),
        ("enums.maybe", "", "None"),
        ("structures.point", {"x": "1"}, "Point(x=1, y=0)"),
        ("structures.point", '{"x": 1, "y": 2}', "Point(x=1, y=2)"),
        ("structures.points", [{"x": 1}], "[Point(x=1, y=0)]"),
        ("structures.person", {"name": "Ada", "age": 36}, "Person(name='Ada', age=36)"),
    ],
)
def test_json_becomes_objects_of_the_users_classes(misbehaving: Registry, where: str, value: object, shown: str):
    assert shown in repr(_validator(misbehaving, where)(value))


@pytest.mark.parametrize(
    ("where", "value", "sentence"),
    [
        ("literal.mode", "x", "'x' is none of the options: 'fast', 'slow'"),
        ("literal.size", True, "True is none of the options: 1, 2"),
        ("literal.size", [1], "[1] is none of the options: 1, 2"),
        ("mixed_literal.size", "x", "'x' is none of the options: 'auto', any int"),
        ("enums.color", "nope", "'nope' is none of the options: 'red', 'blue'"),
        ("bounded.n", -1, "-1 does not fit int: it should be greater than or equal to 0"),
        ("bounded.n", 11, "11 does not fit int: it should be less than or equal to 10"),
        ("bounded.ratio", 0.0, "0.0 does not fit float: it should be greater than 0"),
        ("bounded.even", 3, "3 does not fit int: it must be even"),
        ("exact.path", 3, "3 does not fit Path: Input is not a valid path"),
        ("structures.point", {"y": 1}, "{'y': 1} does not fit Point: x: Field required"),
        ("fields.b", -1, "-1 does not fit int: it should be greater than or equal to 0"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_sentence(
    misbehaving: Registry, where: str, value: object, sentence: str
):
    with pytest.raises(ValueError) as caught:
        _validator(misbehaving, where)(value)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (Color, Color.RED),
        (pathlib.PurePath, pathlib.PurePosixPath("a")),
        (dt.date, dt.datetime(2024, 1, 1, 5)),  # noqa: DTZ001
        (Color | np.ndarray, np.zeros(2)),
        (Color | str, "anything"),
        (Color | Movie | Shape | int, 3),
    ],
    ids=str,
)
def test_an_instance_passes_unchanged(hint: object, value: object):
    validate = validator_for(hint)
    assert validate is not None
    assert validate(value) is value


def test_an_enum_may_accept_more_by_itself():
    validate = validator_for(Color)
    assert validate is not None
    assert validate("crimson") is Color.RED


def test_whatever_a_users_validator_raises_is_a_sentence():
    validate = validator_for(Exploding)
    assert validate is not None
    with pytest.raises(ValueError, match="1 does not fit: KeyError: 'user code'"):
        validate(1)


def test_many_options_are_cut_short():
    validate = validator_for(Literal[tuple(range(100))])
    assert validate is not None
    with pytest.raises(ValueError, match=r"19, …$"):
        validate("x")


def test_a_hint_pydantic_cannot_build_lets_values_pass():
    class Odd:
        @classmethod
        def __get_pydantic_core_schema__(cls, *_: object) -> Any:
            raise RuntimeError

    validate = validator_for(list[Annotated[int, Odd()]])
    assert validate is not None
    assert validate(["anything"]) == ["anything"]
