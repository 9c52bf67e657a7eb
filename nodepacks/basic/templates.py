"""Templates with {names}, made safe: ``str.format`` itself would let ``{x.__class__}`` reach anything."""

import re
import string
from collections.abc import Mapping
from typing import Any

from lookup import contents


def fill(template: str, values: Mapping[Any, Any]) -> str:
    """``template`` with each {name} replaced by its value, without a way into the attributes or items of a value.

    Raises LookupError for a missing name, ValueError for a template or format that cannot be used.
    """
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"the template cannot be read: {error}; write {{{{ and }}}} for braces") from None
    return "".join(text + _filled(name, spec or "", conversion, values) for text, name, spec, conversion in fields)


def _filled(name: str | None, spec: str, conversion: str | None, values: Mapping[Any, Any]) -> str:
    if name is None:
        return ""
    if name not in values:
        raise LookupError(f"the template needs a value for {{{name}}}; there is {contents(values)}")
    # "{x:1000000000}" is a few characters of template and a gigabyte of result.
    if "{" in spec or re.search(r"[0-9]{4}", spec):
        raise ValueError(f"the format {spec!r} of {{{name}}} is not allowed; use widths below 1000 and no fields in it")
    value = values[name]
    if conversion:
        value = {"r": repr, "a": ascii}.get(conversion, str)(value)
    try:
        return format(value, spec)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{{{name}}} is a {type(value).__name__} and cannot be written as {spec!r}: {error}") from None
