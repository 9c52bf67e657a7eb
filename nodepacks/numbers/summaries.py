"""What many numbers say together."""

from typing import Any

from package import np
from vectors import ndarray

_FEWEST_TO_SCALE = 1e-300


def described(numbers: ndarray) -> dict[str, Any]:
    """The usual figures. Raises ValueError when all are NaN."""
    known = numbers[~np.isnan(numbers)]
    if not known.size:
        raise ValueError("none of these is a number: all are NaN")
    figures = {
        "mean": known.mean,
        "deviation": known.std,
        "smallest": known.min,
        "largest": known.max,
        "total": known.sum,
    }
    with np.errstate(invalid="ignore", over="ignore"):
        return {"count": len(known), "median": float(np.median(known)), **{k: f().item() for k, f in figures.items()}}


def histogram(numbers: ndarray, bins: int) -> list[dict[str, Any]]:
    """One row for each range. Raises ValueError for infinite numbers."""
    finite = _finite(numbers)
    counts, edges = np.histogram(finite, bins)
    places = zip(edges.tolist(), edges[1:].tolist(), counts.tolist(), strict=False)
    return [{"from": low, "to": high, "count": count} for low, high, count in places]


def _finite(numbers: ndarray) -> ndarray:
    if not np.isfinite(numbers).all():
        raise ValueError("some of these numbers are NaN or infinite; remove them first")
    return numbers


def correlation(first: ndarray, second: ndarray) -> float:
    """Pearson's. Raises ValueError when one list never changes."""
    spread = _finite(first).std() * _finite(second).std()
    if spread <= _FEWEST_TO_SCALE:
        raise ValueError("all numbers of one list are the same, so nothing can go together with them")
    return float(np.corrcoef(first, second)[0, 1])


def outliers(numbers: ndarray, times: float) -> list[dict[str, Any]]:
    """One row for each, in their order."""
    low, high = np.percentile(numbers[np.isfinite(numbers)] if np.isfinite(numbers).any() else [0.0], [25, 75])
    reach = (high - low) * times
    places = np.flatnonzero((numbers < low - reach) | (numbers > high + reach))
    return [{"position": int(place), "number": numbers[place].item()} for place in places]


def running(numbers: ndarray, what: str) -> ndarray:
    """As many numbers, or one fewer for changes."""
    if what == "change":
        return np.diff(numbers)
    steps = {"sum": np.add, "product": np.multiply, "min": np.minimum, "max": np.maximum}
    with np.errstate(over="ignore"):
        return steps[what].accumulate(numbers)


def moving_average(numbers: ndarray, window: int) -> ndarray:
    """The averages. Raises ValueError for a window longer than the list."""
    if window > len(numbers):
        raise ValueError(f"a window of {window:,} is longer than the list of {len(numbers):,}; make it smaller")
    # Sums of everything up to a place would lose digits, and one NaN would spoil all that follows.
    views = np.lib.stride_tricks.sliding_window_view(numbers, window)
    return views.mean(axis=1)


def rescaled(numbers: ndarray, to: str) -> ndarray:
    """The numbers in that range. Raises ValueError when they cannot be brought there."""
    numbers = _finite(numbers)
    low, span = numbers.min(), np.ptp(numbers)
    shifts = {"0 to 1": (low, span), "-1 to 1": (low + span / 2, span / 2)}
    shifts |= {"mean 0, deviation 1": (numbers.mean(), numbers.std()), "sum 1": (0, numbers.sum())}
    shift, scale = shifts[to]
    if abs(scale) <= _FEWEST_TO_SCALE:
        reason = "they sum up to 0" if to == "sum 1" else "they are all the same"
        raise ValueError(f"these numbers cannot be brought to {to}: {reason}")
    return (numbers - shift) / scale
