"""Formulas, read with Python's own grammar and calculated without ``eval``: only numbers can come of them."""

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

from package import np
from vectors import ndarray, numbers

_LONGEST = 2000
_NAMES: Mapping[str, float] = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
# What follows has NumPy's names for things.
_FUNCTIONS: Mapping[str, tuple[str, int]] = {
    **{name: (name, 1) for name in ("sqrt", "exp", "log", "log10", "sin", "cos", "tan", "floor", "ceil")},
    **{name: (name, 1) for name in ("arcsin", "arccos", "arctan", "sign", "abs", "round")},
    "min": ("minimum", 2),
    "max": ("maximum", 2),
    "where": ("where", 3),
}
_OPERATIONS: Mapping[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.FloorDiv: "floor_divide",
    ast.Mod: "mod",
    ast.Pow: "float_power",
    ast.USub: "negative",
    ast.UAdd: "positive",
    ast.Not: "logical_not",
    ast.And: "logical_and",
    ast.Or: "logical_or",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
}
_SIGNS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "min": "minimum", "max": "maximum"}


def result(formula: str, inputs: Mapping[str, Any]) -> Any:
    """A float, a bool or an array. Raises ValueError."""
    tree = _parsed(formula)
    used = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name)}
    values = {name: _operand(value) for name, value in inputs.items() if name in used}
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            value = _value(tree, values)
    except FloatingPointError as error:
        raise ValueError(f"{formula!r} has no result for these numbers: {_reason(error)}") from None
    except ValueError as error:
        raise ValueError(f"{formula[:200]!r}: {_about_shapes(error)}") from None
    except RecursionError:
        raise ValueError("the formula is nested too deeply; calculate it in several steps") from None
    return value.item() if np.ndim(value) == 0 else value


def combined(first: ndarray, operation: str, second: Any) -> ndarray:
    """The operation on both. Raises ValueError."""
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            return getattr(np, _SIGNS[operation])(first, _operand(second))
    except FloatingPointError as error:
        raise ValueError(f"there is no result for these numbers: {_reason(error)}") from None
    except ValueError as error:
        raise ValueError(_about_shapes(error)) from None


def _operand(value: Any) -> Any:
    # Floats, not whole numbers: those of NumPy begin again from below when they become too large.
    return np.float64(value) if isinstance(value, (int, float)) else numbers(value).astype(np.float64, copy=False)


def _reason(error: FloatingPointError) -> str:
    text = str(error)
    if "divide by zero" in text:
        return "it divides by zero, or takes the logarithm of zero"
    return "a number became too large" if "overflow" in text else "such as the root of a negative number"


def _about_shapes(error: ValueError) -> str:
    if "broadcast" not in str(error):
        return str(error)
    return "the lists have different lengths; all need the same count, or to be single numbers"


def _parsed(formula: str) -> ast.AST:
    if len(formula) > _LONGEST:
        raise ValueError(f"a formula of more than {_LONGEST:,} characters is too long; calculate it in several steps")
    try:
        return ast.parse(formula.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{formula[:200]!r} is not a formula; write one such as 2 * x + 1") from None


def _value(tree: ast.AST, values: Mapping[str, Any]) -> Any:
    match tree:
        case ast.Constant(value=bool() | int() | float() as number):
            return np.float64(number)
        case ast.Name(id=name):
            return _named(name, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _operation(op)(_value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATIONS:
            return _operation(op)(_value(operand, values))
        case ast.BoolOp(op=op, values=parts):
            return _folded(_operation(op), [_value(part, values) for part in parts])
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _OPERATIONS for op in ops):
            sides = [_value(side, values) for side in (left, *others)]
            tests = [_operation(op)(a, b) for op, a, b in zip(ops, sides, sides[1:], strict=False)]
            return _folded(np.logical_and, tests)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, [_value(arg, values) for arg in args])
        case _:
            raise ValueError(f"{ast.unparse(tree)[:60]!r} is not possible in a formula")


def _operation(op: ast.AST) -> Callable[..., Any]:
    return getattr(np, _OPERATIONS[type(op)])


def _named(name: str, values: Mapping[str, Any]) -> Any:
    known = {**_NAMES, **values}
    if name not in known:
        raise ValueError(f"there is no {name!r}; use x, y, z, pi or e")
    return known[name]


def _folded(operation: Callable[..., Any], parts: list[Any]) -> Any:
    first, *rest = parts
    for part in rest:
        first = operation(first, part)
    return first


def _called(name: str, args: list[Any]) -> Any:
    if name not in _FUNCTIONS:
        raise ValueError(f"there is no function {name!r}; there are {', '.join(_FUNCTIONS)}")
    function, count = _FUNCTIONS[name]
    if len(args) != count:
        raise ValueError(f"{name} takes {count} value{'s' if count > 1 else ''}, not {len(args)}")
    return getattr(np, function)(*args)
