"""Files and folders, with errors that say which path and what to do."""

from pathlib import Path


def read(path: Path, encoding: str) -> str:
    """The text of a file. Raises OSError, or ValueError when it is not text in that encoding."""
    try:
        return path.read_text(encoding)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no file {path} (looked in {Path.cwd()}); check the path") from None
    except IsADirectoryError:
        raise IsADirectoryError(f"{path} is a folder; give a file, or use list_folder") from None
    except UnicodeError:
        raise ValueError(f"{path} is not {encoding} text; try another encoding") from None


def write(path: Path, text: str, mode: str, *, make_folders: bool) -> Path:
    """The path, after writing. Raises OSError."""
    if make_folders:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open({"replace": "w", "append": "a"}.get(mode, "x"), encoding="utf-8", newline="") as file:
            file.write(text)
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no folder {path.parent}; make it, or switch make_folders on") from None
    except FileExistsError:
        raise FileExistsError(f"{path} exists already; choose another name or mode") from None
    except IsADirectoryError:
        raise IsADirectoryError(f"{path} is a folder; give the path of a file in it") from None
    return path


def matching(folder: Path, pattern: str, kind: str) -> list[Path]:
    """The paths in ``folder``, sorted. Raises NotADirectoryError, and ValueError for a pattern that leads out of it."""
    if not folder.is_dir():
        raise NotADirectoryError(f"there is no folder {folder}; check the path")
    try:
        return sorted(path for path in folder.glob(pattern) if kind == "both" or path.is_dir() == (kind == "folders"))
    except (ValueError, NotImplementedError):
        raise ValueError(f"{pattern!r} is not a pattern for names inside the folder; try *.txt or **/*.txt") from None
