"""``psynapse run --in-process``: the run in this very process, where a debugger can follow it."""

import inspect
import os
import pdb  # noqa: T100 -- the purpose of running here
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from psynapse.cli.display import Display
from psynapse.cli.ending import Ending
from psynapse.cli.interrupts import Interrupts
from psynapse.cli.streams import error_console, is_live
from psynapse.engine.context import Seat
from psynapse.engine.runner import Runner
from psynapse.model.context import context_source
from psynapse.planning.plan import Plan
from psynapse.services.local import RunResult, load
from psynapse.settings import Settings


class InProcessRun:
    """One run, cancelled by the first signal and ended with this process by the second."""

    def __init__(self, settings: Settings, display: Display) -> None:
        self._settings = settings
        self._display = display
        self._runner: Runner | None = None
        self._plan = Plan()

    def carry_out(
        self,
        document: Mapping[str, object],
        values: Mapping[str, object],
        targets: Sequence[str],
        env: Mapping[str, str],
    ) -> Ending:
        """Run to the end, whichever it is. Raises InvalidWorkflow, UnknownNode and KeyboardInterrupt before a run."""
        loaded = load(document, settings=self._settings)
        with self._debuggable(), Interrupts(self._cancel, _nothing, self._raises, terminal=is_live(error_console())):
            result = loaded.run(
                set=values, targets=targets, env=env, on_event=self._display.take, on_start=self._begin, check=False
            )
        return _ending(result, self._plan)

    @contextmanager
    def _debuggable(self) -> Generator[None]:
        """Meanwhile ``breakpoint()`` in a node gets the terminal, unless PYTHONBREAKPOINT says what else it does."""
        before = sys.breakpointhook
        if "PYTHONBREAKPOINT" not in os.environ:
            sys.breakpointhook = self._debug
        try:
            yield
        finally:
            sys.breakpointhook = before

    def _debug(self, *_args: object, **_options: object) -> None:
        self._display.give_way()
        frame = inspect.currentframe()
        # What sys.stdout is now takes the node's output, which a prompt is not.
        pdb.Pdb(stdin=sys.__stdin__, stdout=sys.__stderr__).set_trace(frame and frame.f_back)

    def _begin(self, runner: Runner, plan: Plan) -> None:
        self._plan = plan
        self._display.begin(plan)
        self._runner = runner

    def _cancel(self) -> None:
        if self._runner is not None:
            self._display.cancelling()
            self._runner.control("cancel")

    def _raises(self) -> bool:
        """Interrupt what can be interrupted: a node, or the time before the run."""
        seat = context_source.get()
        return self._runner is None or (isinstance(seat, Seat) and seat.in_user_code)


def _ending(result: RunResult, plan: Plan) -> Ending:
    """The ending of a run in this process."""
    return Ending(
        plan=plan,
        status=result.status,
        values={node: value for node, value in result.results.items() if node in result.outputs},
        done=len(result.outputs),
        errors=result.errors,
        skipped=result.skipped,
        seconds=result.seconds,
    )


def _nothing() -> None:
    """All that runs, runs in this process."""
