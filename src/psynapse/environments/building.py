"""Building a generation: a virtual environment at its final path with exactly what the base lacks."""

import errno
import os
import sys
import venv
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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
from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.scripts import run_by
from psynapse.environments.uv import Uv
from psynapse.environments.waiting import beside, in_thread

_REQUIREMENTS: Final = "requirements.txt"
_NO_ROOM: Final = f"os error {errno.ENOSPC}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What it takes to build a generation in ``folder``.

    ``parent`` is one to take unchanged distributions from, where there is one, ``fresh`` names what is not taken from
    there nor from a cache. With ``copy`` no file is shared with the parent or uv's cache. ``begun``: part of it is
    there already.
    """

    uv: Uv
    base: Base
    folder: Path
    locked: tuple[Locked, ...]
    parent: tuple[Generation, Path] | None = None
    fresh: frozenset[str] = frozenset()
    copy: bool = False
    begun: bool = False


def must_copy() -> bool:
    """Whether files may not be shared: root can write to read-only ones, and would change every generation's."""
    return sys.platform != "win32" and os.geteuid() == 0


async def build(building: Building, on_line: Listener) -> Overlay:
    """Build it and return it, its files read-only. Raises what ``Uv.run`` does, and OSError."""
    overlay = Overlay(building.folder, building.base.version)
    if not building.begun:
        await _make_venv(building, on_line)
    if missing := await in_thread(partial(_take_over, building, overlay)):
        await _install(building, overlay, missing, on_line)
    await in_thread(partial(_finish, building, overlay))
    return overlay


async def install_alone(building: Building, line: str) -> Overlay:
    """Begin to build it with one distribution, without what that requires. Raises as ``build``."""
    overlay = Overlay(building.folder, building.base.version)
    # Both put something there, at the same time.
    for folder in (overlay.site, overlay.scripts):
        folder.mkdir(parents=True, exist_ok=True)
    with _listed(building, [line]) as listed:
        async with beside(_make_venv(building, ignore_line)) as making:
            await _run(building, [*_installing(building, overlay), *listed], ignore_line, offline=False)
            await making
    return overlay


async def _make_venv(building: Building, on_line: Listener) -> None:
    if building.base.python == sys.executable:
        await in_thread(partial(_make_venv_here, building.folder))
    else:
        options = ["--no-project", "--allow-existing", "--python", building.base.python]
        await _run(building, ["venv", *options, str(building.folder)], on_line, offline=True)


def _make_venv_here(folder: Path) -> None:
    """What ``uv venv`` does, without another process."""
    try:
        venv.EnvBuilder(symlinks=sys.platform != "win32").create(folder)
    except ValueError as error:
        # A path that cannot be in PATH.
        raise OSError(errno.EINVAL, str(error)) from error


def _take_over(building: Building, overlay: Overlay) -> list[Locked]:
    """Take over what can be; returns what is to be installed."""
    there_already = overlay.distributions()
    wanted = [locked for locked in building.locked if locked.name not in there_already]
    if building.parent is None:
        return wanted
    generation, folder = building.parent
    source = Overlay(folder, building.base.version)
    # What its interpreter is no longer for cannot be there: the folder has Python's version in it.
    there, before = source.distributions(), {locked.name: locked for locked in generation.locked}
    missing: list[Locked] = []
    for locked in wanted:
        same = _is_same(locked, before.get(locked.name)) and locked.name not in building.fresh and locked.name in there
        if not (same and take_over(there[locked.name], source, overlay, copy=building.copy)):
            missing.append(locked)
    return missing


def _is_same(locked: Locked, before: Locked | None) -> bool:
    return before is not None and (locked.line, locked.version) == (before.line, before.version)


async def _install(building: Building, overlay: Overlay, missing: Sequence[Locked], on_line: Listener) -> None:
    # Of a folder uv looks at little more than the age of pyproject.toml, and offline at nothing else.
    again = [f"--refresh-package={one.name}" for one in missing if one.name in building.fresh and _is_changeable(one)]
    with _listed(building, [one.line for one in missing]) as listed:
        command = [*_installing(building, overlay), *again, *listed]
        try:
            await _run(building, command, on_line, offline=not again)
        except NetworkUnreachable:
            if again:
                raise
            await _run(building, command, on_line, offline=False)


@contextmanager
def _listed(building: Building, lines: Iterable[str]) -> Generator[list[str]]:
    """The arguments that have uv read these lines."""
    requirements = building.folder / _REQUIREMENTS
    requirements.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    yield ["-r", str(requirements)]
    requirements.unlink()


def _installing(building: Building, overlay: Overlay) -> list[str]:
    mode = "copy" if building.copy else "hardlink"
    return ["pip", "install", *_place(building, overlay), "--no-deps", "--link-mode", mode]


def _place(building: Building, overlay: Overlay) -> list[str]:
    """Where uv is to install. It knows the base's Python already; a new one it would first ask about itself."""
    if sys.platform == "win32":
        # The programs that it writes there name their Python inside a binary.
        return ["--python", str(overlay.python)]
    return ["--python", building.base.python, "--prefix", str(building.folder)]


def _finish(building: Building, overlay: Overlay) -> None:
    run_by(overlay.python, overlay.scripts, instead_of=Path(building.base.python))
    overlay.lead_to(building.base)
    overlay.protect()


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
