"""One step from a Python value towards JSON, by its class: ``encoding`` repeats it until everything is JSON."""

import array
import base64
import dataclasses
import io
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

from psynapse.model.guarded import attempt
from psynapse.model.ids import JsonObject

Entry = TypeVar("Entry")
Rule: TypeAlias = Callable[[Any, int], object]
"""Takes a value and the bytes there is room for, returns something simpler or TRUNCATED."""

TRUNCATED: Final[JsonObject] = {"$truncated": True}

_LONGEST_REPR = 10_000
_FAILED: object = object()

# Read past metaclasses that define these names themselves.
_mro: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
_body: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
_qualname: Callable[[type], str] = type.__dict__["__qualname__"].__get__
_module: Callable[[type], Any] = type.__dict__["__module__"].__get__


def type_name(kind: type) -> str:
    """The class as ``package.Class``."""
    module = _module(kind)
    return f"{module if type(module) is str else '?'}.{_qualname(kind)}"[:300]


def short_repr(value: object) -> str:
    """``repr(value)``, at most 10,000 characters of it; a sentence when it fails."""
    text = attempt(None, repr, value)
    if text is None:
        return f"<{type_name(type(value))} whose repr fails>"
    plain = str.__str__(text)
    return plain if len(plain) <= _LONGEST_REPR else plain[:_LONGEST_REPR] + "…"


def clean_text(text: str) -> str:
    """``text`` as valid Unicode: lone surrogates become U+FFFD, pairs of them the character they stand for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def data_url(mime: str, data: bytes) -> str:
    """``data`` as a data URL."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


class TypeTable(Generic[Entry]):
    """What to do with values of a class: found by marks in the class, its bases, or the names of its bases."""

    def __init__(
        self,
        classes: Mapping[type, Entry],
        names: Mapping[tuple[str, str], Entry],
        marks: Mapping[str, Entry],
    ) -> None:
        self._classes, self._names, self._marks = classes, names, marks
        self._found: dict[type, Entry | None] = {}

    def find(self, kind: type) -> Entry | None:
        """The entry for ``kind``. ``names`` are pairs of top-level package and class name."""
        try:
            return self._found[kind]
        except KeyError:
            pass
        if len(self._found) > 10_000:  # noqa: PLR2004 - classes made on the fly must not pile up
            self._found.clear()
        entry = self._found[kind] = next(self._entries(_mro(kind)), None)
        return entry

    def _entries(self, bases: Iterable[type]) -> Iterator[Entry]:
        for mark in self._marks:
            if any(mark in _body(base) for base in bases):
                yield self._marks[mark]
        for base in bases:
            name = (str(_module(base)).partition(".")[0], _qualname(base))
            if base in self._classes:
                yield self._classes[base]
            elif name in self._names:
                yield self._names[name]


def unknown(value: object) -> dict[str, object]:
    """A value of which nothing is known: its class, its repr, and how it wants to be shown in Jupyter."""
    kind = type(value)
    shown: dict[str, object] = {"$type": type_name(kind), "$repr": short_repr(value)}
    mime = dict(_representations(value, kind))
    return {**shown, "$mime": mime} if mime else shown


_MIME_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}


def _representations(value: object, kind: type) -> Iterator[tuple[str, object]]:
    """What Jupyter would show, later ones first in rank. Methods of the class only: a mock has every attribute."""
    for method, mime in _MIME_METHODS.items():
        data = _call_method(value, kind, method)
        if type(data) in (str, bytes) or (method == "_repr_json_" and type(data) in (list, dict)):
            yield mime, _wire(data)
    bundle = _call_method(value, kind, "_repr_mimebundle_")
    if type(bundle) is dict:
        for mime, data in bundle.items():
            if type(mime) is str and type(data) in (str, bytes, list, dict):
                yield mime, _wire(data)


def _call_method(value: object, kind: type, name: str) -> Any:
    if not any(name in _body(base) for base in _mro(kind)):
        return None
    # Jupyter passes these two always, and allows (data, metadata) as an answer everywhere.
    arguments: dict[str, object] = {"include": None, "exclude": None} if name == "_repr_mimebundle_" else {}
    data: Any = attempt(None, lambda: getattr(kind, name)(value, **arguments))
    return data[0] if type(data) is tuple and data else data


def _wire(data: object) -> object:
    """Binary representations travel as base64, as in notebooks."""
    return base64.b64encode(data).decode("ascii") if isinstance(data, bytes) else data


def _first(base: type[Iterable[Any]]) -> Rule:
    """The items of a container as a list, read with the methods of ``base`` however a subclass overrides them."""
    return lambda value, room: list(islice(base.__iter__(value), max(room, 0) // 2 + 2))


def _set(base: type[Iterable[Any]]) -> Rule:
    def items(value: Any, room: int) -> object:
        found: list[Any] = list(islice(base.__iter__(value), max(room, 0) // 2 + 2))
        # Strings are hashed differently in each process; equal sets should look equal.
        return sorted(found) if set(map(type, found)) in ({str}, {int}) else found

    return items


def _bytes(value: bytes | bytearray | memoryview, room: int) -> object:
    size = value.nbytes if isinstance(value, memoryview) else len(value)
    return TRUNCATED if size > room else data_url("application/octet-stream", bytes(value))


def _duration(value: timedelta, _room: int) -> str:
    microseconds = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    (hours, seconds), tail = divmod(seconds, 3600), f".{fraction:06}".rstrip("0") if fraction else ""
    minutes, seconds = divmod(seconds, 60)
    parts = [(hours, "", "H"), (minutes, "", "M"), (seconds, tail, "S")]
    clock = "".join(f"{number}{rest}{unit}" for number, rest, unit in parts if number or rest)
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "") or "T0S"
    return f"{'-' if microseconds < 0 else ''}P{text}"


def fields_of(value: Any) -> dict[str, object]:
    """The readable, not excluded fields of a dataclass instance or Pydantic model, by name."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
    else:
        names = [name for name, field in kind.model_fields.items() if not field.exclude]
        names += [*kind.model_computed_fields, *(value.__pydantic_extra__ or ())]
    pairs = ((name, attempt(_FAILED, getattr, value, name)) for name in names)
    return {name: item for name, item in pairs if item is not _FAILED}


def png_url(image: Any) -> str:
    """A PIL image as a PNG data URL."""
    stream = io.BytesIO()
    fitting = image if image.mode in {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"} else image.convert("RGB")
    fitting.save(stream, "PNG")
    return data_url("image/png", stream.getvalue())


def _image(image: Any, room: int) -> object:
    # Encoding many pixels only to find that they do not fit takes seconds.
    return TRUNCATED if image.width * image.height > 4 * room else png_url(image)


def _figure(figure: Any, _room: int) -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return data_url("image/png", stream.getvalue())


def _plotly(figure: Any, _room: int) -> object:
    mime = {"application/vnd.plotly.v1+json": plotly_content(figure)}
    return {"$type": type_name(type(figure)), "$repr": f"Figure of {len(figure.data)} traces", "$mime": mime}


def plotly_content(figure: Any) -> Any:
    """The JSON of a plotly figure, not yet made of plain values."""
    data, layout = getattr(figure, "_data", None), getattr(figure, "_layout", None)
    # The public way copies every point deeply, which takes half a second for a million of them.
    if type(data) is list and type(layout) is dict and not figure.frames:
        return {"data": data, "layout": layout}
    return figure.to_plotly_json()


def _chart(chart: Any, _room: int) -> object:
    # In Jupyter it would be HTML that fetches its program from elsewhere.
    name = type_name(type(chart))
    mime = {"application/vnd.vegalite.v6+json": chart.to_dict()}
    return {"$type": name, "$repr": f"{name.rpartition('.')[2]} of Altair", "$mime": mime}


def _array(value: Any, room: int) -> object:
    return TRUNCATED if value.size * 2 > room else value.tolist()


def _scalar(value: Any, _room: int) -> object:
    item = value.item()
    # A long double is its own item.
    return float(value) if type(item) is type(value) else item


def _tensor(value: Any, room: int) -> object:
    return TRUNCATED if value.numel() * 2 > room else tensor_array(value).tolist()


def tensor_array(tensor: Any) -> Any:
    """The NumPy array of a torch tensor, wherever it lives. NumPy has no bfloat16: it becomes float32."""
    local = tensor.detach().cpu()
    return (local.float() if "bfloat16" in str(local.dtype) else local).numpy()


def _pandas_frame(frame: Any, room: int) -> object:
    rows, width = frame.shape
    if rows * max(width, 1) * 2 > room:
        return TRUNCATED
    columns = [frame.iloc[:, number].tolist() for number in range(width)]
    data = [list(row) for row in zip(*columns, strict=True)]
    return {"columns": frame.columns.tolist(), "index": frame.index.tolist(), "data": data}


def _polars_frame(frame: Any, room: int) -> object:
    rows, width = frame.shape
    if rows * max(width, 1) * 2 > room:
        return TRUNCATED
    return {"columns": frame.columns, "index": list(range(rows)), "data": frame.rows()}


def _series(series: Any, room: int) -> object:
    if len(series) * 2 > room:
        return TRUNCATED
    own = getattr(series, "index", None)
    index = list(range(len(series))) if own is None else own.tolist()
    return {"name": series.name, "index": index, "data": series.to_list()}


def _text_of(value: object, _room: int) -> object:
    return str(value)


def _iso(value: Any, _room: int) -> object:
    return value.isoformat()


def _fields(value: Any, _room: int) -> object:
    return fields_of(value)


RULES: TypeTable[Rule] = TypeTable(
    {
        list: _first(list),
        tuple: _first(tuple),
        deque: _first(deque),
        set: _set(set),
        frozenset: _set(frozenset),
        OrderedDict: lambda value, room: dict(islice(OrderedDict.items(value), max(room, 0) // 3 + 2)),
        dict: lambda value, room: dict(islice(dict.items(value), max(room, 0) // 3 + 2)),
        MappingProxyType: lambda value, room: dict(islice(value.items(), max(room, 0) // 3 + 2)),
        array.array: lambda value, room: value[: max(room, 0) // 2 + 2].tolist(),
        str: lambda value, _room: str.__str__(value),
        int: lambda value, _room: int.__int__(value),
        float: lambda value, _room: float.__float__(value),
        bytes: _bytes,
        bytearray: _bytes,
        memoryview: _bytes,
        Enum: lambda value, _room: value.value,
        date: _iso,
        time: _iso,
        timedelta: _duration,
        Decimal: _text_of,
        UUID: _text_of,
        PurePath: _text_of,
    },
    {
        ("numpy", "ndarray"): _array,
        ("numpy", "generic"): _scalar,
        ("torch", "Tensor"): _tensor,
        ("pandas", "DataFrame"): _pandas_frame,
        ("pandas", "Series"): _series,
        ("pandas", "Index"): lambda value, room: TRUNCATED if len(value) * 2 > room else value.tolist(),
        ("pandas", "NAType"): lambda _value, _room: None,
        ("pandas", "NaTType"): lambda _value, _room: None,
        ("polars", "DataFrame"): _polars_frame,
        ("polars", "Series"): _series,
        ("PIL", "Image"): _image,
        ("matplotlib", "Figure"): _figure,
        ("plotly", "BaseFigure"): _plotly,
        ("altair", "TopLevelMixin"): _chart,
        ("pydantic", "BaseModel"): _fields,
    },
    {"__dataclass_fields__": _fields},
)
