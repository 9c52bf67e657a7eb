"""Changing the node packages: a new generation is built beside the current one, tried, and made current at once."""

from collections.abc import Sequence
from pathlib import Path

from psynapse.environments.base import Base
from psynapse.environments.building import must_copy
from psynapse.environments.candidate import Workshop
from psynapse.environments.change import Change, Preview
from psynapse.environments.choosing import choose
from psynapse.environments.committing import commit
from psynapse.environments.edits import Edit, Install, Rollback, describe
from psynapse.environments.generation import Generation
from psynapse.environments.locked import compare
from psynapse.environments.probing import Probe
from psynapse.environments.rebuilding import Rebuilding
from psynapse.environments.refusals import StoreUnusable, UnknownGeneration
from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.steps import StepListener, ignore_step
from psynapse.environments.store import GenerationStore
from psynapse.environments.uv import Uv
from psynapse.environments.waiting import in_thread
from psynapse.logs import logger


class Changer:
    """Changes the generations of ``store`` on ``base``, one change at a time among all processes.

    ``copy``: whether generations share no files with each other and uv's cache; None for as it is safe.
    """

    def __init__(self, store: GenerationStore, base: Base, uv: Uv, probe: Probe, *, copy: bool | None = None) -> None:
        self._store = store
        self._base = base
        self._uv = uv
        self._probe = probe
        self._copy = must_copy() if copy is None else copy

    async def change(self, edit: Edit, listener: StepListener = ignore_step, *, wait: bool = False) -> Change:
        """Make a change. Once it returns new runs see it; before the step ``activate`` nobody does.

        Cancelling works until that step begins and has no effect then. Raises EnvironmentBusy unless it is to
        ``wait``, NotInstalled, UnknownGeneration, what ``resolve`` and ``Uv.run`` raise, PackageFails, WorkerError and
        StoreUnusable; nothing has changed then.
        """
        async with self._store.locked(describe(edit), wait=wait) as lock:
            await in_thread(self._store.mend)
            before = self._store.current()
            self._forget_disabled(before)
            if isinstance(edit, Rollback):
                change = await self._roll_back(edit, before, listener)
            else:
                uv = _KeepingUv(self._uv, lock.descriptor)
                workshop = Workshop(self._store, self._base, uv, self._probe, self._copy)
                change = await Rebuilding(workshop, before, edit, listener).carry_out()
            self._forget_disabled(change.after)
            return change

    async def preview(self, edit: Edit) -> Preview:
        """What a change would come to; runs no package's code and changes nothing.

        Raises what ``change`` does without building, and BuildNeeded: only running the package's code would tell.
        """
        before = self._store.current()
        if isinstance(edit, Rollback):
            return Preview(changes=compare(before.locked, self._target(edit, before).locked))
        choice = await choose(self._uv, self._base, before, edit, build=False)
        resolution = choice.resolution
        return Preview(
            changes=compare(before.locked, resolution.locked),
            held_back=await resolution.find_held_back(),
            wanted=choice.wanted(edit) if isinstance(edit, Install) else None,
        )

    # Details

    def _forget_disabled(self, generation: Generation) -> None:
        """What a generation does not have comes back enabled. Nothing here may fail a change that was made."""
        try:
            self._store.forget_disabled({*self._base.distributions, *(one.name for one in generation.locked)})
        except StoreUnusable as error:
            logger.warning("node packages: %s", error)

    async def _roll_back(self, edit: Rollback, before: Generation, listener: StepListener) -> Change:
        after = self._target(edit, before)
        if after.id != before.id:
            await commit(self._store, after.id, listener)
        return Change(before=before, after=after, changes=compare(before.locked, after.locked))

    def _target(self, edit: Rollback, current: Generation) -> Generation:
        if edit.to is None and current.id == 0:
            raise UnknownGeneration("there is nothing to go back to", hint="nothing is installed")
        return self._store.get(current.parent if edit.to is None else edit.to)


class _KeepingUv(Uv):
    """A uv that has the lock as well: should we be killed, nobody changes anything before it has ended."""

    def __init__(self, uv: Uv, descriptor: int) -> None:
        super().__init__(uv.cache, uv.guard)
        self._uv = uv
        self._descriptor = descriptor

    async def run(
        self,
        arguments: Sequence[str],
        *,
        on_line: Listener = ignore_line,
        cwd: Path | None = None,
        keep_open: Sequence[int] = (),
        offline: bool = False,
    ) -> str:
        kept = (*keep_open, self._descriptor)
        return await self._uv.run(arguments, on_line=on_line, cwd=cwd, keep_open=kept, offline=offline)
