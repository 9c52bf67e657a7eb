"""Which files there are and what is known of them."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path
from typing import Any


def files(
    folder: Path, patterns: Sequence[str], exclude: Sequence[str], *, subfolders: bool, hidden: bool, most: int
) -> list[Path]:
    """The paths, sorted. Raises NotADirectoryError, and ValueError when there are too many."""
    skip = [*exclude, *([] if hidden else [".*"])]
    walk = _walk(existing_folder(folder), skip, subfolders=subfolders)
    found = list(islice((path for path in walk if _matches(path.name, patterns)), most + 1))
    if len(found) > most:
        raise ValueError(f"there are more than {most:,} such files below {folder}; narrow the patterns, or allow more")
    return sorted(found)


def _walk(folder: Path, skip: Sequence[str], *, subfolders: bool) -> Iterator[Path]:
    # Links to folders are not followed: they may lead round in a circle.
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if subfolders and not _matches(name, skip)]
        yield from (Path(place, name) for name in names if not _matches(name, skip))


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def existing_folder(folder: Path) -> Path:
    """The folder, with ``~`` as the home folder. Raises NotADirectoryError."""
    folder = folder.expanduser()
    if not folder.is_dir():
        reason = "is a file, not a folder" if folder.exists() else "does not exist"
        raise NotADirectoryError(f"the folder {folder} {reason}; check the path (looked in {Path.cwd()})")
    return folder


def existing_file(path: Path) -> Path:
    """The path, with ``~`` as the home folder. Raises FileNotFoundError or IsADirectoryError."""
    path = path.expanduser()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the path of a file")
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path} (looked in {Path.cwd()}); check the path")
    return path


def listing(folder: Path) -> list[dict[str, Any]]:
    """One row for each entry, sorted by name. Raises NotADirectoryError."""
    rows = (details(path) for path in sorted(existing_folder(folder).iterdir()) if path.exists())
    return [{name: row[name] for name in ("name", "kind", "size", "changed")} for row in rows]


def details(path: Path) -> dict[str, Any]:
    """What is known of a file or folder. Raises FileNotFoundError."""
    path = path.expanduser()
    if not path.exists():
        raise FileNotFoundError(f"there is nothing at {path} (looked in {Path.cwd()}); check the path")
    known = path.stat()
    return {
        "name": path.name,
        "folder": path.absolute().parent,
        "ending": path.suffix,
        "kind": "folder" if path.is_dir() else "file",
        "size": known.st_size,
        "changed": datetime.fromtimestamp(known.st_mtime).astimezone(),
    }


def joined(folder: Path, name: str) -> Path:
    """The path below the folder. Raises ValueError for a name that leads out of it."""
    path = Path(os.path.normpath(folder / name))
    if not name or Path(name).is_absolute() or not path.is_relative_to(os.path.normpath(folder)):
        raise ValueError(f"{name!r} does not name something in the folder; give a name such as report.txt")
    return path


def with_ending(path: Path, ending: str) -> Path:
    """The path with that ending, the dot being optional. Raises ValueError."""
    ending = f".{ending.lstrip('.')}" if ending.strip(".") else ""
    if not path.name or "/" in ending or "\\" in ending:
        raise ValueError(f"{str(path)!r} cannot get the ending {ending!r}; give the path of a file, and one like .png")
    return path.with_suffix(ending)
