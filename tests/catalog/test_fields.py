import functools
from typing import Annotated, Any

import pytest
from pydantic import Field

from psynapse.catalog.fields import is_field, settle_defaults
from psynapse.catalog.registry import Registry
from psynapse.model.ids import Ref
from psynapse.model.schema import MISSING


def test_a_function_called_without_its_fields_gets_their_defaults(misbehaving: Registry):
    operation = misbehaving.operations[Ref("precise/ops.py:fields")]
    assert operation.callee() == [3, 4, []]
    assert [param.default for param in operation.schema.params] == [3, 4, []]
    assert not any(param.required for param in operation.schema.params)


def test_constraints_of_a_field_outlive_settling_its_default(misbehaving: Registry):
    operation = misbehaving.operations[Ref("precise/ops.py:fields")]
    assert operation.schema.params[1].json_schema["minimum"] == 0
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        operation.validators["b"](-1)


def test_a_field_without_a_default_is_required(misbehaving: Registry):
    (param,) = misbehaving.operations[Ref("precise/ops.py:required_field")].schema.params
    assert param.required
    assert param.default is MISSING
    assert param.default_repr == ""


def test_a_default_before_a_required_parameter_is_shown_but_cannot_be_left_out(misbehaving: Registry):
    operation = misbehaving.operations[Ref("precise/ops.py:early_field")]
    early = operation.schema.params[0]
    assert (early.default, early.required) == (3, True)
    with pytest.raises(TypeError):
        operation.callee(b=1)


def test_settling_twice_changes_nothing_more():
    def function(a: int, b: Annotated[int, Field(default=2)], *, c: int = Field(default=3)) -> list[int]:
        return [a, b, c]

    settle_defaults(function)
    before = function.__defaults__, function.__kwdefaults__, dict(function.__annotations__)
    settle_defaults(function)
    assert (function.__defaults__, function.__kwdefaults__, dict(function.__annotations__)) == before
    assert function(1) == [1, 2, 3]  # pyright: ignore[reportCallIssue]


def test_defaults_reach_through_a_decorator_and_into_a_class():
    def plain(x: int = Field(default=5)) -> int:
        return x

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> int:
        return plain(*args, **kwargs)

    class Node:
        def __call__(self, x: int = Field(default=6)) -> int:
            return x

    settle_defaults(wrapped)
    settle_defaults(Node)
    assert (wrapped(), Node()()) == (5, 6)
    assert Node()(x=1) == 1


def test_a_default_that_raises_when_looked_at_is_no_field():
    def rude(self: object) -> object:
        raise RuntimeError

    assert not is_field(type("Rude", (), {"__class__": property(rude)})())
    assert is_field(Field(default=1))


def test_functions_without_fields_stay_as_they_are():
    def function(a: int, b: int = 1, *, c: int = 2) -> int:
        return a + b + c

    settle_defaults(function)
    settle_defaults(len)
    assert (function.__defaults__, function.__kwdefaults__) == ((1,), {"c": 2})
