"""The file that says which node packages are switched off. They stay in their generation; no worker imports them."""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, cast

from packaging.utils import canonicalize_name

from psynapse.environments.durable import write_durably
from psynapse.model.packages import DisabledPackage

DISABLED: Final = "disabled.json"


def read_disabled(folder: Path) -> tuple[DisabledPackage, ...]:
    """Those that are switched off, by name; none where the file is missing or is something else. Raises OSError."""
    try:
        content: object = json.loads((folder / DISABLED).read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return ()
    if not isinstance(content, dict):
        return ()
    entries = cast("dict[str, object]", content).items()
    return _sorted(DisabledPackage(canonicalize_name(name), _texts(nodepacks)) for name, nodepacks in entries)


def write_disabled(folder: Path, packages: Iterable[DisabledPackage]) -> None:
    """Replace the file at once: whoever reads it sees the old or the new. Raises OSError; it is the old one then."""
    content = {one.name: one.nodepacks for one in _sorted(packages)}
    write_durably(folder / DISABLED, json.dumps(content, indent=1) + "\n")


def present(packages: Iterable[DisabledPackage], names: Collection[str]) -> tuple[DisabledPackage, ...]:
    """Those that are among the distributions of these normalised names: one that is gone is forgotten."""
    return tuple(one for one in packages if one.name in names)


def _sorted(packages: Iterable[DisabledPackage]) -> tuple[DisabledPackage, ...]:
    return tuple(sorted(packages, key=lambda one: one.name))


def _texts(value: object) -> tuple[str, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str))
