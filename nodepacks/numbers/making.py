"""New arrays."""

import math

from package import np
from vectors import ndarray


def evenly_spaced(start: float, stop: float, count: int) -> ndarray:
    """``count`` numbers. Raises ValueError for limits that are infinite."""
    if not (math.isfinite(start) and math.isfinite(stop)):
        raise ValueError(f"between {start:g} and {stop:g} there are no equal steps; give two finite numbers")
    return np.linspace(start, stop, count)


def random(count: int, shape: str, center: float, spread: float, seed: int) -> ndarray:
    """``count`` numbers of that shape."""
    dice = np.random.default_rng(seed)
    if shape == "whole":
        low, high = math.ceil(center - spread), math.floor(center + spread)
        if high < low:
            raise ValueError(f"there is no whole number within {spread:g} of {center:g}; make the spread larger")
        return dice.integers(low, high, count, endpoint=True)
    if shape == "uniform":
        return dice.uniform(center - spread, center + spread, count)
    return dice.normal(center, spread, count) if shape == "normal" else center + dice.exponential(spread, count)
