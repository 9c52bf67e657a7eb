"""Which value is larger, which objects pass a test."""

import operator as operators
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lookup import follow

_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


def compare(a: Any, operator: str, b: Any) -> bool:
    """The answer of ``operator``. Raises TypeError for values without an order."""
    a, b = _alike(a, b), _alike(b, a)
    try:
        return bool(_COMPARISONS[operator](a, b))
    except TypeError:
        kinds = f"{type(a).__name__} and {type(b).__name__}"
        raise TypeError(f"{kinds} have no order, so {operator} cannot compare them; use == or convert one") from None


def _alike(value: Any, other: Any) -> Any:
    """Text as a number where the other side is one: text fields and CSV files hold numbers as text."""
    if isinstance(value, str) and isinstance(other, (int, float)) and not isinstance(other, bool):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def passing(items: list[Any], key: str, operator: str, value: Any) -> list[Any]:
    """The items that have something at ``key`` which passes the test."""
    test = _contains if operator == "contains" else lambda each, other: compare(each, operator, other)
    return [item for item, each in _at(items, key) if test(each, value)]


def _at(items: list[Any], key: str) -> Iterator[tuple[Any, Any]]:
    for item in items:
        try:
            yield item, follow(item, key)
        except LookupError:
            continue


def _contains(container: Any, part: Any) -> bool:
    if isinstance(container, str):
        return str(part) in container
    return isinstance(container, (list, dict)) and part in container
