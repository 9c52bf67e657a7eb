"""Which folders are nodepacks, found without importing anything."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from psynapse.model.schema import Origin

FILES = ("ops.py", "progress_ops.py", "stream_ops.py")
_ORIGINS: tuple[Origin, ...] = ("user", "package", "shipped")


@dataclass(frozen=True, slots=True)
class Nodepack:
    """A folder with at least one of ``FILES``, or one that could not be read: then ``problem`` says why."""

    name: str
    path: Path
    origin: Origin
    files: tuple[str, ...] = ()
    problem: str = ""


@cache
def shipped_root() -> Path:
    """The folder of the nodepacks that come with psynapse: in the wheel, or in the checkout for an editable install."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "nodepacks"
    return inside if inside.is_dir() else package.parents[1] / "nodepacks"


def discover(root: Path, origin: Origin) -> tuple[Nodepack, ...]:
    """The nodepacks directly under ``root``, sorted by name; none if ``root`` does not exist.

    Raises nothing: a folder that cannot be read, ``root`` included, comes back with its ``problem``.
    """
    # Absolute, so that a later chdir by a node does not matter; links stay as the user wrote them.
    root = Path(os.path.abspath(root))  # noqa: PTH100 -- resolve() would follow links
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith((".", "_")))
    except FileNotFoundError:
        return ()
    except OSError as error:
        return (Nodepack(_text(root.name), root, origin, problem=_reason(error)),)
    return tuple(pack for name in names if (pack := _nodepack(root / name, origin)))


def discover_all(roots: Sequence[tuple[Path, Origin]]) -> tuple[Nodepack, ...]:
    """The nodepacks of all ``roots``, the user's first. The first pack of a name hides later ones of that name."""
    ordered = sorted(roots, key=lambda root: _ORIGINS.index(root[1]))
    packs: dict[str, Nodepack] = {}
    for root, origin in ordered:
        for pack in discover(root, origin):
            packs.setdefault(pack.name, pack)
    return tuple(packs.values())


def nodepacks_at(path: Path, origin: Origin) -> tuple[Nodepack, ...]:
    """The nodepack that a folder is, or else those directly under it."""
    pack = _nodepack(path, origin)
    return (pack,) if pack else discover(path, origin)


def source_digest(pack: Nodepack) -> str:
    """32 hex digits over path and bytes of every ``.py`` file below the pack: another digest, other code."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(_sources(pack.path)):
        for part in (os.fsencode(path.relative_to(pack.path)), _content(path)):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return digest.hexdigest()


def _nodepack(path: Path, origin: Origin) -> Nodepack | None:
    try:
        with os.scandir(path) as entries:
            present = {entry.name for entry in entries if entry.name in FILES and entry.is_file()}
    except (NotADirectoryError, FileNotFoundError):
        return None
    except OSError as error:
        return Nodepack(_text(path.name), path, origin, problem=_reason(error))
    if not present:
        return None
    if _text(path.name) != path.name:
        return Nodepack(_text(path.name), path, origin, problem="its name is not readable text")
    return Nodepack(path.name, path, origin, tuple(name for name in FILES if name in present))


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _text(name: str) -> str:
    """File names may hold bytes that are not UTF-8; those cannot be sent as JSON."""
    return name.encode("utf-8", "replace").decode()


def _sources(root: Path) -> Iterator[Path]:
    seen: set[str] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        # Followed links may lead back up.
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        yield from (Path(folder, name) for name in files if name.endswith(".py"))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b"\0unreadable"
