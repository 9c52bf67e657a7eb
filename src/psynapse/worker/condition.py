"""What nodes may do to their process besides their work: undone where that can be, noticed where it cannot."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from operator import is_, is_not, itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any, Final

# What these have is there to be replaced.
_OPEN: Final = frozenset({"sys", "warnings"})
_HOOK: Final = "hook"
_OURS: Final = "psynapse."
_STANDARD_STREAMS: Final = (0, 1, 2)


class Condition:
    """How a process was before its first run. Nodes of one run must not be in the way of those of another."""

    def __init__(self) -> None:
        self._folder = Path.cwd()
        self._variables = dict(os.environ)
        self._handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
        self._deepest = sys.getrecursionlimit()
        self._streams = [_identity(descriptor) for descriptor in _STANDARD_STREAMS]
        self._functions = [_Functions(module) for module in _watched_modules()]

    def restore(self) -> None:
        """Put back the folder, the variables, the signals' handlers and timers. To be called in the main thread."""
        signal.alarm(0)
        for number, handler in self._handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        if dict(os.environ) != self._variables:
            os.environ.clear()
            os.environ.update(self._variables)
        sys.setrecursionlimit(self._deepest)
        with contextlib.suppress(OSError):
            os.chdir(self._folder)

    def damage(self) -> str:
        """What is not as everything in this process relies on, in words; empty when all is well."""
        for descriptor, identity in zip(_STANDARD_STREAMS, self._streams, strict=True):
            if _identity(descriptor) != identity:
                return f"descriptor {descriptor} was closed or replaced"
        return next((f"{name} was replaced" for functions in self._functions if (name := functions.replaced())), "")


class _Functions:
    """The functions and classes of a module, as they were."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module.__name__
        self._now: dict[str, Any] = vars(module)
        callables = {name: value for name, value in self._now.items() if callable(value) and not name.endswith(_HOOK)}
        self._names, self._values = tuple(callables), tuple(callables.values())
        # One name more, as of one alone it would not give a tuple.
        self._look = itemgetter(*self._names, *self._names[:1]) if callables else None

    def replaced(self) -> str:
        """One that is something else now, with its module's name; empty when none is."""
        # Without a loop of Python's own: there are thousands. One that was deleted is replaced by nothing.
        with contextlib.suppress(KeyError):
            if self._look is None or all(map(is_, self._look(self._now), self._values)):
                return ""
        found = map(is_not, map(self._now.get, self._names), self._values)
        return f"{self._module}.{self._names[list(found).index(True)]}"


def _watched_modules() -> Iterator[ModuleType]:
    """Those of the standard library that a node may name, and ours."""
    for name, module in list(sys.modules.items()):
        public = name in sys.stdlib_module_names and not name.startswith("_") and name not in _OPEN
        if public or name.startswith(_OURS):
            yield module


def _identity(descriptor: int) -> tuple[int, int] | None:
    """Which file it is; None when it is closed."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino
