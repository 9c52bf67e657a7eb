"""Which packages and pins exclude each other, read from uv's proof and said in our words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from psynapse.environments.errors import AddressConflict, DependencyConflict, RequirementNotFound, UvFailed
from psynapse.environments.requirement import Requirement

_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\[[^\]\s]*\])?"
_SPECIFIER: Final = r"(?:[<>=!~]=?=?[^\s,]+(?:,[<>=!~]=?=?[^\s,]+)*)?"
_NEED: Final = re.compile(
    rf"(?P<who>{_NAME})(?P<which>{_SPECIFIER}) depends? on (?:one of: )?(?P<target>{_NAME})(?P<wanted>{_SPECIFIER})"
    rf"(?P<others>(?: (?P=target){_SPECIFIER})*)"
)
_MISSING: Final = re.compile(rf"(?P<name>{_NAME}) was not found in the package registry")
_NO_VERSION: Final = re.compile(rf"there (?:is|are) no versions? of (?P<name>{_NAME})(?P<wanted>{_SPECIFIER})")
_CLASH: Final = re.compile(r"conflicting URLs for package `(?P<name>[^`]+)`")
_ADDRESS: Final = re.compile(r"^\s*- (\S+://\S+)", re.MULTILINE)
_UNASKED_URL: Final = re.compile(r"Package `(?P<name>[^`]+)` was included as a URL dependency")
_MOST_SENTENCES: Final = 6
_YOU: Final = "what you asked for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What was asked for, and against what: Python's version ("3.11") and the pins of the base."""

    asked: Sequence[Requirement]
    pins: Mapping[str, str]
    python: str


@dataclass(frozen=True, slots=True)
class Need:
    """That a distribution (with the range of its versions, if not all) requires another."""

    who: str
    which: str
    target: str
    wanted: str

    def __str__(self) -> str:
        verb = "requires" if self.who == _YOU else "needs"
        return f"{self.who}{self.which} {verb} {self.target}{self.wanted}"


def explain_conflict(failed: UvFailed, surroundings: Surroundings) -> DependencyConflict | RequirementNotFound:
    """What excludes what, when uv found no solution."""
    text = " ".join(failed.stderr.split())
    if found := _UNASKED_URL.search(text):
        name = found["name"]
        message = f"A package needs {name} from an address of its own, which packages of an index may not"
        hint = f"install {name} from that address first, then this one"
        return DependencyConflict(message, explanation=failed.stderr, culprits=[name], hint=hint)
    if found := _CLASH.search(text):
        return _clash(found["name"], failed.stderr, surroundings)
    needs = tuple(_needs(text))
    missing = {found["name"]: "" for found in _MISSING.finditer(text)}
    missing |= {found["name"]: found["wanted"] for found in _NO_VERSION.finditer(text)}
    sentences = [_asked_for(name, missing[name], needs) for name in missing if name not in surroundings.pins]
    if sentences:
        hint = "check the spelling, and which indexes uv is configured for"
        return RequirementNotFound.meaning(failed, f"{_joined(sentences)}, which no index has", hint=hint)
    return _conflict(needs, failed.stderr, surroundings)


def _clash(name: str, said: str, surroundings: Surroundings) -> AddressConflict:
    if pin := surroundings.pins.get(name):
        kept = f"psynapse is installed with {name} {pin} and does not replace it"
        message, hint = f"{name} is asked for from an address, but {kept}", f"use what works with {name} {pin}"
    else:
        message, hint = f"{name} is asked for from different addresses", "ask the packages' authors to agree on one"
    return AddressConflict(message, explanation=said, name=name, addresses=_ADDRESS.findall(said), hint=hint)


def _conflict(needs: Sequence[Need], said: str, surroundings: Surroundings) -> DependencyConflict:
    faults = dict(_faults(needs, surroundings))
    at_fault = {need.who for need in faults}
    chain = [need for need in needs if need.target in at_fault and need not in faults]
    sentences = [str(need) for need in chain] + list(faults.values())
    more = "; and more, as uv explains" if len(sentences) > _MOST_SENTENCES else ""
    asked = _joined([one.name for one in surroundings.asked if one.name]) or _YOU
    told = "; ".join(sentences[:_MOST_SENTENCES]) + more or f"{asked} cannot be had together"
    culprits = dict.fromkeys(name for need in faults for name in (need.who, need.target) if name != _YOU)
    hint = "ask for another version of one of them, or uninstall one; their authors can allow more versions"
    return DependencyConflict(f"No set of versions fits: {told}", explanation=said, culprits=list(culprits), hint=hint)


def _faults(needs: Sequence[Need], surroundings: Surroundings) -> Iterator[tuple[Need, str]]:
    """The needs that cannot be met, each with a sentence about it."""
    asked = [Need(_YOU, "", one.name, one.specifier) for one in surroundings.asked if one.specifier]
    everything = [*needs, *asked]
    for need in everything:
        pin = surroundings.pins.get(need.target)
        others = (other.wanted for other in everything if other.target == need.target and other.who != need.who)
        if need.target == "Python":
            yield need, f"{need}, and psynapse runs on Python {surroundings.python}"
        elif pin and not _allows(need.wanted, pin):
            yield need, f"{need}, but psynapse is installed with {need.target} {pin} and does not replace it"
        elif not pin and need.wanted and any(wanted not in {"", need.wanted} for wanted in others):
            yield need, str(need)


def _needs(text: str) -> Iterator[Need]:
    """What uv's proof takes as given; what it concludes is left out."""
    found: dict[Need, None] = {}
    for sentence in re.split(r"\.(?=\s|$)", text):
        for match in _NEED.finditer(sentence.split("we can conclude that")[0]):
            choices = [match["wanted"], *(one.removeprefix(match["target"]) for one in match["others"].split())]
            found[Need(match["who"], match["which"], match["target"], " or ".join(choices))] = None
    yield from found


def _asked_for(name: str, wanted: str, needs: Sequence[Need]) -> str:
    found = [str(need) for need in needs if need.target == name]
    return _joined(found) or f"{_YOU} is {name}{wanted}"


def _allows(wanted: str, version: str) -> bool:
    try:
        return any(SpecifierSet(choice).contains(version, prereleases=True) for choice in wanted.split(" or "))
    except InvalidSpecifier:
        return True


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
