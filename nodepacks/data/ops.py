"""Tables, of pandas or polars alike: read, choose, calculate, group, join, reshape, describe, write and plot them.

An input takes a table of either kind, or a list of rows such as ``parse_csv`` gives. What comes out is of its kind.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import combining
import databases
import describing
import files
import frames
import plots
import reshaping
import selecting
from frames import DataFrame
from pydantic import Field, SkipValidation, WithJsonSchema

import psynapse

# The schema gives the input a field for rows; what arrives by wire is looked at in frames.py.
_Table = Annotated[
    DataFrame | list[dict[str, Any]],
    SkipValidation,
    WithJsonSchema({"type": "array", "items": {"type": "object"}}),
]
_Tables = Annotated[list[Any], Field(strict=False)]
_Names = Annotated[list[str], Field(strict=False)]
_Object = Annotated[dict[str, Any], Field(strict=False)]
_Rows = list[dict[str, Any]]
_Kind = Annotated[Literal["pandas", "polars"], Field(description="polars is faster with millions of rows")]
_Delimiter = Literal[",", ";", "tab", "|"]
_Url = Annotated[
    str,
    Field(
        description="Such as sqlite:///shop.db; one with a password belongs to the secrets",
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]
_Figures = Literal["sum", "mean", "median", "min", "max", "std", "count", "different"]


def read_table(
    path: Path,
    *,
    kind: _Kind = "pandas",
    delimiter: _Delimiter = ",",
    encoding: Literal["utf-8", "latin-1", "utf-16"] = "utf-8",
    sheet: str = "",
    columns: _Names | None = None,
) -> DataFrame:
    """Read a table from a file: .csv, .tsv, .parquet, .xlsx, .json or .jsonl, whichever its name ends in.

    ``delimiter`` and ``encoding`` are for CSV, ``sheet`` is for Excel and means the first one when it is empty. Only
    some ``columns`` are read faster than all of them.
    """
    return files.read(path, files.Form(kind, delimiter, encoding, sheet, tuple(columns or ())))


def table_from_csv(text: str, delimiter: _Delimiter = ",", kind: _Kind = "pandas") -> DataFrame:
    """The table in a CSV text, such as a text variable; its first line names the columns."""
    return files.from_csv(text, delimiter, kind)


def table_from_rows(rows: _Table, kind: _Kind = "pandas") -> DataFrame:
    """A table from a list of rows, or from a table of the other kind."""
    return frames.of_kind(rows, kind)


def table_to_rows(table: _Table, most: Annotated[int, Field(ge=0, le=10_000_000)] = 10_000) -> _Rows:
    """The first rows of a table as a list of objects, as the nodes for lists and texts take them."""
    return selecting.rows(frames.frame(table), most)


def column_values(table: _Table, column: str) -> list[Any]:
    """The values of one column as a list; what is missing is None."""
    return selecting.values(frames.frame(table), column)


@psynapse.node(cache=False)
def write_table(
    table: _Table, path: Path, *, delimiter: _Delimiter = ",", sheet: str = "Sheet1", replace: bool = True
) -> Path:
    """Write a table to a file and pass on its path; the ending says how: .csv, .tsv, .parquet, .xlsx, .json, .jsonl."""
    return files.write(frames.frame(table), path, delimiter, sheet, replace=replace)


# A database changes without its address changing.
@psynapse.node(cache=False, executor="thread")
def read_sql(
    url: _Url,
    query: str,
    values: _Object | None = None,
    *,
    kind: _Kind = "pandas",
    most: Annotated[int, Field(ge=1, le=100_000_000)] = 1_000_000,
) -> DataFrame:
    """Ask a database and get its answer as a table of at most so many rows: ``SELECT * FROM sales WHERE year = :year``.

    ``values`` fill in what begins with a colon, safely: ``{"year": 2024}``. The address is as SQLAlchemy takes it.
    """
    return databases.read(url, query, values or {}, kind, most)


@psynapse.node(cache=False, executor="thread")
def write_sql(table: _Table, url: _Url, name: str, if_there: Literal["error", "append", "replace"] = "error") -> int:
    """Write a table into a database under a name, and say how many rows that were."""
    return databases.write(frames.frame(table), url, name, if_there)


def select_columns(table: _Table, columns: _Names, leave_out: bool = False) -> DataFrame:
    """Only some columns of a table, in this order; or all the others, with ``leave_out``. Nothing is copied."""
    return selecting.columns(frames.frame(table), columns, leave_out=leave_out).to_native()


def rename_columns(table: _Table, names: _Object) -> DataFrame:
    """Give columns other names: ``{"old name": "new name"}``. Nothing is copied."""
    return selecting.renamed(frames.frame(table), names).to_native()


def slice_rows(
    table: _Table, count: Annotated[int, Field(ge=0)] = 10, start: Annotated[int, Field(ge=0)] = 0
) -> DataFrame:
    """Some rows of a table, one after the other; the first is 0."""
    return frames.frame(table)[start : start + count].to_native()


def sample_rows(
    table: _Table, count: Annotated[int, Field(ge=0)] = 1000, seed: Annotated[int, Field(ge=0)] = 1
) -> DataFrame:
    """Some rows of a table by chance, all of them if it has fewer; the same seed gives the same ones."""
    return selecting.sampled(frames.frame(table), count, seed).to_native()


def filter_rows(table: _Table, condition: str) -> DataFrame:
    """The rows for which a condition is true: ``price > 10 and city in ("Rome", "Oslo")``.

    A column whose name has spaces stands in backticks. There are and, or, not, in, comparisons, arithmetic, and
    lower(x), contains(x, "text"), starts_with, length, year, month, day, is_missing, round, abs, mean, sum, min, max.
    """
    return selecting.filtered(frames.frame(table), condition).to_native()


def derive_column(table: _Table, name: str, formula: str) -> DataFrame:
    """Add a column that is calculated from others, or replace one: ``price * sold``, ``if_else(age < 18, 0, price)``.

    The formula has what the condition of ``filter_rows`` has.
    """
    return selecting.derived(frames.frame(table), name, formula).to_native()


def sort_rows(table: _Table, by: _Names, descending: bool = False) -> DataFrame:
    """Sort a table by one or more columns; rows that lack the value come last."""
    return selecting.ordered(frames.frame(table), by, descending=descending).to_native()


def unique_rows(table: _Table, columns: _Names | None = None) -> DataFrame:
    """A table without repetitions, of whole rows or of some columns; the first row of each stays."""
    return selecting.unique(frames.frame(table), columns or []).to_native()


def missing_rows(
    table: _Table,
    what: Literal["drop rows", "fill"] = "drop rows",
    value: Any = 0,
    columns: _Names | None = None,
) -> DataFrame:
    """Deal with missing values, in some columns or in all: leave out their rows, or fill in a value."""
    return selecting.without_missing(frames.frame(table), what, value, columns or []).to_native()


def change_types(
    table: _Table,
    types: Annotated[dict[str, Literal["text", "number", "whole number", "true/false", "date"]], Field(strict=False)],
) -> DataFrame:
    """Read columns as another type: ``{"price": "number", "day": "date"}``. Raises ValueError for what does not fit."""
    return selecting.cast(frames.frame(table), types).to_native()


def group_rows(
    table: _Table, by: _Names, calculate: Annotated[dict[str, _Figures], Field(strict=False)] | None = None
) -> DataFrame:
    """One row for each group of equal values, with how many rows it has and figures of other columns.

    ``calculate`` says which: ``{"price": "mean", "sold": "sum"}`` gives the columns price_mean and sold_sum.
    """
    return combining.grouped(frames.frame(table), by, calculate or {}).to_native()


def join_tables(
    left: _Table,
    right: _Table,
    on: _Names,
    how: Literal["inner", "left", "full", "only left", "have match"] = "inner",
) -> DataFrame:
    """Put the columns of two tables side by side where some columns have equal values.

    ``inner`` keeps rows with a partner, ``left`` all of the left table, ``full`` all of both, ``only left`` those of
    the left without a partner, ``have match`` those with one. The second of two equal names gets ``_right``.
    """
    return combining.joined(frames.frame(left), frames.frame(right), on, how).to_native()


def stack_tables(tables: _Tables) -> DataFrame:
    """Tables below each other as one; columns that one of them lacks are empty there."""
    return combining.stacked([frames.frame(table) for table in tables]).to_native()


def pivot_rows(
    table: _Table,
    rows: _Names,
    columns: str,
    values: str,
    figure: Literal["sum", "mean", "median", "min", "max", "count"] = "sum",
) -> DataFrame:
    """Make the values of one column to columns, as a pivot table does; cells have a figure of what falls together."""
    return reshaping.pivoted(frames.frame(table), rows, columns, values, figure).to_native()


def unpivot_columns(table: _Table, keep: _Names, name: str = "name", value: str = "value") -> DataFrame:
    """Make columns to rows: each cell outside the columns to keep becomes a row with its column's name and value."""
    return reshaping.unpivoted(frames.frame(table), keep, name, value).to_native()


def describe_table(table: _Table) -> _Rows:
    """What is in each column: its type, how many values are missing and different, and the usual figures of numbers."""
    return describing.columns(frames.frame(table))


def table_details(table: _Table) -> psynapse.AnnotatedDict[Literal["rows", "columns", "names", "kind", "megabytes"]]:
    """How large a table is, what its columns are called, and whether it is of pandas or polars."""
    return psynapse.AnnotatedDict(describing.details(frames.frame(table)))


def count_values(table: _Table, column: str, most: Annotated[int, Field(ge=1, le=100_000)] = 100) -> _Rows:
    """How often each value of a column occurs, the most frequent first, and which part of all rows that is."""
    return describing.counts(frames.frame(table), column, most)


def plot_table(
    table: _Table,
    x: str,
    y: _Names,
    kind: Literal["line", "bar", "points", "area", "steps"] = "line",
    *,
    title: str = "",
    width: Annotated[float, Field(ge=1, le=50, description="In inches")] = 8.0,
    height: Annotated[float, Field(ge=1, le=50, description="In inches")] = 4.5,
) -> Any:
    """Draw columns of a table over another one, as a picture. Needs Matplotlib."""
    return plots.over(frames.frame(table), x, y, kind, plots.Style(title, width, height))


def plot_distribution(
    table: _Table,
    columns: _Names,
    kind: Literal["histogram", "box", "violin"] = "histogram",
    *,
    bins: Annotated[int, Field(ge=1, le=1000)] = 20,
    title: str = "",
    width: Annotated[float, Field(ge=1, le=50, description="In inches")] = 8.0,
    height: Annotated[float, Field(ge=1, le=50, description="In inches")] = 4.5,
) -> Any:
    """Draw how the values of columns are spread, as a picture. Needs Matplotlib."""
    return plots.spread(frames.frame(table), columns, kind, bins, plots.Style(title, width, height))


def interactive_chart(
    table: _Table,
    x: str,
    y: str,
    mark: Literal["bar", "line", "point", "area", "rect"] = "bar",
    *,
    color: str = "",
    title: str = "",
    width: Annotated[int, Field(ge=10, le=5000, description="In pixels")] = 480,
    height: Annotated[int, Field(ge=10, le=5000, description="In pixels")] = 300,
) -> Any:
    """Draw a chart that can be zoomed and pointed at, of at most 20,000 rows. Needs Altair."""
    return plots.interactive(frames.frame(table), (x, y, color), mark, title, (width, height))
