"""The values of views, for people at a terminal and for programs at the end of a pipe."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO, cast

from rich.console import Console, RenderableType
from rich.highlighter import JSONHighlighter
from rich.table import Table
from rich.text import Text

from psynapse.cli.streams import one_line, shown_text
from psynapse.engine.encoding import to_json
from psynapse.engine.previews import SKETCHERS, preview, sketch
from psynapse.model.ids import Json, JsonObject
from psynapse.model.json_text import dumps

_MOST_LINES: Final = 30
_MOST_TEXT_LINES: Final = 200
_MOST_ROWS: Final = 20
_MOST_COLUMNS: Final = 12
_WIDEST_CELL: Final = 40
_MOST_VALUES: Final = 50
_NARROWEST: Final = 20
_INDENT: Final = "  "
_PICTURES: Final = frozenset({"image", "figure"})

Named = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known here of a value in a worker: its preview, and the whole of it as JSON where that was asked for."""

    preview: Json
    whole: Json


def write_values(values: Sequence[Named], out: TextIO) -> None:
    """Write the values, pairs of a shown name and a value, to ``out``.

    On a terminal each has its name, and what is long is cut. Elsewhere everything is whole, text as it is and other
    values as one line of JSON, with names only when there are several.
    """
    if out.isatty():
        _show(values, Console(file=out, highlight=False))
    else:
        for name, value in values:
            text = plain_value(value)
            head = "" if len(values) == 1 else f"{name}:\n" if "\n" in text else f"{name}: "
            out.write(f"{head}{text}\n")
    out.flush()


def plain_value(value: object) -> str:
    """A value for a pipe: text as it is, an image as a line about it, anything else as one line of JSON."""
    if picture := _picture_summary(value):
        return picture
    shown = value_json(value)
    return shown if isinstance(shown, str) else dumps(shown).decode()


def value_json(value: object) -> Json:
    """The whole value as JSON."""
    return value.whole if isinstance(value, Told) else to_json(value)


def _picture_summary(value: object) -> str:
    """What there is to say about an image or figure; nothing for other values."""
    if isinstance(value, Told):
        return _told_picture(value.preview)
    if isinstance(value, str) and not value.startswith("data:image/"):
        return ""
    if not isinstance(value, str) and (isinstance(value, (list, dict)) or SKETCHERS.find(type(value)) is None):
        return ""
    found = sketch(value, 0)
    return found.summary if found.kind in _PICTURES else ""


def _told_picture(shown: Json) -> str:
    match shown:
        case {"$preview": str(kind), "summary": str(summary)}:
            return summary if kind in _PICTURES else ""
        case {"$repr": str(text), "$mime": {"application/vnd.plotly.v1+json": _}}:
            return text
        case str():
            return _picture_summary(shown)
        case _:
            return ""


def _show(values: Sequence[Named], console: Console) -> None:
    for name, value in values[:_MOST_VALUES]:
        parts = list(_renderables(value, console.width - len(name) - 2))
        heading = Text(f"{one_line(name)}:", style="bold")
        if len(parts) == 1 and isinstance(parts[0], Text) and "\n" not in parts[0].plain:
            console.print(heading, parts[0], soft_wrap=True)
        else:
            console.print(heading)
            for part in parts:
                console.print(part, soft_wrap=isinstance(part, Text))
    if len(values) > _MOST_VALUES:
        console.print(_note(f"and {len(values) - _MOST_VALUES:,} more values; --json gives them all"))


def _renderables(value: object, width: int) -> Iterator[RenderableType]:
    if picture := _picture_summary(value):
        yield Text(picture)
        return
    shown = value.preview if isinstance(value, Told) else preview(value)
    if isinstance(shown, dict) and "$preview" in shown:
        yield _note(f"{shown['summary']}, of which the beginning")
        shown = shown["head"]
    yield from _json_renderables(shown, width)


def _json_renderables(shown: Json, width: int) -> Iterator[RenderableType]:
    if isinstance(shown, str):
        yield from _bounded(shown_text(shown), _MOST_TEXT_LINES)
    elif rows := _table_rows(shown):
        yield from _table(*rows)
    else:
        yield from _bounded(_pretty(shown, width), _MOST_LINES)


def _pretty(shown: Json, width: int) -> Text:
    pretty = shown_text("\n".join(_json_lines(shown, width)))
    JSONHighlighter().highlight(pretty)
    return pretty


def _json_lines(shown: Json, width: int) -> Iterator[str]:
    """JSON on one line where it fits, else a line for each part; a list of plain values fills its lines."""
    compact = json.dumps(shown, ensure_ascii=False)
    if len(compact) <= width or not isinstance(shown, (list, dict)):
        yield compact
    elif isinstance(shown, list) and not any(isinstance(item, (list, dict, str)) for item in shown):
        yield from textwrap.wrap(compact, max(width, _NARROWEST), subsequent_indent=" ")
    else:
        yield from _json_parts(cast("list[Json] | JsonObject", shown), width - len(_INDENT))


def _json_parts(shown: "list[Json] | JsonObject", width: int) -> Iterator[str]:
    is_object = isinstance(shown, Mapping)
    parts = (
        [(f"{json.dumps(name, ensure_ascii=False)}: ", item) for name, item in shown.items()]
        if is_object
        else [("", item) for item in shown]
    )
    yield "{" if is_object else "["
    for number, (head, item) in enumerate(parts, 1):
        comma = "," if number < len(parts) else ""
        *before, last = _json_lines(item, width - len(head) - 1)
        for position, line in enumerate((*before, last + comma)):
            yield _INDENT + (line if position else head + line)
    yield "}" if is_object else "]"


def _bounded(text: Text, most: int) -> Iterator[Text]:
    lines = text.split("\n")
    yield Text("\n").join(lines[:most])
    if len(lines) > most:
        yield _note(f"and {len(lines) - most:,} more lines; --json gives them all")


def _note(text: str) -> Text:
    return Text(f"… {text}", style="dim")


def _table_rows(shown: Json) -> tuple[list[str], list[list[Json]]] | None:
    """Columns and rows of what is a table: a DataFrame, or several objects with the same plain fields."""
    if isinstance(shown, Mapping) and set(shown) == {"columns", "index", "data"}:
        frame = cast("Mapping[str, list[Json]]", shown)
        rows = [cast("list[Json]", row) for row in frame["data"]]
        return ["", *map(_cell, frame["columns"])], [
            [index, *row] for index, row in zip(frame["index"], rows, strict=False)
        ]
    if isinstance(shown, list) and shown and all(isinstance(item, dict) and item for item in shown):
        objects = cast("list[JsonObject]", shown)
        names = list(dict.fromkeys(name for item in objects for name in item))
        if len(names) <= max(len(item) for item in objects) + 1:
            return names, [[item.get(name, "") for name in names] for item in objects]
    return None


def _table(columns: list[str], rows: list[list[Json]]) -> Iterator[RenderableType]:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for position, name in enumerate(columns[:_MOST_COLUMNS]):
        numbers = all(isinstance(row[position], (int, float)) for row in rows[:_MOST_ROWS])
        table.add_column(Text(one_line(name)), justify="right" if numbers else "left", no_wrap=True)
    for row in rows[:_MOST_ROWS]:
        table.add_row(*(Text(_cell(item)) for item in row[:_MOST_COLUMNS]))
    yield table
    left = [(len(rows) - _MOST_ROWS, "rows"), (len(columns) - _MOST_COLUMNS, "columns")]
    if more := " and ".join(f"{count:,} more {word}" for count, word in left if count > 0):
        yield _note(f"and {more}; --json gives them all")


def _cell(item: Json) -> str:
    text = one_line(item if isinstance(item, str) else dumps(item).decode())
    return text if len(text) <= _WIDEST_CELL else f"{text[: _WIDEST_CELL - 1]}…"
