"""Pydantic's view of a hint, wherever it has one."""

import sys
import warnings
from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import Any, ClassVar, cast, get_args, get_origin, get_type_hints, is_typeddict

import typing_extensions
from pydantic import ConfigDict, PydanticUserError, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from psynapse.catalog.hints import is_union
from psynapse.model.guarded import attempt

_ANY_CLASS = ConfigDict(arbitrary_types_allowed=True)


def adapter_for(hint: Any) -> TypeAdapter[Any] | None:
    """Pydantic's adapter for ``hint``, or None where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return attempt(None, lambda: _adapter(_readable(hint, ())))


class JsonSchemaGenerator(GenerateJsonSchema):
    """Pydantic's own. That looks for each of its methods once more for every schema, a third of the time that takes."""

    _names: ClassVar[Mapping[Any, str]] = {}

    def build_schema_type_to_method(self) -> dict[Any, Callable[[Any], dict[str, Any]]]:
        """The method for each kind of schema."""
        if not self._names:
            found = super().build_schema_type_to_method()
            JsonSchemaGenerator._names = {kind: method.__name__ for kind, method in found.items()}
        return {kind: getattr(self, name) for kind, name in self._names.items()}


def _adapter(hint: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(hint, config=_ANY_CLASS)
    except PydanticUserError:
        # Models, dataclasses and typed dicts bring a configuration of their own.
        return TypeAdapter(hint)


def _readable(hint: Any, within: tuple[object, ...]) -> Any:
    """``hint`` with ``typing.TypedDict`` in a form that pydantic reads: before Python 3.12 it refuses the original."""
    if sys.version_info >= (3, 12):
        return hint
    if is_typeddict(hint):
        return dict[str, Any] if hint in within else _typed_dict(hint, (*within, hint))
    origin, args = get_origin(hint), get_args(hint)
    if not args or not (is_union(hint) or origin in (list, dict, tuple, set)):
        return hint
    parts = tuple(_readable(arg, within) for arg in args)
    if parts == args:
        return hint
    return reduce(or_, parts) if is_union(hint) else GenericAlias(origin, parts)


def _typed_dict(cls: Any, within: tuple[object, ...]) -> Any:
    required = typing_extensions.Required, typing_extensions.NotRequired
    fields: dict[str, Any] = {
        name: required[name not in cls.__required_keys__][_readable(hint, within)]
        for name, hint in get_type_hints(cls).items()
    }
    # Type checkers allow only names and fields that are written out.
    make = cast("Callable[..., Any]", typing_extensions.TypedDict)
    return make(cls.__name__, fields)
