"""Whether a generation still fits the base it was made for, which its owner may have upgraded."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from psynapse.environments.base import PRODUCT, Base
from psynapse.environments.extras import product_lines
from psynapse.environments.generation import Generation
from psynapse.environments.overlay import Overlay
from psynapse.environments.requirement import Requirement


def relied_on(base: Base, overlay: Overlay, requirements: Iterable[Requirement]) -> tuple[tuple[str, str], ...]:
    """Name and version of the base's distributions that an overlay needs for its requirements; sorted.

    Those that it asks for, directly or not; what packages use without asking for it cannot be known.
    """
    held = {name: tuple(one.requires or ()) for name, one in overlay.distributions().items()}
    of_base = {name: one.requires for name, one in base.distributions.items()}
    if PRODUCT in of_base:
        of_base[PRODUCT] = tuple(product_lines(base))
    asked = [(one.name, frozenset(one.extras)) for one in requirements]
    reached = _reached(asked, {**of_base, **held})
    return tuple((name, base.distributions[name].version) for name in sorted((reached & of_base.keys()) - held.keys()))


def degradation(generation: Generation, base: Base, folder: Path) -> str:
    """Why a generation may not work any more, in words; empty when there is no reason to think so.

    ``folder`` is the generation's. Raises OSError.
    """
    if generation.id == 0:
        return ""
    if not Path(generation.python).exists():
        return f"its Python {generation.python} is gone"
    overlay = Overlay(folder, base.version)
    if not overlay.site.is_dir():
        return f"it was made for another Python than {base.version}"
    there = overlay.distributions()
    if missing := [locked.name for locked in generation.locked if locked.name not in there]:
        return f"files of {', '.join(missing)} are gone"
    if generation.base == base.fingerprint():
        return ""
    if generation.merged:
        return "the environment psynapse is installed in has changed, and it has copies of that"
    if generation.closure == base.closure_fingerprint(name for name, _ in generation.relies_on):
        return ""
    return f"the environment psynapse is installed in has changed: {', '.join(_differences(generation, base))}"


def _differences(generation: Generation, base: Base) -> Iterator[str]:
    found = False
    for name, version in generation.relies_on:
        now = base.distributions.get(name)
        if now is None or now.version != version:
            found = True
            yield f"{name} {version} is now {now.version}" if now else f"{name} {version} is gone"
    if not found:
        yield "its Python, or where its packages are from"


def _reached(start: Iterable[tuple[str, frozenset[str]]], requires: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Names that can be reached through what each requires, with its extras."""
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = list(start)
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            todo += _asked_by(requires.get(one[0], ()), one[1])
    return frozenset(name for name, _ in seen)


def _asked_by(lines: Iterable[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in lines:
        try:
            wanted = Parsed(line)
        except InvalidRequirement:
            # An installer has accepted it: what cannot be read asks for nothing we could know.
            continue
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield canonicalize_name(wanted.name), frozenset(wanted.extras)
