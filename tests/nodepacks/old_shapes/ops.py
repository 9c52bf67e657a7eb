"""Shapes that nodepacks of earlier versions use."""

import math
import random as _random
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, wraps
from typing import Any, Dict, List, Literal, Optional, Union

from psynapse_backend.stateful_op_utils import ProgressReporter, StreamReporter
from os.path import join


class Color(Enum):
    RED = "red"


class Oops(Exception):
    def __call__(self):
        return None


@dataclass
class Record:
    x: int


@dataclass
class Scale:
    """A dataclass that can be called is a node."""

    factor: float = 2.0

    def __call__(self, x: float) -> float:
        return x * self.factor


class NoCall:
    def run(self):
        return None


class Plain:
    """From the class."""

    def __call__(self, x: int) -> int:
        """From the method."""
        return x + 1


class OnlyMethodText:
    def __call__(self, x: int) -> int:
        """From the method."""
        return x


class Counter:
    """Counts with progress."""

    def __init__(self):
        self._progress_reporter = ProgressReporter()

    def __call__(self, steps: int = 3) -> int:
        for step in range(steps):
            self._progress_reporter.update(step + 1, steps, "counting")
        return steps


class Talker:
    def __init__(self):
        self._stream_reporter = StreamReporter()

    def __call__(self, text: str) -> str:
        for word in text.split():
            self._stream_reporter.emit(word)
        return text


class LoudTalker(Talker):
    """Inherits both ``__init__`` and ``__call__``."""


class Commented:
    def __init__(self):
        # self._progress_reporter = ProgressReporter()
        self.note = "_stream_reporter"

    def __call__(self) -> int:
        return 1


class NeedsArguments:
    def __init__(self, path: str):
        self.path = path

    def __call__(self, x: int) -> int:
        return x


def _private(x: int) -> int:
    return x


square = lambda x: x * x


def traced(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@traced
def decorated(x: int, y: str = "y") -> float:
    """Wrapped."""
    return x


@lru_cache
def remembered(x: int) -> int:
    """Cached."""
    return x


def scalars(a: int, b: float, c: str, d: bool, e) -> None: ...
def unknowns(a: Any, b: any, c: object) -> None: ...
def containers(a: list[dict], b: list[int], c: dict[str, Any], d: tuple[int, ...], e: List[str], f: Dict) -> None: ...
def optionals(a: Optional[int], b: int | None, c: int | str, d: Union[int, str]) -> None: ...
def literals(a: Literal["a", "b"], b: Literal[1, 2] = 2) -> None: ...
def classes(a: Color, b: Record, c: "int", f: Callable[[int], str], g: Callable) -> None: ...


alias = scalars
