"""Pictures and charts of tables."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import frames
from packages import altair, figures

_MOST_ROWS = 20_000
_MOST_POINTS = 200_000
_DRAW: Mapping[str, str] = {"line": "plot", "points": "scatter", "area": "fill_between", "steps": "step"}


class Style(NamedTuple):
    """Title and size in inches."""

    title: str
    width: float
    height: float


def over(table: Any, x: str, y: Sequence[str], kind: str, style: Style) -> Any:
    """A figure of Matplotlib. Raises LookupError, or ValueError for what cannot be drawn."""
    frames.check_columns(table, [x, *y])
    _check(table, y)
    figure, axes = _axes(style)
    across, columns = table[x].to_list(), {name: table[name].to_list() for name in y}
    with frames.explained("these columns cannot be drawn"):
        if kind == "bar":
            _bars(axes, across, columns)
        else:
            for name, heights in columns.items():
                getattr(axes, _DRAW[kind])(across, heights, label=name, **_options(kind))
    axes.set_xlabel(x)
    if len(y) > 1:
        axes.legend()
    else:
        axes.set_ylabel(y[0])
    return figure


def _check(table: Any, columns: Sequence[str]) -> None:
    if not columns:
        raise ValueError("there is no column to draw; name at least one")
    if not len(table):
        raise ValueError("the table is empty, so there is nothing to draw")
    if len(table) > _MOST_POINTS:
        raise ValueError(f"{len(table):,} rows are too many to draw one by one; use sample_rows or group_rows first")
    if words := [name for name in columns if not table[name].dtype.is_numeric()]:
        raise ValueError(f"the column {words[0]!r} has no numbers to draw; choose another, or use change_types")


def _axes(style: Style) -> tuple[Any, Any]:
    # Not pyplot: its figures are everybody's and stay for ever.
    figure = figures.Figure(figsize=(style.width, style.height), layout="constrained")
    axes = figure.subplots()
    if style.title:
        axes.set_title(style.title)
    return figure, axes


def _options(kind: str) -> dict[str, Any]:
    return {"points": {"s": 14}, "area": {"alpha": 0.4}, "steps": {"where": "mid"}}.get(kind, {})


def _bars(axes: Any, across: Sequence[Any], columns: Mapping[str, Sequence[float]]) -> None:
    """Bars of the same place beside each other."""
    width = 0.8 / len(columns)
    for index, (name, heights) in enumerate(columns.items()):
        shift = (index - (len(columns) - 1) / 2) * width
        axes.bar([place + shift for place in range(len(across))], heights, width, label=name)
    axes.set_xticks(range(len(across)), [str(value) for value in across], rotation=45 if len(across) > 8 else 0)  # noqa: PLR2004 -- as many as fit


def spread(table: Any, columns: Sequence[str], kind: str, bins: int, style: Style) -> Any:
    """A figure of Matplotlib. Raises LookupError, or ValueError for what has no numbers."""
    frames.check_columns(table, columns)
    _check(table.head(1), columns)
    figure, axes = _axes(style)
    known = [table[name].drop_nulls().to_numpy() for name in columns]
    if empty := [name for name, column in zip(columns, known, strict=True) if not len(column)]:
        raise ValueError(f"the column {empty[0]!r} is empty, so there is nothing to draw")
    if kind == "histogram":
        axes.hist(known, bins, label=list(columns), alpha=0.7, histtype="stepfilled")
        axes.legend()
        return figure
    draw = axes.boxplot if kind == "box" else axes.violinplot
    draw(known)
    axes.set_xticks(range(1, len(columns) + 1), columns)
    return figure


def interactive(table: Any, columns: tuple[str, str, str], mark: str, title: str, size: tuple[int, int]) -> Any:
    """A chart of Altair. Raises LookupError, or ValueError for too many rows."""
    x, y, color = columns
    frames.check_columns(table, [name for name in columns if name])
    if len(table) > _MOST_ROWS:
        raise ValueError(f"{len(table):,} rows are too many for a chart; use sample_rows or group_rows first")
    encoding = {"x": _field(x), "y": _field(y)} | ({"color": _field(color)} if color else {})
    rows = table.select(*dict.fromkeys(name for name in columns if name)).rows(named=True)
    data = altair.Data(values=[{name: _plain(value) for name, value in row.items()} for row in rows])
    options: dict[str, Any] = {"width": size[0], "height": size[1]} | ({"title": title} if title else {})
    chart = getattr(altair.Chart(data, **options), f"mark_{mark}")()
    types = {name: _type(table[name].dtype) for name in columns if name}
    shown = {channel: {**spec, "type": types[spec["field"]]} for channel, spec in encoding.items()}
    return chart.encode(**{c: getattr(altair, c.capitalize())(**spec) for c, spec in shown.items()}).interactive()


def _field(name: str) -> dict[str, Any]:
    # Given as a short text, names with colons, dots or brackets would mean something else.
    return {"field": name, "title": name}


def _type(dtype: Any) -> str:
    return "quantitative" if dtype.is_numeric() else "temporal" if dtype.is_temporal() else "nominal"


def _plain(value: Any) -> Any:
    if value != value:  # noqa: PLR0124 -- NaN, which JSON cannot hold
        return None
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
