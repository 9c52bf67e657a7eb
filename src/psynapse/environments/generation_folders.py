"""The folders of generations on the disk: numbering, manifests, the files that say they are used, removal."""

import re
import secrets
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from psynapse.engine.private_files import UNFINISHED
from psynapse.environments.durable import settle_tree, write_durably
from psynapse.environments.file_lock import FileLock, try_lock
from psynapse.environments.generation import IN_USE, MANIFEST, Generation, read_manifest, write_manifest

_TRASH: Final = ".trash-"
_LAST: Final = "last"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


class _Read(NamedTuple):
    """A manifest as it was when it was read, and what the file system said of it then."""

    version: tuple[int, int, int]
    generation: Generation | None


class GenerationFolders:
    """The folders in ``path``, which need not exist. Everything raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[int, _Read] = {}

    def of(self, number: int) -> Path:
        """Where a generation is, or will be."""
        return self.path / str(number)

    def numbers(self) -> list[int]:
        """Numbers of all folders, whatever is in them."""
        try:
            return [int(path.name) for path in self.path.iterdir() if _NUMBER.fullmatch(path.name)]
        except FileNotFoundError:
            return []

    def sealed(self) -> tuple[int, ...]:
        """Numbers of the complete generations, the highest first."""
        return tuple(sorted((number for number in self.numbers() if self.manifest(number)), reverse=True))

    def is_sealed(self, number: int) -> bool:
        """Whether there is a manifest, readable or not."""
        return (self.of(number) / MANIFEST).exists()

    def manifest(self, number: int) -> Generation | None:
        """The generation, or None when it is not sealed or its manifest is damaged."""
        path = self.of(number) / MANIFEST
        try:
            status = path.stat()
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            known = self._read.get(number)
            if known and known.version == version:
                return known.generation
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        generation = _generation_in(content, number)
        self._read[number] = _Read(version, generation)
        return generation

    def reserve(self, *taken: int) -> int:
        """A number that no generation has had, beyond those ``taken``; its folder is there and has a lock file.

        It is free again when the folder is removed, unless it was claimed.
        """
        number = 1 + max(0, self._last(), *self.numbers(), *taken)
        self.of(number).mkdir(mode=0o700)
        (self.of(number) / IN_USE).touch(mode=0o600)
        return number

    def claim(self, number: int) -> None:
        """Have no other generation get that number, whatever becomes of this one."""
        write_durably(self.path / _LAST, f"{number}\n")

    def empty(self, number: int) -> None:
        """Remove what is in a folder that was reserved."""
        for entry in self.of(number).iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != IN_USE:
                entry.unlink()

    def seal(self, generation: Generation) -> None:
        """Declare a built generation complete: all of it is on the disk, then its manifest."""
        folder = self.of(generation.id)
        settle_tree(folder)
        write_durably(folder / MANIFEST, write_manifest(generation))

    def hold(self, number: int) -> FileLock | None:
        """A lock that keeps a generation from being removed; None when that has happened."""
        return try_lock(self.of(number) / IN_USE, shared=True)

    def take_away(self, number: int) -> bool:
        """Remove a generation, unless somebody uses it: at once out of sight, then bit by bit."""
        folder = self.of(number)
        lock = try_lock(folder / IN_USE)
        if lock is None and (folder / IN_USE).exists():
            return False
        trash = self.path / f"{_TRASH}{number}-{secrets.token_hex(4)}"
        try:
            folder.rename(trash)
        finally:
            if lock:
                lock.release()
        shutil.rmtree(trash, ignore_errors=True)
        return True

    def empty_trash(self) -> None:
        """Remove what was not removed to the end, or not written to the end."""
        for trash in self.path.glob(f"{_TRASH}*"):
            shutil.rmtree(trash, ignore_errors=True)
        for unfinished in (*self.path.glob(f"*{UNFINISHED}"), *self.path.parent.glob(f"*{UNFINISHED}")):
            unfinished.unlink(missing_ok=True)

    def _last(self) -> int:
        try:
            return int((self.path / _LAST).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0


def _generation_in(content: bytes, number: int) -> Generation | None:
    try:
        generation = read_manifest(content)
    except ValueError:
        return None
    return generation if generation.id == number else None
