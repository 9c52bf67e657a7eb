"""The named steps of a change, and telling somebody which one it is at."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

StepName = Literal["resolve", "build", "probe", "seal", "activate", "project", "collect"]
STEPS: Final[tuple[StepName, ...]] = ("resolve", "build", "probe", "seal", "activate", "project", "collect")
# The part of a change that is over when a step begins, as installing a small package divides its time.
_BEGINS: Final[dict[StepName, float]] = {
    "resolve": 0.0,
    "build": 0.3,
    "probe": 0.5,
    "seal": 0.9,
    "activate": 0.95,
    "project": 0.97,
    "collect": 0.99,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a change is at: ``fraction`` of it, from 0 to 1, is done. ``activate`` and later cannot be cancelled."""

    name: StepName
    message: str
    fraction: float


StepListener = Callable[[Step], None]
"""Hears the steps of a change, each when it begins and whenever there is more to say of it. Must not raise."""


def ignore_step(step: Step) -> None:
    """Nobody listens."""


def tell(listener: StepListener, name: StepName, message: str) -> Callable[[str], None]:
    """Tell that a step begins; what is returned tells more about it."""
    say = partial(_say, listener, name)
    say(message)
    return say


def _say(listener: StepListener, name: StepName, message: str) -> None:
    listener(Step(name=name, message=message, fraction=_BEGINS[name]))
