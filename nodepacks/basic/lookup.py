"""Find and set values inside objects and lists."""

import itertools
import re
from typing import Any

_MOST_NAMES_SHOWN = 20


def follow(value: Any, path: str) -> Any:
    """What a dotted path leads to; the value itself for an empty one.

    A key that has dots itself is found as well. Raises LookupError naming the step that fails and what is there.
    """
    rest = path
    while rest:
        if isinstance(value, dict) and rest in value:
            return value[rest]
        step, _, rest = rest.partition(".")
        value = _child(value, step, path)
    return value


def follow_or(value: Any, path: str, default: Any) -> Any:
    """What a dotted path leads to, or ``default`` when it leads nowhere."""
    try:
        return follow(value, path)
    except LookupError:
        return default


def _child(value: Any, step: str, path: str) -> Any:
    if isinstance(value, dict) and step in value:
        return value[step]
    if isinstance(value, list) and re.fullmatch(r"-?[0-9]{1,9}", step) and -len(value) <= int(step) < len(value):
        return value[int(step)]
    whole = f" of {path!r}" if step != path else ""
    raise LookupError(f"there is no {step!r}{whole}; there is {contents(value)}")


def contents(value: Any) -> str:
    """What one can look up in ``value``, for an error message."""
    if isinstance(value, dict):
        shown = ", ".join(str(key)[:80] for key in itertools.islice(value, _MOST_NAMES_SHOWN))
        return f"{shown}{', …' if len(value) > _MOST_NAMES_SHOWN else ''}" if value else "an empty object"
    return f"a list of {len(value)} items" if isinstance(value, list) else f"a value of type {type(value).__name__}"


def with_key(data: dict[Any, Any], path: str, value: Any) -> dict[Any, Any]:
    """A copy of ``data`` with one value set. Raises TypeError when the path leads through something else."""
    *steps, last = path.split(".")
    result = inner = dict(data)
    for step in steps:
        child = inner.get(step, {})
        if not isinstance(child, dict):
            raise TypeError(f"{step!r} of {path!r} is of type {type(child).__name__}, not an object; set it as a whole")
        inner[step] = inner = dict(child)
    inner[last] = value
    return result


def merged(first: dict[Any, Any], second: dict[Any, Any], *, deep: bool) -> dict[Any, Any]:
    """Both as one object; the second wins."""
    result = {**first, **second}
    if deep:
        both = [key for key in first if isinstance(first[key], dict) and isinstance(second.get(key), dict)]
        result |= {key: merged(first[key], second[key], deep=True) for key in both}
    return result
