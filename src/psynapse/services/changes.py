"""The change of the node packages that goes on, or the last one: one at a time, told step by step."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Final, Literal, TypeVar

from psynapse.environments.refusals import EnvironmentBusy
from psynapse.errors import PsynapseError
from psynapse.model.ids import Json
from psynapse.services.announcements import Announcement, Announcements, Listener

Verb = Literal["install", "uninstall", "reload", "rollback", "rebuild", "disable", "enable"]
Result = TypeVar("Result")
Hear = Callable[[str, str, float], None]
"""Hears the name of a step that begins, what it is in words, and which fraction of the change, 0 to 1, is done."""
Work = Callable[[Hear], Awaitable[Result]]
_IDLE: Final[Announcement] = {"type": "idle"}
_COMMITTING: Final = frozenset({"activate", "project", "collect", "use"})
"""Steps that are carried out to their end."""
_NAMES: Final = {
    "explanation": "explanation",
    "stderr": "explanation",
    "culprits": "culprits",
    "package": "package",
    "traceback": "traceback",
}


class ChangeCancelled(PsynapseError):
    """The change was cancelled before its commit point; nothing has changed."""

    code = "change-cancelled"


class Changes:
    """Carries out one change at a time, and tells of it whoever listens, whenever they come."""

    def __init__(self) -> None:
        self._news = Announcements()
        self._last: Announcement = _IDLE
        self._task: asyncio.Task[object] | None = None
        self._too_late = False

    @property
    def going_on(self) -> bool:
        """True while a change goes on."""
        return self._task is not None and not self._task.done()

    async def carry_out(self, verb: Verb, package: str, work: Work[Result]) -> Result:
        """Do ``work``, also when the caller is cancelled meanwhile: a change has an end of its own.

        Raises EnvironmentBusy while another goes on, ChangeCancelled, and what ``work`` does.
        """
        if self.going_on:
            raise EnvironmentBusy(f"the node packages are being changed: {self._last.get('message', '')}")
        about: dict[str, Json] = {"id": uuid.uuid4().hex, "verb": verb, "package": package}
        self._too_late = False
        self._tell({"type": "step", **about, "step": "begin", "message": "begins", "fraction": 0.0})
        task = asyncio.create_task(self._follow(about, work))
        self._task = task
        # What it raises is told in any case, even when nobody waits any more.
        task.add_done_callback(_look_at)
        return await asyncio.shield(task)

    async def cancel(self) -> bool:
        """Cancel the change that goes on. False when there is none, or it is past its commit point: then it goes on.

        Returns when it has ended, or at once when it is too late.
        """
        task = self._task
        if task is None or not self.going_on or self._too_late:
            return False
        task.cancel()
        await asyncio.wait({task})
        return isinstance(task.exception(), ChangeCancelled)

    async def settle(self) -> None:
        """Cancel what can be cancelled, and wait for what cannot."""
        await self.cancel()
        if self._task is not None:
            await asyncio.wait({self._task})

    @contextmanager
    def listening(self) -> Generator[tuple[Announcement, Listener]]:
        """What was told last, and a listener for what comes."""
        with self._news.listening() as listener:
            yield self._last, listener

    async def _follow(self, about: Mapping[str, Json], work: Work[Result]) -> Result:
        def hear(step: str, message: str, fraction: float) -> None:
            self._too_late = self._too_late or step in _COMMITTING
            self._tell({"type": "step", **about, "step": step, "message": message, "fraction": fraction})

        try:
            result = await work(hear)
        except asyncio.CancelledError:
            error = ChangeCancelled("the change was cancelled", hint="nothing has changed")
            self._end(about, "cancelled", error)
            raise error from None
        except PsynapseError as error:
            self._end(about, "failed", error)
            raise
        except Exception as error:
            self._end(about, "failed", PsynapseError(f"this is a bug in psynapse: {type(error).__name__}: {error}"))
            raise
        self._end(about, "succeeded", None)
        return result

    def _end(self, about: Mapping[str, Json], outcome: str, error: PsynapseError | None) -> None:
        message = error.message if error else "done"
        self._tell({"type": "end", **about, "outcome": outcome, "message": message, "problem": _told(error)})

    def _tell(self, news: Announcement) -> None:
        if news["type"] == "step":
            news = {**news, "cancellable": not self._too_late}
        self._last = news
        self._news.publish(news)


def more_about(error: PsynapseError) -> dict[str, Json]:
    """What an error about node packages has to tell beside its message, by the names that answers use."""
    found = {_NAMES[name]: value for name, value in vars(error).items() if name in _NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _told(error: PsynapseError | None) -> Json:
    """The error as the answer to the request has it, but for what only HTTP has."""
    if error is None:
        return None
    return {"code": error.code, "detail": error.message, "hint": error.hint, **more_about(error)}


def _look_at(task: "asyncio.Task[object]") -> None:
    if not task.cancelled():
        task.exception()
