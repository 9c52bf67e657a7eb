"""``psynapse run``: the run in a worker of this command's own, so that no node can take the command down with it."""

import asyncio
import codecs
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from psynapse.cli.display import Display
from psynapse.cli.ending import Ending, Witness
from psynapse.cli.interrupts import Interrupts
from psynapse.cli.streams import error_console, is_live, shown_text
from psynapse.model.events import OutputStream
from psynapse.services.open import Services, open_headless
from psynapse.services.run import Run
from psynapse.settings import Settings
from psynapse.worker.launcher import Launcher

_END_WITHIN: Final = 2.0
"""Seconds that the second Ctrl-C gives to killing the worker and everything it started."""


def workers_possible() -> bool:
    """True where the system can tell a worker's end: on Linux. Elsewhere runs stay in this process."""
    return hasattr(os, "pidfd_open")


class WorkerRun:
    """One run in one worker, cancelled by the first signal and killed by the second."""

    def __init__(self, settings: Settings, display: Display, launcher: Launcher | None = None) -> None:
        self._settings = settings
        self._display = display
        self._launcher = launcher
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Ending] | None = None
        self._services: Services | None = None
        self._run: Run | None = None
        self._broken_off = False

    def carry_out(
        self, document: Mapping[str, object], targets: Sequence[str], env: Mapping[str, str], *, whole: bool
    ) -> Ending:
        """Run to the end, whichever it is; ``whole``: with the whole values of the targets, not only previews.

        Raises InvalidWorkflow, UnknownNode, WorkerError when no worker can start, and KeyboardInterrupt when it was
        cancelled before the run or ended during it.
        """
        # This process does nothing else, so the run's environment may be its own; workers inherit it.
        os.environ.update(env)
        interrupts = Interrupts(self._cancel, self._end, self._raises, terminal=is_live(error_console()))
        with interrupts, asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._task = self._loop.create_task(self._carry_out(document, targets, whole=whole))
            try:
                return self._loop.run_until_complete(self._task)
            except asyncio.CancelledError:
                raise KeyboardInterrupt from None
            finally:
                # Not part of the task, which another signal may cancel: no worker is left behind.
                if self._services is not None:
                    self._loop.run_until_complete(self._services.close())

    async def _carry_out(self, document: Mapping[str, object], targets: Sequence[str], *, whole: bool) -> Ending:
        self._services = await open_headless(self._settings, _Imports(), self._launcher)
        run = await self._services.runs.start(document, targets=targets, whole=whole)
        self._display.begin(run.plan)
        self._run = run
        witness = Witness(run.plan)
        async for events in run.events():
            witness.take(events)
            self._display.take(events)
        return witness.ending((await run.result()).values)

    # In the thread that hears signals

    def _cancel(self) -> None:
        self._in_loop(self._cancel_politely)

    def _end(self) -> None:
        """Have the worker killed; this process then ends by itself before the time is over."""
        self._in_loop(self._break_off)
        time.sleep(_END_WITHIN)

    def _in_loop(self, call: Callable[[], None]) -> None:
        # A loop that is closed has nothing left to cancel.
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _raises(self) -> bool:
        """The main thread only waits for the worker, and hears of signals there."""
        return self._task is None

    # In the event loop

    def _cancel_politely(self) -> None:
        if self._run is None:
            self._break_off()
        else:
            self._display.cancelling()
            self._run.cancel()

    def _break_off(self) -> None:
        if self._task is not None and not self._broken_off:
            # Once: while a worker is being started, ending it must not be cancelled in turn.
            self._broken_off = True
            self._task.cancel()


class _Imports:
    """Shows on stderr what nodepacks print while they are imported."""

    def __init__(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")
        self._decoders = {"stdout": decoder("replace"), "stderr": decoder("replace")}

    def __call__(self, stream: OutputStream, content: bytes) -> None:
        # The live display has put itself in the place of stderr and moves out of the way.
        sys.stderr.write(shown_text(self._decoders[stream].decode(content)).plain)
