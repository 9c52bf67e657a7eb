"""Zip files, with eyes on what a hostile one can do."""

import os
import stat
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from contents import replaced
from finding import existing_file

_PIECE = 1 << 20
_ENCRYPTED = 1
Report = Callable[[float, float, str], None]


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(existing_file(path)) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ValueError(f"{path} is not a zip file that can be read: {error}") from None


def listing(path: Path) -> list[dict[str, Any]]:
    """One row for each entry. Raises OSError, or ValueError for what is no zip file."""
    with _opened(path) as archive:
        return [_row(entry) for entry in archive.infolist()]


def _row(entry: zipfile.ZipInfo) -> dict[str, Any]:
    try:
        changed = datetime(*entry.date_time)  # noqa: DTZ001 -- zip files do not say which zone
    except ValueError:
        changed = None
    return {"name": entry.filename, "size": entry.file_size, "packed": entry.compress_size, "changed": changed}


def text_of(path: Path, name: str, most_bytes: int) -> str:
    """The text of an entry. Raises LookupError when there is none of that name, ValueError when it is no short text."""
    with _opened(path) as archive:
        if name not in archive.namelist():
            shown = ", ".join(archive.namelist()[:20]) or "nothing"
            raise LookupError(f"there is no {name!r} in {path}; there is {shown}")
        with _readable(archive, archive.getinfo(name), path) as file:
            # What an entry says of its own size may be a lie.
            content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(f"{name} is larger than {most_bytes:,} bytes; allow more with most_bytes")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8 text; unpack it instead") from None


def _readable(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> IO[bytes]:
    if entry.flag_bits & _ENCRYPTED:
        raise ValueError(f"{entry.filename} in {path} is encrypted, and passwords are not supported")
    return archive.open(entry)


def pack(paths: Sequence[Path], target: Path, level: int, *, replace: bool, report: Report) -> Path:
    """The path of the zip file. Raises OSError, or ValueError for nothing, or two things of one name, to pack."""
    target = target.expanduser()
    if target.exists() and not replace:
        raise FileExistsError(f"there is a {target} already; choose another one, or switch replace on")
    entries = _entries(paths, target)
    if not entries:
        raise ValueError("there is nothing to pack; connect a list of at least one file")
    return replaced(target, lambda file: _write(file, entries, level, report))


def _entries(paths: Iterable[Path], target: Path) -> dict[str, Path]:
    entries: dict[str, Path] = {}
    for name, path in (entry for given in paths for entry in _below(given.expanduser())):
        if path.absolute() == target.absolute():
            continue
        if entries.setdefault(name, path) != path:
            raise ValueError(f"{entries[name]} and {path} would both be {name} in the zip file; rename one")
    return entries


def _below(path: Path) -> Iterator[tuple[str, Path]]:
    if not path.is_dir():
        yield path.name, existing_file(path)
        return
    for place, folders, names in os.walk(path):
        folders.sort()
        files = (Path(place, name) for name in sorted(names))
        yield from ((file.relative_to(path.parent).as_posix(), file) for file in files)


def _write(file: IO[bytes], entries: dict[str, Path], level: int, report: Report) -> None:
    total = sum(path.stat().st_size for path in entries.values())
    done = 0
    # Files from before 1980 have a time that zip files cannot hold.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level, strict_timestamps=False) as archive:
        for name, path in entries.items():
            report(done, total, name)
            archive.write(path, name)
            done += path.stat().st_size
    report(1, 1, f"{len(entries):,} files packed")


def unpack(path: Path, folder: Path, most_bytes: int, *, replace: bool, report: Report) -> list[Path]:
    """The files that came out. Raises OSError, or ValueError for an archive that would do harm."""
    folder = folder.expanduser()
    with _opened(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        targets = [_target(folder, entry, path) for entry in entries]
        if not replace and (there := next((target for target in targets if target.exists()), None)):
            raise FileExistsError(f"there is a {there} already; choose another folder, or switch replace on")
        room = most_bytes
        for number, (entry, target) in enumerate(zip(entries, targets, strict=True)):
            report(number, len(entries), entry.filename)
            room -= _extract(archive, entry, target, room, path)
    report(1, 1, f"{len(entries):,} files unpacked")
    return targets


def _target(folder: Path, entry: zipfile.ZipInfo, path: Path) -> Path:
    target = Path(os.path.normpath(folder / entry.filename))
    if not target.is_relative_to(os.path.normpath(folder)) or stat.S_ISLNK(entry.external_attr >> 16):
        raise ValueError(f"{path} is not safe to unpack: {entry.filename!r} leads out of the folder")
    return target


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, room: int, path: Path) -> int:
    """How many bytes were written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with _readable(archive, entry, path) as source, target.open("wb") as file:
        while piece := source.read(_PIECE):
            written += len(piece)
            if written > room:
                raise ValueError(f"{path} holds more than was allowed; allow more with most_bytes if you trust it")
            file.write(piece)
    return written
