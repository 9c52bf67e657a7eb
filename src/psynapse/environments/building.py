"""Building a generation: a virtual environment at its final path with exactly what the base lacks."""

import asyncio
import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.environments.base import Base
from psynapse.environments.conflict import Surroundings
from psynapse.environments.errors import NetworkUnreachable, UvFailed
from psynapse.environments.explanation import explain
from psynapse.environments.generation import Generation
from psynapse.environments.linking import take_over
from psynapse.environments.locked import Locked
from psynapse.environments.overlay import Overlay
from psynapse.environments.running import Listener
from psynapse.environments.uv import Uv

_REQUIREMENTS: Final = "requirements.txt"
_NO_ROOM: Final = f"os error {errno.ENOSPC}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What it takes to build a generation in ``folder``.

    ``parent`` is one to take unchanged distributions from, where there is one, ``fresh`` names what is not taken from
    there nor from a cache. With ``copy`` no file is shared with the parent or uv's cache.
    """

    uv: Uv
    base: Base
    folder: Path
    locked: tuple[Locked, ...]
    parent: tuple[Generation, Path] | None = None
    fresh: frozenset[str] = frozenset()
    copy: bool = False


def must_copy() -> bool:
    """Whether files may not be shared: root can write to read-only ones, and would change every generation's."""
    return sys.platform != "win32" and os.geteuid() == 0


async def build(building: Building, on_line: Listener) -> Overlay:
    """Build it and return it, its files read-only. Raises what ``Uv.run`` does, and OSError."""
    overlay = Overlay(building.folder, building.base.version)
    await _make_venv(building, on_line)
    missing = await asyncio.to_thread(_take_over, building, overlay)
    if missing:
        await _install(building, overlay, missing, on_line)
    # Not sooner: uv asks the new Python about itself, which takes far longer once it looks through the base as well.
    overlay.lead_to(building.base)
    await asyncio.to_thread(overlay.protect)
    return overlay


async def _make_venv(building: Building, on_line: Listener) -> None:
    options = ["--no-project", "--allow-existing", "--python", building.base.python]
    await _run(building, ["venv", *options, str(building.folder)], on_line, offline=True)


def _take_over(building: Building, overlay: Overlay) -> list[Locked]:
    """Take over what can be; returns what is to be installed."""
    if building.parent is None:
        return list(building.locked)
    generation, folder = building.parent
    source = Overlay(folder, building.base.version)
    # What its interpreter is no longer for cannot be there: the folder has Python's version in it.
    there, before = source.distributions(), {locked.name: locked for locked in generation.locked}
    missing: list[Locked] = []
    for locked in building.locked:
        same = _is_same(locked, before.get(locked.name)) and locked.name not in building.fresh and locked.name in there
        if not (same and take_over(there[locked.name], source, overlay, copy=building.copy)):
            missing.append(locked)
    return missing


def _is_same(locked: Locked, before: Locked | None) -> bool:
    return before is not None and (locked.line, locked.version) == (before.line, before.version)


async def _install(building: Building, overlay: Overlay, missing: Sequence[Locked], on_line: Listener) -> None:
    requirements = building.folder / _REQUIREMENTS
    requirements.write_text("".join(f"{locked.line}\n" for locked in missing), encoding="utf-8")
    # Of a folder uv looks at little more than the age of pyproject.toml, and offline at nothing else.
    again = [f"--refresh-package={one.name}" for one in missing if one.name in building.fresh and _is_changeable(one)]
    mode = ["--link-mode", "copy" if building.copy else "hardlink"]
    options = ["--python", str(overlay.python), "--no-deps", *mode, *again, "-r", str(requirements)]
    try:
        await _run(building, ["pip", "install", *options], on_line, offline=not again)
    except NetworkUnreachable:
        if again:
            raise
        await _run(building, ["pip", "install", *options], on_line, offline=False)
    requirements.unlink()


def _is_changeable(locked: Locked) -> bool:
    """Whether its address says nothing of its content."""
    return not locked.editable and (locked.source == "local" or (locked.source == "pypi" and " @ " in locked.line))


async def _run(building: Building, arguments: Sequence[str], on_line: Listener, *, offline: bool) -> None:
    try:
        await building.uv.run(arguments, on_line=on_line, cwd=building.folder, offline=offline)
    except UvFailed as failed:
        if _NO_ROOM in failed.stderr:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from failed
        surroundings = Surroundings(asked=(), pins=building.base.pins(), python=building.base.version)
        raise explain(failed, surroundings) from failed
