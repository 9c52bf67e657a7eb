"""Installing what is asked for before it is resolved: mostly it is the newest, and nothing stands against that.

Where the base has all that it requires, there is nothing to resolve. Where a guess was wrong, its folder is emptied.
"""

import asyncio
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution
from typing import Final

from psynapse.environments.base import Base
from psynapse.environments.building import Building, install_alone
from psynapse.environments.choosing import Choice
from psynapse.environments.edits import Edit, Install, edited, summary
from psynapse.environments.errors import EnvironmentsError
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
from psynapse.environments.requirement import Requirement
from psynapse.environments.resolution import Resolution
from psynapse.environments.sufficing import met_by_base

Guessed = Mapping[str, Distribution]
"""What is in a folder already, by name; empty for nothing."""
# What takes longer has to be downloaded: until then it should be known whether it fits.
_PATIENCE_SECONDS: Final = 0.1


def guessable(edit: Edit, base: Base, before: Generation) -> Requirement | None:
    """What is worth guessing of an edit: a package of an index that is not there yet, in the base neither."""
    if not isinstance(edit, Install) or edit.pre:
        return None
    asked = edit.requirement
    is_new = asked.name not in base.distributions.keys() | {one.name for one in before.locked}
    return asked if is_new and asked.name and not (asked.url or asked.path or asked.of_product) else None


async def guess(building: Building, asked: Requirement | None) -> Guessed:
    """Put what is asked for into the folder of ``building``, alone; nothing where that cannot be. Raises nothing."""
    if asked is None:
        return {}
    try:
        overlay = await install_alone(building, asked.line())
    except (EnvironmentsError, OSError):
        # Resolving or building says it, and better.
        return {}
    return overlay.distributions()


async def choose_at_once(
    guessing: asyncio.Future[Guessed], edit: Edit, base: Base, before: Generation
) -> Choice | None:
    """What resolving would come to, if the guess comes soon and leaves nothing to resolve."""
    await asyncio.wait({guessing}, timeout=_PATIENCE_SECONDS)
    guessed = guessing.result() if guessing.done() else {}
    if len(guessed) != 1 or not isinstance(edit, Install):
        return None
    ((name, distribution),) = guessed.items()
    held = {one.name for one in before.locked}
    if name != edit.requirement.name or not met_by_base(distribution, edit.requirement.extras, base, held):
        return None
    version = distribution.version
    locked = sorted((*before.locked, Locked(name=name, version=version, line=f"{name}=={version}")), key=_name)
    resolution = Resolution(requirements=edited(before.requirements, edit), locked=tuple(locked))
    return Choice(resolution=resolution, summary=summary(edit, name, locked))


async def is_begun(guessing: asyncio.Future[Guessed], choice: Choice) -> bool:
    """Whether the guess has begun to make what was chosen. A wrong one is not waited for."""
    # It is the newest: where that was not chosen, it may be downloading for nothing.
    if not guessing.done() and await choice.resolution.find_held_back():
        return False
    return is_right(await guessing, choice.resolution.locked)


def is_right(guessed: Guessed, locked: Iterable[Locked]) -> bool:
    """Whether all that was guessed belongs to what was chosen."""
    chosen = {(one.name, one.version) for one in locked if one.line == f"{one.name}=={one.version}"}
    return bool(guessed) and chosen.issuperset((name, one.version) for name, one in guessed.items())


def _name(locked: Locked) -> str:
    return locked.name
