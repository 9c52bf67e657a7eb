"""A Python value as JSON: everything that psynapse sends, stores or prints goes through here.

It runs on whatever user code returns, so it never raises and its work is bounded: cycles become ``{"$cycle": true}``,
what is nested too deeply ``{"$deep": true}``, what lies beyond the limit ``{"$truncated": true}``. Iterators are never
consumed. Nothing is imported for the sake of a value: classes of other packages are recognised by name.
"""

from itertools import islice
from math import inf, isfinite
from typing import Any

from psynapse.engine.simplify import RULES, TRUNCATED, clean_text, type_name, unknown
from psynapse.model.guarded import attempt
from psynapse.model.ids import Json, JsonObject
from psynapse.model.json_text import dumps

CYCLE: JsonObject = {"$cycle": True}
DEEP: JsonObject = {"$deep": True}

# orjson writes at most 254 levels, and a value travels inside an event.
_DEEPEST = 200
_LARGEST = 1 << 30  # no browser can take a longer text
# Parts that occur several times can make a small value's JSON endless.
_MOST_REPEATED = 1 << 26
_MOST_OBJECTS = 5_000_000
_LONGEST_REPR = 10_000
_LONGEST_KEY = 1_000
_INT_LIMIT = 10**4300  # Python and other parsers refuse longer integers
_LEAST_INT, _GREATEST_INT = -(1 << 63), (1 << 64) - 1  # what orjson writes


def to_json(value: Any, *, limit: int | None = None) -> Json:
    """The whole ``value`` as JSON, by the rules of the contract. Never raises.

    ``limit`` bounds the work: what comes after about that many bytes of JSON is marked as truncated. Without it the
    bound is 1 GiB, and 64 MiB for repetitions of parts that occur several times. A timedelta becomes an ISO 8601
    duration (``-P1DT2H``); an integer of more than 4300 digits its hexadecimal ``$repr``.
    """
    kind = type(value)
    if kind is int:
        if _LEAST_INT <= value <= _GREATEST_INT:
            return value
    elif kind is float:
        if isfinite(value):
            return value
    elif value is None or kind is bool:
        return value
    elif kind is str and limit is None:
        return value if value.isascii() else clean_text(value)
    return encode(value, limit)[0]


def encode(value: object, limit: int | None = None) -> tuple[Json, bool]:
    """The JSON of ``value`` and whether it is whole; False means that parts were left out because of ``limit``."""
    encoder = _Encoder(_LARGEST if limit is None else limit)
    failed: JsonObject = {"$type": type_name(type(value)), "$repr": "a value that cannot be read"}
    # Only a stack that was nearly full before, or no memory, can make this fail.
    result = attempt(failed, encoder.convert, value)
    return result, encoder.whole


class _Encoder:
    """One conversion. ``_left`` is a lower bound of the bytes there is room for, so a value that fits is never cut."""

    __slots__ = ("_deepest", "_depth", "_done", "_left", "_objects", "_path", "_repeated", "whole")

    def __init__(self, limit: int) -> None:
        self._left = limit + 1  # one comma too many is counted
        self._depth = self._deepest = self._objects = self._repeated = 0
        self._path: set[int] = set()
        # Large parts by identity, with their cost and height: shared ones are converted once, however often they occur.
        self._done: dict[int, tuple[object, Json, int, int]] = {}
        self.whole = True

    def convert(self, value: Any) -> Json:
        """The JSON of ``value``."""
        kind = type(value)
        if kind is str or kind is float or kind is int or kind is bool or value is None:
            return self._atom(value)
        return self._nested(value)

    def _atom(self, value: str | float | None) -> Json:
        if not isinstance(value, str):
            self._left -= 2
            return _number(value)
        if self._left < len(value) + 3:
            self._left -= len('{"$truncated":true}')
            return self._cut()
        self._left -= len(value) + 3
        return value if value.isascii() else clean_text(value)

    def _cut(self) -> Json:
        self.whole = False
        return TRUNCATED

    def _nested(self, value: object) -> Json:
        key, before, deepest = id(value), self._left, self._deepest
        if key in self._path or key in self._done or self._depth >= _DEEPEST:
            return self._known(key)
        self._path.add(key)
        self._depth += 1
        self._deepest = self._depth
        try:
            result = self._open(value)
        finally:
            self._path.discard(key)
            self._depth -= 1
        if before - self._left > 1000:  # noqa: PLR2004 - remembering small ones costs more than doing them again
            self._done[key] = (value, result, before - self._left, self._deepest - self._depth)
        self._deepest = max(deepest, self._deepest)
        return result

    def _known(self, key: int) -> Json:
        if key in self._path:
            self._left -= len('{"$cycle":true}')
            return CYCLE
        _, result, cost, height = self._done.get(key, (None, DEEP, len('{"$deep":true}'), 0))
        if self._depth + height > _DEEPEST:
            return DEEP
        self._left -= cost
        self._repeated += cost
        self._deepest = max(self._deepest, self._depth + height)
        return result if self._left >= 0 and self._repeated <= _MOST_REPEATED else self._cut()

    def _open(self, value: object) -> Json:
        simpler: Any = value if type(value) is list or type(value) is dict else self._simplify(value)
        if simpler is TRUNCATED:
            return self._cut()
        if type(simpler) is list:
            return self._list(simpler)
        if type(simpler) is dict:
            return self._dict(simpler)
        return self.convert(simpler)

    def _simplify(self, value: object) -> object:
        simpler = attempt(_FAILED, _apply_rule, value, self._left)
        if simpler is _FAILED:
            simpler = unknown(value)
        if type(simpler) is dict and simpler is not TRUNCATED:
            # Attributes can make new objects for ever, two for each one.
            self._objects += 1
        return simpler if self._objects <= _MOST_OBJECTS else TRUNCATED

    def _list(self, items: list[Any]) -> Json:
        self._left -= 1
        cost = attempt(0, _plain_cost, items) if 16 <= len(items) <= self._left else 0  # noqa: PLR2004
        if 0 < cost <= self._left:
            self._left -= cost
            return items.copy()
        result: list[Json] = []
        for item in items[: max(self._left, 0) // 2 + 2]:
            kind = type(item)
            if self._left <= 0:
                result.append(self._cut())
                break
            if kind is str or kind is float or kind is int or kind is bool or item is None:
                result.append(self._atom(item))
            else:
                result.append(self._nested(item))
        return result

    def _dict(self, fields: dict[Any, Any]) -> Json:
        self._left -= 1
        result: dict[str, Json] = {}
        for key, item in list(islice(fields.items(), max(self._left, 0) // 3 + 2)):
            name = key if type(key) is str and key.isascii() else key_text(key)
            while name in result:
                name = f"{name} #{len(result) + 1}"
            self._left -= len(name) + 3
            if self._left <= 0:
                self._cut()
                result["$truncated"] = True
                break
            kind = type(item)
            if kind is str or kind is float or kind is int or kind is bool or item is None:
                result[name] = self._atom(item)
            else:
                result[name] = self._nested(item)
        return result


_FAILED: object = object()
_NAMES_OF_FLOATS = {inf: "Infinity", -inf: "-Infinity"}
_KEYWORDS = {"True": "true", "False": "false", "None": "null"}


def _number(value: float | None) -> Json:
    if type(value) is float:
        return value if isfinite(value) else _NAMES_OF_FLOATS.get(value, "NaN")
    if type(value) is int and not _LEAST_INT <= value <= _GREATEST_INT:
        return value if -_INT_LIMIT < value < _INT_LIMIT else {"$type": "builtins.int", "$repr": _hexadecimal(value)}
    return value


def _hexadecimal(value: int) -> str:
    if value.bit_length() > 4 * _LONGEST_REPR:
        return f"an integer of {value.bit_length():,} bits"
    return hex(value)


def key_text(key: object) -> str:
    """A dict's key as a JSON object's: numbers and constants as JSON writes them, other values by their JSON."""
    simple = to_json(key, limit=_LONGEST_KEY)
    if isinstance(simple, dict):
        simple = simple.get("$repr", simple)
    return simple if isinstance(simple, str) else dumps(simple).decode()


def _plain_cost(items: list[Any]) -> int:
    """The least bytes of a list of JSON values of one type that need no change, else 0."""
    kinds = set(map(type, items))
    if kinds == {float}:
        return 4 * len(items) if isfinite(sum(items)) else 0
    if kinds == {int}:
        return 2 * len(items) if min(items) >= _LEAST_INT and max(items) <= _GREATEST_INT else 0
    if kinds == {str}:
        return sum(map(len, items)) + 3 * len(items) if all(map(str.isascii, items)) else 0
    return 0


def _apply_rule(value: object, room: int) -> object:
    rule = RULES.find(type(value))
    return rule(value, room) if rule else unknown(value)
