"""Workers of a Python that has node packages."""

import sys
from pathlib import Path
from typing import Any

from psynapse.worker.process import WorkerSpec


def python_with(site: Path) -> str:
    """A Python that has the packages in ``site``, as that of a generation has its own."""
    program = site.parent / f"{site.name}-python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{site}:$PYTHONPATH" exec "{sys.executable}" "$@"\n')
    program.chmod(0o755)
    return str(program)


def spec_with(site: Path, **fields: Any) -> WorkerSpec:
    return WorkerSpec(roots=(), python=python_with(site), **fields)
