import inspect
import itertools
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pydantic.json_schema import GenerateJsonSchema

from psynapse.catalog.adapters import JsonSchemaGenerator, adapter_for
from psynapse.catalog.defaults import json_default
from psynapse.catalog.hints import hints_of, type_expr
from psynapse.catalog.introspect import operations_of
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.catalog.parameters import _hint
from psynapse.catalog.registry import load_registry
from psynapse.model.operation import Operation
from psynapse.model.schema import MISSING
from psynapse.model.types import ANY, NONE, union

_numbers = itertools.count()


def _operation(source: str) -> Operation:
    """The one node of a module with this source."""
    module = ModuleType(f"generated_{next(_numbers)}")
    sys.modules[module.__name__] = module
    try:
        exec(source, vars(module))
        (operation,) = operations_of(module, Nodepack("pack", Path("/pack"), "user", ("ops.py",)), "ops.py", "digest")
    finally:
        del sys.modules[module.__name__]
    assert isinstance(operation, Operation)
    return operation


_HINTS = [
    "int",
    "float | None",
    "str",
    "'int'",
    "'Nowhere'",
    "Any",
    "list[dict[str, int]]",
    "Literal['a', 1, None]",
    "Annotated[int, Field(ge=0)]",
    "Annotated[float, Field(default=1.5)]",
    "Color",
    "Point",
    "Movie",
    "date",
    "Path",
    "Callable[[int], str]",
    "Optional[Color]",
    "tuple[int, ...]",
    "5",
    "ndarray",
]
_DEFAULTS = ["1", "None", "nan", "'x'", "[1, (2, nan)]", "Color.RED", "object()", "Point(1)", "b'\\xff'", "print"]
_PRELUDE = """
from typing import *
from dataclasses import dataclass as _dataclass
from datetime import date
from enum import Enum as _Enum
from pathlib import Path
from numpy import ndarray
from pydantic import Field
nan = float("nan")
class Color(_Enum):
    RED = "red"
@_dataclass
class Point:
    x: int
class Movie(TypedDict):
    title: str
"""


@st.composite
def _signatures(draw: st.DrawFn) -> str:
    """A parameter list as text: some positional-only, some with defaults, some keyword-only, maybe spreads."""
    counts = [draw(st.integers(0, 2)) for _ in range(3)]
    names = iter("abcdefgh")
    parts: list[str] = []
    defaulted = False
    for kind, count in enumerate(counts):
        if kind == 2 and (draw(st.booleans()) or count):
            parts.append(draw(st.sampled_from(["*args", "*args: int", "*args: Color", "*"] if count else ["*args"])))
        for _ in range(count):
            hint = draw(st.none() | st.sampled_from(_HINTS))
            # Python demands that whatever follows a default has one, until keyword-only parameters begin.
            defaulted = draw(st.booleans()) or (defaulted and kind < 2)
            default = f" = {draw(st.sampled_from(_DEFAULTS))}" if defaulted else ""
            parts.append(next(names) + (f": {hint}" if hint else "") + default)
        if kind == 0 and count:
            parts.append("/")
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["**kwargs", "**kwargs: str", "**kwargs: Point"])))
    return ", ".join(parts)


def test_a_hint_that_parameters_share_is_looked_at_once_and_never_compared():
    operation = _operation("""
from pydantic_core import core_schema
looks = []
class Rude(type):
    def __eq__(cls, other):
        raise AssertionError("compared")
    __hash__ = type.__hash__
class Odd(metaclass=Rude):
    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        looks.append(source)
        return core_schema.int_schema()
def function(a: Odd, b: Odd, c: int): ...
""")
    first, second, third = operation.schema.params
    assert first.json_schema == second.json_schema == third.json_schema == {"type": "integer"}
    # What somebody does to one is not done to the others.
    assert first.json_schema is not second.json_schema
    assert len(operation.callee.__globals__["looks"]) == 1  # type: ignore[attr-defined]


def test_the_schemas_of_all_shipped_nodes_are_what_pydantic_says_of_each_parameter_by_itself():
    for operation in load_registry([(shipped_root(), "shipped")]).operations.values():
        function = operation.callee.__call__ if isinstance(operation.callee, type) else operation.callee
        hints = hints_of(function)
        for name, parameter in inspect.signature(function).parameters.items():
            if param := operation.schema.param(name):
                hint = _hint(parameter, hints)
                assert json.dumps(param.json_schema) == json.dumps(_by_itself(hint)), (operation.schema.ref, name)
                assert param.type in (type_expr(hint), union((type_expr(hint), NONE)))


def _by_itself(hint: object) -> object:
    adapter = None if type_expr(hint) == ANY else adapter_for(hint)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return json_default(adapter.json_schema()) if adapter else {}


def test_the_generator_has_the_methods_of_pydantics_own():
    own, ours = GenerateJsonSchema().build_schema_type_to_method(), JsonSchemaGenerator().build_schema_type_to_method()
    assert {kind: method.__name__ for kind, method in ours.items()} == {
        kind: method.__name__ for kind, method in own.items()
    }


_PASSING = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "keyword",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "spread",
    inspect.Parameter.VAR_KEYWORD: "spread_mapping",
}


@given(_signatures(), st.sampled_from(["", *(f" -> {hint}" for hint in _HINTS)]), st.sampled_from(["", "async "]))
def test_any_signature_has_a_schema_that_matches_it_and_can_be_sent(parameters: str, returns: str, prefix: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        operation = _operation(f"{_PRELUDE}\n{prefix}def function({parameters}){returns}: ...")
    schema = operation.schema
    signature = inspect.signature(operation.callee)
    assert [(param.name, param.passing) for param in schema.params] == [
        (name, _PASSING[parameter.kind]) for name, parameter in signature.parameters.items()
    ]
    for param, parameter in zip(schema.params, signature.parameters.values(), strict=True):
        assert param.required == (parameter.default is parameter.empty and "spread" not in param.passing)
        if parameter.default is not parameter.empty:
            assert (param.default is MISSING) == bool(param.default_repr)
    assert schema.is_async == bool(prefix)
    assert json.loads(json.dumps(schema.to_json(), allow_nan=False)) == orjson.loads(orjson.dumps(schema.to_json()))
