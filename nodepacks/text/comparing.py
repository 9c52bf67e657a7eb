"""How texts differ and how alike they are."""

import difflib
import heapq
from collections.abc import Sequence
from typing import Any

_LONGEST = 20_000
_MOST_LINES = 20_000


def difference(old: str, new: str, context: int) -> str:
    """The changes in the form that ``diff -u`` prints, without its file names. Raises ValueError for huge texts."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > _MOST_LINES:
        raise ValueError(f"comparing texts of more than {_MOST_LINES:,} lines would take very long; split them first")
    lines = list(difflib.unified_diff(before, after, lineterm="", n=context))
    return "\n".join(lines[2:])


def similarity(first: str, second: str, ignore_case: bool) -> float:
    """From 0 to 1. Raises ValueError for long texts: the time grows with the square of their length."""
    return _ratio(_comparable(first, ignore_case), _comparable(second, ignore_case))


def _comparable(text: str, ignore_case: bool) -> str:
    if len(text) > _LONGEST:
        raise ValueError(f"a text of {len(text):,} characters is too long to compare; the most is {_LONGEST:,}")
    return text.casefold() if ignore_case else text


def _ratio(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def closest(text: str, candidates: Sequence[str], count: int, at_least: float) -> list[dict[str, Any]]:
    """The best candidates with their similarity, best first."""
    wanted = _comparable(text, ignore_case=True)
    rated = ((_ratio(wanted, _comparable(one, ignore_case=True)), -index) for index, one in enumerate(candidates))
    best = heapq.nlargest(count, (one for one in rated if one[0] >= at_least))
    return [{"text": candidates[-index], "similarity": ratio} for ratio, index in best]
