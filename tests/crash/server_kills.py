"""Killing a whole server, the uv that it runs, or both, while node packages are changed over HTTP.

``python3 dev.py crash --server --kills 150`` does it as often as it is told, and reports. Each time another server is
started, and what it lists, runs and has on the disk is the old or the new state.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from generation_breaker import Kill

from psynapse.environments.steps import STEPS

# As the events of a change call them; "end" is after the answer.
_BUILDING: Final = (*STEPS, "use", "end")
KINDS: Final[Mapping[str, Sequence[str]]] = {
    "install": _BUILDING,
    "update": _BUILDING,
    "uninstall": _BUILDING,
    "rollback": ("activate", "project", "collect", "use", "end"),
}
VICTIMS: Final = ("server", "uv", "server and uv")
# The steps in which uv is run.
_WITH_UV: Final = ("resolve", "build")


def named_kills() -> list[Kill]:
    """The server killed at every step of a change of every kind, uv and both in those in which it is run."""
    alone = [Kill(kind, "server", step) for kind, steps in KINDS.items() for step in steps]
    pairs = [(kind, step) for kind in ("install", "update", "uninstall") for step in _WITH_UV]
    return alone + [Kill(kind, how, step) for kind, step in pairs for how in VICTIMS[1:]]


def random_kills(chance: random.Random) -> Iterator[Kill]:
    """Kills at random instants and somewhat after random steps, without end."""
    while True:
        kind = chance.choice(list(KINDS))
        how = "server" if kind == "rollback" else chance.choice(["server", "server", "uv", "server and uv"])
        steps = KINDS[kind] if how == "server" else _WITH_UV
        yield Kill(kind, how, chance.choice(["", "", chance.choice(steps)]))
