"""A generation on its way: built, tried and sealed where nobody sees it, or removed again."""

from collections.abc import Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from psynapse.environments.base import Base
from psynapse.environments.building import Building, build
from psynapse.environments.choosing import Choice
from psynapse.environments.condition import relied_on
from psynapse.environments.durable import settle_tree
from psynapse.environments.edits import dependents
from psynapse.environments.generation import Generation
from psynapse.environments.locked import Changes, compare
from psynapse.environments.merging import merge, out_of_reach, split_packages
from psynapse.environments.overlay import Overlay
from psynapse.environments.probing import Probe, ProbeReport
from psynapse.environments.refusals import PackageFails, unusable
from psynapse.environments.running import Listener
from psynapse.environments.steps import StepListener, tell
from psynapse.environments.store import GenerationStore
from psynapse.environments.uv import Uv
from psynapse.environments.waiting import beside, in_thread
from psynapse.model.packages import LoadFailure


class Workshop(NamedTuple):
    """What candidates are made with."""

    store: GenerationStore
    base: Base
    uv: Uv
    probe: Probe
    copy: bool

    def building(self, number: int) -> Building:
        """What it takes to build an empty generation."""
        return Building(uv=self.uv, base=self.base, folder=self.store.folder_of(number), locked=(), copy=self.copy)


class Candidate:
    """A generation that is to follow ``before``, from which what stays the same is taken.

    ``begun``: part of what was chosen is in its folder already.
    """

    def __init__(
        self, workshop: Workshop, before: Generation, choice: Choice, parent: int, *, begun: bool = False
    ) -> None:
        self.before = before
        self.changes: Changes = compare(before.locked, choice.resolution.locked)
        self._workshop = workshop
        self._choice = choice
        self._parent = parent
        self._begun = begun

    async def make(self, number: int, listener: StepListener) -> tuple[Generation, ProbeReport]:
        """Build it as that number, which was claimed, try it and seal it.

        Raises PackageFails, WorkerError, StoreUnusable and what ``Uv.run`` does.
        """
        say = tell(listener, "build", "building a new environment")
        with self._writing():
            generation = await self._build(number, say)
        tell(listener, "probe", "importing the packages")
        async with AsyncExitStack() as trying:
            # Most of what sealing waits for: whatever is there goes to the disk while it is tried.
            async with beside(in_thread(partial(settle_tree, self._workshop.store.folder_of(number)))):
                report = await trying.enter_async_context(self._workshop.probe(generation))
            if not generation.merged and (reason := self._out_of_reach(generation, report.failures)):
                say(f"putting it beside what psynapse runs on, as it could not be imported: {reason}")
                with self._writing():
                    generation = await self._merged(generation)
                report = await trying.enter_async_context(self._workshop.probe(generation))
            self._judge(report.failures)
            tell(listener, "seal", "writing it to the disk")
            await in_thread(partial(self._workshop.store.seal, generation))
        return generation, report

    async def _build(self, number: int, on_line: Listener) -> Generation:
        base, resolution = self._workshop.base, self._choice.resolution
        building = replace(
            self._workshop.building(number),
            locked=resolution.locked,
            parent=self._source(),
            fresh=self._choice.fresh,
            begun=self._begun,
        )
        overlay = await build(building, on_line)
        relies_on = await in_thread(partial(relied_on, base, overlay, resolution.requirements))
        generation = Generation(
            id=number,
            parent=self._parent,
            requirements=resolution.requirements,
            locked=resolution.locked,
            base=base.fingerprint(),
            closure=base.closure_fingerprint(name for name, _ in relies_on),
            relies_on=relies_on,
            python=str(overlay.python),
            summary=self._choice.summary,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        if split := await in_thread(partial(split_packages, base, overlay)):
            on_line(f"packages add to what psynapse runs on: {', '.join(split)}")
            return await self._merged(generation)
        return generation

    async def _merged(self, generation: Generation) -> Generation:
        """The same with all of the base in its folder."""
        _, base, _, _, copy = self._workshop
        await in_thread(partial(merge, base, self._overlay(generation), copy=copy))
        return replace(generation, merged=True)

    def _out_of_reach(self, generation: Generation, failures: Sequence[LoadFailure]) -> str:
        return out_of_reach(failures, self._workshop.base, self._overlay(generation))

    def _overlay(self, generation: Generation) -> Overlay:
        return Overlay(self._workshop.store.folder_of(generation.id), self._workshop.base.version)

    @contextmanager
    def _writing(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise unusable(self._workshop.store.folder, error) from error

    def _source(self) -> tuple[Generation, Path] | None:
        """Where to take from what stays: from the generation before, unless it was built for another base."""
        before, store = self.before, self._workshop.store
        if before.id == 0 or before.base != self._workshop.base.fingerprint():
            return None
        return before, store.folder_of(before.id)

    def _judge(self, failures: Sequence[LoadFailure]) -> None:
        """Refuse what makes a package unusable that this change brings, or that depends on what it brings."""
        moved = {change.name for change in (*self.changes.added, *self.changes.changed)}
        concerned = dependents(moved | self._choice.fresh, self._choice.resolution.locked)
        for failure in failures:
            # Where only one thing of a package failed, its other nodes are worth having.
            if failure.package in concerned and not failure.name:
                raise _refusal(failure)


def _refusal(failure: LoadFailure) -> PackageFails:
    return PackageFails(
        f"{failure.package} was built but cannot be imported: {failure.error_type}: {failure.message}",
        package=failure.package,
        traceback=failure.traceback,
        hint=failure.hint or "tell its author; nothing has changed here",
    )
