"""The functions that the benchmarks run, as a nodepack: every engine calls these very functions."""

import functools
import time

import numpy as np

from psynapse import node

calls = [0]
"""How often ``counted_add`` was called."""


def add(x: int, y: int) -> int:
    """The trivial node: what an engine adds to it is all overhead."""
    return x + y


def counted_add(x: int, y: int) -> int:
    """Add, and count that it was done."""
    calls[0] += 1
    return x + y


def wait(seconds: float) -> float:
    """Sleep, as something does that waits for a network."""
    time.sleep(seconds)
    return seconds


def burn(steps: int) -> int:
    """Keep a core busy in pure Python, holding the interpreter's lock."""
    total = 0
    for step in range(steps):
        total += step * step % 7
    return total


@node(executor="process")
def burn_elsewhere(steps: int) -> int:
    """The same in another process."""
    return burn(steps)


@functools.cache
def _ones(megabytes: int) -> np.ndarray:
    return np.ones(megabytes * 125_000)


def big_array(megabytes: int) -> np.ndarray:
    """An array, made once so that making it is in nobody's time."""
    return _ones(megabytes)


def same(value: np.ndarray) -> np.ndarray:
    """Pass a value through."""
    return value


@node(executor="process")
def same_elsewhere(value: np.ndarray) -> np.ndarray:
    """The same in another process."""
    return value
