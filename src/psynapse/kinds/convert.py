"""The one table that turns a value into what a port of type int, float, str or bool asks for.

A value either arrives unchanged in meaning or is refused with a ConversionError; nothing becomes 0, {} or None by
itself. Other types pass through here untouched: a parameter's validator deals with them.
"""

import math
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from psynapse.errors import ConversionError
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.types import TypeExpr

Converter = Callable[[object], object]

TRUE_WORDS = frozenset({"true", "yes", "1", "on", "y", "t"})
FALSE_WORDS = frozenset({"false", "no", "0", "off", "n", "f", ""})
# Python itself refuses to read longer integers from text (sys.int_info.default_max_str_digits).
_MOST_DIGITS = 4300


def converter_for(expr: TypeExpr) -> Converter | None:
    """How values become ``expr``: one of the four scalars, or a union of one of them with None. Else None."""
    members = [member for member in expr.members if member.name != "None"]
    if len(members) != 1 or members[0].name not in _TABLE:
        return None
    convert = _TABLE[members[0].name]
    return _or_none(convert, members[0].name) if expr.optional else convert


def exact_type(expr: TypeExpr) -> type | None:
    """The type whose instances need no conversion for ``expr``: one comparison spares most of the calls."""
    return _EXACT.get(expr.name)


def to_int(value: object) -> object:
    """Convert to a whole number: ``"3.0"`` is 3 and ``"1e3"`` is 1000; 3.9 is refused, not cut."""
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if value.is_integer():
            return int(value)
        raise _refuse(value, "int", "it would lose its fraction" if math.isfinite(value) else "it is not finite")
    if isinstance(value, str):
        return _int_from_text(value)
    if isinstance(value, Decimal):
        return _whole(value, value)
    return _through_protocol(value, "int", int, "__int__")


def to_float(value: object) -> object:
    """Convert to a floating-point number; text as Python writes it, including ``"1e3"``, ``"inf"`` and ``"nan"``."""
    if isinstance(value, float):
        return value
    if isinstance(value, (int, str)):
        return _float_from_number(value)
    return _through_protocol(value, "float", float, "__float__")


def to_str(value: object) -> object:
    """Convert to text as ``str()`` does; None is refused, because the text ``"None"`` is never what was meant."""
    if isinstance(value, str):
        return value
    return _through_protocol(value, "str", str, "__str__")


def to_bool(value: object) -> object:
    """Convert to true or false: the usual words in any case, and numbers; other words are refused."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        raise _refuse(value, "bool", "use true or false")
    if isinstance(value, (int, float)):
        return bool(value)
    return _through_protocol(value, "bool", bool, "__bool__")


def _float_from_number(value: int | str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise _refuse(value, "float") from None
    except OverflowError:
        number = math.inf
    # "1e999" is a number that floats do not reach; "inf" is what its author wrote.
    if math.isinf(number) and (isinstance(value, int) or any(char.isdigit() for char in value)):
        raise _refuse(value, "float", "it is too large")
    return number


def _int_from_text(text: str) -> int:
    digits = text.strip()
    if len(digits) > _MOST_DIGITS:
        raise _refuse(text, "int", f"it has more than {_MOST_DIGITS} digits")
    try:
        return int(digits)
    except ValueError:
        pass
    try:
        float(digits)  # Decimal alone would take underscores anywhere.
        number = Decimal(digits)
    except (ValueError, InvalidOperation):
        raise _refuse(text, "int") from None
    return _whole(number, text)


def _whole(number: Decimal, given: object) -> int:
    """The integer that ``number`` is. Its size is looked at first: ``int(Decimal("1e999999999"))`` does not return."""
    if not number.is_finite():
        raise _refuse(given, "int", "it is not finite")
    if number and number.adjusted() >= _MOST_DIGITS:
        raise _refuse(given, "int", f"it has more than {_MOST_DIGITS} digits")
    if number != number.to_integral_value():
        raise _refuse(given, "int", "it would lose its fraction")
    return int(number) if number else 0


def _through_protocol(value: object, name: str, convert: Callable[..., object], method: str) -> object:
    """NumPy scalars, Decimals, Fractions: whatever says itself that it is a number. Its methods are user code."""
    if value is None or not hasattr(type(value), method):
        raise _refuse(value, name)
    result = outcome(convert, value)
    lost = result if isinstance(result, Raised) else outcome(_lost, value, result, name)
    if isinstance(lost, Raised):
        raise _refuse(value, name, shown(lost.error, str)) from lost.error
    if lost:
        raise _refuse(value, name, lost)
    return result


def _lost(value: object, result: object, name: str) -> str:
    if name == "int" and result != value:
        return "it would lose its fraction"
    if isinstance(result, float) and math.isinf(result) and result != value:
        return "it is too large"
    return ""


def _or_none(convert: Converter, name: str) -> Converter:
    def convert_or_none(value: object) -> object:
        """None stays None, and so does an emptied field of anything but text."""
        if value is None or (name != "str" and isinstance(value, str) and not value.strip()):
            return None
        return convert(value)

    return convert_or_none


def shown(value: object, say: Callable[[object], str] = repr) -> str:
    """A value as an error message shows it: short, on one line, never raising."""
    text = attempt(f"an object of type {type(value).__name__}", lambda: " ".join(say(value).splitlines()))
    return text if len(text) <= 80 else f"{text[:60]}… ({type(value).__name__})"  # noqa: PLR2004 -- a line's worth


def _refuse(value: object, wanted: str, reason: str = "") -> ConversionError:
    if isinstance(value, str) and not value:
        return ConversionError(f"nothing is filled in, where {_WORDS[wanted]} is needed", hint="fill it in")
    because = f": {reason}" if reason else ""
    hint = f"give {_WORDS[wanted]}"
    return ConversionError(f"{shown(value)} cannot become {wanted}{because}", hint=hint)


_TABLE: dict[str, Converter] = {"int": to_int, "float": to_float, "str": to_str, "bool": to_bool}
_EXACT: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
_WORDS = {"int": "a whole number", "float": "a number", "str": "text", "bool": "true or false"}
