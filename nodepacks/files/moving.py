"""Copy, move and delete, without losing a file that is in the way."""

import contextlib
import itertools
import os
import shutil
import stat
import tempfile
from pathlib import Path

from finding import existing_file, existing_folder


def make_folder(folder: Path) -> Path:
    """The folder. Raises FileExistsError when a file is in its place."""
    folder = folder.expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise FileExistsError(f"a file is in the way of the folder {folder}; choose another name") from None
    return folder


def temporary_folder(prefix: str, *, reuse: bool = False) -> Path:
    """A new folder, or the one of this beginning again. Raises ValueError for what is no beginning of a name."""
    if "/" in prefix or "\\" in prefix or "\0" in prefix:
        raise ValueError(f"{prefix!r} cannot be the beginning of a name; use letters, digits and dashes")
    return _own_folder(prefix) if reuse else Path(tempfile.mkdtemp(prefix=prefix))


def _own_folder(prefix: str) -> Path:
    """Under a name that does not change, where others may write too: only what is ours alone is taken."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir(), f"{prefix}{owner}")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != owner):
        raise FileExistsError(f"{folder} belongs to somebody else, or is no folder; choose another prefix")
    return folder


def copy(source: Path, target: Path, if_there: str) -> Path:
    """Where the copy is. Raises OSError."""
    source = existing_file(source)
    return Path(shutil.copy2(source, _place(source, target, if_there)))


def move(source: Path, target: Path, if_there: str) -> Path:
    """Where the file is. Raises OSError."""
    source = existing_file(source)
    return Path(shutil.move(source, _place(source, target, if_there)))


def _place(source: Path, target: Path, if_there: str) -> Path:
    target = target.expanduser()
    path = target / source.name if target.is_dir() else target
    existing_folder(path.parent)
    if not path.exists():
        return path
    if path.samefile(source):
        raise FileExistsError(f"{source} is the file itself; give another target")
    if if_there == "keep both":
        return _free(path)
    if if_there == "error" or path.is_dir():
        raise FileExistsError(f"there is a {path} already; choose another target, or another if_there")
    return path


def _free(path: Path) -> Path:
    """A path beside it that does not exist: ``cat (2).jpg``."""
    names = (f"{path.stem} ({number}){path.suffix}" for number in itertools.count(2))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def delete(path: Path, *, must_exist: bool) -> bool:
    """Whether there was a file. Raises OSError."""
    path = path.expanduser()
    if path.is_symlink() or (not must_exist and not path.exists()):
        there = path.is_symlink()
        path.unlink(missing_ok=True)
        return there
    existing_file(path).unlink()
    return True
