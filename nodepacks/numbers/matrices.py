"""Linear algebra."""

from package import np
from vectors import ndarray


def product(first: ndarray, second: ndarray) -> ndarray:
    """The product. Raises ValueError for shapes that do not go together."""
    if first.shape[1] != second.shape[0]:
        raise ValueError(
            f"the first has {first.shape[1]} columns and the second {second.shape[0]} rows; both must agree"
        )
    return first @ second


def solution(matrix: ndarray, values: ndarray) -> ndarray:
    """The unknowns. Raises ValueError when there is not exactly one solution."""
    rows, columns = matrix.shape
    if rows != columns or rows != len(values):
        raise ValueError(
            f"{rows} equations for {columns} unknowns and {len(values)} values; all three must be the same"
        )
    try:
        return np.linalg.solve(matrix, values)
    except np.linalg.LinAlgError:
        raise ValueError("these equations have no solution, or more than one: one follows from the others") from None
