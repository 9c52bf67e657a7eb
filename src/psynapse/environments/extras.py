"""The extras of psynapse: libraries for its nodepacks, which a generation can hold as it holds node packages."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from psynapse.environments.base import PRODUCT, Base, parse_version
from psynapse.environments.errors import BadRequirement
from psynapse.environments.requirement import Requirement

EXTRA: Final = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
# No worker uses what these bring.
_OF_BASE_ALONE: Final = frozenset({"bench", "desktop", "dev", "docs"})


def product_lines(base: Base) -> Iterator[str]:
    """What psynapse requires of a generation: its worker's part, and its extras. Its server's part binds no package."""
    worker = base.worker_names()
    for required in base.requires(PRODUCT):
        if canonicalize_name(required.name) in worker:
            yield str(required)
    known = _names(base)
    yield from (line for line in base.distributions[PRODUCT].requires if known.intersection(EXTRA.findall(line)))


def libraries(base: Base) -> Mapping[str, tuple[Parsed, ...]]:
    """What each extra asks for, by its name; empty when psynapse was not installed as a distribution."""
    return {extra: tuple(_libraries(base, extra)) for extra in sorted(_names(base))}


def lacking(wanted: Iterable[Parsed], versions: Mapping[str, str]) -> tuple[str, ...]:
    """Names of those of which no version is there that fits."""
    return tuple(one.name for one in wanted if not _fits(one, versions.get(canonicalize_name(one.name), "")))


def check_product(base: Base, asked: Requirement) -> None:
    """Raises BadRequirement where psynapse itself is asked for, or an extra that it does not have or offer here."""
    if asked.name != PRODUCT or asked.url or asked.path:
        return
    known = _names(base)
    names = ", ".join(sorted(known))
    if not asked.extras:
        message = "Psynapse is what node packages are installed for, and is not one itself"
        raise BadRequirement(message, hint=f'what its nodepacks need can be installed: "{PRODUCT}[…]" with {names}')
    for extra in asked.extras:
        if extra in _OF_BASE_ALONE:
            hint = f'install it where psynapse is installed: pip install "{PRODUCT}[{extra}]"'
            raise BadRequirement(f"The extra {extra} is nothing for nodes", hint=hint)
        if extra not in known:
            raise BadRequirement(f"Psynapse has no extra {extra!r}", hint=f"there are: {names}")


def _names(base: Base) -> frozenset[str]:
    product = base.distributions.get(PRODUCT)
    found = (extra for line in (product.requires if product else ()) for extra in EXTRA.findall(line))
    return frozenset(found) - _OF_BASE_ALONE


def _libraries(base: Base, extra: str) -> Iterator[Parsed]:
    always = {str(one) for one in base.requires(PRODUCT)}
    return (one for one in base.requires(PRODUCT, extra) if str(one) not in always)


def _fits(wanted: Parsed, version: str) -> bool:
    known = parse_version(version)
    return known is not None and wanted.specifier.contains(known, prereleases=True)
