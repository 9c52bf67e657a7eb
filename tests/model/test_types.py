"""Type hints as data."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import TypeSyntaxError
from psynapse.model.types import ANY, NONE, LiteralValue, TypeExpr, fit, is_assignable, parse_type, union

ARITY = {
    "list": 1,
    "Sequence": 1,
    "Iterable": 1,
    "Collection": 1,
    "set": 1,
    "dict": 2,
    "Mapping": 2,
    "AnnotatedDict": 1,
}
SCALARS = ["int", "float", "str", "bool", "complex", "bytes", "None", "datetime.date", "date", "datetime", "np.ndarray"]

literal_values: st.SearchStrategy[LiteralValue] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
literals = st.lists(literal_values, min_size=1, max_size=4).map(lambda values: TypeExpr("Literal", (), tuple(values)))
names = st.sampled_from(SCALARS).map(TypeExpr)


def generics(inner: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    one = st.sampled_from(sorted(ARITY)).flatmap(
        lambda name: st.tuples(*[inner] * ARITY[name]).map(lambda args: TypeExpr(name, args))
    )
    fixed = st.lists(inner, min_size=1, max_size=3).map(lambda args: TypeExpr("tuple", tuple(args)))
    endless = inner.map(lambda item: TypeExpr("tuple", (item, TypeExpr("..."))))
    either = st.lists(inner, min_size=1, max_size=3).map(lambda members: union(tuple(members)))
    return st.one_of(one, fixed, endless, either)


precise = st.recursive(st.one_of(names, literals), generics, max_leaves=8)
callables = st.lists(precise, max_size=2).map(lambda args: TypeExpr("Callable", (TypeExpr("[]", tuple(args)), ANY)))
types = st.one_of(precise, callables, st.just(ANY), st.sampled_from(["list", "dict", "a.b.C"]).map(TypeExpr))


@given(types)
def test_a_type_written_down_and_parsed_is_the_same_type(expr: TypeExpr):
    assert parse_type(str(expr)) == expr


@given(
    st.one_of(st.text(), st.text(string.punctuation + "ab1 \n'\\", max_size=60), types.map(str).map(lambda t: t[1:]))
)
def test_any_text_is_a_type_or_a_type_syntax_error(text: str):
    try:
        expr = parse_type(text)
    except TypeSyntaxError:
        return
    assert parse_type(str(expr)) == expr


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("int", "int"),
        (" int ", "int"),
        ("'int | None'", "int | None"),
        ("list['Thing']", "list[Thing]"),
        ("Optional[int]", "int | None"),
        ("typing.Optional[typing.Union[int, str]]", "int | str | None"),
        ("Union[int, int]", "int"),
        ("int | (str | int)", "int | str"),
        ("None | int", "None | int"),
        ("Literal['a', 1, True, None, -2.5]", "Literal['a', 1, True, None, -2.5]"),
        ("typing.Literal['x']", "Literal['x']"),
        ("tuple[int, ...]", "tuple[int, ...]"),
        ("Callable[[int, str], bool]", "Callable[[int, str], bool]"),
        ("Callable[..., bool]", "Callable[..., bool]"),
        ("dict[str, list[int | None]]", "dict[str, list[int | None]]"),
        ("a.b.C[int]", "a.b.C[int]"),
    ],
)
def test_types_are_parsed_as_python_writes_them(text: str, written: str):
    assert str(parse_type(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "int |",
        "3",
        "f()",
        "a + b",
        "(a + b).c",
        "f'{x}'.y",
        "f().x[int]",
        "list[int][int]",
        "x[1:2]",
        "Union[()]",
        "Optional[()]",
        "Literal[b'x']",
        "Literal[name]",
        "Literal[1e999]",
        "Literal[{[]: 1}]",
        "Literal[0x" + "f" * 9000 + "]",
        "\0",
        "\ud800",
        "lambda: 0",
        "*int",
    ],
)
def test_what_is_not_a_type_is_refused(text: str):
    with pytest.raises(TypeSyntaxError):
        parse_type(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "text",
    [
        "list[" * 90 + "int" + "]" * 90,
        "list[" * 1600 + "int" + "]" * 1600,
        "(" * 5000 + ")" * 5000,
        "[" * 5000 + "]" * 5000,
        "-" * 9999 + "1",
        "a" + ".a" * 4900,
        "|".join("a" * 5000),
        "x" * 10_001,
        "'" * 9999,
        "Literal[" + "-" * 5000 + "1]",
    ],
)
def test_absurdly_deep_or_long_types_are_refused_at_once(text: str):
    with pytest.raises(TypeSyntaxError):
        parse_type(text)


@pytest.mark.timeout(5)
def test_types_of_ten_thousand_characters_are_parsed():
    many = ", ".join(f"a{index}" for index in range(1200))
    assert len(parse_type(f"Union[{many}]").members) == 1200
    assert parse_type("x" * 10_000).name == "x" * 10_000
    assert len(parse_type(" | ".join(f"a{index}" for index in range(150))).members) == 150
    assert parse_type("a" + ".a" * 2_000).name == "a" + ".a" * 2_000
    assert str(parse_type("|".join("a" * 2_001))) == "a"


@pytest.mark.parametrize("text", ["a" + ".a" * 2_001, "|".join("a" * 2_002)])
def test_too_long_a_row_is_refused_by_every_python_alike(text: str):
    with pytest.raises(TypeSyntaxError, match="2,000 parts"):
        parse_type(text)


def test_types_nested_sixty_deep_are_parsed():
    text = "list[" * 60 + "int" + "]" * 60
    assert str(parse_type(text)) == text


def test_a_union_of_one_is_that_one():
    assert union(iter([TypeExpr("int"), TypeExpr("int")])) == TypeExpr("int")


def test_only_types_with_none_are_optional():
    assert parse_type("int | None").optional
    assert NONE.optional
    assert not parse_type("int | str").optional
    assert not parse_type("list[None]").optional


@given(types)
def test_every_type_is_assignable_to_itself(expr: TypeExpr):
    assert is_assignable(expr, expr)
    assert fit(expr, expr) == "exact"


@given(precise, precise, precise)
def test_assignability_is_transitive(first: TypeExpr, second: TypeExpr, third: TypeExpr):
    if is_assignable(first, second) and is_assignable(second, third):
        assert is_assignable(first, third)


@given(precise, st.lists(precise, max_size=2))
def test_a_type_is_assignable_to_every_union_that_holds_it(expr: TypeExpr, others: list[TypeExpr]):
    assert is_assignable(expr, union((*others, expr)))


@given(precise)
def test_unknown_types_are_given_the_benefit_of_the_doubt(expr: TypeExpr):
    for unknown in (ANY, TypeExpr("object"), TypeExpr("typing.Any")):
        assert is_assignable(expr, unknown)
        assert is_assignable(unknown, expr)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("bool", "int", "exact"),
        ("int", "float", "exact"),
        ("bool", "complex", "exact"),
        ("list[int]", "Iterable[int]", "exact"),
        ("List[int]", "list[int]", "exact"),
        ("list", "list[int]", "exact"),
        ("list[int]", "list", "exact"),
        ("list[bool]", "list[int]", "exact"),
        ("list[str]", "list[int]", "unlikely"),
        ("Generator[int]", "Generator[int, None, None]", "exact"),
        ("AnnotatedDict[Literal['a']]", "Mapping", "exact"),
        ("datetime.datetime", "date", "exact"),
        ("tuple[int, int]", "tuple[int, ...]", "exact"),
        ("tuple[int, ...]", "tuple[float, ...]", "exact"),
        ("tuple[int, str]", "tuple[int, ...]", "unlikely"),
        ("tuple[int, ...]", "tuple[int, int]", "unlikely"),
        ("tuple[int, int]", "tuple[int]", "unlikely"),
        ("Literal['a']", "str", "exact"),
        ("Literal['a', None]", "str | None", "exact"),
        ("Literal['a', 1]", "int | str", "exact"),
        ("Literal[1]", "Literal[1, 2]", "exact"),
        ("Literal[1, 2]", "Literal[1]", "unlikely"),
        ("Literal[1]", "Literal[True]", "unlikely"),
        ("str", "Literal['a']", "unlikely"),
        ("Literal['1']", "int", "converts"),
        ("str", "int", "converts"),
        ("float", "int", "converts"),
        ("str", "int | None", "converts"),
        ("dict", "str | bool", "unlikely"),
        ("int | None", "int", "converts"),
        ("list[int] | None", "list[int]", "converts"),
        ("set[int] | bytes", "list[int]", "unlikely"),
        ("dict", "list", "unlikely"),
        ("None", "int", "unlikely"),
        ("int", "None", "unlikely"),
    ],
)
def test_values_fit_as_it_is_converted_or_by_mistake(source: str, target: str, expected: str):
    assert fit(parse_type(source), parse_type(target)) == expected
