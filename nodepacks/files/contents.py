"""What is in a file."""

import base64
import json
import mimetypes
import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from pathlib import Path, PurePath
from typing import IO, Any

from finding import existing_file, existing_folder


def lines(path: Path, start: int, count: int) -> list[str]:
    """The lines without their ends. Raises OSError, or ValueError for what is not text."""
    with existing_file(path).open(encoding="utf-8") as file:
        try:
            return [line.rstrip("\n") for line in islice(file, start, start + count if count else None)]
        except UnicodeError:
            raise ValueError(f"{path} is not UTF-8 text; it may be an image, an archive or an old text file") from None


def json_value(path: Path) -> Any:
    """The value. Raises OSError, or ValueError naming line and column."""
    try:
        return json.loads(existing_file(path).read_bytes())
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except UnicodeError:
        raise ValueError(f"{path} is not JSON, which is UTF-8 text") from None
    except RecursionError:
        raise ValueError(f"{path} is nested too deeply to be read") from None


def data_url(path: Path, most_bytes: int) -> str:
    """The file in a URL. Raises OSError, or ValueError for one that is larger."""
    path = existing_file(path)
    size = path.stat().st_size
    if size > most_bytes:
        raise ValueError(f"{path} has {size:,} bytes, more than the {most_bytes:,} allowed; allow more with most_bytes")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def write_json(path: Path, value: Any, indent: int) -> Path:
    """The path, after writing. Raises OSError, or TypeError and ValueError for what JSON cannot hold."""
    try:
        text = json.dumps(value, indent=indent or None, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError as error:
        raise ValueError(f"JSON cannot hold this value: {error}") from None
    except RecursionError:
        raise ValueError("this value is nested too deeply to be written as JSON") from None
    return replaced(path, lambda file: file.write(f"{text}\n".encode()))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    # Arrays, tables and their numbers say it themselves.
    for name in ("tolist", "to_dicts"):
        if callable(convert := getattr(value, name, None)):
            return convert()
    raise TypeError(f"JSON cannot hold a {type(value).__name__}; turn it into text, a number, a list or an object")


def write_lines(path: Path, items: Iterable[Any], *, append: bool) -> Path:
    """The path, after writing. Raises OSError."""
    path = path.expanduser()
    existing_folder(path.parent)
    content = "".join(f"{item}\n" for item in items)
    if not append:
        return replaced(path, lambda file: file.write(content.encode()))
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(content)
    return path


def replaced(path: Path, write: Callable[[IO[bytes]], object]) -> Path:
    """Write a file as a whole: whoever reads it meanwhile, or after a power cut, sees the old one or the new one."""
    path = path.expanduser()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the path of a file in it")
    with tempfile.NamedTemporaryFile(
        dir=existing_folder(path.parent), prefix=f".{path.name[:50]}-", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            write(file)
            file.close()
            _take_rights(unfinished, path)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return path


def _take_rights(unfinished: Path, path: Path) -> None:
    # Temporary files are made for the user only.
    if path.exists():
        unfinished.chmod(path.stat().st_mode)
    else:
        mask = os.umask(0)
        os.umask(mask)
        unfinished.chmod(0o666 & ~mask)
