"""Runtime type hints as ``TypeExpr``: what a parameter takes and which outputs a function has."""

import collections.abc
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ForwardRef, Literal, NewType, TypeVar, Union, cast, get_args, get_origin

from psynapse.catalog.defaults import json_default, short_repr
from psynapse.errors import TypeSyntaxError
from psynapse.model.authoring import AnnotatedDict
from psynapse.model.guarded import attempt
from psynapse.model.schema import Return
from psynapse.model.types import ANY, NONE, LiteralValue, TypeExpr, parse_type, union

_DEEPEST = 40
# The hints around one: an alias may contain itself.
_Enclosing = tuple[object, ...]
_GENERATORS = (collections.abc.Generator, collections.abc.Iterator, collections.abc.Iterable)
# What only qualifies the type inside it.
_QUALIFIERS = frozenset({"Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})


def hints_of(function: Callable[..., object]) -> Mapping[str, object]:
    """The hints by parameter, ``return`` included. One that cannot be resolved is Any and does not touch the others."""
    hints = attempt(None, typing.get_type_hints, function, include_extras=True)
    if hints is not None:
        return hints
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    return {name: attempt(Any, _resolved, annotation, scope) for name, annotation in _annotations(function).items()}


def _annotations(function: Callable[..., object]) -> Mapping[str, object]:
    found = getattr(function, "__annotations__", None)
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}


def _resolved(annotation: object, scope: dict[str, Any]) -> object:
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    return typing.get_type_hints(holder, globalns=scope, localns={}, include_extras=True)["it"]


def type_expr(hint: object) -> TypeExpr:
    """The type that ``hint`` stands for; Any for what is no type at all. Raises nothing."""
    return attempt(ANY, _expr, hint, ())


def returns_of(hint: object, function: Callable[..., object]) -> tuple[Return, ...]:
    """The outputs: one for each key of an ``AnnotatedDict[Literal[...]]``, else the whole value as ``result``."""
    keys = tuple(dict.fromkeys(_keys(hint)))
    if keys:
        return tuple(Return(key) for key in keys)
    # A node gives the items of a generator as a list.
    if inspect.isgeneratorfunction(function):
        item = get_args(hint)[:1] if get_origin(hint) in _GENERATORS else ()
        return (Return("result", TypeExpr("list", tuple(type_expr(part) for part in item))),)
    return (Return("result", type_expr(hint)),)


def unwrapped(hint: object) -> object:
    """The type that an alias, a NewType or a qualifier stands for; ``Annotated`` stays."""
    for _ in range(_DEEPEST):
        if isinstance(hint, NewType):
            hint = hint.__supertype__
        elif type(hint).__name__ == "TypeAliasType":
            hint = getattr(hint, "__value__", Any)
        elif getattr(get_origin(hint), "_name", None) in _QUALIFIERS:
            hint = get_args(hint)[0]
        else:
            return hint
    return Any


def is_union(hint: object) -> bool:
    """True for ``X | Y``, ``Union`` and ``Optional``."""
    return get_origin(hint) in (Union, types.UnionType)


def union_members(hint: object) -> tuple[object, ...]:
    """The members of a union, also of an annotated one; or the hint itself."""
    hint = unwrapped(hint)
    if get_origin(hint) is Annotated:
        return union_members(get_args(hint)[0])
    return tuple(part for arg in get_args(hint) for part in union_members(arg)) if is_union(hint) else (hint,)


def literal_value(option: object) -> LiteralValue:
    """An option of a ``Literal`` as JSON: an enum's member by its value, what has no JSON by its ``repr``."""
    value = json_default(option)
    return value if value is None or isinstance(value, (str, int, float)) else short_repr(option)


def _keys(hint: object) -> Iterator[str]:
    for member in union_members(hint):
        if get_origin(member) is AnnotatedDict:
            options = get_args(member)[0]
            yield from (str(literal_value(key)) for key in get_args(options) if get_origin(options) is Literal)


def _expr(hint: object, within: _Enclosing) -> TypeExpr:
    if len(within) > _DEEPEST or any(hint is outer for outer in within):
        return ANY
    within = (*within, hint)
    hint = unwrapped(hint)
    if hint is None or hint is types.NoneType:
        return NONE
    origin = get_origin(hint)
    if origin is Annotated:
        return _expr(get_args(hint)[0], within)
    if origin is Literal:
        return TypeExpr("Literal", literals=tuple(literal_value(option) for option in get_args(hint)))
    if is_union(hint):
        return union(tuple(_expr(member, within) for member in get_args(hint)))
    if origin is not None:
        return _generic(hint, origin, within)
    return _bare(hint, within)


def _generic(hint: object, origin: object, within: _Enclosing) -> TypeExpr:
    args = tuple(_argument(arg, within) for arg in get_args(hint))
    named = _bare(origin, within)
    # `Callable[..., Any]` keeps both arguments, a bare `typing.List` has none.
    return TypeExpr(named.name, args) if named != ANY else ANY


def _argument(arg: object, within: _Enclosing) -> TypeExpr:
    if arg is ...:
        return TypeExpr("...")
    if isinstance(arg, list):
        return TypeExpr("[]", tuple(_expr(part, within) for part in cast("list[object]", arg)))
    return _expr(arg, within)


def _bare(hint: object, within: _Enclosing) -> TypeExpr:
    if isinstance(hint, type):
        return _class(hint)
    if isinstance(hint, TypeVar):
        return _variable(hint, within)
    if isinstance(hint, (str, ForwardRef)):
        return _parsed(hint if isinstance(hint, str) else hint.__forward_arg__)
    if hint is typing.LiteralString:
        return TypeExpr("str")
    # Beginners write these two builtins where typing's names are meant.
    if hint is any:
        return TypeExpr("any")
    return TypeExpr("Callable") if hint is callable else ANY


def _class(cls: type) -> TypeExpr:
    if cls is inspect.Parameter.empty:
        return ANY
    name = cls.__qualname__.rpartition("<locals>.")[2]
    return TypeExpr(name) if name.replace(".", "").isidentifier() else _parsed(name)


def _variable(variable: TypeVar, within: _Enclosing) -> TypeExpr:
    if variable.__constraints__:
        return union(tuple(_expr(part, within) for part in variable.__constraints__))
    return ANY if variable.__bound__ is None else _expr(variable.__bound__, within)


def _parsed(text: str) -> TypeExpr:
    try:
        return parse_type(text)
    except TypeSyntaxError:
        return ANY
