"""What becomes of a supervised server, decided without touching one: from what happened to what comes next.

::

    starting ──answers──► healthy ──exit 42──► restarting ──answers──► healthy
        │                    └──any other exit──► crashed ──after the delay──► restarting
        └──no port, no answer, too many crashes──► failed ──on request──► starting
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from psynapse.server.restart import MANAGED_EXIT

State = Literal["stopped", "starting", "healthy", "restarting", "crashed", "failed"]

WINDOW_SECONDS: Final = 60.0
MOST_CRASHES: Final = 5
"""So many crashes within the window are mended, and so many wishes to be restarted without an answer in between."""
FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 30.0
STEADY_SECONDS: Final = 30.0
"""A server that answered for so long has mended itself: the next crash is a first one again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a server is in its life. Times are seconds of one monotonic clock.

    ``delay``: how long to wait before the next start. ``reason``: why it is not there, in words for people.
    """

    state: State = "stopped"
    delay: float = 0.0
    reason: str = ""
    boot_id: str = ""
    healthy_since: float = float("inf")
    crashes: tuple[float, ...] = ()
    restarts: tuple[float, ...] = ()
    streak: int = 0

    def begun(self) -> "Course":
        """From the beginning, whatever was before."""
        return Course(state="starting")

    def resumed(self) -> "Course":
        """Brought up again where it was."""
        return replace(self, state="restarting", delay=0.0)

    def stopped(self) -> "Course":
        """Ended because it was asked for."""
        return Course(state="stopped")

    def answered(self, boot_id: str, now: float) -> "Course":
        """It is there."""
        return replace(self, state="healthy", delay=0.0, reason="", boot_id=boot_id, healthy_since=now, restarts=())

    def failed(self, reason: str) -> "Course":
        """It is not tried again until somebody asks for it."""
        return replace(self, state="failed", delay=0.0, reason=reason)

    def exited(self, code: int, now: float) -> "Course":
        """Its process has ended with that code, a negative one for a signal."""
        if self.state == "stopped":
            return self
        return self._asked_to_restart(now) if code == MANAGED_EXIT else self._crashed(code, now)

    def _asked_to_restart(self, now: float) -> "Course":
        restarts = (*_recent(self.restarts, now), now)
        course = replace(self, restarts=restarts, healthy_since=float("inf"))
        if len(restarts) > MOST_CRASHES:
            return course.failed(f"the server asked {len(restarts)} times to be started again and never answered")
        return replace(course.resumed(), reason="the server starts again")

    def _crashed(self, code: int, now: float) -> "Course":
        crashes = (*_recent(self.crashes, now), now)
        streak = 1 if now - self.healthy_since >= STEADY_SECONDS else self.streak + 1
        course = replace(self, crashes=crashes, streak=streak, healthy_since=float("inf"))
        if len(crashes) > MOST_CRASHES:
            return course.failed(f"the server stopped {len(crashes)} times within a minute, at last {_ending(code)}")
        # No exponent grows without bound, however long this goes on.
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** min(streak - 1, 10))
        return replace(course, state="crashed", delay=delay, reason=f"the server stopped {_ending(code)}")


def _recent(times: tuple[float, ...], now: float) -> tuple[float, ...]:
    return tuple(time for time in times if now - time < WINDOW_SECONDS)


def _ending(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with exit code {code}"
