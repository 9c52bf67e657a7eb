"""Types with a precise schema, and values that need a validator."""

import datetime
import decimal
import pathlib
import uuid
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Annotated, Literal, NewType, Optional, TypedDict

from pydantic import AfterValidator, BaseModel, Field


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Point:
    x: int
    y: int = 0


class Movie(TypedDict):
    title: str
    year: int


class Person(BaseModel):
    name: str
    age: int = Field(ge=0)


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("it must be even")
    return value


UserId = NewType("UserId", int)
Even = Annotated[int, AfterValidator(_even)]


def literal(mode: Literal["fast", "slow"], size: Literal[1, 2] = 2, switch: Literal[True, False] = True) -> str:
    return f"{mode} {size!r} {switch}"


def optional_literal(mode: Literal["fast", "slow"] | None = None, legacy: Optional[Literal["a"]] = None) -> str:
    return f"{mode} {legacy}"


def mixed_literal(size: Literal["auto"] | int = "auto") -> str:
    return repr(size)


def enums(color: Color, level: Level = Level.LOW, colors: list[Color] = [], maybe: Color | None = None) -> str:
    return f"{color} {level}"


def moments(
    day: datetime.date,
    moment: datetime.datetime,
    clock: datetime.time = datetime.time(12),
    length: datetime.timedelta = datetime.timedelta(hours=1),
) -> str:
    return f"{day} {moment} {clock} {length}"


def exact(path: pathlib.Path, key: uuid.UUID, price: decimal.Decimal = decimal.Decimal("0.10")) -> str:
    return f"{path} {key} {price}"


def structures(point: Point, person: Person, movie: Movie, points: list[Point] = []) -> str:
    return f"{point} {person} {movie}"


def bounded(
    n: Annotated[int, Field(ge=0, le=10, description="how many")],
    ratio: Annotated[float, Field(gt=0)] = 0.5,
    even: Even = 2,
    note: Annotated[str, "only a note"] = "",
    maybe: Annotated[int, Field(ge=0)] | None = None,
) -> int:
    return n


def fields(a: Annotated[int, Field(default=3)], b: int = Field(default=4, ge=0), c: list = Field(default_factory=list)):
    return [a, b, c]


def required_field(a: int = Field(ge=0)) -> int:
    return a


def early_field(a: Annotated[int, Field(default=3)], b: int) -> int:
    return a + b


def user(user: UserId) -> UserId:
    return user
