"""The other layout of a generation: base and overlay in one folder, for packages that must lie beside each other.

A regular package is in one folder of the path only: what an overlay adds to one of the base's is never found. And a
shared library looks for others at places relative to its own, where in the base they are.
"""

import os
import re
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from psynapse.environments.base import Base
from psynapse.environments.durable import files_below
from psynapse.environments.linking import copy_file, link_file
from psynapse.environments.overlay import Overlay
from psynapse.model.packages import LoadFailure

_INIT: Final = "__init__.py"
_LIBRARY_MISSING: Final = re.compile(
    r"cannot open shared object file|DLL load failed|Library not loaded|image not found"
)
_MODULE_MISSING: Final = re.compile(r"No module named '([^'.]+)|cannot import name '[^']+' from '([^'.]+)")


def split_packages(base: Base, overlay: Overlay) -> tuple[str, ...]:
    """Regular packages of the base to which the overlay adds what Python would not find there; sorted.

    Raises OSError.
    """
    found = {name for site in base.site_dirs for name in _added_to(site, overlay.site)}
    return tuple(sorted(found))


def out_of_reach(failures: Iterable[LoadFailure], base: Base, overlay: Overlay) -> str:
    """What of the failed imports may be because base and overlay are in different folders; empty for nothing."""
    return next((one.message for one in failures if _is_about_layout(one.message, base, overlay)), "")


def merge(base: Base, overlay: Overlay, *, copy: bool) -> None:
    """Put everything of the base that the overlay has no other version of into it, as links or copies. Raises OSError.

    Afterwards its Python looks at no other folder. Done again it goes on where it was interrupted.
    """
    replaced = overlay.distributions().keys() - {""}
    for site in base.site_dirs:
        put_aside = _files_of(site, replaced)
        for entry in files_below(site):
            if entry.path not in put_aside and "__pycache__" not in entry.path:
                _place(Path(entry.path), overlay.site / os.path.relpath(entry.path, site), copy=copy)
    overlay.stay_alone()


def _place(file: Path, place: Path, *, copy: bool) -> None:
    """What the overlay has itself stays."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        (copy_file if copy else link_file)(file, place)


def _files_of(site: Path, names: Iterable[str]) -> frozenset[str]:
    """The files of these distributions in a folder, as absolute paths."""
    wanted = frozenset(names)
    return frozenset(
        os.path.normpath(site / str(file))
        for one in distributions(path=[str(site)])
        if canonicalize_name(one.name or "") in wanted
        for file in one.files or ()
    )


def _added_to(base: Path, overlay: Path, prefix: str = "") -> Iterator[str]:
    for name in _folders(overlay):
        above, below = base / name, overlay / name
        # With one of its own it hides the base's, as a replacement should; what it lacks shows when it is imported.
        if (below / _INIT).exists() or not above.is_dir():
            continue
        if (above / _INIT).exists():
            yield prefix + name
        else:
            yield from _added_to(above, below, f"{prefix}{name}.")


def _folders(folder: Path) -> frozenset[str]:
    with os.scandir(folder) as entries:
        return frozenset(entry.name for entry in entries if entry.name.isidentifier() and entry.is_dir())


def _is_about_layout(message: str, base: Base, overlay: Overlay) -> bool:
    if _LIBRARY_MISSING.search(message):
        return True
    missing = _MODULE_MISSING.search(message)
    name = (missing[1] or missing[2]) if missing else ""
    return bool(name) and (overlay.site / name).is_dir() and any((site / name).is_dir() for site in base.site_dirs)
