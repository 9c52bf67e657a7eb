"""Nodes that tell how far they are while they work."""

import time
from typing import Annotated, Any, Literal

from pydantic import Field

import psynapse

_Delay = Annotated[float, Field(ge=0, le=60)]


class CountSlowly:
    """Count up to a number, with a pause in seconds before each step, and show the progress."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(self, iterations: Annotated[int, Field(ge=0, le=1_000_000)] = 5, delay: _Delay = 0.1) -> str:
        """Returns a sentence about what was done."""
        for step in range(1, iterations + 1):
            time.sleep(delay)
            self._progress_reporter.update(step, iterations, f"Step {step} of {iterations}")
        return f"Counted to {iterations}"


class ProcessItems:
    """Work through a list item by item and show which one it is at."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self, items: list[Any], action: Literal["upper", "reverse", "length"] = "upper", delay: _Delay = 0.1
    ) -> list[Any]:
        """Returns the items as text in upper case, reversed, or how long each is as text."""
        done: list[Any] = []
        for number, item in enumerate(items, start=1):
            time.sleep(delay)
            done.append(_processed(str(item), action))
            self._progress_reporter.update(number, len(items), f"{number} of {len(items)}: {str(item)[:40]}")
        return done


def _processed(text: str, action: str) -> str | int:
    if action == "length":
        return len(text)
    return text[::-1] if action == "reverse" else text.upper()
