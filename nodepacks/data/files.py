"""Tables in files."""

import io
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import frames
from packages import pandas, polars

_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".json", ".jsonl")
_COMMAND = 'pip install "psynapse[data]"'


class Form(NamedTuple):
    """How a file is to be read."""

    kind: str
    delimiter: str
    encoding: str
    sheet: str
    columns: tuple[str, ...]


def read(path: Path, form: Form) -> Any:
    """The table. Raises OSError, ValueError for what is none, ImportError without the package for that kind of file."""
    path = _existing(path)
    if form.encoding != "utf-8" and path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _narrowed(from_csv(_text(path, form.encoding), _delimiter(path, form), form.kind), form)
    with _readable(path):
        return _narrowed(_READERS[path.suffix.lower()](path, form), form)


def _existing(path: Path) -> Path:
    path = path.expanduser()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the path of a file in it")
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path} (looked in {Path.cwd()}); check the path")
    _check_ending(path)
    return path


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in _ENDINGS:
        raise ValueError(f"{path.name!r} does not end like a table; use one of {', '.join(_ENDINGS)}")


def _text(path: Path, encoding: str) -> str:
    try:
        return path.read_text(encoding)
    except UnicodeError:
        raise ValueError(f"{path} is not {encoding} text; try another encoding") from None


@contextmanager
def _readable(path: Path) -> Generator[None]:
    """What readers say about a broken file, as a ValueError that names it."""
    try:
        with frames.explained(f"{path} cannot be read as a table"):
            yield
    except ImportError:
        raise ImportError(f"files like {path.name} need another package; add it with: {_COMMAND}") from None


def _narrowed(table: Any, form: Form) -> Any:
    if not form.columns:
        return table
    clothed = frames.frame(table)
    frames.check_columns(clothed, form.columns)
    return clothed.select(*form.columns).to_native()


def _delimiter(path: Path, form: Form) -> str:
    return "tab" if path.suffix.lower() == ".tsv" else form.delimiter


def _read_csv(path: Path, form: Form) -> Any:
    return _csv(path, _delimiter(path, form), form.kind)


def _csv(source: Any, delimiter: str, kind: str) -> Any:
    separator = {"tab": "\t"}.get(delimiter, delimiter)
    if kind == "polars":
        # Types are found from all rows: a column that turns out to hold text in row 10,000 is no error.
        return polars.read_csv(source, separator=separator, infer_schema_length=None)
    return pandas.read_csv(source, sep=separator, low_memory=False)


def from_csv(text: str, delimiter: str, kind: str) -> Any:
    """The table in a text. Raises ValueError for what is none."""
    if not text.strip():
        raise ValueError("the text is empty; its first line should name the columns")
    with frames.explained("this text is no table"):
        return _csv(io.StringIO(text) if kind == "pandas" else io.BytesIO(text.encode()), delimiter, kind)


def _read_parquet(path: Path, form: Form) -> Any:
    wanted = list(form.columns) or None
    if form.kind == "polars":
        return polars.read_parquet(path, columns=wanted)
    return pandas.read_parquet(path, columns=wanted)


def _read_excel(path: Path, form: Form) -> Any:
    table = pandas.read_excel(path, sheet_name=form.sheet or 0)
    return frames.of_kind(table, form.kind)


def _read_json(path: Path, form: Form) -> Any:
    lines = path.suffix.lower() == ".jsonl"
    if form.kind == "polars":
        return polars.read_ndjson(path) if lines else polars.read_json(path)
    return pandas.read_json(path, lines=lines)


_READERS: dict[str, Callable[[Path, Form], Any]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_excel,
    ".json": _read_json,
    ".jsonl": _read_json,
}


def write(table: Any, path: Path, delimiter: str, sheet: str, *, replace: bool) -> Path:
    """The path, after writing the file as a whole. Raises OSError, ValueError or ImportError."""
    path = path.expanduser()
    _check_ending(path)
    if path.exists() and not replace:
        raise FileExistsError(f"there is a {path} already; choose another name, or switch replace on")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}; make it first, or check the path")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".table-") as folder:
        # Beside its place, so that it can be put there in one step, and with the rights of a file made as usual.
        unfinished = Path(folder, path.name)
        try:
            _write(table.to_native(), unfinished, {"tab": "\t"}.get(delimiter, delimiter), sheet)
        except ImportError:
            raise ImportError(f"files like {path.name} need another package; add it with: {_COMMAND}") from None
        os.replace(unfinished, path)  # noqa: PTH105 -- Path.replace says the same
    return path


def _write(table: Any, path: Path, delimiter: str, sheet: str) -> None:
    ending = path.suffix.lower()
    of_polars = hasattr(table, "write_csv")
    separator = "\t" if ending == ".tsv" else delimiter
    if ending == ".xlsx":
        frames.of_kind(table, "pandas").to_excel(path, sheet_name=sheet, index=False, engine="openpyxl")
    elif ending == ".parquet":
        table.write_parquet(path) if of_polars else table.to_parquet(path, index=False)
    elif ending in (".json", ".jsonl"):
        _write_json(table, path, lines=ending == ".jsonl", of_polars=of_polars)
    elif of_polars:
        table.write_csv(path, separator=separator)
    else:
        table.to_csv(path, sep=separator, index=False)


def _write_json(table: Any, path: Path, *, lines: bool, of_polars: bool) -> None:
    if of_polars:
        table.write_ndjson(path) if lines else table.write_json(path)
    else:
        table.to_json(path, orient="records", lines=lines, date_format="iso")
