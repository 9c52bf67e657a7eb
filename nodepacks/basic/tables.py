"""CSV text to rows and back."""

import csv
import io
import itertools
import re
from collections import Counter
from typing import Any

_DELIMITERS = {"tab": "\t"}


def read(text: str, delimiter: str, *, header: bool, numbers: bool) -> list[dict[str, Any]]:
    """The rows of ``text`` by column name. Raises ValueError naming the row or column that is wrong."""
    # Spreadsheets begin their files with an invisible byte order mark.
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    try:
        rows = [row for row in csv.reader(lines, delimiter=_DELIMITERS.get(delimiter, delimiter), strict=True) if row]
    except csv.Error as error:
        raise ValueError(f"this is not CSV: {error}") from None
    if not rows:
        return []
    names = _column_names(rows[0] if header else [""] * max(map(len, rows)))
    return [
        _row(number, row, names, numbers=numbers) for number, row in enumerate(rows[1:] if header else rows, start=1)
    ]


def write(rows: list[Any], delimiter: str) -> str:
    """CSV text of ``rows``. Raises TypeError naming the first that is no object."""
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise TypeError(
                f"row {number} is of type {type(row).__name__}, not an object with the column names as keys"
            )
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = io.StringIO(newline="")
    # With another line end than the standard's, Python leaves a carriage return inside a cell unquoted.
    writer = csv.writer(lines, delimiter=_DELIMITERS.get(delimiter, delimiter), lineterminator="\r\n")
    writer.writerows([names] if names else [])
    writer.writerows([row.get(name, "") for name in names] for row in rows if names)
    return lines.getvalue()


def _column_names(cells: list[str]) -> list[str]:
    names = [cell or f"column_{position}" for position, cell in enumerate(cells, start=1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"two columns are called {twice[0]!r}; rename one, or read the text without header")
    return names


def _row(number: int, cells: list[str], names: list[str], *, numbers: bool) -> dict[str, Any]:
    if len(cells) > len(names):
        raise ValueError(f"row {number} has {len(cells)} cells for {len(names)} columns; is the delimiter right?")
    values = map(_number_or_text, cells) if numbers else cells
    return dict(itertools.zip_longest(names, values, fillvalue=""))


def _number_or_text(cell: str) -> int | float | str:
    # More digits, or a leading zero, mean an identifier, which a number would spoil.
    if not re.fullmatch(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?", cell):
        return cell
    return float(cell) if "." in cell else int(cell)
