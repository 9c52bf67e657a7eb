"""The table, on a terminal and as Markdown."""

import os
import platform
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Row

HEADINGS = ("what", "unit", PLAIN, PSYNAPSE, "ratio", HAMILTON, DASK, "goal", "met?")
_ABSENT = "-"


def cells(row: Row) -> tuple[str, ...]:
    """A row as text, in the order of ``HEADINGS``."""
    plain, ours, hamilton, dask = (_figure(row.figures[name]) for name in (PLAIN, PSYNAPSE, HAMILTON, DASK))
    ratio = _ABSENT if row.ratio is None else f"{row.ratio:.2f} x"
    met = _ABSENT if row.met is None else "yes" if row.met else "no"
    return row.what, row.unit, plain, ours, ratio, hamilton, dask, row.goal.text if row.goal else _ABSENT, met


def show(rows: Sequence[Row]) -> None:
    """Print the table; wider than the terminal rather than with figures cut off."""
    table = Table(title=machine())
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in {"what", "goal"} else "right", no_wrap=heading != "what")
    for row in rows:
        table.add_row(*cells(row), style="" if row.met is not False else "bold")
    console = Console()
    Console(width=max(console.width, 140)).print(table)


def markdown(rows: Sequence[Row]) -> str:
    """The page for the documentation."""
    lines = [HEADINGS, ("---", "---", *["---:"] * 5, "---", "---"), *map(cells, rows)]
    return "\n".join([
        "# Benchmarks",
        "",
        f"Measured by `python3 dev.py bench --write docs/benchmarks.md` on {machine()}.",
        "Ratios matter, not absolute times: everything in a row was measured in turns in one process, so what slows",
        "the machine slows every column. “Plain Python” is a loop over a list of calls in topological order, and the",
        "ratio is Psynapse to it. A dash: not measured, or the engine cannot do the job. Figures are medians; answers",
        "are checked each time, and in re-runs the calls are counted.",
        "",
        *(f"| {' | '.join(line)} |" for line in lines),
        "",
    ])  # fmt: skip


def machine() -> str:
    """What was measured on, as far as it matters."""
    return f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}"


def _figure(value: float | None) -> str:
    if value is None:
        return _ABSENT
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
