"""What is in a table."""

from typing import Any

import frames

_FIGURES = {"mean": "mean", "deviation": "std", "smallest": "min", "median": "median", "largest": "max"}


def columns(table: Any) -> list[dict[str, Any]]:
    """One row for each column."""
    return [_described(name, table[name]) for name in table.columns]


def _described(name: str, column: Any) -> dict[str, Any]:
    missing = int(column.null_count())
    known = column.drop_nulls()
    row: dict[str, Any] = {"column": name, "type": str(column.dtype), "count": len(known), "missing": missing}
    row["different"] = _different(known)
    numeric = column.dtype.is_numeric() and len(known)
    return row | {label: float(getattr(known, how)()) if numeric else None for label, how in _FIGURES.items()}


def _different(column: Any) -> int | None:
    try:
        return int(column.n_unique())
    except TypeError:
        # Lists and objects in cells cannot be told apart.
        return None


def details(table: Any) -> dict[str, Any]:
    """Size, names and kind."""
    rows, width = table.shape
    kind = "polars" if frames.is_polars(table) else "pandas"
    return {
        "rows": rows,
        "columns": width,
        "names": list(table.columns),
        "kind": kind,
        "megabytes": float(table.estimated_size("mb")),
    }


def counts(table: Any, column: str, most: int) -> list[dict[str, Any]]:
    """One row for each value. Raises LookupError."""
    frames.check_columns(table, [column])
    with frames.explained(f"the values of {column!r} cannot be counted"):
        found = table[column].value_counts(sort=True, name="count").head(most)
    total = max(len(table), 1)
    return [{"value": value, "count": count, "part": count / total} for value, count in found.iter_rows()]
