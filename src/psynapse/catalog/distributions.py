"""Which installed distributions are node packages, found without importing them, or anything for finding them."""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from pathlib import Path
from typing import Final

_SUFFIXES: Final = (".dist-info", ".egg-info")
_GROUP: Final = re.compile(rb"^\s*\[\s*scope\s*\]\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """A distribution with a ``scope`` entry point: its normalised name, version, and the folder of its metadata."""

    name: str
    version: str
    info: Path


def find_packages(path: Sequence[str]) -> tuple[InstalledPackage, ...]:
    """The node packages in the folders of ``path``, by name. Of two with the same name the first on the path counts."""
    found: dict[str, InstalledPackage] = {}
    seen: set[str] = set()
    for folder in dict.fromkeys(path):
        names, packages = _in_folder(folder)
        found.update((one.name, one) for one in packages if one.name not in seen)
        seen.update(names)
    return tuple(found[name] for name in sorted(found))


def remember(path: Sequence[str]) -> None:
    """Look into these folders for all processes that are forked from this one, as long as nothing in them changes."""
    for folder in path:
        with contextlib.suppress(OSError):
            _known[folder] = os.stat(folder).st_mtime_ns, _look_into(folder)  # noqa: PTH116 -- see below


_Found = tuple[frozenset[str], tuple[InstalledPackage, ...]]
_known: dict[str, tuple[int, _Found]] = {}


def _in_folder(folder: str) -> _Found:
    """The names of all distributions in a folder, where there may be hundreds, and those that are node packages."""
    try:
        # Not pathlib: here it takes as long as all the rest.
        changed, found = _known.get(folder, (0, None))
        if found and os.stat(folder).st_mtime_ns == changed:  # noqa: PTH116
            return found
        return _look_into(folder)
    except OSError:
        return frozenset(), ()


def _look_into(folder: str) -> _Found:
    infos = dict(_infos(folder))
    packages = [
        InstalledPackage(name, version, Path(info)) for name, (version, info) in infos.items() if _has_group(info)
    ]
    return frozenset(infos), tuple(packages)


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def readable(header: str) -> str:
    """A field of a distribution's metadata, which may be encoded as e-mail headers are (RFC 2047)."""
    try:
        return str(make_header(decode_header(header)))
    except (HeaderParseError, LookupError, UnicodeError):
        return header


def _infos(folder: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name, version and metadata folder of each. Raises OSError."""
    with os.scandir(folder or ".") as entries:
        names = sorted(entry.name for entry in entries if entry.name.endswith(_SUFFIXES))
    for filename in names:
        stem, _, _ = filename.rpartition(".")
        name, _, version = stem.partition("-")
        # An egg's folder may name its Python as well.
        yield normalised(name), (version.partition("-")[0], f"{folder or '.'}/{filename}")


def _has_group(info: str) -> bool:
    try:
        with open(f"{info}/entry_points.txt", "rb") as entry_points:  # noqa: PTH123 -- see above
            return bool(_GROUP.search(entry_points.read()))
    except OSError:
        return False
