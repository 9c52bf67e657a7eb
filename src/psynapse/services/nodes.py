"""Node packages: listed, installed, updated, reloaded, uninstalled, and back to what there was before."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from packaging.utils import canonicalize_name

from psynapse.environments.change import Change, Preview
from psynapse.environments.condition import degradation
from psynapse.environments.edits import Edit, Rebuild, Remove, Rollback, known_name
from psynapse.environments.errors import EnvironmentsError
from psynapse.environments.extras import libraries
from psynapse.environments.generation import MANIFEST, Generation
from psynapse.environments.locked import Changes as Differences
from psynapse.environments.locked import compare
from psynapse.environments.overlay import Overlay
from psynapse.environments.refusals import NotInstalled
from psynapse.environments.steps import Step
from psynapse.errors import PsynapseError
from psynapse.logs import logger
from psynapse.model.catalog import Catalog
from psynapse.model.packages import DisabledPackage
from psynapse.services.changes import Changes, Hear, Verb
from psynapse.services.node_answers import Done, NodeList, Reloaded, Switched, Wish, asked_for, summarize
from psynapse.services.node_list import Installed, NodeEntry, project_changed_since
from psynapse.services.node_parts import Changing, Used
from psynapse.services.pipelines import Pipelines
from psynapse.services.workforce import Workforce

_LOOK_SECONDS: Final = 1.0
"""So often it is noticed that another process has changed the node packages."""
_UNLOADING_SECONDS: Final = 5.0
_USING: Final = 0.95
"""The fraction of a change after which workers are started with it."""
Switch = Literal["disable", "enable"]


class NotEditable(PsynapseError):
    """A package that was not installed in place has no source to reload."""

    code = "not-editable"


class Nodes:
    """The node packages of one folder, changed by one change at a time.

    The ``workforce`` uses what is ``used``; ``problem`` says why that is not the current generation, where it is not.
    """

    def __init__(self, parts: Changing, workforce: Workforce, used: Used, problem: str = "") -> None:
        self.changes = Changes()
        self._store, self._base = parts.store, parts.base
        self._changer, self._updates = parts.changer, parts.updates
        self._workforce = workforce
        self._used = used
        self._problem = problem

    # Looking

    async def list(self, *, refresh: bool = False) -> NodeList:
        """All of them, with what is known of updates; ``refresh`` looks for those first. Raises StoreUnusable."""
        installed = await asyncio.to_thread(self._installed)
        generation = installed.generation
        updates = await self._updates.check(generation.requirements, generation.locked, refresh=refresh)
        entries = [
            replace(entry, latest_version=update.latest_version, update_available=update.update_available)
            if (update := updates.get(canonicalize_name(entry.name)))
            else entry
            for entry in installed.entries()
        ]
        failures = [failure for failure in installed.catalog.failures if failure.package]
        problem = self._problem or await asyncio.to_thread(self._degradation, installed.generation)
        extras = list(installed.extras())
        return NodeList(entries=entries, failures=failures, extras=extras, generation=generation.id, problem=problem)

    async def preview(self, wish: Wish) -> Preview:
        """What an installation would do, without running code of any package.

        Raises BadRequirement, DependencyConflict and other EnvironmentsErrors.
        """
        return await self._changer.preview(wish.edit())

    def history(self) -> Sequence[tuple[Generation, Differences]]:
        """The generations that are there, the newest first, each with how it differs from its parent."""
        there = {generation.id: generation for generation in (*self._store.history(), self._store.get(0))}
        return [(one, _differences(there.get(one.parent), one)) for one in there.values()]

    @property
    def pipelines(self) -> Pipelines:
        """The pipelines that they bring."""
        return self._workforce.pipelines

    @property
    def catalog(self) -> Catalog:
        """What workers offer now."""
        return self._workforce.catalog

    @property
    def current(self) -> int:
        """The number of the current generation."""
        return self._store.current().id

    # Changing

    async def install(self, wish: Wish) -> Done:
        """Install a node package, or another version of it.

        Raises BadRequirement, DependencyConflict, EnvironmentBusy, PackageFails, ChangeCancelled and other
        EnvironmentsErrors; nothing has changed then.
        """
        edit = wish.edit()
        wanted = edit.requirement
        known = "" if wanted.name else known_name(self._store.current().requirements, wanted)
        return await self._change("install", known or wanted.label, edit)

    async def uninstall(self, name: str) -> Done:
        """Remove a node package; its pipelines are unloaded before. Raises NotInstalled, and as ``install`` does."""
        entry = self._entry(name)
        loaded = self.pipelines.board.params("loaded", "loading")
        unloading = asyncio.ensure_future(self.pipelines.unload(tuple(entry.pipelines)))
        # A run may be using one for ever: it finishes with the old code, and then the pipeline goes.
        await asyncio.wait({unloading}, timeout=_UNLOADING_SECONDS)
        unloaded = unloading.result() if unloading.done() else [one for one in entry.pipelines if one in loaded]
        try:
            done = await self._change("uninstall", entry.name, Remove(name=entry.name))
        except PsynapseError:
            self.pipelines.begin_load({one: loaded.get(one, {}) for one in unloaded if one in self.pipelines.infos})
            raise
        return replace(done, unloaded=unloaded)

    async def rollback(self, to: int | None = None) -> Done:
        """Go back to a generation, or to the one before the last change. Raises UnknownGeneration; see ``install``."""
        return await self._change("rollback", "", Rollback(to=to))

    async def reload(self, name: str) -> Reloaded:
        """Use the edited code of a package that was installed in place.

        Raises NotInstalled, NotEditable, WorkerError, and as ``install`` does.
        """
        entry = self._entry(name)
        if not entry.editable:
            message = f"{entry.name} was not installed in place, so there is no edited code to use"
            raise NotEditable(message, hint="install its folder with editable, or update it")
        before = frozenset(entry.pipelines)
        generation = self._store.current()
        if entry.removable and project_changed_since(Path(entry.path), self._store.folder_of(generation.id) / MANIFEST):
            await self._change("reload", entry.name, Wish(spec=entry.spec, editable=True).edit())
        else:
            await self._workforce.renew()
        fresh = self._entry(name)
        loaded = [one for one in self.pipelines.board.params("loaded", "loading") if one in before]
        await asyncio.wait({asyncio.ensure_future(self.pipelines.reload(loaded))}, timeout=_UNLOADING_SECONDS)
        now = frozenset(fresh.pipelines)
        return Reloaded(
            node=fresh,
            reloaded=[one for one in loaded if one in now],
            added=sorted(now - before),
            removed=sorted(before - now),
        )

    async def disable(self, name: str) -> Switched:
        """Have no worker import a package any more; it stays installed. Runs that go on finish with it.

        Raises NotInstalled, EnvironmentBusy and StoreUnusable.
        """
        return await self._switch(name, "disable")

    async def enable(self, name: str) -> Switched:
        """Have workers import a package again. Raises as ``disable`` does."""
        return await self._switch(name, "enable")

    # Living

    async def recover(self) -> None:
        """Make generations again whose base has changed. Until that is done the list has a problem to tell."""
        current = await asyncio.to_thread(self._store.current)
        unused = self._problem if self._used.generation.id != current.id else ""
        self._problem = await asyncio.to_thread(self._degradation, current) or unused
        if not self._problem:
            return
        logger.warning("the node packages are being built again: %s", self._problem)
        try:
            await self._change("rebuild", "", Rebuild())
            self._problem = ""
        except EnvironmentsError as error:
            self._problem = f"{self._problem}; they could not be built again: {error.message}"
            logger.warning("%s", self._problem)

    async def watch(self) -> None:
        """Notice when another process has made a generation current."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self.changes.going_on:
                continue
            try:
                await self._follow()
            except EnvironmentsError as error:
                logger.warning("%s", error)

    async def close(self) -> None:
        """Cancel a change that goes on, or wait for its end when it is past its commit point."""
        await self.changes.settle()
        await self._updates.close()

    async def _follow(self) -> None:
        current = await asyncio.to_thread(self._store.current)
        disabled = await asyncio.to_thread(self._store.disabled)
        if (current.id, disabled) != (self._used.generation.id, self._used.disabled):
            await self._use(current)

    async def _use(self, generation: Generation) -> str:
        """Have new runs use a generation, without what is switched off now. Returns why that is impossible."""
        self._used = Used(generation, await asyncio.to_thread(self._store.disabled))
        spec = self._workforce.spec_for(generation, self._store, self._used.disabled)
        problem = await self._workforce.adopt(spec)
        self.pipelines.drop_missing()
        self._workforce.announce({"type": "nodes"})
        return problem

    async def _change(self, verb: Verb, package: str, edit: Edit) -> Done:
        async def work(hear: Hear) -> Done:
            def hear_step(step: Step) -> None:
                hear(step.name, step.message, step.fraction * _USING)

            change = await self._changer.change(edit, hear_step)
            hear("use", "workers are started with it", _USING)
            problem = await self._use(change.after)
            return self._done(edit, change, problem)

        return await self.changes.carry_out(verb, package, work)

    async def _switch(self, name: str, verb: Switch) -> Switched:
        entry = self._entry(name)
        if entry.extra:
            message = f"{entry.name} is a set of libraries, which nodes of others use"
            raise NotInstalled(message, hint="uninstall it to be without them")
        if entry.disabled is (verb == "disable"):
            return Switched(message=f"{entry.name} is {verb}d already", node=entry)
        loaded = self.pipelines.board.params("loaded", "loading")

        async def work(hear: Hear) -> Switched:
            async with self._store.locked(f"{verb} {entry.name}"):
                hear("use", "new workers are started", _USING)
                await asyncio.to_thread(self._note, entry, disabled=verb == "disable")
            problem = await self._use(await asyncio.to_thread(self._store.current))
            return Switched(
                message=f"{verb}d {entry.name}" + (f"; {problem}" if problem else ""),
                node=self._entry(name),
                unloaded=[one for one in entry.pipelines if one in loaded],
                problem=problem,
            )

        return await self.changes.carry_out(verb, entry.name, work)

    def _note(self, entry: NodeEntry, *, disabled: bool) -> None:
        """Write down whether a package is switched off. Its nodepacks are not known any more when it is."""
        name = canonicalize_name(entry.name)
        others = [one for one in self._store.disabled() if one.name != name]
        self._store.disable([*others, DisabledPackage(name, tuple(entry.nodepacks))] if disabled else others)

    def _done(self, edit: Edit, change: Change, problem: str) -> Done:
        name = asked_for(edit, change)
        return Done(
            message=summarize(edit, change, name) + (f"; {problem}" if problem else ""),
            generation=change.after.id,
            differences=change.changes,
            node=self._installed().entry(name) if name else None,
            problem=problem,
        )

    def _entry(self, name: str) -> NodeEntry:
        entry = self._installed().entry(name)
        if entry is None:
            hint = "GET /nodes lists those there are"
            raise NotInstalled(f"no node package {name[:80]!r} is installed", hint=hint)
        return entry

    def _installed(self) -> Installed:
        generation = self._store.current()
        overlay = Overlay(self._store.folder_of(generation.id), self._base.version)
        versions = {name: one.version for name, one in self._base.distributions.items()}
        there = overlay.distributions() if generation.id else {}
        disabled = {one.name for one in self._store.disabled()}
        return Installed(generation, there, versions, self._workforce.catalog, libraries(self._base), disabled)

    def _degradation(self, generation: Generation) -> str:
        try:
            return degradation(generation, self._base, self._store.folder_of(generation.id))
        except OSError as error:
            return f"its files cannot be read: {error.strerror}"


def _differences(parent: Generation | None, generation: Generation) -> Differences:
    return compare(parent.locked if parent else (), generation.locked)
