"""Days, whether they come as a date or as a moment."""

from datetime import date, datetime, timedelta


def shifted(day: date, days: int) -> date:
    """The day ``days`` later. Raises OverflowError outside the years 1 to 9999."""
    try:
        return _day(day) + timedelta(days=days)
    except OverflowError:
        raise OverflowError(f"{days} days from {day} is outside the years 1 to 9999") from None


def distance(first: date, last: date) -> int:
    """How many days ``last`` comes after ``first``."""
    return (_day(last) - _day(first)).days


def _day(moment: date) -> date:
    # A moment is a date for Python, but the two cannot be subtracted from each other.
    return moment.date() if isinstance(moment, datetime) else moment
