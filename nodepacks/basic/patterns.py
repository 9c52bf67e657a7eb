"""Regular expressions, with errors that name the pattern."""

import re


def compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    """The pattern, ready. Raises ValueError for what is none."""
    try:
        return re.compile(pattern, re.IGNORECASE if ignore_case else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern[:200]!r} is not a regular expression: {error}") from None


def groups(pattern: re.Pattern[str], text: str) -> dict[str, str | None]:
    """The groups of the first match by name or number; nothing without a match."""
    match = pattern.search(text)
    if match is None:
        return {}
    names = {index: name for name, index in pattern.groupindex.items()}
    return {names.get(index, str(index)): match[index] for index in range(pattern.groups + 1)}


def replaced(pattern: re.Pattern[str], text: str, replacement: str) -> str:
    """The text with every match replaced. Raises ValueError for a replacement with groups the pattern lacks."""
    try:
        return pattern.sub(replacement, text)
    except (re.error, IndexError) as error:
        raise ValueError(f"the replacement {replacement!r} does not fit the pattern: {error}") from None


def pieces(pattern: re.Pattern[str], text: str) -> list[str]:
    """What stands between the matches."""
    found, end = [], 0
    # Unlike re.split, groups of the pattern do not end up between the pieces.
    for match in pattern.finditer(text):
        found.append(text[end : match.start()])
        end = match.end()
    return [*found, text[end:]]
