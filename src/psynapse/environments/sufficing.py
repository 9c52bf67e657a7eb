"""What needs no resolving: a package all of whose requirements the base meets as it is.

A resolver would choose the newest of it, which is what was installed, and leave everything else where it is.
"""

import sys
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import Distribution

from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from psynapse.environments.base import PRODUCT, Base, parse_requirement_line, parse_version


def met_by_base(distribution: Distribution, extras: Iterable[str], base: Base, elsewhere: Collection[str]) -> bool:
    """Whether the base alone has what a distribution with these extras requires; False also where that is doubtful.

    ``elsewhere`` are names that a generation has other versions of, or has for others.
    """
    # Markers are about the Python that runs this.
    if base.python != sys.executable:
        return False
    waiting, seen = list(_required(distribution, extras)), set[str]()
    while waiting:
        required = waiting.pop()
        name = canonicalize_name(required.name) if required else ""
        if not required or name in elsewhere or not _is_met(required, name, base):
            return False
        # What psynapse requires for its server binds no package.
        if name not in seen and name != PRODUCT:
            waiting += base.requires(name)
        seen.add(name)
    return True


def _required(distribution: Distribution, extras: Iterable[str]) -> Iterator[Parsed | None]:
    """What is required in some case or always; None for what cannot be read."""
    chosen = list(extras) or [""]
    for required in map(parse_requirement_line, distribution.requires or ()):
        if not required or not required.marker or any(required.marker.evaluate({"extra": one}) for one in chosen):
            yield required


def _is_met(required: Parsed, name: str, base: Base) -> bool:
    held = base.distributions.get(name)
    version = parse_version(held.version) if held else None
    if required.url or required.extras or version is None or version.is_prerelease:
        return False
    return required.specifier.contains(version)
