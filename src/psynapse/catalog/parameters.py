"""A function's signature as ``Param``s: type, default, JSON schema, how the value is passed, and its validator."""

import inspect
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from inspect import Parameter
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, cast

from psynapse.catalog.adapters import JsonSchemaGenerator, adapter_for
from psynapse.catalog.defaults import json_default, short_repr
from psynapse.catalog.fields import field_default, is_field
from psynapse.catalog.hints import type_expr
from psynapse.catalog.validators import validator_for
from psynapse.model.guarded import attempt
from psynapse.model.ids import Json
from psynapse.model.operation import Validator
from psynapse.model.schema import MISSING, Param, Passing
from psynapse.model.types import ANY, NONE, TypeExpr, union

_PASSING: Mapping[object, Passing] = {
    Parameter.POSITIONAL_ONLY: "positional",
    Parameter.VAR_POSITIONAL: "spread",
    Parameter.VAR_KEYWORD: "spread_mapping",
}
_NOT_NARROWED_BY_NONE = frozenset({"Any", "any", "object"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a node and, by name, the validators of those that need one."""

    params: tuple[Param, ...]
    validators: Mapping[str, Validator]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a hint says of a parameter. ``hint`` is kept, so that its identity stays its own."""

    hint: object
    type: TypeExpr
    json_schema: Mapping[str, Json]
    validator: Validator | None


class Meanings:
    """What hints mean, each looked at once: functions of one file share most of theirs."""

    def __init__(self) -> None:
        self._known: dict[int, _Meaning] = {}

    def of(self, hint: object) -> _Meaning:
        """The meaning of this very object: comparing hints of users would run their code."""
        known = self._known.get(id(hint))
        if known is None:
            validator = attempt(None, validator_for, hint)
            known = self._known[id(hint)] = _Meaning(hint, type_expr(hint), _json_schema(hint), validator)
        return known


def read_parameters(
    signature: inspect.Signature, hints: Mapping[str, object], meanings: Meanings | None = None
) -> Parameters:
    """Every parameter of ``signature``, in order. ``hints`` are its resolved hints; a missing one is Any."""
    meanings = meanings or Meanings()
    described = [(parameter, meanings.of(_hint(parameter, hints))) for parameter in signature.parameters.values()]
    validators = {parameter.name: meaning.validator for parameter, meaning in described if meaning.validator}
    return Parameters(tuple(_param(parameter, meaning) for parameter, meaning in described), validators)


def _hint(parameter: Parameter, hints: Mapping[str, object]) -> object:
    hint = hints.get(parameter.name, Any)
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return list if hint is Any else GenericAlias(list, (hint,))
    if parameter.kind is Parameter.VAR_KEYWORD:
        return dict[str, Any] if hint is Any else GenericAlias(dict, (str, hint))
    # `size: int = Field(3, ge=0)`: the constraints stand in the default's place.
    return Annotated[hint, parameter.default] if is_field(parameter.default) else hint


def _param(parameter: Parameter, meaning: _Meaning) -> Param:
    spread = parameter.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    default = field_default(parameter.default, meaning.hint)
    expr = _with_default(meaning.type, default)
    shown = MISSING if default is Parameter.empty else json_default(default)
    return Param(
        name=parameter.name,
        type=expr,
        required=not spread and (parameter.default is Parameter.empty or default is Parameter.empty),
        default=shown,
        default_repr=short_repr(default) if shown is MISSING and default is not Parameter.empty else "",
        literal_values=tuple(value for member in expr.members for value in member.literals),
        json_schema=dict(meaning.json_schema),
        passing=_PASSING.get(parameter.kind, "keyword"),
    )


def _with_default(expr: TypeExpr, default: object) -> TypeExpr:
    """``size: int = None`` takes None as well, whatever its hint says."""
    accepts_none = expr.name in _NOT_NARROWED_BY_NONE or None in expr.literals
    return expr if default is not None or accepts_none else union((expr, NONE))


def _json_schema(hint: object) -> Mapping[str, Json]:
    # Only Python's own are kept: comparing hints of users runs their code, and their classes should not live for ever.
    return _plain_schema(hint) if isinstance(hint, type) and type(hint) is type and hint in _PLAIN else _of(hint)


@lru_cache(maxsize=32)
def _plain_schema(hint: type) -> Mapping[str, Json]:
    return _of(hint)


def _of(hint: object) -> Mapping[str, Json]:
    adapter = None if type_expr(hint) == ANY else adapter_for(hint)
    if adapter is None:
        return {}
    with warnings.catch_warnings():
        # Pydantic warns of defaults it cannot show; they are shown by their repr instead.
        warnings.simplefilter("ignore")
        # Classes pydantic does not know have none; constraints may hold numbers that are no JSON.
        schema = json_default(attempt(MISSING, adapter.json_schema, schema_generator=JsonSchemaGenerator))
    return cast("Mapping[str, Json]", schema) if isinstance(schema, dict) else {}


_PLAIN = frozenset(
    {int, float, str, bool, bytes, list, dict, tuple, set, object, Path, date, time, datetime, timedelta}
)
