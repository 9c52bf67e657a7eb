"""Making a generation from an edit: it is chosen, built, tried, and made current if nothing stands against it."""

from functools import partial

from psynapse.environments.candidate import Candidate, Workshop
from psynapse.environments.change import Change
from psynapse.environments.choosing import Choice, choose
from psynapse.environments.committing import commit, tidy_up
from psynapse.environments.edits import Install, Rebuild, Remove, describe
from psynapse.environments.generation import Generation
from psynapse.environments.guessing import choose_at_once, guess, guessable, is_begun
from psynapse.environments.refusals import unusable
from psynapse.environments.running import Listener
from psynapse.environments.steps import StepListener, tell
from psynapse.environments.waiting import beside, in_thread


class Rebuilding:
    """One edit of the generation ``before``, made with what a workshop has."""

    def __init__(
        self, workshop: Workshop, before: Generation, edit: Install | Remove | Rebuild, listener: StepListener
    ) -> None:
        self._workshop = workshop
        self._store = workshop.store
        self._before = before
        self._edit = edit
        self._listener = listener

    async def carry_out(self) -> Change:
        """Make it. Raises what ``Changer.change`` does; nothing has changed then."""
        number = await in_thread(self._store.reserve)
        try:
            return await self._carry_out(number)
        finally:
            await in_thread(partial(tidy_up, self._store, number))

    async def _carry_out(self, number: int) -> Change:
        asked = guessable(self._edit, self._workshop.base, self._before)
        async with beside(guess(self._workshop.building(number), asked)) as guessing:
            say = tell(self._listener, "resolve", describe(self._edit))
            at_once = await choose_at_once(guessing, self._edit, self._workshop.base, self._before)
            choice = at_once or await self._choose(say)
            begun = await is_begun(guessing, choice)
        if choice.changes_nothing(self._before):
            held_back = await choice.resolution.find_held_back()
            return Change(before=self._before, after=self._before, held_back=held_back)
        made = await self._made(number, choice, begun=begun)
        await commit(self._store, number, self._listener)
        return made

    async def _choose(self, on_line: Listener) -> Choice:
        try:
            return await choose(self._workshop.uv, self._workshop.base, self._before, self._edit, on_line=on_line)
        except OSError as error:
            raise unusable(self._store.folder, error) from error

    async def _made(self, number: int, choice: Choice, *, begun: bool) -> Change:
        """The change, up to the commit point."""
        await in_thread(partial(self._store.claim, number, empty=not begun))
        # What a rebuilt generation was made from is of no use to go back to.
        parent = self._before.parent if isinstance(self._edit, Rebuild) else self._before.id
        candidate = Candidate(self._workshop, self._before, choice, parent, begun=begun)
        async with beside(choice.resolution.find_held_back()) as finding:
            after, report = await candidate.make(number, self._listener)
            # Before the commit point: a change that was made cannot fail any more.
            held_back = await finding
        return Change(
            before=self._before,
            after=after,
            changes=candidate.changes,
            packages=report.packages,
            held_back=held_back,
        )
