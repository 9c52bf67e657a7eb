"""What the conversion table does not cover: enums, dates, paths, dataclasses, constraints, options of a ``Literal``."""

import json
from collections.abc import Sequence
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any, Literal, cast, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError

from psynapse.catalog.adapters import adapter_for
from psynapse.catalog.defaults import short_repr
from psynapse.catalog.fields import is_field
from psynapse.catalog.hints import is_union, literal_value, type_expr, union_members, unwrapped
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.operation import Validator

_VALIDATED = (Enum, date, time, timedelta, PurePath, UUID, Decimal, BaseModel)
_CONTAINERS = (list, dict, tuple, set, frozenset)
_DEEPEST = 20
_LONGEST_SHOWN = 60
_MOST_OPTIONS = 20


def validator_for(hint: object) -> Validator | None:
    """The validator of a parameter with this hint; None where values pass as the conversion table leaves them."""
    if not _needs_validation(hint, 0):
        return None
    return _Validator(hint)


class _Validator:
    """Built when the first value comes: most parameters of a catalog never get one."""

    __slots__ = ("_adapter", "_classes", "_hint", "_optional", "_options", "_others", "_parses_json")

    def __init__(self, hint: object) -> None:
        members = [unwrapped(member) for member in union_members(hint)]
        self._hint = hint
        self._adapter: TypeAdapter[Any] | None = None
        constrained = _is_constrained(hint)
        self._classes = () if constrained else tuple(member for member in members if isinstance(member, type))
        self._optional = type(None) in members or None in members
        self._options = [option for member in members for option in _options(member)]
        self._others = [member for member in members if not _options(member) and member not in (None, type(None))]
        self._parses_json = str not in members and any(map(_takes_json, members))

    def __call__(self, value: object) -> object:
        if any(_is_instance(value, cls) for cls in self._classes):
            return value
        if found := _chosen(value, self._options):
            return found[0][1]
        if self._optional and (value is None or value == ""):
            return None
        if self._options and not self._others:
            raise ValueError(self._no_option(value))
        return self._validated(_from_json(value) if self._parses_json else value)

    def _validated(self, value: object) -> object:
        if self._adapter is None:
            self._adapter = adapter_for(self._hint) or _EVERYTHING
        found = outcome(self._adapter.validate_python, value)
        if not isinstance(found, Raised):
            return found
        raise ValueError(self._refusal(value, found.error)) from found.error

    def _refusal(self, value: object, error: BaseException) -> str:
        if not isinstance(error, ValidationError):
            return f"{_shown(value)} does not fit: {type(error).__name__}: {error}"
        return self._no_option(value) if self._options else self._misfit(value, error)

    def _no_option(self, value: object) -> str:
        names = [_shown(literal_value(shown)) for shown, _ in self._options[:_MOST_OPTIONS]]
        names += ["…"] if len(self._options) > _MOST_OPTIONS else []
        names += [f"any {type_expr(other)}" for other in self._others]
        return f"{_shown(value)} is none of the options: {', '.join(names)}"

    def _misfit(self, value: object, error: ValidationError) -> str:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        reason = reason.replace("Input should be", "it should be").partition(" for <class")[0]
        return f"{_shown(value)} does not fit {type_expr(self._hint)}: {f'{place}: ' if place else ''}{reason}"


# Stands in for hints that pydantic cannot build: values pass, as they do for classes it does not know.
_EVERYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def _is_instance(value: object, cls: type) -> bool:
    try:
        return isinstance(value, cls)
    except TypeError:
        # Typed dicts and most protocols refuse to be asked.
        return False


def _needs_validation(hint: object, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    hint = unwrapped(hint)
    origin = get_origin(hint)
    if origin is Annotated:
        return _is_constrained(hint) or _needs_validation(get_args(hint)[0], depth + 1)
    if origin is Literal:
        return True
    if is_union(hint) or origin in _CONTAINERS:
        return any(_needs_validation(part, depth + 1) for part in get_args(hint))
    cls = origin or hint
    return isinstance(cls, type) and (issubclass(cls, _VALIDATED) or is_dataclass(cls))


def _is_constrained(hint: object) -> bool:
    hint = unwrapped(hint)
    if get_origin(hint) is not Annotated:
        return is_union(hint) and any(map(_is_constrained, get_args(hint)))
    inner, *notes = get_args(hint)
    return _is_constrained(inner) or any(map(_constrains, notes))


def _constrains(note: object) -> bool:
    if is_field(note):
        return bool(note.metadata)
    package = type(note).__module__.partition(".")[0]
    return package in {"annotated_types", "pydantic"} or hasattr(type(note), "__get_pydantic_core_schema__")


def _takes_json(member: object) -> bool:
    cls = get_origin(member) or member
    return isinstance(cls, type) and (issubclass(cls, (*_CONTAINERS, BaseModel)) or is_dataclass(cls))


def _from_json(value: object) -> object:
    """Lists and objects typed into a text field arrive as JSON text."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return cast("object", json.loads(value))
    except (ValueError, RecursionError):
        return value


def _options(member: object) -> list[tuple[object, object]]:
    """What an editor offers, each with what the function gets for it."""
    if get_origin(member) is Literal:
        return [(literal_value(option), option) for option in get_args(member)]
    if isinstance(member, type) and issubclass(member, Enum):
        return [(option.value, option) for option in member]
    return []


def _chosen(value: object, options: Sequence[tuple[object, object]]) -> list[tuple[object, object]]:
    """The option that ``value`` is: exactly, or as the text or number an older editor sends for it."""
    tests = (_identical, _equal_number, _same_text, _adopted)
    return next((found for same in tests if (found := [option for option in options if same(value, option)])), [])


def _identical(value: object, option: tuple[object, object]) -> bool:
    return any(type(value) is type(one) and value == one for one in option)


def _equal_number(value: object, option: tuple[object, object]) -> bool:
    shown = option[0]
    if isinstance(value, bool) or isinstance(shown, bool):
        return False
    return isinstance(value, (int, float)) and isinstance(shown, (int, float)) and value == shown


def _same_text(value: object, option: tuple[object, object]) -> bool:
    if not isinstance(value, str):
        return False
    shown, meant = option
    if isinstance(shown, bool):
        return value.strip().lower() == str(shown).lower()
    return value in (shown, str(shown)) or (isinstance(meant, Enum) and value == meant.name)


def _adopted(value: object, option: tuple[object, object]) -> bool:
    """Enums may accept more by their ``_missing_``."""
    cls = type(option[1])
    return issubclass(cls, Enum) and attempt(None, cls, value) is option[1]


def _shown(value: object) -> str:
    return short_repr(value, _LONGEST_SHOWN)
