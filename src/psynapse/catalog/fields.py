"""Defaults that pydantic's ``Field`` states, which Python by itself would not apply.

Does not import pydantic: a child process that runs one plain function should not have to.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Annotated, Any, TypeGuard, cast, get_args, get_origin

from psynapse.catalog.hints import hints_of

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def is_field(value: object) -> "TypeGuard[FieldInfo]":
    """True for what ``pydantic.Field(…)`` returns."""
    # Nobody can have made one before this module was imported. By the real type: isinstance would ask the object.
    fields = sys.modules.get("pydantic.fields")
    return fields is not None and issubclass(type(value), fields.FieldInfo)


def field_default(default: object, hint: object) -> object:
    """The default a parameter has, looking into ``Field(default=…)``; ``Parameter.empty`` for none."""
    if is_field(default):
        return _field_value(default)
    if default is not inspect.Parameter.empty or get_origin(hint) is not Annotated:
        return default
    fields = [part for part in get_args(hint)[1:] if is_field(part)]
    values = [value for field in fields if (value := _field_value(field)) is not inspect.Parameter.empty]
    return values[-1] if values else default


def settle_defaults(callee: object) -> None:
    """Give a function the defaults that only ``Field(default=…)`` states: Python itself would not apply them.

    Changes the function in place, so that it behaves the same however it is called. Without effect on others.
    """
    if "pydantic.fields" not in sys.modules:
        return
    function = inspect.unwrap(cast("Callable[..., object]", _call_method(callee)))
    if isinstance(function, FunctionType):
        hints = hints_of(function)
        given = {name: param.default for name, param in _own_parameters(function)}
        found = dict(_field_defaults(given, hints))
        # The constraints stay readable where the default was.
        fields = {name: default for name, default in given.items() if name in found and is_field(default)}
        function.__annotations__.update(
            {name: Annotated[hints.get(name, Any), field] for name, field in fields.items()}
        )
        _set_defaults(function, found)


def _call_method(callee: object) -> object:
    if not isinstance(callee, type):
        return callee
    return next((vars(base)["__call__"] for base in callee.__mro__[:-1] if "__call__" in vars(base)), callee)


def _own_parameters(function: FunctionType) -> Iterable[tuple[str, inspect.Parameter]]:
    return inspect.signature(function, follow_wrapped=False).parameters.items()


def _field_defaults(given: Mapping[str, object], hints: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, default in given.items():
        value = field_default(default, hints.get(name))
        if value is not inspect.Parameter.empty and value is not default:
            yield name, value


def _set_defaults(function: FunctionType, found: Mapping[str, object]) -> None:
    if not found:
        return
    code = function.__code__
    by_place = code.co_varnames[: code.co_argcount]
    given = function.__defaults__ or ()
    defaults = dict(zip(by_place[len(by_place) - len(given) :], given, strict=True))
    defaults |= {name: value for name, value in found.items() if name in by_place}
    named = {name: value for name, value in found.items() if name not in by_place}
    function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), **named} or None
    # Python has defaults only for the last parameters: one before a required parameter cannot get any.
    first = next((index for index in range(len(by_place), 0, -1) if by_place[index - 1] not in defaults), 0)
    function.__defaults__ = tuple(defaults[name] for name in by_place[first:]) or None


def _field_value(field: "FieldInfo") -> object:
    if field.is_required():
        return inspect.Parameter.empty
    return field.get_default(call_default_factory=True, validated_data={})
