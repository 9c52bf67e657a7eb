"""Whatever the signature, a node gives its function what a direct call would."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from psynapse.kinds.base import Evaluation
from psynapse.kinds.function import FunctionKind
from psynapse.model.operation import Address, Operation

KIND = FunctionKind()
Call = Callable[[Operation, Mapping[str, Any], Mapping[str, object]], object]
Arrive = Callable[[Evaluation, Mapping[str, object]], tuple[tuple[object, ...], dict[str, object]]]
MakeOperation = Callable[..., Operation]


@dataclass(frozen=True)
class Case:
    """A function, what its node has set, what arrives over edges, and what the function should get."""

    source: str
    constants: dict[str, Any]
    arriving: dict[str, Any]
    expected: dict[str, Any]

    def function(self) -> Callable[..., object]:
        scope: dict[str, Any] = {}
        exec(self.source, scope)
        return scope["f"]


# Names that our own wrappers use as well.
NAMES = [
    "function",
    "params",
    "values",
    "fresh",
    "defaults",
    "cls",
    "self",
    "operation",
    "instance",
    "kwargs",
    "a",
    "b",
]
HINTS = {
    "'int'": [(3, 3), ("4", 4), ("5.0", 5), (6.0, 6)],
    "'float | None'": [("1e3", 1000.0), ("", None), (None, None), (0.5, 0.5)],
    "'str'": [("text", "text"), (3, "3")],
    "'bool'": [("no", False), (True, True), (0, False)],
    "'list[int]'": [([1, [2]], [1, [2]]), ("[1]", [1]), ("[1", "[1"), ("1", "1")],
    "'dict | None'": [({"x": []}, {"x": []}), ('{"y": 1}', {"y": 1})],
    "object": [(None, None), ([1], [1]), ("3", "3")],
}
SPREAD = [([], []), ([1, 2], [1, 2]), ("[3]", [3])]
SPREAD_MAPPING = [({}, {}), ({"x1": 1, "x2": [2]}, {"x1": 1, "x2": [2]}), ('{"x3": 3}', {"x3": 3})]


class Draft:
    """A case in the making."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.names = iter(draw(st.permutations(NAMES)))
        self.parts: list[str] = []
        self.case = Case("", {}, {}, {})

    def give(self, name: str, choices: list[tuple[Any, Any]], *, optional: bool) -> None:
        where = self.draw(st.sampled_from(["constant", "wired", "both", *["absent"] * 2 * optional]))
        if where == "absent":
            return
        value, self.case.expected[name] = self.draw(st.sampled_from(choices))
        if where != "wired":
            self.case.constants[name] = value if where == "constant" else "overridden"
        if where != "constant":
            self.case.arriving[name] = value

    def add(self, *, defaulted: bool) -> None:
        name, hint = next(self.names), self.draw(st.sampled_from(list(HINTS)))
        self.parts.append(f"{name}: {hint}" + f" = 'default of {name}'" * defaulted)
        self.give(name, HINTS[hint], optional=defaulted)

    def add_positional(self, only: int, count: int) -> None:
        first_default = self.draw(st.integers(0, 4))
        for index in range(count):
            self.add(defaulted=index >= first_default)
            if index == only - 1:
                self.parts.append("/")

    def add_spread(self, stars: str, choices: list[tuple[Any, Any]]) -> bool:
        wanted = self.draw(st.booleans())
        if wanted:
            name = next(self.names)
            self.parts.append(f"{stars}{name}: {'list' if stars == '*' else 'dict'!r}")
            self.give(name, choices, optional=True)
        return wanted


@st.composite
def cases(draw: st.DrawFn) -> Case:
    draft = Draft(draw)
    only, plain, named = [draw(st.integers(0, 2)) for _ in range(3)]
    draft.add_positional(only, only + plain)
    if not draft.add_spread("*", SPREAD) and named:
        draft.parts.append("*")
    for _ in range(named):
        draft.add(defaulted=draw(st.booleans()))
    draft.add_spread("**", SPREAD_MAPPING)
    return replace(draft.case, source=f"def f({', '.join(draft.parts)}):\n    return locals()")


def directly(function: Callable[..., object], given_values: Mapping[str, object]) -> object:
    bound = inspect.BoundArguments(inspect.signature(function), dict(given_values))  # pyright: ignore[reportArgumentType]
    bound.apply_defaults()
    return function(*bound.args, **bound.kwargs)


@given(case=cases())
def test_a_node_gives_its_function_what_a_direct_call_would(
    case: Case, make_operation: MakeOperation, call: Call, call_bare: Call
):
    function = case.function()
    operation = make_operation(function)
    expected = directly(function, case.expected)
    assert call(operation, case.constants, case.arriving) == expected
    assert call_bare(operation, case.constants, case.arriving) == expected


@given(case=cases())
def test_a_class_node_gives_its_method_what_a_direct_call_would(
    case: Case, make_operation: MakeOperation, call: Call, call_bare: Call
):
    scope: dict[str, Any] = {}
    exec("class Op:\n    " + case.source.replace("def f(", "def __call__(me, ").replace("\n", "\n    "), scope)
    cls = scope["Op"]
    schema = make_operation(case.function()).schema
    operation = Operation(schema, cls, Address("pack", "ops.py", "ops", "Op"), is_class=True)
    expected: Any = directly(case.function(), case.expected)
    for way in (call, call_bare):
        given_values: Any = way(operation, case.constants, case.arriving)
        assert isinstance(given_values.pop("me"), cls)
        assert given_values == expected


@given(case=cases())
def test_lists_and_objects_set_in_the_node_are_made_anew_for_each_call(
    case: Case, make_operation: MakeOperation, arrive: Arrive
):
    evaluation = KIND.evaluate(case.constants, tuple(case.arriving), make_operation(case.function()))
    args, kwargs = arrive(evaluation, case.arriving)
    before = repr(directly(case.function(), case.expected))
    for _ in range(2):
        got: Any = evaluation.function(*args, **kwargs)
        assert repr(got) == before
        for name in set(case.constants) - set(case.arriving):
            if isinstance(got[name], list):
                got[name].append("changed")
            elif isinstance(got[name], dict):
                got[name]["changed"] = True
