"""What arrives at a node as a table, or an error that says what is wrong with it."""

import difflib
import math
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, Protocol

from packages import narwhals, pandas, polars

_SHOWN = 30
_EMPTY = frozenset({"NAType", "NaTType"})
_MISFITS = (TypeError, ValueError, KeyError, AttributeError, OverflowError, NotImplementedError)
_READERS = frozenset({"polars", "narwhals", "pyarrow", "openpyxl", "zipfile"})


class DataFrame(Protocol):
    """A table of pandas or polars. It has the name of both, so that those of other nodes fit."""

    def __len__(self) -> int: ...


def frame(value: Any) -> Any:
    """The table in narwhals' clothes, which fit both kinds, without a copy. Raises TypeError or ValueError."""
    if isinstance(value, (list, tuple)):
        return narwhals.from_native(pandas.DataFrame(_rows(value)), eager_only=True)
    if hasattr(value, "collect") and hasattr(value, "lazy"):
        value = value.collect()
    try:
        return narwhals.from_native(value, eager_only=True)
    except TypeError:
        kind = "nothing" if value is None else f"a value of type {type(value).__name__}"
        raise TypeError(f"this is {kind}, not a table; connect one, or a list of rows") from None


def _rows(value: Iterable[Any]) -> list[dict[str, Any]]:
    rows = list(value)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise TypeError(f"item {number} of the list is a {type(row).__name__}, not a row; a row is an object")
    return rows


def of_kind(value: Any, kind: str) -> Any:
    """A table of pandas or polars. Raises ImportError without the packages for that."""
    if isinstance(value, (list, tuple)):
        return new(_rows(value), kind)
    table = frame(value)
    if is_polars(table) == (kind == "polars"):
        return table.to_native()
    try:
        return table.to_polars() if kind == "polars" else table.to_pandas()
    except ImportError as error:
        raise ImportError('this needs pyarrow; add it with: pip install "psynapse[data]"') from error


def new(rows: list[dict[str, Any]], kind: str) -> Any:
    """A table of rows. Raises ValueError when a column has values that polars cannot hold together."""
    if kind == "pandas":
        return pandas.DataFrame(rows)
    with explained("these rows are no table"):
        return polars.DataFrame(rows, infer_schema_length=None)


def is_polars(table: Any) -> bool:
    """Whether it is one of polars."""
    return bool(table.implementation.is_polars())


def known(value: Any) -> Any:
    """The value, or None for each of the ways in which a cell says that it is empty."""
    if type(value).__name__ in _EMPTY or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def check_columns(table: Any, names: Iterable[str]) -> None:
    """Raises LookupError for a name that no column has."""
    there = [str(name) for name in table.columns]
    for name in names:
        if name not in there:
            close = difflib.get_close_matches(str(name), there, 1)
            shown = ", ".join(there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "")
            meant = f"did you mean {close[0]!r}?" if close else f"there is {shown or 'none at all'}"
            raise LookupError(f"there is no column {name!r}; {meant}")


@contextmanager
def explained(what: str) -> Generator[None]:
    """What pandas and polars say about values that do not go together, as a ValueError that begins with ``what``."""
    try:
        yield
    except _MISFITS as error:
        raise ValueError(f"{what}: {_first_line(error)}") from None
    except Exception as error:
        # These have errors of their own, which can only be named where the package is installed.
        if type(error).__module__.partition(".")[0] not in _READERS:
            raise
        raise ValueError(f"{what}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "it is not UTF-8 text; try another encoding"
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
