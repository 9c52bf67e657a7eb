"""Lists of numbers as a whole, by way of NumPy: make, calculate, describe, compare and fit them.

Every input takes a list as well as an array, and what comes out are arrays: ``array_to_list`` turns them into lists.
"""

from typing import Annotated, Any, Literal

import fitting
import formulas
import making
import matrices
import summaries
import vectors
from package import np
from pydantic import Field, SkipValidation, WithJsonSchema
from vectors import ndarray

import psynapse

# The schema gives the input a field for a list; what arrives by wire is looked at in vectors.py.
_Numbers = Annotated[
    ndarray | list[float], SkipValidation, WithJsonSchema({"type": "array", "items": {"type": "number"}})
]
_Matrix = Annotated[
    ndarray | list[list[float]],
    SkipValidation,
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": {"type": "number"}}}),
]
_Count = Annotated[int, Field(ge=0, le=50_000_000)]
_Percent = Annotated[float, Field(ge=0, le=100)]
_Rows = list[dict[str, Any]]


def number_array(numbers: _Numbers) -> ndarray:
    """A list of numbers as an array, with which the other nodes calculate much faster. Text such as "2.5" counts."""
    return vectors.numbers(numbers)


def array_to_list(array: _Numbers, digits: Annotated[int, Field(ge=-1, le=15)] = -1) -> list[Any]:
    """An array as a list, rounded to some digits after the point; -1 rounds nothing."""
    return vectors.as_list(array, digits)


def evenly_spaced(start: float = 0.0, stop: float = 1.0, count: _Count = 11) -> ndarray:
    """Numbers from ``start`` to ``stop``, both included, with equal steps between them."""
    return making.evenly_spaced(start, stop, count)


def random_numbers(
    count: _Count = 100,
    shape: Literal["uniform", "normal", "whole", "exponential"] = "normal",
    center: float = 0.0,
    spread: Annotated[float, Field(ge=0)] = 1.0,
    seed: Annotated[int, Field(ge=0)] = 1,
) -> ndarray:
    """Random numbers around a center; the same seed always gives the same ones.

    ``spread`` is the standard deviation of normal numbers, how far uniform and whole ones are from the center at most,
    and how far exponential ones lie above it on average.
    """
    return making.random(count, shape, center, spread, seed)


def calculate(
    formula: str = "2 * x + 1", x: _Numbers | float = 0.0, y: _Numbers | float = 0.0, z: _Numbers | float = 0.0
) -> Any:
    """Calculate a formula of up to three inputs, each a number or a list: ``sqrt(x**2 + y**2)``.

    There are sqrt, exp, log, log10, sin, cos, tan, abs, round, floor, ceil, min, max, pi, e and ``where(x > 0, x, 0)``.
    A list gives an array of results, item by item. Raises ValueError saying what is wrong with the formula.
    """
    return formulas.result(formula, {"x": x, "y": y, "z": z})


def describe_numbers(
    numbers: _Numbers,
) -> psynapse.AnnotatedDict[Literal["count", "mean", "median", "deviation", "smallest", "largest", "total"]]:
    """Count, average, middle, standard deviation, smallest, largest and sum of some numbers. NaN is left out."""
    return psynapse.AnnotatedDict(summaries.described(vectors.some(numbers)))


def percentile(numbers: _Numbers, percent: _Percent = 50.0) -> float:
    """The number below which that part of all numbers lies; 50 percent is the median."""
    return float(np.percentile(vectors.some(numbers), percent))


def number_histogram(numbers: _Numbers, bins: Annotated[int, Field(ge=1, le=100_000)] = 10) -> _Rows:
    """How many numbers lie in each of some equal ranges, as a table of from, to and count."""
    return summaries.histogram(vectors.some(numbers), bins)


def correlation(first: _Numbers, second: _Numbers) -> float:
    """How strongly two lists go together: from 1, both grow alike, over 0, nothing, to -1, opposite."""
    return summaries.correlation(*vectors.pair(first, second))


def find_outliers(numbers: _Numbers, times: Annotated[float, Field(gt=0, le=100)] = 1.5) -> _Rows:
    """The numbers far away from the rest, as a table of position and number.

    Far is more than ``times`` the distance between the quarters beyond them, as in a box plot.
    """
    return summaries.outliers(vectors.some(numbers), times)


def fit_line(x: _Numbers, y: _Numbers) -> psynapse.AnnotatedDict[Literal["slope", "intercept", "r_squared", "fitted"]]:
    """The straight line that fits some points best; ``r_squared`` is 1 when it goes through all of them."""
    return psynapse.AnnotatedDict(fitting.line(*vectors.pair(x, y)))


def fit_curve(
    x: _Numbers, y: _Numbers, degree: Annotated[int, Field(ge=1, le=12)] = 2
) -> psynapse.AnnotatedDict[Literal["coefficients", "r_squared", "fitted"]]:
    """The polynomial that fits some points best; its coefficients begin with the one of the highest power."""
    return psynapse.AnnotatedDict(fitting.curve(*vectors.pair(x, y), degree))


def combine_arrays(
    first: _Numbers, operation: Literal["+", "-", "*", "/", "min", "max"] = "+", second: _Numbers | float = 0.0
) -> ndarray:
    """Calculate with two lists item by item, or with a list and one number."""
    return formulas.combined(vectors.numbers(first), operation, second)


def running(numbers: _Numbers, what: Literal["sum", "product", "min", "max", "change"] = "sum") -> ndarray:
    """At each number, what all up to there give together; ``change`` is the difference to the one before."""
    return summaries.running(vectors.numbers(numbers), what)


def moving_average(numbers: _Numbers, window: Annotated[int, Field(ge=1)] = 3) -> ndarray:
    """Smooth numbers: each result is the average of ``window`` neighbours, so there are ``window - 1`` fewer."""
    return summaries.moving_average(vectors.some(numbers), window)


def rescale(numbers: _Numbers, to: Literal["0 to 1", "-1 to 1", "mean 0, deviation 1", "sum 1"] = "0 to 1") -> ndarray:
    """Bring numbers into a common range, so that different measures can be compared."""
    return summaries.rescaled(vectors.some(numbers), to)


def multiply_matrices(first: _Matrix, second: _Matrix) -> ndarray:
    """The product of two matrices, each a list of rows. The first must have as many columns as the second has rows."""
    return matrices.product(vectors.matrix(first), vectors.matrix(second))


def solve_equations(matrix: _Matrix, values: _Numbers) -> ndarray:
    """Solve linear equations: a row has the factors of the unknowns, and a value is what they sum up to."""
    return matrices.solution(vectors.matrix(matrix), vectors.some(values))


def transpose(matrix: _Matrix) -> ndarray:
    """Turn the rows of a matrix into columns."""
    return vectors.matrix(matrix).T
