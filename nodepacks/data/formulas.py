"""Formulas over columns, read with Python's own grammar and turned into expressions; nothing of them is executed."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from packages import narwhals

_LONGEST = 4000
_OPERATIONS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.And: operator.and_,
    ast.Or: operator.or_,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda x: x.abs(),
    "round": lambda x, digits=0: x.round(digits),
    "lower": lambda x: x.str.to_lowercase(),
    "upper": lambda x: x.str.to_uppercase(),
    "trim": lambda x: x.str.strip_chars(),
    "length": lambda x: x.str.len_chars(),
    "contains": lambda x, text: x.str.contains(text, literal=True),
    "starts_with": lambda x, text: x.str.starts_with(text),
    "ends_with": lambda x, text: x.str.ends_with(text),
    "replace": lambda x, old, new: x.str.replace_all(old, new, literal=True),
    "year": lambda x: x.dt.year(),
    "month": lambda x: x.dt.month(),
    "day": lambda x: x.dt.day(),
    "is_missing": lambda x: x.is_null(),
    "fill": lambda x, value: x.fill_null(value),
    "if_else": lambda test, yes, no: narwhals.when(test).then(_literal(yes)).otherwise(_literal(no)),
    "text": lambda x: x.cast(narwhals.String),
    "number": lambda x: x.cast(narwhals.Float64),
    **{name: operator.methodcaller(name) for name in ("sum", "mean", "min", "max", "median", "std")},
    "count": lambda x: x.count(),
}


class Formula:
    """A formula that has been read. ``columns`` are the names it uses."""

    def __init__(self, text: str) -> None:
        self._quoted: list[str] = []
        self._tree = self._parsed(text)
        called = {id(part.func) for part in ast.walk(self._tree) if isinstance(part, ast.Call)}
        names = [part for part in ast.walk(self._tree) if isinstance(part, ast.Name) and id(part) not in called]
        self.columns = tuple(dict.fromkeys(self._column(part.id) for part in names))

    def expression(self) -> Any:
        """What narwhals calculates. Raises ValueError for what is not possible in a formula."""
        return _literal(self._expression(self._tree))

    def _parsed(self, text: str) -> ast.AST:
        if len(text) > _LONGEST:
            raise ValueError(
                f"a formula of more than {_LONGEST:,} characters is too long; calculate it in several steps"
            )
        try:
            return ast.parse(re.sub(r"`([^`]+)`", self._placeholder, text.strip()), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            hint = "use == to compare" if re.search(r"[^=<>!]=[^=]", text) else "write one such as price * 2 > 10"
            raise ValueError(f"{text[:200]!r} is not a formula; {hint}") from None

    def _placeholder(self, match: re.Match[str]) -> str:
        self._quoted.append(match[1])
        return f"_quoted_{len(self._quoted) - 1}_"

    def _column(self, name: str) -> str:
        match = re.fullmatch(r"_quoted_(\d+)_", name)
        return self._quoted[int(match[1])] if match and int(match[1]) < len(self._quoted) else name

    def _expression(self, tree: ast.AST) -> Any:
        match tree:
            case ast.Constant(value=str() | int() | float() | bool() | None as value):
                return value
            case ast.Name(id=name):
                return narwhals.col(self._column(name))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return self._combined(op, [left, right])
            case ast.BoolOp(op=op, values=parts):
                return self._combined(op, parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ~self._expression(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return 0 - self._expression(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                tests = [self._compared(op, a, b) for op, a, b in zip(ops, sides, others, strict=False)]
                return reduce(operator.and_, tests)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._called(name, args)
            case _:
                raise ValueError(f"{ast.unparse(tree)[:60]!r} is not possible in a formula")

    def _combined(self, op: ast.AST, parts: Sequence[ast.AST]) -> Any:
        values = [self._expression(part) for part in parts]
        if any(isinstance(value, narwhals.Expr) for value in values) or isinstance(op, (ast.And, ast.Or)):
            return reduce(_OPERATIONS[type(op)], values)
        return _constant(op, values)

    def _compared(self, op: ast.AST, left: ast.AST, right: ast.AST) -> Any:
        value = self._expression(left)
        if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, (ast.Tuple, ast.List, ast.Set)):
            found = value.is_in([self._expression(item) for item in right.elts])
            return ~found if isinstance(op, ast.NotIn) else found
        if type(op) not in _OPERATIONS:
            raise ValueError('compare with ==, !=, <, <=, > or >=, or write: city in ("Rome", "Oslo")')
        return _OPERATIONS[type(op)](value, self._expression(right))

    def _called(self, name: str, args: Sequence[ast.AST]) -> Any:
        if name not in _FUNCTIONS:
            raise ValueError(f"there is no function {name!r}; there are {', '.join(_FUNCTIONS)}")
        values = [self._expression(arg) for arg in args]
        if not values or not isinstance(values[0], narwhals.Expr):
            raise ValueError(f"{name} begins with a column: {name}(price)")
        try:
            return _FUNCTIONS[name](*values)
        except TypeError:
            raise ValueError(f"{name} does not take {len(values)} values of this kind") from None


def _literal(value: Any) -> Any:
    # Where an expression is expected, narwhals takes text for the name of a column.
    return value if isinstance(value, narwhals.Expr) else narwhals.lit(value)


def _constant(op: ast.AST, values: Sequence[Any]) -> float:
    """Floats, because whole numbers of Python may take hours and all memory, and so may repeated text."""
    try:
        return reduce(_OPERATIONS[type(op)], map(float, values))
    except (TypeError, ValueError):
        raise ValueError("a formula calculates with numbers and columns, not with text in quotes") from None
    except ArithmeticError:
        raise ValueError("a number in the formula is too large, or divided by zero") from None
