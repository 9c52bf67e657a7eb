"""How Python finds a nodepack's modules: ``nodepacks_<root>.<pack>.<file>``, each imported once, none leaking.

The usual import system does the work; a finder of ours only answers for those names. ``sys.path`` stays untouched, so a
pack's ``helpers.py`` never becomes everybody's ``helpers``.
"""

import ast
import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from psynapse.catalog.arriving import wait_for_arriving
from psynapse.catalog.bytecode import compiled
from psynapse.catalog.nodepacks import shipped_root

_roots: dict[str, Path] = {}


def add_root(root: Path) -> str:
    """Make the nodepacks under ``root`` importable; returns the name of the package that stands for ``root``.

    The name depends on the path alone, so what one process pickles another one finds after ``add_root``.
    """
    name = f"nodepacks_{hashlib.blake2b(os.fsencode(root), digest_size=4).hexdigest()}"
    _roots.setdefault(name, root)
    wait_for_arriving()
    if not any(isinstance(finder, _NodepackFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _NodepackFinder())
    return name


def module_name(pack: Path, filename: str) -> str:
    """The name a pack's file is imported under."""
    return f"{add_root(pack.parent)}.{_quoted(pack.name)}.{filename.removesuffix('.py')}"


def _quoted(folder: str) -> str:
    return folder.replace(".", "%2E")


def _folder(package: str) -> Path:
    """The folder of the pack that ``package`` (root and pack, or a module inside) belongs to."""
    root, pack = package.split(".")[:2]
    return _roots[root] / pack.replace("%2E", ".")


class _NodepackFinder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        root, *inner = fullname.split(".")
        if root not in _roots:
            return None
        if not inner:
            return _namespace(fullname, _roots[root])
        if len(inner) == 1:
            return _pack_spec(fullname)
        return _compiled_here(PathFinder.find_spec(fullname, path, target))


def _namespace(name: str, folder: Path) -> ModuleSpec:
    spec = ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    return spec


def _pack_spec(fullname: str) -> ModuleSpec | None:
    folder = _folder(fullname)
    if not folder.is_dir():
        return None
    spec = _namespace(fullname, folder)
    start = folder / "__init__.py"
    if start.is_file():
        spec.loader, spec.origin = _SourceLoader(fullname, str(start)), str(start)
        spec.has_location = True
    return spec


def _compiled_here(spec: ModuleSpec | None) -> ModuleSpec | None:
    if spec and type(spec.loader) is SourceFileLoader:
        spec.loader = _SourceLoader(spec.loader.name, spec.loader.path)
        spec.cached = None
    return spec


class _SourceLoader(SourceFileLoader):
    """Compiles a pack's file with its own siblings in mind, those that came with psynapse once for all workers."""

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path)
        package = ".".join(fullname.split(".")[:2])
        siblings = _siblings(_folder(package)) if _folder(package).is_dir() else frozenset[str]()
        mentioned = sorted(siblings) if _mentions(source, siblings) else []
        made_from = [source, package.encode(), *(name.encode() for name in mentioned)]
        make = partial(_compile, source, self.path, package, mentioned)
        # The folders of users are theirs: nothing is written there.
        is_ours = Path(self.path).is_relative_to(shipped_root())
        return compiled(self.path, made_from, make, self.set_data) if is_ours else make()


def _compile(source: bytes, path: str, package: str, siblings: Sequence[str]) -> CodeType:
    if not siblings:
        return compile(source, path, "exec", dont_inherit=True)
    tree = ast.parse(source, path)
    _qualify_imports(tree, package, frozenset(siblings))
    return compile(tree, path, "exec", dont_inherit=True)


@lru_cache(maxsize=64)
def _siblings(folder: Path) -> frozenset[str]:
    """What ``import name`` may mean inside the pack; the standard library's names keep their meaning."""
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/*.py")}
    return frozenset(name for name in found if name.isidentifier()) - sys.stdlib_module_names - {"__init__"}


def _mentions(source: bytes, names: frozenset[str]) -> bool:
    words = "|".join(sorted(names)).encode()
    return bool(words and re.search(rb"\b(?:" + words + rb")\b", source))


def _qualify_imports(tree: ast.Module, package: str, siblings: frozenset[str]) -> None:
    """Make ``import sibling`` mean the pack's own module, wherever in the file it stands."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _top(node.module or "") in siblings:
            node.module = f"{package}.{node.module}"
        # Only statements: expressions, most of a tree, import nothing.
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                block[:] = [part for statement in block for part in _split(statement, package, siblings)]
                pending += block
        pending += [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]


def _split(statement: ast.AST, package: str, siblings: frozenset[str]) -> Iterator[ast.AST]:
    """``import a, sibling`` as one statement for each name, those of siblings qualified."""
    if not isinstance(statement, ast.Import) or not any(_top(alias.name) in siblings for alias in statement.names):
        yield statement
        return
    for alias in statement.names:
        top = _top(alias.name)
        if top not in siblings:
            yield _import(alias.name, alias.asname, statement)
        elif alias.asname or alias.name == top:
            yield _import(f"{package}.{alias.name}", alias.asname or top, statement)
        else:
            # `import lib.part` loads the part but binds `lib`; private names are no nodes.
            yield _import(f"{package}.{alias.name}", "_submodule", statement)
            yield _import(f"{package}.{top}", top, statement)


def _import(name: str, asname: str | None, place: ast.AST) -> ast.Import:
    statement = ast.Import(names=[ast.alias(name=name, asname=asname)])
    return ast.fix_missing_locations(ast.copy_location(statement, place))


def _top(name: str) -> str:
    return name.partition(".")[0]
