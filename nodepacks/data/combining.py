"""Groups, joins and tables below each other."""

from collections.abc import Mapping, Sequence
from typing import Any

import frames
from packages import narwhals

_HOW = {"inner": "inner", "left": "left", "full": "full", "only left": "anti", "have match": "semi"}
_METHODS = {"different": "n_unique"}


def grouped(table: Any, by: Sequence[str], calculate: Mapping[str, str]) -> Any:
    """One row for each group, sorted by it. Raises LookupError, or ValueError for figures that there are not."""
    frames.check_columns(table, [*by, *calculate])
    if not by:
        raise ValueError("there is no column to group by; name at least one")
    wanted = [
        getattr(narwhals.col(name), _METHODS.get(how, how))().alias(f"{name}_{how}") for name, how in calculate.items()
    ]
    with frames.explained("these columns have no such figures"):
        return table.group_by(*by).agg(narwhals.len().alias("rows"), *wanted).sort(*by, nulls_last=True)


def joined(left: Any, right: Any, on: Sequence[str], how: str) -> Any:
    """Both side by side. Raises LookupError, or ValueError for columns that cannot be compared."""
    frames.check_columns(left, on)
    frames.check_columns(right, on)
    if not on:
        raise ValueError("there is no column to join by; name at least one that both tables have")
    if frames.is_polars(left) != frames.is_polars(right):
        right = frames.frame(frames.of_kind(right.to_native(), "polars" if frames.is_polars(left) else "pandas"))
    with frames.explained(f"the tables cannot be joined by {', '.join(on)}"):
        table = left.join(right, on=list(on), how=_HOW[how], suffix="_right")
        return _with_one_key(table, on) if how == "full" else table


def _with_one_key(table: Any, on: Sequence[str]) -> Any:
    """A full join has the keys of both sides; either may be missing."""
    filled = [narwhals.coalesce(narwhals.col(name), narwhals.col(f"{name}_right")).alias(name) for name in on]
    return table.with_columns(*filled).drop(*(f"{name}_right" for name in on))


def stacked(tables: Sequence[Any]) -> Any:
    """All below each other. Raises ValueError for none, or when a column has two types that do not go together."""
    if not tables:
        raise ValueError("there are no tables; connect a list of at least one")
    kind = "polars" if frames.is_polars(tables[0]) else "pandas"
    alike = [frames.frame(frames.of_kind(table.to_native(), kind)) for table in tables]
    with frames.explained("the tables do not go together"):
        return narwhals.concat(alike, how="diagonal")
