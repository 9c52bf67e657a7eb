"""``python -m benchmarks [names…] [--write docs/benchmarks.md]``."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.again import again
from benchmarks.arrays import arrays
from benchmarks.cores import cores
from benchmarks.editor import editor
from benchmarks.engine import Psynapse
from benchmarks.installing import installing
from benchmarks.overhead import overhead
from benchmarks.planning import planning
from benchmarks.report import markdown, show
from benchmarks.rows import FULL, QUICK, Group, Row, Scale
from benchmarks.server import server
from benchmarks.waiting import progress, sleeps

GROUPS: dict[str, Group] = {
    "overhead": overhead,
    "progress": progress,
    "sleeps": sleeps,
    "cores": cores,
    "arrays": arrays,
    "again": again,
    "planning": planning,
    "server": server,
    "installing": installing,
    "editor": editor,
}


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for, print the table and write it where asked. The exit code does not depend on goals."""
    options = _parser().parse_args(arguments)
    rows = measure(options.names or list(GROUPS), QUICK if options.quick else FULL)
    if options.quick:
        # Goals are set for the real sizes.
        rows = [replace(row, goal=None) for row in rows]
    show(rows)
    if options.write:
        Path(options.write).write_text(markdown(rows), encoding="utf-8")
    return 0


def measure(names: Sequence[str], scale: Scale) -> list[Row]:
    """The rows of the named groups."""
    psynapse = Psynapse()
    rows: list[Row] = []
    try:
        for name in names:
            print(f"{name} …", file=sys.stderr, flush=True)
            rows += GROUPS[name](psynapse, scale)
    finally:
        psynapse.close()
    return rows


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*GROUPS, []], metavar="name", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--write", metavar="FILE", help="write the table as Markdown as well")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that all works, measures nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
