"""A node package to begin with: written from the template that comes with psynapse."""

import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Final

from psynapse.errors import PsynapseError

_TEMPLATE: Final = Path(__file__).parent / "package_template"
_SUFFIX: Final = ".template"
_MODULE: Final = "__module__"
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_TAKEN: Final = frozenset({"psynapse", "scope", "tests"}) | sys.stdlib_module_names


class UnusablePackageName(PsynapseError):
    """No package can have that name, or there is something of that name already."""

    code = "unusable-package-name"


def write_package(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a node package to ``folder / name``; returns the files. Raises UnusablePackageName and OSError."""
    module = module_of(name)
    root = folder / name
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UnusablePackageName(f"{root} is there already", hint="choose another name, or another folder with --in")
    written: list[Path] = []
    for path, text in _filled(name, module):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return tuple(written)


def module_of(name: str) -> str:
    """The name that a package of that name is imported by. Raises UnusablePackageName."""
    module = re.sub(r"[.-]+", "_", name)
    if not _NAME.fullmatch(name) or not module.isidentifier() or keyword.iskeyword(module):
        hint = "use small letters, digits and -, beginning with a letter, such as scope-sparkle"
        raise UnusablePackageName(f"{name[:80]!r} is no name for a package", hint=hint)
    if module in _TAKEN:
        raise UnusablePackageName(f"{module} is the name of something else in Python", hint="choose another name")
    return module


def _filled(name: str, module: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(_TEMPLATE.rglob(f"*{_SUFFIX}")):
        text = Template(path.read_text(encoding="utf-8")).substitute(name=name, module=module)
        place = path.relative_to(_TEMPLATE).as_posix().removesuffix(_SUFFIX).replace(_MODULE, module)
        yield Path(place), text
