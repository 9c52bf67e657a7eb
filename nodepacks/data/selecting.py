"""Columns and rows: choose, calculate, order and clean them. Tables are in narwhals' clothes."""

from collections.abc import Mapping, Sequence
from typing import Any

import frames
from formulas import Formula
from packages import narwhals


def values(table: Any, column: str) -> list[Any]:
    """The values, None for what is missing. Raises LookupError."""
    frames.check_columns(table, [column])
    return [frames.known(value) for value in table[column].to_list()]


def rows(table: Any, most: int) -> list[dict[str, Any]]:
    """The first rows as objects."""
    names = list(table.columns)
    parts = table.head(most).iter_rows()
    return [dict(zip(names, map(frames.known, part), strict=True)) for part in parts]


def columns(table: Any, names: Sequence[str], *, leave_out: bool) -> Any:
    """The table with some columns. Raises LookupError."""
    frames.check_columns(table, names)
    return table.drop(*names) if leave_out else table.select(*dict.fromkeys(names))


def renamed(table: Any, names: Mapping[str, Any]) -> Any:
    """The table with other names. Raises LookupError, or ValueError when two columns would have one name."""
    frames.check_columns(table, names)
    new = [str(names.get(name, name)) for name in table.columns]
    if twice := [name for name in new if new.count(name) > 1]:
        raise ValueError(f"two columns would be called {twice[0]!r}; choose another name")
    return table.rename({name: str(to) for name, to in names.items()})


def sampled(table: Any, count: int, seed: int) -> Any:
    """Some rows by chance."""
    return table.sample(min(count, len(table)), seed=seed)


def filtered(table: Any, condition: str) -> Any:
    """The rows that pass. Raises LookupError for columns that are not there, ValueError for other mistakes."""
    formula = Formula(condition)
    frames.check_columns(table, formula.columns)
    with frames.explained(f"{condition[:100]!r} is no condition for this table"):
        return table.filter(formula.expression())


def derived(table: Any, name: str, formula: str) -> Any:
    """The table with one more column. Raises LookupError or ValueError."""
    if not name.strip():
        raise ValueError("the new column has no name; give it one")
    parsed = Formula(formula)
    frames.check_columns(table, parsed.columns)
    with frames.explained(f"{formula[:100]!r} cannot be calculated for this table"):
        return table.with_columns(parsed.expression().alias(name))


def ordered(table: Any, by: Sequence[str], *, descending: bool) -> Any:
    """The table sorted. Raises LookupError, or ValueError for values without an order."""
    frames.check_columns(table, by)
    if not by:
        raise ValueError("there is no column to sort by; name at least one")
    with frames.explained(f"{', '.join(by)} has values that cannot be ordered"):
        return table.sort(*by, descending=descending, nulls_last=True)


def unique(table: Any, names: Sequence[str]) -> Any:
    """The first row of each. Raises LookupError."""
    frames.check_columns(table, names)
    with frames.explained("these values cannot be compared"):
        return table.unique(subset=list(names) or None, keep="first", maintain_order=True)


def without_missing(table: Any, what: str, value: Any, names: Sequence[str]) -> Any:
    """The table without gaps. Raises LookupError, or ValueError for a value that does not fit."""
    frames.check_columns(table, names)
    wanted = list(names) or table.columns
    if what == "drop rows":
        return table.drop_nulls(subset=wanted)
    with frames.explained(f"{value!r} does not fit these columns; name those it is for"):
        return table.with_columns(narwhals.col(*wanted).fill_null(value)) if wanted else table


def cast(table: Any, types: Mapping[str, str]) -> Any:
    """The table with other types. Raises LookupError, or ValueError for values that are none."""
    frames.check_columns(table, types)
    for name, kind in types.items():
        with frames.explained(f"the column {name!r} has values that are no {kind}"):
            table = table.with_columns(_as(table, name, kind))
    return table


def _as(table: Any, name: str, kind: str) -> Any:
    column = narwhals.col(name)
    if kind == "date":
        return column.str.to_datetime() if table[name].dtype == narwhals.String else column.cast(narwhals.Datetime)
    classes = {"text": "String", "number": "Float64", "whole number": "Int64", "true/false": "Boolean"}
    return column.cast(getattr(narwhals, classes[kind]))
