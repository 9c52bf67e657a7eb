"""Asking for packages as a test does: what resolution then chooses, kept as a generation keeps it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from base_environment import make_base
from package_project import build_wheel, make_package

from psynapse.environments.base import Base
from psynapse.environments.locked import HeldBack, Locked
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.resolution import Resolution, resolve
from psynapse.environments.uv import Uv

Offer = Callable[..., Path]
"""Builds a package of that name and version and offers it in the index; returns its wheel."""


def make_pinned_base(folder: Path) -> Base:
    """What no index has: a local version, and what the worker runs on; besides a package that may be replaced."""
    have = [
        ("torch", "2.13.0+cpu", ["numpy"]),
        ("numpy", "2.1.0", []),
        ("pydantic", "2.9.0", []),
        ("server-lib", "1.0", []),
        ("psynapse", "0.1.0", ["pydantic>=2", "server-lib<2"]),
    ]
    inside = folder / "in-base"
    return make_base(
        folder,
        [build_wheel(make_package(inside, name, version, requires=requires)) for name, version, requires in have],
    )


class Asking:
    """Resolves, and stays at what was chosen before, as a generation does."""

    def __init__(self, uv: Uv, base: Base) -> None:
        self.uv = uv
        self.base = base
        self.last = Resolution(requirements=(), locked=())

    def __call__(self, *specs: str, upgrade: str = "", keep: bool = True, **choices: bool) -> dict[str, str]:
        requirements = [*(self.last.requirements if keep else ()), *map(parse_requirement, specs)]
        self.last = asyncio.run(
            resolve(
                self.uv,
                self.base,
                requirements,
                current=self.last.locked,
                upgrade=frozenset(upgrade.split()),
                **choices,  # pyright: ignore[reportArgumentType]
            )
        )
        return {one.name: one.version for one in self.last.locked}

    def held_back(self) -> tuple[HeldBack, ...]:
        """What could be newer of what was asked for last."""
        return asyncio.run(_held_back(self.last))

    def locked(self, name: str) -> Locked:
        (found,) = (one for one in self.last.locked if one.name == name)
        return found


async def _held_back(resolution: Resolution) -> tuple[HeldBack, ...]:
    return await resolution.find_held_back()
