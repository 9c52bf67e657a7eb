"""The end of a change, which nothing stops: the pointer moves, then the projections follow and rubbish goes."""

from collections.abc import Callable
from functools import partial

from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.steps import StepListener, tell
from psynapse.environments.store import GenerationStore
from psynapse.environments.waiting import in_thread, whatever_comes
from psynapse.logs import logger


async def commit(store: GenerationStore, number: int, listener: StepListener) -> None:
    """Make a sealed generation current. Cancelling has no effect. Raises StoreUnusable; it is not current then."""
    await whatever_comes(_commit(store, number, listener))


async def _commit(store: GenerationStore, number: int, listener: StepListener) -> None:
    tell(listener, "activate", "making it current")
    await in_thread(partial(_activate, store, number))
    tell(listener, "project", "writing nodes.txt, resolved.txt and freeze.txt")
    await in_thread(partial(_attempt, store.project))
    tell(listener, "collect", "removing what is no longer needed")
    await in_thread(partial(_attempt, store.collect))


def tidy_up(store: GenerationStore, number: int) -> None:
    """Remove a generation that did not become current; if that cannot be, the next change does."""
    _attempt(partial(_discard_unless_current, store, number))


def _activate(store: GenerationStore, number: int) -> None:
    try:
        store.activate(number)
    except StoreUnusable as error:
        # It may have been said after the pointer had moved: then only the power must not fail now.
        if store.pointer().current != number:
            raise
        logger.warning("node packages: generation %d is current, but perhaps not on the disk yet: %s", number, error)


def _attempt(work: Callable[[], object]) -> None:
    """Do what is done again before the next change; the one that was made stands without it."""
    try:
        work()
    except StoreUnusable as error:
        logger.warning("node packages: %s", error)


def _discard_unless_current(store: GenerationStore, number: int) -> None:
    if store.pointer().current != number:
        store.discard(number)
