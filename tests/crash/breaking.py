"""Killing as often as it is told, whatever it is that is killed."""

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from generation_breaker import Kill, Report
from generation_ruins import look_at_base
from local_index import LocalIndex


class BreaksThings(Protocol):
    """What is killed during changes, and looks at what is left."""

    report: Report
    base: dict[str, tuple[int, int, int]]

    def kill(self, kill: Kill) -> None: ...

    def close(self) -> None: ...


def break_often(
    make_breaker: Callable[[Path, LocalIndex, int], BreaksThings],
    kills: Iterable[Kill],
    count: int,
    seed: int,
    root: Path,
    *,
    tell: Callable[[Report], None] | None = None,
) -> Report:
    """Kill as told, ``count`` times or until there is no more to kill; ``tell`` hears how far it is. Raises Ruin.

    What had ended before does not count. ``root`` is an empty folder.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        index = LocalIndex()
        stack.callback(index.stop)
        breaker = make_breaker(root, index, seed)
        stack.callback(breaker.close)
        for kill in kills:
            breaker.kill(kill)
            breaker.report.seconds = time.monotonic() - began
            if tell:
                tell(breaker.report)
            if breaker.report.kills == count:
                break
        look_at_base(breaker.base)
    return breaker.report
