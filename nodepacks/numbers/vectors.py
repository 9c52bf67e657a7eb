"""What arrives at a node as an array of numbers, or an error that says what is wrong with it."""

from collections.abc import Iterable
from typing import Any

from package import np

_PLANE = 2


class ndarray:  # noqa: N801 -- the name that NumPy's has, so that those of other nodes fit
    """An array of NumPy."""


def numbers(values: Any) -> ndarray:
    """The values as a list of floats or whole numbers, without a copy if they are one. Raises TypeError, ValueError."""
    array = _array(values)
    if array.ndim == 0:
        raise TypeError(f"this is a single {_name(values)}, not a list of numbers; connect a list or an array")
    if array.ndim > 1:
        raise ValueError(f"this has {array.ndim} dimensions, shape {array.shape}; a list of single numbers is needed")
    return array


def some(values: Any) -> ndarray:
    """The same. Raises ValueError for an empty list."""
    array = numbers(values)
    if not array.size:
        raise ValueError("the list of numbers is empty; connect one with at least one number")
    return array


def pair(first: Any, second: Any) -> tuple[ndarray, ndarray]:
    """Two lists of the same length, at least two numbers each. Raises ValueError."""
    one, other = some(first), some(second)
    if len(one) != len(other):
        raise ValueError(f"the lists have {len(one):,} and {len(other):,} numbers; both need the same count")
    if len(one) < _PLANE:
        raise ValueError("one pair of numbers says nothing; connect lists of at least two")
    return one, other


def matrix(rows: Any) -> ndarray:
    """The rows as a matrix. Raises ValueError when they are none."""
    array = _array(rows)
    if array.ndim != _PLANE or not array.size:
        raise ValueError("this is not a matrix; give a list of rows of the same length: [[1, 2], [3, 4]]")
    return array


def _array(values: Any) -> ndarray:
    if isinstance(values, np.ndarray) and values.dtype.kind in "iufb":
        return values
    if isinstance(values, (str, bytes, dict)) or values is None:
        raise TypeError(f"this is {_name(values)}, not a list of numbers; connect a list such as [1, 2, 3]")
    try:
        array = np.asarray(values)
        # Lists read from tables and text fields hold numbers as text, and None where there is nothing.
        return array if array.dtype.kind in "iufb" else array.astype(np.float64)
    except (TypeError, ValueError):
        raise ValueError(_first_problem(values)) from None


def _first_problem(values: Any) -> str:
    for index, item in enumerate(values if isinstance(values, Iterable) else ()):
        if isinstance(item, (list, tuple, np.ndarray)):
            return "the rows have different lengths; each needs the same count of numbers"
        try:
            float(item)
        except (TypeError, ValueError):
            return f"item {index} is {str(item)[:60]!r}, which is not a number; remove or replace it"
    return f"a {_name(values)} is not a list of numbers"


def _name(value: Any) -> str:
    return {"NoneType": "nothing", "str": "text", "dict": "an object"}.get(type(value).__name__, type(value).__name__)


def as_list(values: Any, digits: int) -> list[Any]:
    """Python's own numbers, of an array of any shape."""
    array = _array(values)
    return (array if digits < 0 else np.round(array, digits)).tolist()
