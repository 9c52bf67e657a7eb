"""Killing changes of node packages at named steps, single file operations and random instants.

``python tests/crash/generation_kills.py --kills 1000`` (or ``python3 dev.py crash --kills 1000``) does it as often as
it is told, and reports. Each time: a change is killed, a new process recovers, and what is there is the old or the new
state, whole and importable. With ``--server`` it is a whole server, or its uv, that is killed: ``server_kills.py``.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "node_packages")]

import server_kills
from breaking import break_often
from generation_breaker import Breaker, Kill, Report
from generation_ruins import Ruin, base_content, look_at_content_of_base
from server_breaker import ServerBreaker

from psynapse.environments.steps import STEPS

# The steps of a change of each kind; "end" is after the last.
_BUILDING: Final = (*STEPS, "end")
_MOVING: Final = ("activate", "project", "collect", "end")
_TOLD_EVERY: Final = 50
KINDS: Final[Mapping[str, Sequence[str]]] = {
    "install": _BUILDING,
    "update": _BUILDING,
    "uninstall": _BUILDING,
    "rollback": _MOVING,
}


def named_kills() -> list[Kill]:
    """A kill at the beginning of every step of a change of every kind, and after the last."""
    return [Kill(kind, "step", step) for kind, steps in KINDS.items() for step in steps]


def random_kills(chance: random.Random) -> Iterator[Kill]:
    """Kills anywhere else, without end."""
    while True:
        kind = chance.choice(list(KINDS))
        how = chance.choice(["operation", "operation", "message", "instant", "instant", "uv", "uv and change"])
        if kind == "rollback" and how.startswith("uv"):
            continue
        match how:
            case "operation":
                yield Kill(kind, how, chance.choice(KINDS[kind][:-1]), chance.choice([1, 1, 2, 2, 3, 4, 5, 8, 13]))
            case "message":
                yield Kill(kind, how, number=chance.randrange(2, 12))
            case _:
                yield Kill(kind, how, number=chance.randrange(1, 5))


def _tell_sometimes(report: Report) -> None:
    if report.kills % _TOLD_EVERY == 0:
        sys.stderr.write(f"{report}\n")


def main(arguments: Sequence[str]) -> int:
    """Do as the command line says; the exit code is 1 when something was found broken."""
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the same kills once more")
    parser.add_argument("--server", action="store_true", help="kill a server, or its uv, instead of a change alone")
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    which, breaker = (server_kills, ServerBreaker) if options.server else (sys.modules[__name__], Breaker)
    kills = chain(which.named_kills(), which.random_kills(chance))
    before = base_content()
    with tempfile.TemporaryDirectory(prefix="psynapse-crash-") as folder:
        try:
            report = break_often(breaker, kills, options.kills, options.seed, Path(folder), tell=_tell_sometimes)
            look_at_content_of_base(before)
            sys.stdout.write(f"{report} (--seed {options.seed})\n")
        except Ruin as ruin:
            sys.stderr.write(f"with --seed {options.seed}: {ruin}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
