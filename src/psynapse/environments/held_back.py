"""Which packages are older than they could be, and what holds them there."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from packaging.version import Version

from psynapse.environments.compilation import Chosen, Compilation, Compiler
from psynapse.environments.errors import BuildNeeded, DependencyConflict, EnvironmentsError
from psynapse.environments.locked import HeldBack
from psynapse.environments.requirement import Requirement

# Each costs a run of uv.
_MOST: Final = 4


async def find_held_back(
    compiler: Compiler, asked: Sequence[Requirement], chosen: Sequence[Chosen], what: Compilation
) -> tuple[HeldBack, ...]:
    """Those of ``asked`` (of an index) that would be newer by themselves, as far as the cache knows.

    Raises BuildNeeded when one is older only because no code may be run.
    """
    have = {one.name: one.version for one in chosen if one.version}
    ours = [one for one in asked if one.name in have and not one.url and not one.path]
    if not ours:
        return ()
    alone = Compilation(lines=[one.line() for one in ours], prereleases=what.prereleases, dependencies=False)
    try:
        newest = {one.name: one.version for one in await compiler.compile(alone, offline=True)}
    except (EnvironmentsError, OSError):
        # Not everything is in the cache: the answer is worth no more than asking it.
        return ()
    older = [one for one in ours if one.name in newest and Version(have[one.name]) < Version(newest[one.name])]
    found = [_explain(compiler, one.name, have[one.name], newest[one.name], what) for one in older[:_MOST]]
    return tuple(one for one in await asyncio.gather(*found) if one)


async def _explain(compiler: Compiler, name: str, version: str, newest: str, what: Compilation) -> HeldBack | None:
    """Why not the newest: it is asked for, and uv says what stands against it."""
    wanted = replace(what, lines=[*what.lines, f"{name}=={newest}"])
    try:
        await compiler.compile(wanted)
    except DependencyConflict as conflict:
        because = tuple(culprit for culprit in conflict.culprits if culprit != name)
        return HeldBack(name=name, version=version, newest=newest, because=because)
    except BuildNeeded:
        raise
    except (EnvironmentsError, OSError):
        return HeldBack(name=name, version=version, newest=newest, because=())
    return None
