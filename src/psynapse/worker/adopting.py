"""Making a process of one Python one of a virtual environment on top of it, as if it had been started there.

So one fork server is enough for all generations: what it has imported is the base's in each of them.
"""

import os
import site
import sys
from pathlib import Path
from typing import Final

from psynapse.worker.process import Instructions

# uv and virtualenv put the same one into each environment that they make.
_IN_ALL: Final = frozenset({"_virtualenv"})


def is_adoptable(folder: str) -> bool:
    """Whether nothing of what has been imported here would be something else with the packages in ``folder``."""
    loaded = {name.partition(".")[0] for name in sys.modules}
    try:
        with os.scandir(folder) as entries:
            there = {entry.name.partition(".")[0] for entry in entries}
    except OSError:
        return False
    return not (there & loaded) - _IN_ALL


def may_fork(instructions: Instructions) -> bool:
    """Whether this process may fork a worker with such instructions."""
    return not _is_foreign(instructions) or is_adoptable(instructions["site"])


def become(instructions: Instructions) -> None:
    """Be a process of the Python that is asked for, if it is not this one."""
    if _is_foreign(instructions):
        _adopt(instructions["site"], instructions["python"])


def _is_foreign(instructions: Instructions) -> bool:
    return bool(instructions["site"]) and instructions["python"] != sys.executable


def _adopt(folder: str, python: str) -> None:
    """Be a process of the interpreter ``python``, whose own packages are in ``folder`` and come before the base's."""
    before = list(sys.path)
    base = {*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])}
    first = next((place for place, path in enumerate(before) if path in base), len(before))
    # Its .pth files say what else belongs to it.
    site.addsitedir(folder)
    known = set(before)
    sys.path[first:] = [*(path for path in sys.path if path not in known), *before[first:]]
    sys.executable = python
    sys.prefix = sys.exec_prefix = str(Path(python).parents[1])
