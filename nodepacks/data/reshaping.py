"""Rows to columns and back."""

from collections.abc import Sequence
from typing import Any

import frames

_MOST_COLUMNS = 5000
_FUNCTIONS = {"count": "len"}


def pivoted(table: Any, rows: Sequence[str], columns: str, values: str, figure: str) -> Any:
    """The pivot table. Raises LookupError, or ValueError when it would be absurdly wide."""
    frames.check_columns(table, [*rows, columns, values])
    if not rows:
        raise ValueError("there is no column for the rows; name at least one")
    if (width := table[columns].n_unique()) > _MOST_COLUMNS:
        raise ValueError(f"{columns!r} has {width:,} different values, too many to be columns; choose another one")
    with frames.explained(f"{values!r} cannot be summed up in this way"):
        how = _FUNCTIONS.get(figure, figure)
        wide = table.pivot(columns, index=list(rows), values=values, aggregate_function=how, sort_columns=True)
        return wide.sort(*rows)


def unpivoted(table: Any, keep: Sequence[str], name: str, value: str) -> Any:
    """The long table. Raises LookupError, or ValueError for a name that is taken."""
    frames.check_columns(table, keep)
    if taken := {name, value} & set(keep) or ({name} if name == value else set()):
        raise ValueError(f"the name {min(taken)!r} is taken already; choose another one")
    with frames.explained("the other columns have different types; change or leave out some"):
        return table.unpivot(index=list(keep), variable_name=name, value_name=value)
