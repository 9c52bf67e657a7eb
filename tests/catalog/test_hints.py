# ruff: noqa: UP006, UP007, UP045, PYI061 -- the spellings are what is tested
import collections.abc
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, NewType, Optional, TypeVar, Union

import numpy as np
import pandas as pd
import pytest
import typing_extensions
from hypothesis import given
from hypothesis import strategies as st

from psynapse.catalog.hints import hints_of, returns_of, type_expr
from psynapse.model.authoring import AnnotatedDict
from psynapse.model.schema import Return
from psynapse.model.types import ANY, NONE, TypeExpr, parse_type

T = TypeVar("T")
Bound = TypeVar("Bound", bound=int)
OneOf = TypeVar("OneOf", int, str)
UserId = NewType("UserId", int)
Alias = typing_extensions.TypeAliasType("Alias", int | None)
Recursive = typing_extensions.TypeAliasType("Recursive", "list[Recursive] | dict[str, Recursive] | int")


class Color(Enum):
    RED = "red"


class Box(Generic[T]):
    class Inner:
        pass


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (int, "int"),
        (None, "None"),
        (type(None), "None"),
        (Any, "Any"),
        (any, "any"),
        (object, "object"),
        (callable, "Callable"),
        (int | None, "int | None"),
        (Optional[int], "int | None"),
        (Union[int, str], "int | str"),
        (int | (str | None), "int | str | None"),
        (list, "list"),
        (list[dict[Any, Any]], "list[dict[Any, Any]]"),
        (typing.List[int], "list[int]"),
        (typing.Dict, "dict"),
        (dict[str, list[float]], "dict[str, list[float]]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (tuple[()], "tuple"),
        (type[int], "type[int]"),
        (Literal["a", 1, True, None], "Literal['a', 1, True, None]"),
        (Literal[Color.RED], "Literal['red']"),
        (Literal["a"] | None, "Literal['a'] | None"),
        (Annotated[int, "note"], "int"),
        (Annotated[list[Annotated[int, 1]], 2], "list[int]"),
        (Callable, "Callable"),
        (typing.Callable, "Callable"),
        (Callable[[int, str], bool], "Callable[[int, str], bool]"),
        (Callable[[], None], "Callable[[], None]"),
        (Callable[..., Any], "Callable[..., Any]"),
        (Sequence[int], "Sequence[int]"),
        (Mapping[str, Any], "Mapping[str, Any]"),
        (Final[int], "int"),
        (ClassVar[int], "int"),
        (T, "Any"),
        (Bound, "int"),
        (OneOf, "int | str"),
        (UserId, "int"),
        (list[UserId], "list[int]"),
        (Alias, "int | None"),
        (typing.LiteralString, "str"),
        (Path, "Path"),
        (Color, "Color"),
        (Box, "Box"),
        (Box[int], "Box[int]"),
        (Box.Inner, "Box.Inner"),
        (np.ndarray, "ndarray"),
        (np.float64, "float64"),
        (pd.DataFrame, "DataFrame"),
        (AnnotatedDict, "AnnotatedDict"),
        ("int | None", "int | None"),
        (typing.ForwardRef("Some.Class"), "Some.Class"),
        # No types at all.
        ("no type", "Any"),
        (5, "Any"),
        ([int], "Any"),
        (print, "Any"),
        (typing.Self, "Any"),
        (Literal, "Any"),
        (type("odd name", (), {}), "Any"),
    ],
)
def test_a_runtime_hint_reads_as_it_is_written(hint: object, text: str):
    assert str(type_expr(hint)) == text


def test_a_class_that_raises_when_looked_at_is_any():
    class Grumpy(type):
        def __getattribute__(cls, name: str) -> Any:
            raise RuntimeError(name)

    class Untouchable(metaclass=Grumpy):
        pass

    assert type_expr(Untouchable) == ANY


def test_a_local_class_goes_by_its_own_name():
    class Local:
        pass

    assert type_expr(Local) == TypeExpr("Local")


def test_an_alias_that_names_itself_ends_at_its_name():
    assert str(type_expr(Recursive)) == "list[Recursive] | dict[str, Recursive] | int"


def test_hints_nested_without_end_become_any_inside():
    hint: Any = int
    for _ in range(200):
        hint = list[hint]
    assert str(type_expr(hint)).startswith("list[list[")


_CALLABLE: Any = Callable
_CLASSES = st.sampled_from([int, float, str, bool, bytes, Color, Path, Any, None, dict, list])
_HINTS = st.recursive(
    _CLASSES | st.lists(st.sampled_from(["a", "b'", 1, 2]), min_size=1).map(lambda options: Literal[tuple(options)]),
    lambda inner: st.one_of(
        inner.map(lambda hint: list[hint]),
        inner.map(lambda hint: dict[str, hint]),
        inner.map(lambda hint: Optional[hint]),
        inner.map(lambda hint: Annotated[hint, "note"]),
        st.tuples(inner, inner).map(lambda pair: Union[pair]),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: tuple[tuple(parts)]),
        st.tuples(st.lists(inner, max_size=2), inner).map(lambda pair: _CALLABLE[pair[0], pair[1]]),
    ),
    max_leaves=8,
)


@given(_HINTS)
def test_a_hint_written_out_parses_back_to_itself(hint: object):
    expr = type_expr(hint)
    assert parse_type(str(expr)) == expr


def test_an_unresolvable_hint_does_not_touch_the_others():
    def function(a: object, b: object, c: object, d: object) -> object:
        return [a, b, c, d]

    function.__annotations__.update(a=int, b="Nowhere", c="list[Nowhere]", d="str")
    function.__annotations__["return"] = "int | None"
    assert hints_of(function) == {"a": int, "b": Any, "c": Any, "d": str, "return": int | None}


def plain() -> None:
    return None


def numbers() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("hint", "returns"),
    [
        (AnnotatedDict[Literal["a", "b"]], (Return("a"), Return("b"))),
        (Annotated[AnnotatedDict[Literal["a"]], "note"], (Return("a"),)),
        (AnnotatedDict[Literal["a"]] | None, (Return("a"),)),
        (AnnotatedDict, (Return("result", TypeExpr("AnnotatedDict")),)),
        (AnnotatedDict[str], (Return("result", TypeExpr("AnnotatedDict", (TypeExpr("str"),))),)),
        (tuple[int, str], (Return("result", parse_type("tuple[int, str]")),)),
        (None, (Return("result", NONE),)),
    ],
)
def test_outputs_are_the_keys_of_an_annotated_dict_or_one_result(hint: object, returns: tuple[Return, ...]):
    assert returns_of(hint, plain) == returns


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (Iterator[int], "list[int]"),
        (collections.abc.Generator[str, None, None], "list[str]"),
        (Any, "list"),
    ],
)
def test_a_generator_gives_the_list_of_its_items(hint: object, text: str):
    assert [str(item.type) for item in returns_of(hint, numbers)] == [text]
