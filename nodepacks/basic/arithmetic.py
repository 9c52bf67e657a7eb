"""Numbers, with errors that say what to do."""

import math
import random
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

_ROUNDING = {"nearest": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def not_zero(divisor: float) -> float:
    """The divisor itself. Raises ZeroDivisionError."""
    if divisor == 0:
        # Python words it differently for each type and version; clients show this text.
        raise ZeroDivisionError("division by zero")
    return divisor


def power(base: float, exponent: float) -> float:
    """``base`` to the power of ``exponent``. Raises ValueError or OverflowError where that is no real number."""
    try:
        # The ** operator would give complex numbers, and whole numbers that take hours to compute.
        return math.pow(base, exponent)
    except OverflowError:
        raise OverflowError(f"{base:g} to the power of {exponent:g} is too large for a number") from None
    except ValueError:
        reason = "use a base that is not negative, or a whole exponent" if base else "zero has no negative powers"
        raise ValueError(f"{base:g} to the power of {exponent:g} is not a real number; {reason}") from None


def rounded(number: float, digits: int, mode: str) -> float:
    """``number`` to ``digits`` after the point; infinities and NaN stay."""
    if not math.isfinite(number):
        return number
    # The shortest decimal text of a float is the number people see: 2.675 becomes 2.68 although its bits are below it.
    return float(Decimal(str(number)).quantize(Decimal(1).scaleb(-digits), _ROUNDING[mode], Context(prec=700)))


def clamped(number: float, low: float, high: float) -> float:
    """The number, or the limit it is beyond. Raises ValueError for limits in the wrong order."""
    _check_limits(low, high)
    return min(max(number, low), high)


def _check_limits(low: float, high: float) -> None:
    if low > high:
        raise ValueError(f"the lower limit {low:g} is above the upper limit {high:g}; exchange them")


def some(numbers: list[int | float]) -> list[int | float]:
    """The numbers. Raises ValueError when there are none."""
    if not numbers:
        raise ValueError("the list of numbers is empty; connect one with at least one number")
    return numbers


def total(numbers: list[int | float]) -> float:
    """The exact sum, rounded once; a whole number when all are."""
    whole = all(isinstance(number, int) for number in numbers)
    return sum(numbers) if whole else math.fsum(numbers)


def random_number(low: float, high: float, *, whole: bool) -> float:
    """A number between the limits, both included if ``whole``. Raises ValueError when there is none."""
    _check_limits(low, high)
    if not whole:
        return random.uniform(low, high)
    if math.ceil(low) > math.floor(high):
        raise ValueError(f"there is no whole number between {low:g} and {high:g}; move the limits apart")
    return random.randint(math.ceil(low), math.floor(high))
