"""Lines and curves through points."""

from typing import Any

from package import np
from vectors import ndarray


def line(x: ndarray, y: ndarray) -> dict[str, Any]:
    """The line. Raises ValueError when there is none."""
    slope, intercept = _coefficients(x, y, 1)
    fitted = slope * x + intercept
    return {"slope": float(slope), "intercept": float(intercept), "r_squared": _quality(y, fitted), "fitted": fitted}


def curve(x: ndarray, y: ndarray, degree: int) -> dict[str, Any]:
    """The polynomial. Raises ValueError when the points do not determine one."""
    coefficients = _coefficients(x, y, degree)
    fitted = np.polyval(coefficients, x)
    return {"coefficients": coefficients, "r_squared": _quality(y, fitted), "fitted": fitted}


def _coefficients(x: ndarray, y: ndarray, degree: int) -> ndarray:
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("some of these numbers are NaN or infinite; remove them first")
    different = len(np.unique(x))
    if different <= degree:
        raise ValueError(f"there are only {different} different x; a curve of degree {degree} needs {degree + 1}")
    # Around the middle and of size 1, large x do not cost precision.
    fit = np.polynomial.Polynomial.fit(x, y, degree).convert()
    return np.pad(fit.coef, (0, degree + 1 - len(fit.coef)))[::-1]


def _quality(y: ndarray, fitted: ndarray) -> float:
    spread = float(((y - y.mean()) ** 2).sum())
    return 1.0 if spread == 0 else 1 - float(((y - fitted) ** 2).sum()) / spread
