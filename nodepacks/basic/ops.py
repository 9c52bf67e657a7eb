"""The everyday nodes, in this order: numbers, logic, text, lists, objects, JSON and CSV, patterns, files, web, time."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import arithmetic
import comparison
import dates
import json_text
import letter_case
import lookup
import patterns
import sequences
import tables
import templates
import text_files
import web
from pydantic import Field

import psynapse

# A plain list hint lets anything pass, and a text would then be taken for a list of its letters.
_List = Annotated[list[Any], Field(strict=False)]
_Object = Annotated[dict[Any, Any], Field(strict=False)]
_Rows = list[dict[str, Any]]
_Numbers = Annotated[list[int | float], Field(strict=False)]
_Digits = Annotated[int, Field(ge=-300, le=300)]
_Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
_Test = Literal["==", "!=", "<", "<=", ">", ">=", "contains"]
_Delimiter = Literal[",", ";", "tab", "|"]


def add(a: float, b: float) -> float:
    """Add two numbers."""
    return a + b


def subtract(a: float, b: float) -> float:
    """Take the second number away from the first."""
    return a - b


def multiply(a: float, b: float) -> float:
    """Multiply two numbers."""
    return a * b


def divide(a: float, b: float) -> float:
    """Divide the first number by the second."""
    return a / arithmetic.not_zero(b)


def modulo(a: float, b: float) -> float:
    """What is left over when the first number is divided by the second; it has the sign of the second."""
    return a % arithmetic.not_zero(b)


def power(base: float, exponent: float) -> float:
    """Raise a number to a power: an exponent of 2 squares it, 0.5 is the square root."""
    return arithmetic.power(base, exponent)


def absolute(number: float) -> float:
    """The number without its sign."""
    return abs(number)


def round_number(number: float, digits: _Digits = 0, mode: Literal["nearest", "up", "down"] = "nearest") -> float:
    """Round a number to some digits after the point; halves go away from zero, as at school.

    Negative ``digits`` round to tens, hundreds and so on. Infinity and NaN stay as they are.
    """
    return arithmetic.rounded(number, digits, mode)


def clamp(number: float, low: float = 0.0, high: float = 1.0) -> float:
    """Keep a number between two limits."""
    return arithmetic.clamped(number, low, high)


def minimum(numbers: _Numbers) -> float:
    """The smallest number of a list."""
    return min(arithmetic.some(numbers))


def maximum(numbers: _Numbers) -> float:
    """The largest number of a list."""
    return max(arithmetic.some(numbers))


def mean(numbers: _Numbers) -> float:
    """The average of a list of numbers."""
    return arithmetic.total(arithmetic.some(numbers)) / len(numbers)


def total(numbers: _Numbers) -> float:
    """The sum of a list of numbers; 0 for an empty list. Does not lose digits on the way."""
    return arithmetic.total(numbers)


def compare(a: Any, operator: _Comparison = "==", b: Any = None) -> bool:
    """Compare two values; a number and text that is a number, such as "10", compare as numbers."""
    return comparison.compare(a, operator, b)


def logical_and(a: bool, b: bool) -> bool:
    """True when both inputs are true."""
    return a and b


def logical_or(a: bool, b: bool) -> bool:
    """True when at least one input is true."""
    return a or b


def logical_not(a: bool) -> bool:
    """Turn true into false and false into true."""
    return not a


def choose(condition: bool, if_true: Any = None, if_false: Any = None) -> Any:
    """Pass on one of two values, depending on a condition."""
    return if_true if condition else if_false


def join_text(parts: _List, separator: str = ", ") -> str:
    """Join the items of a list into one text; items that are not text are written as text, None as nothing."""
    return separator.join("" if part is None else str(part) for part in parts)


def split_text(text: str, separator: str = "") -> list[str]:
    """Split a text at each separator; without a separator at spaces and line ends."""
    return text.split(separator or None)


def replace_text(text: str, old: str, new: str = "") -> str:
    """Replace every occurrence of a piece of text with another."""
    if not old:
        raise ValueError("there is nothing to look for; fill in the text that is to be replaced")
    return text.replace(old, new)


def change_case(text: str, mode: Literal["upper", "lower", "title", "sentence"] = "upper") -> str:
    """Write a text in UPPER case, lower case, Title Case or Sentence case."""
    return letter_case.changed(text, mode)


def trim_text(text: str, side: Literal["both", "start", "end"] = "both", characters: str = "") -> str:
    """Cut spaces and line ends, or the given characters, off the ends of a text."""
    strip = {"both": str.strip, "start": str.lstrip, "end": str.rstrip}[side]
    return strip(text, characters or None)


def text_length(text: str) -> int:
    """How many characters a text has."""
    return len(text)


def text_contains(text: str, part: str, ignore_case: bool = False) -> bool:
    """True when a piece of text occurs in a text."""
    return part.casefold() in text.casefold() if ignore_case else part in text


def slice_text(text: str, start: int = 0, end: int | None = None) -> str:
    """A piece of a text; positions count from 0, negative ones from the end, and ``end`` is not included."""
    return text[start:end]


def format_template(template: str, values: _Object) -> str:
    """Fill the {names} in a template with the values of those names.

    ``{price:.2f}`` rounds and ``{{`` writes a brace, as in Python. A name is looked up as it stands, so templates never
    reach into a value: use get_key for that. Raises LookupError for a missing name, ValueError for a bad format.
    """
    return templates.fill(template, values)


def get_item(items: _List, index: int = 0) -> Any:
    """One item of a list; the first is 0, and -1 is the last."""
    return sequences.item(items, index)


def slice_list(items: _List, start: int = 0, end: int | None = None, step: int = 1) -> list[Any]:
    """A part of a list; positions count from 0, negative ones from the end, and ``end`` is not included."""
    return items[start : end : sequences.not_zero(step)]


def list_length(items: _List) -> int:
    """How many items a list has."""
    return len(items)


def list_contains(items: _List, item: Any = None) -> bool:
    """True when a list has an item that equals the given one."""
    return item in items


def append_item(items: _List, item: Any = None) -> list[Any]:
    """The list with one more item at its end."""
    return [*items, item]


def concatenate_lists(first: _List, second: _List) -> list[Any]:
    """The items of one list followed by those of another."""
    return [*first, *second]


def reverse_list(items: _List) -> list[Any]:
    """The list from back to front."""
    return items[::-1]


def sort_list(items: _List, by: str = "", descending: bool = False) -> list[Any]:
    """Sort a list; in a list of objects, ``by`` is the key to sort by, such as ``price`` or ``address.city``."""
    return sequences.ordered(items, by, descending=descending)


def unique_items(items: _List) -> list[Any]:
    """The list without repetitions, in the order of first appearance."""
    return sequences.unique(items)


def count_items(items: _List) -> _Rows:
    """How often each item occurs, as rows of ``item`` and ``count``, the most frequent first."""
    return sequences.counted(items)


def number_range(start: int = 0, stop: int = 10, step: int = 1) -> list[int]:
    """Whole numbers from ``start`` up to, but not including, ``stop``; at most ten million."""
    return sequences.whole_numbers(start, stop, step)


def zip_lists(first: _List, second: _List, until: Literal["shortest", "longest"] = "shortest") -> list[list[Any]]:
    """Pair the items of two lists; with ``longest``, missing partners are None."""
    return sequences.zipped(first, second, to_longest=until == "longest")


def flatten_list(items: _List, depth: Annotated[int, Field(ge=1, le=100)] = 1) -> list[Any]:
    """Put the items of lists inside a list into the list itself, ``depth`` levels deep."""
    return sequences.flattened(items, depth)


def filter_by_key(items: _List, key: str, operator: _Test = "==", value: Any = None) -> list[Any]:
    """The objects of a list whose value under ``key`` passes a test; objects without that key are left out."""
    return comparison.passing(items, key, operator, value)


def pluck(items: _List, key: str) -> list[Any]:
    """The value under one key, such as ``price`` or ``address.city``, of every object in a list."""
    return [lookup.follow(item, key) for item in items]


def get_key(data: Any, path: str, if_missing: Literal["error", "default"] = "error", default: Any = None) -> Any:
    """A value from inside objects and lists, by a path such as ``user.addresses.0.city``.

    A key that has dots itself is found as well. Raises LookupError, which says how far the path led and what is there.
    """
    return lookup.follow(data, path) if if_missing == "error" else lookup.follow_or(data, path, default)


def set_key(data: _Object, path: str, value: Any = None) -> dict[Any, Any]:
    """A copy of an object with one value set, by a path such as ``user.name``; missing objects are made on the way."""
    return lookup.with_key(data, path, value)


def merge_objects(first: _Object, second: _Object, deep: bool = False) -> dict[Any, Any]:
    """One object from two; where both have a key the second wins, or, with ``deep``, objects inside are merged."""
    return lookup.merged(first, second, deep=deep)


def get_keys(data: _Object) -> list[Any]:
    """The keys of an object as a list."""
    return list(data)


def get_values(data: _Object) -> list[Any]:
    """The values of an object as a list."""
    return list(data.values())


def pick_keys(data: _Object, keys: _List) -> dict[Any, Any]:
    """Only the given keys of an object; keys that it does not have are left out."""
    return {key: data[key] for key in keys if key in data}


def parse_json(text: str) -> Any:
    """Read JSON text; the error names line and column of what is wrong."""
    return json_text.read(text)


def dump_json(value: Any, indent: Annotated[int, Field(ge=0, le=8)] = 2, sort_keys: bool = False) -> str:
    """Write a value as JSON text; dates and paths become text, an indent of 0 puts all on one line."""
    return json_text.write(value, indent, sort_keys=sort_keys)


def parse_csv(text: str, delimiter: _Delimiter = ",", header: bool = True, numbers: bool = True) -> _Rows:
    """Read CSV text as a list of rows, each an object with the column names as keys.

    Without ``header``, and where a column has no name, columns are called ``column_1`` and so on. With ``numbers``,
    cells that are plain numbers become numbers; ``007`` stays text. Raises ValueError naming the row that is wrong.
    """
    return tables.read(text, delimiter, header=header, numbers=numbers)


def write_csv(rows: _List, delimiter: _Delimiter = ",") -> str:
    """Write a list of objects as CSV text; the columns are all their keys, in order of first appearance."""
    return tables.write(rows, delimiter)


def regex_find_all(pattern: str, text: str, ignore_case: bool = False) -> list[str]:
    r"""Every piece of a text that matches a regular expression: ``\d+`` finds numbers, ``\w+`` words.

    Patterns with repetitions inside repetitions, such as ``(a+)+b``, can take practically for ever on text that does
    not match; write ``a+b`` instead, or make a repetition possessive: ``(a++)+b``. This holds for all regex nodes.
    """
    return [match[0] for match in patterns.compiled(pattern, ignore_case).finditer(text)]


def regex_groups(pattern: str, text: str, ignore_case: bool = False) -> dict[str, str | None]:
    r"""The groups of the first match: ``(?P<year>\d{4})`` under its name, others as "1", "2"; "0" is the whole match.

    An empty object when nothing matches; None for groups that took no part in the match.
    """
    return patterns.groups(patterns.compiled(pattern, ignore_case), text)


def regex_replace(pattern: str, text: str, replacement: str = "", ignore_case: bool = False) -> str:
    r"""Replace every match of a regular expression; ``\1`` or ``\g<name>`` in the replacement stand for groups."""
    return patterns.replaced(patterns.compiled(pattern, ignore_case), text, replacement)


def regex_split(pattern: str, text: str, ignore_case: bool = False) -> list[str]:
    r"""Split a text wherever a regular expression matches, such as ``[,;]\s*``."""
    return patterns.pieces(patterns.compiled(pattern, ignore_case), text)


def read_text(path: Path, encoding: Literal["utf-8", "utf-16", "latin-1"] = "utf-8") -> str:
    """Read a text file as one text. Relative paths start in the folder psynapse was started in."""
    return text_files.read(path, encoding)


@psynapse.node(cache=False)
def write_text(
    path: Path, text: str, mode: Literal["replace", "append", "new file only"] = "replace", make_folders: bool = False
) -> Path:
    """Write a text into a file, as UTF-8, and pass on its path."""
    return text_files.write(path, text, mode, make_folders=make_folders)


# A folder's size and time do not change with what lies deeper in it, so results of the next two are not reused.
@psynapse.node(cache=False)
def list_folder(folder: Path, pattern: str = "*", kind: Literal["files", "folders", "both"] = "files") -> list[Path]:
    """The files in a folder whose names match a pattern, sorted: ``*.csv`` in it, ``**/*.csv`` also in its folders."""
    return text_files.matching(folder, pattern, kind)


@psynapse.node(cache=False)
def file_exists(path: Path) -> bool:
    """True when there is a file or folder at a path."""
    return path.exists()


@psynapse.node(executor="thread", cache=False)
def http_get(
    url: str,
    headers: _Object | None = None,
    timeout: Annotated[float, Field(gt=0, le=3600)] = 10.0,
    max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 10_000_000,
    accept_errors: bool = False,
) -> psynapse.AnnotatedDict[Literal["text", "status", "headers"]]:
    """Get a text from the web: a page, or the JSON answer of a service.

    ``timeout`` is in seconds, for the whole answer. Redirects are followed. Answers such as 404 are errors unless
    ``accept_errors`` is on. Raises ValueError for an address that is not http or https and for an answer of more than
    ``max_bytes``, ConnectionError or TimeoutError when no answer comes; the message never shows what follows the ``?``.
    """
    return psynapse.AnnotatedDict(web.fetch(url, headers or {}, timeout, max_bytes, accept_errors=accept_errors))


@psynapse.node(cache=False)
def now(zone: Literal["local", "UTC"] = "local") -> datetime:
    """The date and time at this moment."""
    return datetime.now(tz=UTC).astimezone(UTC if zone == "UTC" else None)


def add_days(day: date, days: int = 1) -> date:
    """The date some days later, or earlier for a negative number of days."""
    return dates.shifted(day, days)


def days_between(first: date, last: date) -> int:
    """How many days lie between two dates; negative when the last comes first."""
    return dates.distance(first, last)


@psynapse.node(cache=False)
def random_number(low: float = 0.0, high: float = 1.0, whole: bool = False) -> float:
    """A random number between two limits; with ``whole`` a whole number, both limits included."""
    return arithmetic.random_number(low, high, whole=whole)
