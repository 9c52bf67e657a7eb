"""What the pool's rules speak of: requests for workers, the places that workers have, and what to do next."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Environment = tuple[tuple[str, str], ...]
"""A run's environment variables, sorted by name."""


@dataclass(slots=True, eq=False)
class Request:
    """A run that wants a worker. ``home`` "" is nobody's; ``fresh`` wants one that has not run anything."""

    env: Environment = field(default=(), repr=False)
    home: str = ""
    fresh: bool = False
    number: int = 0
    """Its turn in the order of arrival."""


@dataclass(slots=True, eq=False)
class Place:
    """One of the places for workers, taken.

    ``planned``: its worker is not started yet. ``starting``, ``idle``, ``leased``, ``ending``: as they say.
    """

    env: Environment = field(repr=False)
    code: int
    state: Literal["planned", "starting", "idle", "leased", "ending"]
    request: Request | None = None
    home: str = ""
    used: bool = False


class Give(NamedTuple):
    """Next, the pool hands this idle worker to the request that has its place."""

    place: Place


class Start(NamedTuple):
    """Next, the pool starts a worker for this place."""

    place: Place


class End(NamedTuple):
    """Next, the pool ends the worker of this place."""

    place: Place


class Refuse(NamedTuple):
    """Next, the pool tells a request that no worker can be started for it."""

    request: Request


Step = Give | Start | End | Refuse
