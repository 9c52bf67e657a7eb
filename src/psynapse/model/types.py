"""Type hints as data: parsed from text, compared without importing what they name."""

import ast
import math
from collections.abc import Iterator, Sized
from dataclasses import dataclass
from typing import Literal, TypeAlias

from psynapse.errors import TypeSyntaxError

LiteralValue: TypeAlias = str | int | float | bool | None
Fit = Literal["exact", "converts", "unlikely"]

_LONGEST_TEXT = 10_000
_DEEPEST = 60
_LONGEST_CHAIN = 2_000


@dataclass(frozen=True, slots=True)
class TypeExpr:
    """A type: ``name`` with ``args``; a union is named ``|``; ``Literal`` carries ``literals`` instead of args."""

    name: str
    args: tuple["TypeExpr", ...] = ()
    literals: tuple[LiteralValue, ...] = ()

    def __str__(self) -> str:
        return _format(self)

    @property
    def members(self) -> tuple["TypeExpr", ...]:
        """The members of a union, or the type itself."""
        return self.args if self.name == "|" else (self,)

    @property
    def optional(self) -> bool:
        """True when None is one of the members."""
        return NONE in self.members


ANY = TypeExpr("Any")
NONE = TypeExpr("None")
_ELLIPSIS = TypeExpr("...")


def union(members: Iterator[TypeExpr] | tuple[TypeExpr, ...]) -> TypeExpr:
    """The union of ``members``: flattened, without repetitions, in order; a single member stays itself."""
    flat = tuple(dict.fromkeys(part for member in members for part in member.members))
    return flat[0] if len(flat) == 1 else TypeExpr("|", flat)


def parse_type(text: str) -> TypeExpr:
    """Parse a type as written in Python: ``int | None``, ``dict[str, list[float]]``, ``Literal['a', 1]``.

    Raises TypeSyntaxError when ``text`` is not a type, or is absurdly long or deep.
    """
    if len(text) > _LONGEST_TEXT:
        raise TypeSyntaxError(f"a type of {len(text)} characters is too long to be one")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return _from_ast(tree.body, 0)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        raise TypeSyntaxError(f"{text[:80]!r} is not a type: {error}") from error


def _from_ast(tree: ast.expr, depth: int) -> TypeExpr:
    if depth > _DEEPEST:
        raise TypeSyntaxError(f"a type nested more than {_DEEPEST} levels deep")
    match tree:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=value) if value is ...:
            return _ELLIPSIS
        case ast.Constant(value=str(value)):
            return parse_type(value)
        case ast.Name() | ast.Attribute():
            return TypeExpr(_dotted(tree))
        case ast.BinOp(op=ast.BitOr()):
            return union(tuple(_from_ast(side, depth + 1) for side in _alternatives(tree)))
        case ast.Subscript(value=ast.Name() | ast.Attribute() as generic, slice=inner):
            return _subscript(_dotted(generic), inner, depth)
        case ast.List(elts=elements):
            return TypeExpr("[]", tuple(_from_ast(element, depth + 1) for element in elements))
        case _:
            raise TypeSyntaxError(f"{ast.unparse(tree)[:80]!r} is not a type")


def _alternatives(tree: ast.expr) -> list[ast.expr]:
    """The sides of ``a | b | c``, without recursion: the syntax tree is as deep on the left as the union is long."""
    sides: list[ast.expr] = []
    while isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        sides.append(tree.right)
        tree = tree.left
    _check_chain(sides)
    return [tree, *reversed(sides)]


def _dotted(tree: ast.expr) -> str:
    names: list[str] = []
    while isinstance(tree, ast.Attribute):
        names.append(tree.attr)
        tree = tree.value
    _check_chain(names)
    if not isinstance(tree, ast.Name):
        raise TypeSyntaxError(f"{ast.unparse(tree)[:80]!r} is not the name of a module or type")
    return ".".join([tree.id, *reversed(names)])


def _check_chain(parts: Sized) -> None:
    """Python 3.11 can read no more than three thousand of them; what later versions can is not to be another type."""
    if len(parts) > _LONGEST_CHAIN:
        raise TypeSyntaxError(f"a type of more than {_LONGEST_CHAIN:,} parts in a row")


def _subscript(name: str, inner: ast.expr, depth: int) -> TypeExpr:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    short = name.rpartition(".")[2]
    if short == "Literal":
        return TypeExpr("Literal", literals=tuple(_literal(part) for part in parts))
    args = tuple(_from_ast(part, depth + 1) for part in parts)
    if short not in {"Optional", "Union"}:
        return TypeExpr(name, args)
    if not args:
        raise TypeSyntaxError(f"{short} of nothing is not a type")
    return union((*args, NONE) if short == "Optional" else args)


def _literal(tree: ast.expr) -> LiteralValue:
    value = ast.literal_eval(tree)
    # Only what can be written down again: an infinity has no notation, and Python prints no endless integers.
    if value is None or (isinstance(value, (str, int, float)) and _is_short(value)):
        return value
    raise TypeSyntaxError(f"{value!r} cannot be an option of Literal here")


def _is_short(value: str | float) -> bool:
    if isinstance(value, int):
        return value.bit_length() <= _LONGEST_TEXT
    return isinstance(value, str) or math.isfinite(value)


def _format(expr: TypeExpr) -> str:
    if expr.name == "|":
        return " | ".join(_format(member) for member in expr.args)
    if expr.literals:
        return f"Literal[{', '.join(repr(value) for value in expr.literals)}]"
    inner = ", ".join(_format(arg) for arg in expr.args)
    if expr.name == "[]":
        return f"[{inner}]"
    return f"{expr.name}[{inner}]" if expr.args else expr.name


# What a value of one type is as well, one step up. Following the steps gives every type it can stand in for.
_PARENTS: dict[str, tuple[str, ...]] = {
    "bool": ("int",),
    "int": ("float",),
    "float": ("complex",),
    "list": ("Sequence", "MutableSequence"),
    "tuple": ("Sequence",),
    "str": ("Sequence",),
    "bytes": ("Sequence",),
    "MutableSequence": ("Sequence",),
    "Sequence": ("Collection",),
    "set": ("Set",),
    "frozenset": ("Set",),
    "Set": ("Collection",),
    "dict": ("Mapping",),
    "AnnotatedDict": ("dict",),
    "defaultdict": ("dict",),
    "OrderedDict": ("dict",),
    "Mapping": ("Collection",),
    "Collection": ("Iterable",),
    "Iterator": ("Iterable",),
    "datetime": ("date",),
}
_SPELLINGS = {
    "List": "list",
    "Dict": "dict",
    "Tuple": "tuple",
    "Type": "type",
    "FrozenSet": "frozenset",
    "NoneType": "None",
}
_UNKNOWN = frozenset({"Any", "any", "object"})
_SCALARS = frozenset({"int", "float", "str", "bool"})


def _plain(expr: TypeExpr) -> str:
    short = expr.name.rpartition(".")[2] or expr.name
    return _SPELLINGS.get(short, short)


def _ancestors(name: str) -> Iterator[str]:
    pending = [name]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(_PARENTS.get(current, ()))


def is_assignable(source: TypeExpr, target: TypeExpr) -> bool:
    """True when every value of ``source`` is a value of ``target``, as far as names tell.

    Unknown types (``Any``, ``object``, a bare ``list`` for ``list[int]``) are given the benefit of the doubt, in both
    directions; without them the relation is reflexive and transitive.
    """
    # No short cut for equal types: to Python Literal[1] and Literal[True] are equal.
    if _plain(source) in _UNKNOWN or _plain(target) in _UNKNOWN:
        return True
    if len(source.literals) > 1:
        return all(is_assignable(TypeExpr("Literal", literals=(value,)), target) for value in source.literals)
    if source.name == "|":
        return all(is_assignable(member, target) for member in source.args)
    if target.name == "|":
        return any(is_assignable(source, member) for member in target.args)
    if source.literals or target.literals:
        return _literal_fits(source, target)
    return _plain(target) in _ancestors(_plain(source)) and _args_fit(source, target)


def _literal_fits(source: TypeExpr, target: TypeExpr) -> bool:
    if target.literals and not source.literals:
        return False
    if target.literals:
        return {(type(value), value) for value in source.literals} <= {
            (type(value), value) for value in target.literals
        }
    return all(is_assignable(_type_of_literal(value), target) for value in source.literals)


def _type_of_literal(value: LiteralValue) -> TypeExpr:
    return NONE if value is None else TypeExpr(type(value).__name__)


def _args_fit(source: TypeExpr, target: TypeExpr) -> bool:
    """Arguments are compared position by position, as read-only containers are; differing counts are let pass."""
    if _plain(source) != _plain(target) or not source.args or not target.args:
        return True
    if _plain(target) == "tuple":
        return _tuple_fits(source.args, target.args)
    if len(source.args) != len(target.args):
        return True
    return all(is_assignable(one, other) for one, other in zip(source.args, target.args, strict=True))


def _tuple_fits(source: tuple[TypeExpr, ...], target: tuple[TypeExpr, ...]) -> bool:
    if target[1:] == (_ELLIPSIS,):
        return all(is_assignable(one, target[0]) for one in source if one != _ELLIPSIS)
    if _ELLIPSIS in source or len(source) != len(target):
        return False
    return all(is_assignable(one, other) for one, other in zip(source, target, strict=True))


def fit(source: TypeExpr, target: TypeExpr) -> Fit:
    """How a value of ``source`` arrives at a port of ``target``: as it is, converted, or probably by mistake."""
    if is_assignable(source, target):
        return "exact"
    if any(_plain(member) in _SCALARS for member in target.members) and _may_convert(source):
        return "converts"
    # A union source fits when one of its members does: the others fail when they really come.
    if source.name == "|" and any(fit(member, target) != "unlikely" for member in source.args):
        return "converts"
    return "unlikely"


def _may_convert(source: TypeExpr) -> bool:
    return any(_plain(member) in _SCALARS or member.literals for member in source.members)
