"""Default values: as JSON where they have one, as bounded text where not."""

import math
import re
import reprlib
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import TypeGuard, cast
from uuid import UUID

from pydantic_core import to_jsonable_python

from psynapse.model.guarded import attempt
from psynapse.model.ids import Json
from psynapse.model.schema import MISSING, Missing

_LONGEST_REPR = 200
_MOST_ITEMS = 10_000
_LONGEST_TEXT = 65_536
_DEEPEST = 40
_INT64 = 2**63
# Their text is what a validator turns back into the value.
_AS_TEXT = (date, time, timedelta, UUID, Decimal)


class _NotJson(ValueError):
    """A value that has no JSON, or more of it than a default may have."""


@dataclass(slots=True)
class _Budget:
    items: int = _MOST_ITEMS

    def spend(self) -> None:
        self.items -= 1
        if self.items < 0:
            raise _NotJson


def json_default(value: object) -> Json | Missing:
    """``value`` as JSON that every reader accepts, or MISSING: not finite, too large, cyclic, or no JSON at all."""
    return attempt(MISSING, _json, value, 0, _Budget())


def short_repr(value: object, longest: int = _LONGEST_REPR) -> str:
    """``repr(value)`` on one line, at most ``longest`` characters, the same in every process; raises nothing."""
    text = attempt(f"<{type(value).__name__}>", _REPR.repr, value)
    # Addresses would make the catalog differ from one worker to the next.
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    text = " ".join(text.encode("utf-8", "backslashreplace").decode().split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _json(value: object, depth: int, budget: _Budget) -> Json:
    budget.spend()
    if depth > _DEEPEST:
        raise _NotJson
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _json(value.value, depth + 1, budget)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (str, PurePath)):
        return _text(str(value))
    if isinstance(value, _AS_TEXT):
        return cast("Json", to_jsonable_python(value))
    return _container(value, depth, budget)


def _container(value: object, depth: int, budget: _Budget) -> Json:
    if isinstance(value, (set, frozenset)):
        value = sorted(cast("set[object]", value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_json(item, depth + 1, budget) for item in cast("list[object]", value)]
    if _has_text_keys(value):
        return {_text(key): _json(item, depth + 1, budget) for key, item in value.items()}
    raise _NotJson


def _has_text_keys(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict) and all(type(key) is str for key in value)


def _number(value: float) -> int | float:
    number = int(value) if isinstance(value, int) else float(value)
    # Larger whole numbers do not survive JSON in browsers and fast encoders.
    if not math.isfinite(number) or (isinstance(number, int) and not -_INT64 <= number < _INT64):
        raise _NotJson
    return number


def _text(value: str) -> str:
    if len(value) > _LONGEST_TEXT:
        raise _NotJson
    # Raises for lone surrogates, which are no UTF-8.
    return value.encode().decode()


def _bounded_repr() -> reprlib.Repr:
    bounded = reprlib.Repr()
    bounded.maxstring = bounded.maxother = bounded.maxlong = _LONGEST_REPR
    bounded.maxlist = bounded.maxtuple = bounded.maxdict = bounded.maxset = bounded.maxfrozenset = 20
    return bounded


_REPR = _bounded_repr()
