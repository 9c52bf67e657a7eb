"""The plans that a worker has compiled: the same workflow run again is not compiled again."""

import contextlib
import gc
from collections.abc import Generator
from typing import Final

from psynapse.catalog.registry import Registry
from psynapse.engine.program import Program, compile_plan, is_repeatable
from psynapse.errors import WorkerError
from psynapse.model.json_text import loads
from psynapse.worker.transfer import plan_from_json

_MOST_PROGRAMS: Final = 4


class Programs:
    """The programs last run, by the text that they were compiled from."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: dict[tuple[bytes, bool], Program] = {}
        self._read: object = None
        """What the last plan was made from. To let go of it takes a moment."""
        self._patience = _Patience()

    def take(self, encoded: bytes, *, keep_all: bool) -> Program:
        """The program of a plan, the JSON of ``plan_to_json``. Raises WorkerError when that makes no sense."""
        known = self._known.pop((encoded, keep_all), None)
        if known:
            return known
        try:
            with _no_search_for_rubbish():
                self._read = loads(encoded)
                program = compile_plan(plan_from_json(self._read), self._registry, keep_all=keep_all)
                self._patience.begin()
        except LookupError as error:
            raise WorkerError(f"this plan refers to a task that it does not have: {error}") from error
        return program

    def give_back(self, program: Program, encoded: bytes, *, keep_all: bool) -> None:
        """Remember a program that has run, if it can again. To be called when nobody waits: old ones are let go."""
        self._read = None
        self._patience.end()
        if is_repeatable(program):
            self._known[encoded, keep_all] = program
        if len(self._known) > _MOST_PROGRAMS:
            del self._known[next(iter(self._known))]


@contextlib.contextmanager
def _no_search_for_rubbish() -> Generator[None]:
    """While entered, Python does not look for what nobody can reach: next to nothing of what is made is that."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # A node may have turned it off itself.
        if was_on:
            gc.enable()


class _Patience:
    """Has Python look for rubbish later than it would: what there is now is none, and looking through it takes a while.

    Only by as much as there is; what nodes leave behind is found as soon as ever.
    """

    def __init__(self) -> None:
        self._usual = self._raised = gc.get_threshold()

    def begin(self) -> None:
        # A run that broke off has not ended the last one.
        self.end()
        first, *others = self._usual = gc.get_threshold()
        # With nothing as the first number Python never looks.
        if first:
            gc.set_threshold(first + gc.get_count()[0], *others)
        self._raised = gc.get_threshold()

    def end(self) -> None:
        # A node may have set it as it wants it.
        if gc.get_threshold() == self._raised:
            gc.set_threshold(*self._usual)
        self._raised = self._usual
