"""Which installed distributions are node packages, found without importing them, or anything for finding them."""

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
        here = dict(_infos(folder))
        for name in here.keys() - seen:
            version, info = here[name]
            if _has_group(info):
                found[name] = InstalledPackage(name, version, Path(info))
        seen.update(here)
    return tuple(found[name] for name in sorted(found))


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
    """Name, version and metadata folder of all that is in a folder, where there may be hundreds."""
    try:
        with os.scandir(folder or ".") as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(_SUFFIXES))
    except OSError:
        return
    for filename in names:
        stem, _, _ = filename.rpartition(".")
        name, _, version = stem.partition("-")
        # An egg's folder may name its Python as well.
        yield normalised(name), (version.partition("-")[0], f"{folder or '.'}/{filename}")


def _has_group(info: str) -> bool:
    try:
        with open(f"{info}/entry_points.txt", "rb") as entry_points:  # noqa: PTH123 -- a Path takes as long as the rest
            return bool(_GROUP.search(entry_points.read()))
    except OSError:
        return False
