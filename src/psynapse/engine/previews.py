"""A bounded JSON rendering of any value: whole when small, else a summary with the first part that fits.

A big value is never turned into JSON first; what is shown of it is sliced off before. Never raises.
"""

import binascii
import io
import math
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, cast

from psynapse.engine.array_previews import array_head, image_of, looks_like_video
from psynapse.engine.encoding import encode, key_text, to_json
from psynapse.engine.simplify import (
    RULES,
    TypeTable,
    clean_text,
    data_url,
    fields_of,
    plotly_content,
    png_url,
    type_name,
)
from psynapse.model.guarded import attempt
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps

_HEAD = 16_384
_ENVELOPE = 300  # bytes of a preview object without its head and href
_LEAST_ROOM = 64
_LONGEST_CHAIN = 5
_SMALL_INT = 1 << 53
_LARGEST_REPRESENTATION = 1 << 24
_MOST_PIXELS = 64_000_000
_LONGEST_IMAGE_URL = 256_000_000
_EDGES = (640, 480, 320, 200, 120, 64, 32)
_TABLE_PARTS = ((50, 50), (20, 50), (20, 20), (8, 12), (3, 6), (1, 3), (0, 3))
_NEAREST, _BOX = 0, 4  # Pillow's codes of its filters


class Sketch(NamedTuple):
    """What a preview says about a value."""

    kind: str
    summary: str
    size: int
    head: Json = None


Sketcher: TypeAlias = Callable[[Any, int], Sketch]
"""Describes a value; the head's JSON should fit into the given bytes."""


def preview(value: Any, *, limit: int = 65_536, href: str = "") -> Json:
    """The JSON of ``value`` if that takes at most ``limit`` bytes, else a preview object. Never raises.

    The object is ``{"$preview": kind, "summary", "size", "truncated": true, "head", "href"}``, with kind one of text,
    list, object, table, array, image, bytes, figure, other. ``size`` is in bytes: of the text or bytes themselves, in
    memory for arrays, tables and images, an estimate of the JSON for the rest. The object takes at most ``limit``
    bytes, or about 300 where that is more, plus ``href``. Images of more than ``4 * limit`` pixels are always shown
    smaller: whether they would fit is only known after seconds of compressing.
    """
    kind = type(value)
    if kind is float or value is None or kind is bool:
        return to_json(value)
    if kind is int and -_SMALL_INT < value < _SMALL_INT:
        return value
    if kind is str and len(value) * 6 + 2 <= limit:
        return to_json(value)
    if attempt(None, SKETCHERS.find, kind) is _figure:
        return _drawn(value, limit, href)
    whole, fits = encode(value, limit)
    if fits and len(dumps(whole)) <= limit:
        return whole
    return _preview_object(value, limit, href, sketch)


def _drawn(figure: Any, limit: int, href: str) -> Json:
    """A figure's preview, drawing it only once: that is what takes long."""
    drawing = to_json(figure)
    if len(dumps(drawing)) <= limit:
        return drawing
    return _preview_object(figure, limit, href, lambda _, room: _drawing(figure, drawing, room))


def _preview_object(value: object, limit: int, href: str, sketcher: Sketcher) -> Json:
    fallback = Sketch("other", short_name(value), 0)
    found = attempt(fallback, sketcher, value, limit - _ENVELOPE - len(href))
    wire: dict[str, Json] = {"$preview": found.kind, "summary": clean_text(found.summary[:150]), "size": found.size}
    wire |= {"truncated": True, "head": found.head, "href": href}
    if len(dumps(wire)) > limit:
        wire["head"] = None
    return wire


def short_name(value: object) -> str:
    """The name of the value's class without its package."""
    return type_name(type(value)).rpartition(".")[2][:80]


def sketch(value: object, room: int) -> Sketch:
    """Describe a value that is too big, following Enum members and the like to what they stand for."""
    for _ in range(_LONGEST_CHAIN):
        if sketcher := SKETCHERS.find(type(value)):
            return sketcher(value, room)
        rule = RULES.find(type(value))
        if rule is None:
            break
        value = rule(value, sys.maxsize)
    return _other(value, room)


def _text(value: str, room: int) -> Sketch:
    if value.startswith("data:image/"):
        return _image_url(value, room)
    # Only the first part is measured: encoding all of a long text costs as much as sending it.
    begin = clean_text(value[:_HEAD])
    size = len(value) if value.isascii() else len(value) * len(begin.encode()) // len(begin)
    return Sketch("text", f"text of {len(value):,} characters", size, _fitting_text(begin, min(room, _HEAD)))


def _fitting_text(text: str, room: int) -> str | None:
    while text and (size := len(dumps(text))) > room:
        text = text[: min(len(text) - 1, len(text) * max(room, 0) // size)]
    return text or None


def _bytes(value: bytes | bytearray | memoryview, room: int) -> Sketch:
    size = value.nbytes if isinstance(value, memoryview) else len(value)
    begin = bytes(value[: max(min(room, _HEAD) - 60, 0) * 3 // 4])
    head = data_url("application/octet-stream", begin) if begin else None
    return Sketch("bytes", f"{size:,} bytes", size, head)


def _sized(part: Json) -> int:
    """The bytes of what a part stands for, as far as its preview tells."""
    if isinstance(part, dict) and "$preview" in part and type(part.get("size")) is int:
        return cast("int", part["size"])
    return len(dumps(part))


def _parts(pairs: Iterable[tuple[object, object]], room: int) -> Iterator[tuple[str, Json]]:
    """Previews of the first values, as many as fit. Each may take a quarter, so that one does not hide the others."""
    if room < _LEAST_ROOM:
        return
    for key, item in islice(pairs, _HEAD):
        name, part = key_text(key), preview(item, limit=max(room // 4, _LEAST_ROOM))
        room -= len(dumps(name)) + len(dumps(part)) + 2
        if room < len("{}"):
            return
        yield name, part


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _estimate(parts: Iterable[Json], shown: int, count: int) -> int:
    return sum(map(_sized, parts)) * count // shown if shown else 2 * count


def _sequence(base: type[Any]) -> Sketcher:
    def describe(value: Any, room: int) -> Sketch:
        return _items(short_name(value), base.__iter__(value), base.__len__(value), room)

    return describe


def _items(name: str, items: Iterable[object], count: int, room: int) -> Sketch:
    head = [part for _, part in _parts((("", item) for item in items), min(room, _HEAD))]
    return Sketch("list", f"{name} of {_count(count, 'item')}", _estimate(head, len(head), count), head or None)


def _mapping(name: str, pairs: Iterable[tuple[object, object]], count: int, room: int, word: str = "key") -> Sketch:
    head = dict(_parts(pairs, min(room, _HEAD)))
    keys = sum(map(len, head)) * count // max(len(head), 1)
    return Sketch(
        "object", f"{name} of {_count(count, word)}", keys + _estimate(head.values(), len(head), count), head or None
    )


def _dict(value: dict[object, object], room: int) -> Sketch:
    return _mapping(short_name(value), dict.items(value), dict.__len__(value), room)


def _fields(value: object, room: int) -> Sketch:
    fields = fields_of(value)
    return _mapping(short_name(value), cast("Iterable[Any]", fields.items()), len(fields), room, "field")


def _frame(frame: Any, room: int) -> Sketch:
    rows, width = frame.shape
    size = frame.estimated_size() if hasattr(frame, "estimated_size") else frame.memory_usage(deep=False).sum()
    head = _table_head(lambda n, w: _corner_of_frame(frame, n, w), min(room, _HEAD))
    return Sketch("table", f"DataFrame {rows:,} x {width:,}", int(size), head)


def _corner_of_frame(frame: Any, rows: int, width: int) -> Any:
    return frame.iloc[:rows, :width] if hasattr(frame, "iloc") else frame[:rows, :width]


def _series(series: Any, room: int) -> Sketch:
    size = series.estimated_size() if hasattr(series, "estimated_size") else series.memory_usage(deep=False)
    head = _table_head(lambda n, _: series.head(n), min(room, _HEAD))
    return Sketch("table", f"Series of {len(series):,} {series.dtype}", int(size), head)


def _table_head(part: Callable[[int, int], Any], room: int) -> Json:
    """The largest part that fits; cells are shortened only when a single row does not fit."""
    for rows, width in _TABLE_PARTS:
        head, whole = encode(part(rows, width), room)
        if (whole or rows == 1) and isinstance(head, dict) and "data" in head and len(dumps(head)) <= room:
            return head
    return None


def _index(index: Any, room: int) -> Sketch:
    return _items(short_name(index), index[:_HEAD].tolist(), len(index), room)


def _array(value: Any, room: int) -> Sketch:
    shape = tuple(value.shape)
    form = " x ".join(map(str, shape)) or "without dimensions"
    size = math.prod(shape) * value.dtype.itemsize
    head = array_head(value, shape, min(room, _HEAD))
    # What is a video, or might be: the numbers of its first corner say nothing about it.
    left = room - len(dumps(head)) - len('"picture":,')
    picture = attempt(None, lambda: _smaller(image_of(value, shape), left)) if looks_like_video(value, shape) else None
    return Sketch(
        "array", f"{str(value.dtype)[:60]} array {form}", size, {**head, "picture": picture} if picture else head
    )


def _picture(image: Any, room: int) -> Sketch:
    summary = f"{image.format or image.mode} image {image.width} x {image.height}"
    size = image.width * image.height * len(image.getbands())
    return Sketch("image", summary, size, attempt(None, _smaller, image, room))


def _smaller(image: Any, room: int) -> str | None:
    """The image as the data URL of the largest JPEG, or PNG if it is transparent, that fits."""
    image = _converted(_scaled(image, _EDGES[0]))
    for edge in _EDGES:
        url = _jpeg_or_png(_scaled(image, edge))
        if len(url) + 2 <= room:
            return url
    return None


def _scaled(image: Any, edge: int) -> Any:
    longest = max(image.size)
    if longest <= edge:
        return image
    if longest > 4 * edge:
        # Only the pixels needed are read: averaging all 50 million of a photograph takes too long.
        image = image.resize(_size_within(image.size, 4 * edge), _NEAREST)
    return image.resize(_size_within(image.size, edge), _NEAREST if image.mode in {"1", "P"} else _BOX)


def _size_within(size: tuple[int, int], edge: int) -> tuple[int, int]:
    return max(1, size[0] * edge // max(size)), max(1, size[1] * edge // max(size))


def _converted(image: Any) -> Any:
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getextrema()[3][0] < 255:  # noqa: PLR2004 - opaque
            return image
    return image.convert("RGB")


def _jpeg_or_png(image: Any) -> str:
    if image.mode == "RGBA":
        return png_url(image)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return data_url("image/jpeg", stream.getvalue())


def _image_url(url: str, room: int) -> Sketch:
    header, size = url[: url.find(",", 0, 200) + 1], len(url) * 3 // 4
    summary = f"{header[11:].partition(';')[0][:20].upper() or 'unreadable'} image of {size:,} bytes"
    image = attempt(None, _opened, url[len(header) :]) if ";base64," in header else None
    if image is None:
        return Sketch("image", summary, size)
    summary = f"{image.format} image {image.width} x {image.height}"
    return Sketch("image", summary, size, attempt(None, _smaller_file, image, room))


def _opened(text: str) -> Any:
    """The image without its pixels, or None when it is too long; fails when Pillow is missing or cannot read it."""
    if len(text) > _LONGEST_IMAGE_URL:
        return None
    return import_module("PIL.Image").open(io.BytesIO(binascii.a2b_base64(text)))


def _smaller_file(image: Any, room: int) -> str | None:
    # A JPEG can be decoded at an eighth of its size.
    image.draft("RGB", (2 * _EDGES[0], 2 * _EDGES[0]))
    return _smaller(image, room) if image.width * image.height <= _MOST_PIXELS else None


def _figure(figure: Any, room: int) -> Sketch:
    return _drawing(figure, to_json(figure), room)


def _drawing(figure: Any, url: Json, room: int) -> Sketch:
    drawn = _image_url(cast("str", url), room)
    return Sketch("figure", f"figure with {_count(len(figure.axes), 'plot')}", drawn.size, drawn.head)


def _plotly(figure: Any, room: int) -> Sketch:
    content = plotly_content(figure)
    parts = _mapping("", content.items(), len(content), room)
    return Sketch("figure", f"figure of {_count(len(figure.data), 'trace')}", parts.size, parts.head)


def _chart(chart: Any, room: int) -> Sketch:
    """What a chart is like without its data, which is most of it."""
    specification: dict[str, Json] = chart.to_dict()
    outline: Json = {name: part for name, part in specification.items() if name not in {"data", "datasets"}}
    head = outline if len(dumps(outline)) <= room else {"$schema": specification.get("$schema")}
    return Sketch("figure", f"{short_name(chart)} of Altair", len(dumps(specification)), head)


def _other(value: object, room: int) -> Sketch:
    shown = to_json(value, limit=_LARGEST_REPRESENTATION)
    if not isinstance(shown, dict):
        return Sketch("other", short_name(value), len(dumps(shown)))
    mime = shown.get("$mime", {})
    room = min(room, _HEAD) - 400
    head: dict[str, Json] = {name: _fitting_text(str(shown.get(name)), room // 4) for name in ("$type", "$repr")}
    fitting = _parts_within(mime if isinstance(mime, dict) else {}, room // 2)
    return Sketch("other", short_name(value), len(dumps(shown)), {**head, "$mime": fitting} if fitting else head)


def _parts_within(mime: dict[str, Json], room: int) -> dict[str, Json]:
    """The representations that fit whole; half an SVG shows nothing."""
    kept: dict[str, Json] = {}
    for name, data in mime.items():
        size = len(dumps(name)) + len(dumps(data)) + 2
        if size < room:
            kept[name] = data
            room -= size
    return kept


SKETCHERS: TypeTable[Sketcher] = TypeTable(
    {
        str: _text,
        bytes: _bytes,
        bytearray: _bytes,
        memoryview: _bytes,
        **{base: _sequence(base) for base in (list, tuple, set, frozenset, deque)},
        dict: _dict,
    },
    {
        ("pandas", "DataFrame"): _frame,
        ("polars", "DataFrame"): _frame,
        ("pandas", "Series"): _series,
        ("polars", "Series"): _series,
        ("pandas", "Index"): _index,
        ("numpy", "ndarray"): _array,
        ("torch", "Tensor"): _array,
        ("PIL", "Image"): _picture,
        ("matplotlib", "Figure"): _figure,
        ("plotly", "BaseFigure"): _plotly,
        ("altair", "TopLevelMixin"): _chart,
        ("pydantic", "BaseModel"): _fields,
    },
    {"__dataclass_fields__": _fields},
)
