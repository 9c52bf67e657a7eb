"""What a list of runs shows of each."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["queued", "running", "succeeded", "failed", "cancelled", "lost"]


@dataclass(slots=True)
class RunInfo:
    """A run in a few words. ``started_at`` is seconds since the epoch; ``queue_position`` 0 when not waiting."""

    id: str
    status: Status
    started_at: float
    nodes: int
    seconds: float = 0.0
    queue_position: int = 0
    unlogged: str = ""
    """Why the log does not have all of it, or nothing."""
