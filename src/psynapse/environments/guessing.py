"""Installing what is asked for while it is still being resolved, in case uv's cache has what will be chosen.

The one takes about as long as the other. A guess asks no network and runs nobody's code; where it was wrong, its folder
is thrown away.
"""

from collections.abc import Iterable, Mapping

from psynapse.environments.building import Building, install_cached
from psynapse.environments.edits import Edit, Install
from psynapse.environments.errors import EnvironmentsError
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Locked
from psynapse.environments.requirement import Requirement

Guessed = Mapping[str, str]
"""Name and version of what is in a folder already; empty for nothing."""


def guessable(edit: Edit, before: Generation) -> Requirement | None:
    """What is worth guessing of an edit: a package of an index that is not there yet."""
    if not isinstance(edit, Install) or edit.pre:
        return None
    asked = edit.requirement
    is_new = asked.name not in {one.name for one in before.locked}
    return asked if is_new and asked.name and not (asked.url or asked.path or asked.of_product) else None


async def guess(building: Building, asked: Requirement | None) -> Guessed:
    """Put what is asked for into the folder of ``building``, by itself, if uv's cache has it. Raises nothing."""
    if asked is None:
        return {}
    try:
        overlay = await install_cached(building, asked.line())
    except (EnvironmentsError, OSError):
        # Building says it, if it is anything but an empty cache.
        return {}
    return {name: one.version for name, one in overlay.distributions().items()}


def is_right(guessed: Guessed, locked: Iterable[Locked]) -> bool:
    """Whether all that was guessed belongs to what was chosen."""
    chosen = {(one.name, one.version) for one in locked if one.line == f"{one.name}=={one.version}"}
    return bool(guessed) and chosen.issuperset(guessed.items())
