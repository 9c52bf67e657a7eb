import itertools
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest

from psynapse.catalog.introspect import operations_of
from psynapse.catalog.nodepacks import Nodepack
from psynapse.catalog.registry import Registry
from psynapse.model.catalog import LoadFailure
from psynapse.model.ids import Ref
from psynapse.model.operation import Operation
from psynapse.model.schema import MISSING, NodeSchema

_numbers = itertools.count()


def _schema(registry: Registry, ref: str) -> NodeSchema:
    return registry.catalog[Ref(ref)]


def _names(registry: Registry, file: str) -> list[str]:
    return [schema.name for schema in registry.catalog.schemas if schema.ref.startswith(f"{file}:")]


def _failures(registry: Registry, pack: str) -> dict[str, LoadFailure]:
    return {failure.name: failure for failure in registry.catalog.failures if failure.nodepack == pack}


def _types(registry: Registry, ref: str) -> dict[str, str]:
    return {param.name: str(param.type) for param in _schema(registry, ref).params}


def _described(source: str, filename: str = "ops.py") -> list[Operation | LoadFailure]:
    """What introspection makes of a module with this source."""
    name = f"introspected_{next(_numbers)}"
    module = ModuleType(name)
    sys.modules[name] = module
    try:
        exec(source, vars(module))
        return list(operations_of(module, Nodepack("pack", Path("/pack"), "user", (filename,)), filename, "digest"))
    finally:
        del sys.modules[name]


def _operation(source: str, filename: str = "ops.py") -> Operation:
    (operation,) = _described(source, filename)
    assert isinstance(operation, Operation)
    return operation


def test_functions_and_callable_classes_are_nodes_in_the_order_of_the_file(misbehaving: Registry):
    assert _names(misbehaving, "old_shapes/ops.py") == [
        "Scale",
        "Plain",
        "OnlyMethodText",
        "Counter",
        "Talker",
        "LoudTalker",
        "Commented",
        "traced",
        "decorated",
        "remembered",
        "scalars",
        "alias",
        "unknowns",
        "containers",
        "optionals",
        "literals",
        "classes",
    ]


def test_in_the_other_two_files_only_callable_classes_are_nodes(misbehaving: Registry):
    assert _names(misbehaving, "old_shapes/progress_ops.py") == ["Steps"]
    assert _names(misbehaving, "old_shapes/stream_ops.py") == ["Words"]


@pytest.mark.parametrize(
    ("node", "style"),
    [
        ("ops.py:Counter", "progress"),
        ("ops.py:Talker", "stream"),
        ("ops.py:LoudTalker", "stream"),
        ("ops.py:Commented", "function"),
        ("ops.py:Plain", "function"),
        ("ops.py:scalars", "function"),
        ("progress_ops.py:Steps", "progress"),
        ("stream_ops.py:Words", "stream"),
    ],
)
def test_the_style_is_declared_by_the_file_or_by_the_reporter(misbehaving: Registry, node: str, style: str):
    schema = _schema(misbehaving, f"old_shapes/{node}")
    assert schema.style == style
    wire = schema.to_json()
    assert (wire["is_progress_node"], wire["is_stream_node"]) == (style == "progress", style == "stream")


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ("    _stream_reporter = object()\n", "stream"),
        ("    def __init__(self):\n        self._progress_reporter: object = 1\n", "progress"),
        ("    def __init__(self):\n        print(self._progress_reporter)\n", "function"),
        ("    def __init__(self):\n        1 / 0\n        self._progress_reporter = 1\n", "progress"),
    ],
)
def test_a_reporter_is_found_without_creating_an_instance(body: str, style: str):
    assert _operation(f"class Node:\n{body}    def __call__(self): ...").schema.style == style


@pytest.mark.parametrize(
    ("function", "types"),
    [
        ("scalars", {"a": "int", "b": "float", "c": "str", "d": "bool", "e": "Any"}),
        ("unknowns", {"a": "Any", "b": "any", "c": "object"}),
        (
            "containers",
            {
                "a": "list[dict]",
                "b": "list[int]",
                "c": "dict[str, Any]",
                "d": "tuple[int, ...]",
                "e": "list[str]",
                "f": "dict",
            },
        ),
        ("optionals", {"a": "int | None", "b": "int | None", "c": "int | str", "d": "int | str"}),
        ("classes", {"a": "Color", "b": "Record", "c": "int", "f": "Callable[[int], str]", "g": "Callable"}),
        ("decorated", {"x": "int", "y": "str"}),
        ("remembered", {"x": "int"}),
        ("Plain", {"x": "int"}),
    ],
)
def test_every_hint_of_earlier_versions_keeps_its_arguments(
    misbehaving: Registry, function: str, types: dict[str, str]
):
    assert _types(misbehaving, f"old_shapes/ops.py:{function}") == types


def test_options_of_a_literal_keep_their_json_types(misbehaving: Registry):
    letters, numbers = [param.to_json() for param in _schema(misbehaving, "old_shapes/ops.py:literals").params]
    assert (letters["type"], letters["literal_values"]) == ("Literal", ["a", "b"])
    assert (numbers["type"], numbers["literal_values"], numbers["default"]) == ("Literal", [1, 2], 2)


def test_an_optional_literal_has_its_options_too(misbehaving: Registry):
    mode = _schema(misbehaving, "precise/ops.py:optional_literal").params[0].to_json()
    assert (mode["type"], mode["literal_values"]) == ("Literal['fast', 'slow'] | None", ["fast", "slow"])


@pytest.mark.parametrize(
    ("where", "subset"),
    [
        ("bounded.n", {"type": "integer", "minimum": 0, "maximum": 10, "description": "how many"}),
        ("enums.color", {"enum": ["red", "blue"]}),
        ("moments.day", {"type": "string", "format": "date"}),
        ("exact.path", {"type": "string", "format": "path"}),
        ("structures.point", {"type": "object", "required": ["x"]}),
        ("structures.movie", {"type": "object", "required": ["title", "year"]}),
        ("structures.person", {"type": "object", "required": ["name", "age"]}),
        ("literal.size", {"enum": [1, 2]}),
        ("required_field.a", {"type": "integer", "minimum": 0}),
    ],
)
def test_precise_types_have_a_precise_json_schema(misbehaving: Registry, where: str, subset: dict[str, Any]):
    function, _, name = where.partition(".")
    param = _schema(misbehaving, f"precise/ops.py:{function}").param(name)
    assert param is not None
    assert param.json_schema.items() >= subset.items()


def test_options_and_constraints_beyond_json_do_not_reach_the_wire():
    source = "from typing import *\nfrom pydantic import Field\n"
    odd = "a: Literal['\\ud800', 2 ** 70, b'x'], b: Annotated[int, Field(le=10 ** 30)]"
    schema = _operation(f"{source}def function({odd}): ...").schema
    orjson.dumps(schema.to_json())
    assert schema.params[0].literal_values == ("'\\ud800'", "1180591620717411303424", "b'x'")
    assert schema.params[1].json_schema == {}


def test_docstrings_come_from_the_class_then_from_its_call(misbehaving: Registry):
    texts = [_schema(misbehaving, f"old_shapes/ops.py:{name}").docstring for name in ("Plain", "OnlyMethodText")]
    assert texts == ["From the class.", "From the method."]
    assert _schema(misbehaving, "old_shapes/ops.py:decorated").docstring == "Wrapped."


def test_ways_to_pass_arguments_are_told_apart(misbehaving: Registry):
    spread = _schema(misbehaving, "passing/ops.py:spread").params
    assert [(param.name, param.passing, str(param.type), param.required) for param in spread] == [
        ("first", "keyword", "int", True),
        ("args", "spread", "list[int]", False),
        ("flag", "keyword", "bool", False),
        ("kwargs", "spread_mapping", "dict[str, str]", False),
    ]
    positional = _schema(misbehaving, "passing/ops.py:positional").params
    assert [param.passing for param in positional] == ["positional", "positional", "keyword", "keyword"]
    assert _types(misbehaving, "passing/ops.py:untyped") == {"args": "list", "kwargs": "dict[str, Any]"}


def test_values_of_a_spread_parameter_are_validated_one_by_one(misbehaving: Registry):
    operation = misbehaving.operations[Ref("passing/ops.py:colors")]
    assert [item.value for item in operation.validators["args"](["red"])] == ["red"]  # pyright: ignore[reportGeneralTypeIssues]


def test_coroutines_are_marked_and_async_generators_are_refused(misbehaving: Registry):
    assert _schema(misbehaving, "coroutines/ops.py:wait").is_async
    assert _schema(misbehaving, "coroutines/ops.py:Fetch").is_async
    count = _schema(misbehaving, "coroutines/ops.py:count")
    assert (count.is_async, str(count.returns[0].type)) == (False, "list[int]")
    assert "async generator" in _failures(misbehaving, "coroutines")["ticks"].message


def test_outputs_of_a_dict_with_named_keys(misbehaving: Registry):
    returns = {
        name: [(item.name, str(item.type)) for item in _schema(misbehaving, f"outputs/ops.py:{name}").returns]
        for name in _names(misbehaving, "outputs/ops.py")
    }
    assert returns == {
        "split": [("head", "Any"), ("tail", "Any")],
        "maybe": [("head", "Any")],
        "bare": [("result", "AnnotatedDict")],
        "nothing": [("result", "None")],
        "unsaid": [("result", "Any")],
        "pair": [("result", "tuple[int, str]")],
    }


def test_unresolvable_hints_become_any_and_drop_nothing(misbehaving: Registry):
    assert _types(misbehaving, "odd_hints/ops.py:unresolvable") == {"a": "int", "b": "Any", "c": "Any", "d": "str"}
    assert _types(misbehaving, "odd_hints/ops.py:raising") == {"a": "Any", "b": "float"}
    assert _types(misbehaving, "odd_hints/ops.py:prose") == {"a": "Any", "b": "bool"}
    assert _types(misbehaving, "odd_hints/ops.py:nonsense") == {"a": "Any", "b": "Any", "c": "Any"}
    assert _types(misbehaving, "odd_hints/ops.py:Node") == {"parent": "Node", "missing": "Any"}


def test_every_odd_default_stands_for_itself_and_breaks_nothing(misbehaving: Registry):
    schemas = [schema for schema in misbehaving.catalog.schemas if schema.nodepack == "odd_defaults"]
    assert _failures(misbehaving, "odd_defaults") == {}
    assert len(schemas) == 22
    for schema in schemas:
        orjson.dumps(schema.to_json())
    odd = {schema.name: schema.params[0] for schema in schemas}
    assert odd["thing"].default_repr == "<object object>"
    assert odd["rude"].default_repr == "<Rude>"
    assert odd["raw"].default_repr == r"b'\xff'"
    assert all(odd[name].default is MISSING for name in ("builtin", "huge", "not_a_number", "cyclic", "surrogate"))
    assert not any(odd[name].required for name in ("builtin", "huge", "rude"))
    shown = [odd[name].default for name in ("color", "path", "day", "moment", "pair", "nothing", "nested")]
    assert shown == ["red", "a/b", "2024-02-29", "2024-02-29T12:30:00", [1, 2], None, {"a": [1, {"b": None}]}]
    assert str(odd["nothing"].type) == "int | None"


def test_objects_that_fight_back_do_not_break_their_neighbours(misbehaving: Registry):
    assert _names(misbehaving, "hostile/ops.py") == ["calm", "after"]
    failures = _failures(misbehaving, "hostile")
    assert sorted(failures) == ["PropertyCall", "Untouchable", "unreadable"]
    assert "is a property, not a method" in failures["PropertyCall"].message
    assert "do not touch" in failures["Untouchable"].traceback


def test_a_class_that_needs_arguments_says_so(misbehaving: Registry):
    (failure,) = _failures(misbehaving, "old_shapes").values()
    assert (failure.name, failure.message) == ("NeedsArguments", "NeedsArguments cannot be created without path")
    assert "give them defaults" in failure.hint


def test_what_authors_say_with_the_decorator_is_in_the_schema(misbehaving: Registry):
    options = {
        name: (schema.executor, schema.cache)
        for name in ("heavy", "light", "Waiting")
        if (schema := _schema(misbehaving, f"options/ops.py:{name}"))
    }
    assert options == {"heavy": ("process", False), "light": (None, True), "Waiting": ("thread", True)}


def test_lines_point_into_the_file(misbehaving: Registry):
    for operation in misbehaving.operations.values():
        lines = Path(operation.schema.filepath).read_text("utf-8").splitlines()
        assert any(word in lines[operation.schema.line - 1] for word in ("def ", "class ", "@")), operation.schema.ref


@pytest.mark.parametrize(
    "source",
    [
        "def _hidden(x): ...",
        "from os.path import join, basename",
        "f = lambda x: x",
        "class A: ...",
        "class A:\n    __call__ = None",
        "class A(type): ...",
        "import functools\nclass A(functools.partial): ...",
        "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def __call__(self): ...",
        "import enum\nclass A(enum.Enum):\n    X = 1\n    def __call__(self): ...",
        "class A(Exception):\n    def __call__(self): ...",
        "from typing import Protocol\nclass A(Protocol):\n    def __call__(self) -> int: ...",
        "x = 1\ny = print\nimport json",
    ],
)
def test_what_is_no_node_is_left_out_without_a_word(source: str):
    assert _described(source) == []


def test_a_static_call_and_a_class_call_have_the_right_parameters():
    static = _operation("class A:\n    @staticmethod\n    def __call__(x: int): ...")
    bound = _operation("class A:\n    @classmethod\n    def __call__(cls, x: int): ...")
    star = _operation("class A:\n    def __call__(*args): ...")
    assert [[param.name for param in item.schema.params] for item in (static, bound, star)] == [["x"], ["x"], ["args"]]
