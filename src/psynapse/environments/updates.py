"""Whether there are newer versions of what was installed."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from packaging.version import Version

from psynapse.environments.base import Base, parse_version
from psynapse.environments.compilation import Compilation, Compiler
from psynapse.environments.conflict import Surroundings
from psynapse.environments.errors import EnvironmentsError, NetworkUnreachable
from psynapse.environments.locked import Locked
from psynapse.environments.remote import newest_commit
from psynapse.environments.requirement import Requirement
from psynapse.environments.uv import Uv

KNOWN_SECONDS: Final = 600.0
"""So long an answer is taken for true."""
UNKNOWN_SECONDS: Final = 60.0
"""So long nothing is asked again that could not be told."""
PATIENCE_SECONDS: Final = 30.0
"""So long an index or a repository may take to answer."""
_SHOWN_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is known of a newer version (of Git: its commit's beginning): empty and None while nothing is."""

    latest_version: str = ""
    update_available: bool | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    requirement: Requirement
    version: str
    """The installed one."""

    @property
    def key(self) -> str:
        """Answers are the same for the same text, whatever is installed, except that it may be a pre-release."""
        return f"{self.requirement.line(pinned=False)} {self.takes_prereleases}"

    @property
    def takes_prereleases(self) -> bool:
        return self.requirement.source == "pypi" and Version(self.version).is_prerelease


class Updates:
    """Looks for newer versions: of an index by uv, of Git by asking the repository; all at once, and not too often."""

    def __init__(
        self, uv: Uv, base: Base, *, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._uv = uv
        self._base = base
        self._clock = clock
        self._patience = patience
        # The newest version or commit by key, "" for what could not be told, and until when that counts.
        self._answers: dict[str, tuple[str, float]] = {}
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def check(
        self, requirements: Sequence[Requirement], locked: Sequence[Locked], *, refresh: bool = False
    ) -> Mapping[str, Update]:
        """What is known by name, at once; what is not known any more is looked for meanwhile.

        With ``refresh`` everything is asked anew and waited for. What has no newer version is left out: folders,
        archives, what the base pins. Nothing is raised when a network fails: then nothing is known.
        """
        asked = list(self._asked(requirements, locked))
        now = self._clock()
        outdated = [one for one in asked if refresh or self._answers.get(one.key, ("", now))[1] <= now]
        started = self._look_for([one for one in outdated if one.key not in self._looking])
        if refresh:
            await asyncio.gather(*started, *(self._looking[one.key] for one in asked if one.key in self._looking))
        return {one.requirement.name: self._update(one) for one in asked}

    async def close(self) -> None:
        """Stop looking."""
        looking = list(self._looking.values())
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    def _asked(self, requirements: Iterable[Requirement], locked: Iterable[Locked]) -> Iterable[_Asked]:
        versions = {name: one.version for name, one in self._base.distributions.items()}
        versions |= {one.name: one.version for one in locked}
        pins = self._base.pins()
        for one in requirements:
            version = versions.get(one.name, "")
            is_indexed = one.source == "pypi" and not one.url and one.name not in pins
            if (one.source == "git" and one.commit) or (is_indexed and parse_version(version)):
                yield _Asked(one, version)

    def _look_for(self, asked: Sequence[_Asked]) -> list[asyncio.Task[None]]:
        """Start looking: all of an index at once, each repository by itself."""
        of_index = [one for one in asked if one.requirement.source == "pypi"]
        groups = [[one] for one in asked if one.requirement.source == "git"] + ([of_index] if of_index else [])
        started: list[asyncio.Task[None]] = []
        for group in groups:
            task = asyncio.create_task(self._look(group))
            started.append(task)
            self._looking |= dict.fromkeys((one.key for one in group), task)
        return started

    async def _look(self, group: Sequence[_Asked]) -> None:
        found: Mapping[str, str] = {}
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    found = await self._newest(group)
            for one in group:
                newest = found.get(one.requirement.name, "")
                until = self._clock() + (KNOWN_SECONDS if newest else UNKNOWN_SECONDS)
                self._answers[one.key] = newest, until
        finally:
            for one in group:
                del self._looking[one.key]

    async def _newest(self, group: Sequence[_Asked]) -> Mapping[str, str]:
        """Versions by name, or the commit of the one repository in the group."""
        first = group[0].requirement
        if first.source != "git":
            return await self._newest_versions(group)
        self._uv.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {first.name: await newest_commit(first, self._uv.environment(), self._uv.cache)}

    async def _newest_versions(self, group: Sequence[_Asked]) -> Mapping[str, str]:
        try:
            return await self._compiled(group)
        except NetworkUnreachable:
            return {}
        except EnvironmentsError:
            if len(group) == 1:
                return {}
        # One that is in no index any more must not hide what is known of the others.
        found = await asyncio.gather(*(self._newest_versions([one]) for one in group))
        return {name: version for one in found for name, version in one.items()}

    async def _compiled(self, group: Sequence[_Asked]) -> Mapping[str, str]:
        asked = [one.requirement for one in group]
        names = frozenset(one.name for one in asked)
        what = Compilation(
            lines=[one.line() for one in asked],
            fresh=names,
            prereleases=frozenset(one.requirement.name for one in group if one.takes_prereleases),
            dependencies=False,
        )
        surroundings = Surroundings(asked=asked, pins=self._base.pins(), python=self._base.version)
        chosen = await Compiler(self._uv, self._base, surroundings).compile_so(what, offline=False)
        return {one.name: one.version for one in chosen if one.version}

    def _update(self, asked: _Asked) -> Update:
        newest, _ = self._answers.get(asked.key, ("", 0.0))
        if not newest:
            return Update()
        if asked.requirement.source == "git":
            commit = asked.requirement.commit
            return Update(latest_version=newest[:_SHOWN_DIGITS], update_available=newest != commit)
        return Update(latest_version=newest, update_available=Version(newest) > Version(asked.version))
