"""Every error code in words, from the classes in the source and the hints that they are raised with.

The source is read, not imported: what needs a window or a library that is not there has errors as well.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from markdown_text import code, first_line, prose, table

import psynapse
from psynapse.model.diagnostics import RULES

_BASE: Final = "PsynapseError"
_SOURCE: Final = Path(psynapse.__file__).parent
_MOST_HINTS: Final = 6


@dataclass(slots=True)
class ErrorKind:
    """A class of errors: what it is called outside, what it means and what its hints say to do."""

    name: str
    code: str
    meaning: str
    hints: list[str] = field(default_factory=list[str])


def errors() -> str:
    """A row for every code, in alphabetical order; a code that two classes share has both."""
    kinds = sorted((one for one in error_kinds().values() if one.code), key=lambda one: (one.code, one.name))
    rows = ([code(one.code), prose(one.meaning), "<br>".join(map(prose, one.hints[:_MOST_HINTS]))] for one in kinds)
    return table(["code", "what happened", "what its hints say"], rows)


def findings() -> str:
    """A row for every code of a finding about a workflow."""
    rows = ([code(name), one.severity, one.blocks, one.meaning] for name, one in RULES.items())
    return table(["code", "severity", "blocks", "what it means"], rows)


@cache
def error_kinds() -> Mapping[str, ErrorKind]:
    """Every class below ``PsynapseError`` by its name, in whatever file it is."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(_SOURCE.rglob("*.py"))]
    kinds = {node.name: _kind(node) for node in _error_classes(trees)}
    for tree in trees:
        for name, hint in _hints(tree):
            if name in kinds and hint not in kinds[name].hints:
                kinds[name].hints.append(hint)
    return kinds


def _error_classes(trees: Sequence[ast.Module]) -> list[ast.ClassDef]:
    """The classes below the base, found by the names of theirs: a class may stand before its base's file."""
    classes = [one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.ClassDef)]
    found = [one for one in classes if one.name == _BASE]
    for error in found:
        found += [one for one in classes if error.name in _bases(one) and one not in found]
    return found


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def _kind(node: ast.ClassDef) -> ErrorKind:
    return ErrorKind(node.name, _code(node), first_line(ast.get_docstring(node) or ""))


def _code(node: ast.ClassDef) -> str:
    """The code that the class itself gives; one without goes by its base's."""
    for line in node.body:
        match line:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(found))):
                return found
            case ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(found))):
                return found
            case _:
                continue
    return ""


def _hints(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The class and the hint of every call that has one written out in it."""
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Name(id=name), keywords=keywords):
                yield from ((name, text) for one in keywords if one.arg == "hint" and (text := _text(one.value)))
            case _:
                continue


def _text(node: ast.expr) -> str:
    """A text that stands in the source; what is filled in when it happens is an ellipsis."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        case _:
            return ""
