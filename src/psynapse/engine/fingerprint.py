"""A content hash of a value, so that equal inputs of a node are recognised as equal.

None when a value has no content identity: what cannot be hashed honestly never equals anything. Classes of other
packages are recognised by name, nothing is imported. Classes may define ``__psynapse_fingerprint__() -> bytes | str``.
"""

import dataclasses
import struct
import sys
from array import array
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import blake2b
from pathlib import PosixPath, PurePosixPath, PureWindowsPath, WindowsPath
from types import BuiltinFunctionType, EllipsisType, FunctionType, NoneType
from typing import Any, NoReturn, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from psynapse.engine.simplify import type_name
from psynapse.model.authoring import AnnotatedDict
from psynapse.model.guarded import attempt

SIZE = 16  # bytes of a fingerprint
_OWN = "__psynapse_fingerprint__"
_DEEPEST = 200
_BULK = 16  # lists of one scalar type and at least this length are hashed at once
_WORTH_KEEPING = 64
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: the class was made by a class statement


class _NoIdentity(Exception):
    """The value, or a part of it, has no content identity."""


def fingerprint(value: object) -> bytes | None:
    """The 16-byte hash of a value's content and type, or None when it has none. Never raises.

    ``1``, ``True``, ``1.0`` and ``"1"`` differ, so do ``[1]`` and ``(1,)``. The order of a dict counts, that of a set
    does not. NaN equals itself; 0.0 and -0.0 differ. Cycles, nesting beyond 200 levels, iterators and objects of
    unknown classes have no fingerprint, nor has anything that contains one.
    """
    return attempt(None, _fingerprint, value)


def _fingerprint(value: object) -> bytes:
    return blake2b(_Walk().token(value), digest_size=SIZE).digest()


class _Walk:
    """One traversal. A token is a type tag with the content of a scalar, or with the hash of a container's tokens."""

    __slots__ = ("_done", "_path", "_steps")

    def __init__(self) -> None:
        self._path: set[int] = set()
        # Large parts by identity: a shared one is hashed once, however often it occurs. Holding them keeps ids unique.
        self._done: dict[int, tuple[object, bytes]] = {}
        self._steps = 0

    def token(self, value: object) -> bytes:
        """The token of ``value``; raises what the value's code raises, or _NoIdentity."""
        kind = type(value)
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            return scalar(value)
        key = id(value)
        if key in self._done:
            return self._done[key][1]
        if key in self._path or len(self._path) >= _DEEPEST:
            raise _NoIdentity
        self._path.add(key)
        before = self._steps
        token = _digest(_rule(kind)(self, value))
        self._path.discard(key)
        self._steps += 1
        if self._steps - before > _WORTH_KEEPING:
            self._done[key] = (value, token)
        return token

    def sequence(self, tag: bytes, items: list[Any] | tuple[Any, ...]) -> Iterable[bytes]:
        """The tokens of ordered items."""
        self._steps += len(items)
        yield tag + _length(items)
        if len(items) >= _BULK and (kind := _only_kind(items)) in _BULK_TOKENS:
            try:
                yield b"".join((b"*", kind.__name__.encode(), b":", *_BULK_TOKENS[kind](items)))
                return
            except OverflowError:  # integers of more than 64 bits go one by one
                pass
        yield from map(self.token, items)

    def mapping(self, tag: bytes, pairs: Iterable[tuple[object, object]]) -> Iterable[bytes]:
        """The tokens of keys and values in their order."""
        yield tag
        for key, item in pairs:
            self._steps += 1
            yield self.token(key)
            yield self.token(item)

    def unordered(self, tag: bytes, items: Iterable[object]) -> Iterable[bytes]:
        """The tokens of a set."""
        tokens = sorted(map(self.token, items))
        self._steps += len(tokens)
        yield tag + _length(tokens)
        yield from tokens


Rule: TypeAlias = Callable[[_Walk, Any], Iterable[bytes | memoryview]]
"""The parts whose hash is the content of a value."""


def _digest(parts: Iterable[bytes | memoryview]) -> bytes:
    hasher = blake2b(digest_size=SIZE)
    for part in parts:
        hasher.update(part)
    return b"#" + hasher.digest()


def _length(items: Any) -> bytes:
    return struct.pack("<q", len(items))


def _framed(tag: bytes, content: bytes) -> bytes:
    return tag + _length(content) + content


def _text(tag: bytes, text: str) -> bytes:
    return _framed(tag, text.encode("utf-8", "surrogatepass"))


def _integer(value: int) -> bytes:
    return _framed(b"i", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))


_SCALARS: dict[type, Callable[[Any], bytes]] = {
    NoneType: lambda _: b"N",
    EllipsisType: lambda _: b"E",
    bool: lambda value: b"T" if value else b"F",
    int: _integer,
    float: lambda value: b"f" + struct.pack("<d", value),
    complex: lambda value: b"c" + struct.pack("<dd", value.real, value.imag),
    str: lambda value: _text(b"s", value),
    bytes: lambda value: _framed(b"b", value),
    bytearray: lambda value: _framed(b"B", bytes(value)),
}


def _only_kind(items: Iterable[object]) -> type:
    kinds = set(map(type, items))
    return kinds.pop() if len(kinds) == 1 else object


def _texts(items: Iterable[str]) -> tuple[bytes, ...]:
    encoded = "".join(items).encode("utf-8", "surrogatepass")
    return array("q", map(len, items)).tobytes(), encoded


_BULK_TOKENS: dict[type, Callable[[Any], tuple[bytes, ...]]] = {
    float: lambda items: (array("d", items).tobytes(),),
    int: lambda items: (array("q", items).tobytes(),),
    str: _texts,
}


def _rule(kind: type) -> Rule:
    """How to hash values of exactly this class. A subclass may carry more than its base shows."""
    bases = kind.__mro__
    if any(_OWN in base.__dict__ for base in bases):
        return _own
    rule = _RULES.get(kind) or _NAMED_RULES.get((kind.__module__.partition(".")[0], kind.__qualname__))
    if rule is not None:
        return rule
    return next((rule for fits, rule in _FAMILIES if fits(kind, bases)), _unknown)


def _unknown(_walk: _Walk, _value: object) -> NoReturn:
    raise _NoIdentity


def _class_tag(tag: bytes, kind: type) -> bytes:
    return _text(tag, type_name(kind))


def _own(_walk: _Walk, value: Any) -> Iterable[bytes]:
    content = value.__psynapse_fingerprint__()
    if not isinstance(content, (bytes, str)):
        raise _NoIdentity
    return (_class_tag(b"own", type(value)), content.encode() if isinstance(content, str) else content)


def _by_text(show: Callable[[Any], str]) -> Rule:
    """For values that their class and a text describe fully."""
    return lambda _walk, value: (_class_tag(b"text", type(value)), show(value).encode("utf-8", "surrogatepass"))


def _moment(walk: _Walk, value: datetime | time) -> Iterable[bytes]:
    return (_class_tag(b"at", type(value)), value.isoformat().encode(), bytes([value.fold]), walk.token(value.tzinfo))


def _zone(_walk: _Walk, value: ZoneInfo) -> Iterable[bytes]:
    if not value.key:
        raise _NoIdentity
    return (_text(b"zone", value.key),)


def _importable(_walk: _Walk, value: Any) -> Iterable[bytes]:
    """A function or class is its name, if the name leads back to it: closures and lambdas share theirs."""
    found: Any = sys.modules[value.__module__]
    for name in value.__qualname__.split("."):
        found = getattr(found, name)
    if found is not value:
        raise _NoIdentity
    return (_text(b"name", f"{value.__module__}:{value.__qualname__}"),)


def _member(walk: _Walk, value: Any) -> Iterable[bytes]:
    # Combined flags have no name.
    return (_class_tag(b"enum", type(value)), walk.token(value._name_), walk.token(value._value_))


def _named_tuple(walk: _Walk, value: tuple[Any, ...]) -> Iterable[bytes]:
    return walk.sequence(_class_tag(b"named", type(value)), tuple(value))


def _dataclass(walk: _Walk, value: Any) -> Iterable[bytes]:
    names = [field.name for field in dataclasses.fields(value)]
    content = {name: getattr(value, name) for name in names} | getattr(value, "__dict__", {})
    return walk.mapping(_class_tag(b"data", type(value)), content.items())


def _model(walk: _Walk, value: Any) -> Iterable[bytes]:
    parts = (value.__dict__, value.__pydantic_extra__, value.__pydantic_private__)
    return walk.sequence(_class_tag(b"model", type(value)), parts)


def _array(walk: _Walk, value: Any) -> Iterable[bytes | memoryview]:
    """The items of an array in C order, without a copy when they lie so."""
    kind = value.dtype
    yield _text(b"array", f"{value.shape} {kind.str} {kind.descr if kind.names else ''}")
    if kind.hasobject:
        yield walk.token(value.tolist())
    elif value.size:
        flat = sys.modules["numpy"].ascontiguousarray(value).reshape(-1)
        yield memoryview(flat.view("u1"))


def _scalar(walk: _Walk, value: Any) -> Iterable[bytes | memoryview]:
    yield b"scalar"
    yield from _array(walk, sys.modules["numpy"].asarray(value))


def _tensor(walk: _Walk, value: Any) -> Iterable[bytes | memoryview]:
    yield _text(b"tensor", f"{value.dtype} {value.device} {value.requires_grad}")
    yield from _array(walk, value.detach().cpu().numpy())


def _pandas_frame(walk: _Walk, frame: Any) -> Iterable[bytes | memoryview]:
    yield _text(b"frame", str(frame.shape))
    yield walk.token(frame.columns)
    yield walk.token(frame.index)
    yield walk.token(frame.attrs)
    for number in range(frame.shape[1]):
        yield from _column(walk, frame.iloc[:, number])


def _pandas_series(walk: _Walk, series: Any) -> Iterable[bytes | memoryview]:
    yield b"series"
    yield walk.token(series.name)
    yield walk.token(series.index)
    yield walk.token(series.attrs)
    yield from _column(walk, series)


def _pandas_index(walk: _Walk, index: Any) -> Iterable[bytes | memoryview]:
    yield _class_tag(b"index", type(index))
    yield walk.token(list(index.names))
    if index.nlevels > 1:
        yield walk.token(index.tolist())
    else:
        yield from _column(walk, index)


def _column(walk: _Walk, column: Any) -> Iterable[bytes | memoryview]:
    """Numbers by their bytes; anything else value by value, as pandas' own hash takes 1 and "1" for the same."""
    kind = column.dtype
    yield _text(b"column", str(kind))
    if getattr(kind, "kind", "O") in "biufcmM" and type(kind).__module__.startswith("numpy"):
        yield from _array(walk, column.to_numpy())
        return
    categories = getattr(kind, "categories", None)
    if categories is not None:
        yield walk.token(categories)
    yield walk.token(column.tolist())


class _HashedFile:
    """A file that only hashes what is written."""

    def __init__(self) -> None:
        self.hasher = blake2b(digest_size=SIZE)

    def write(self, data: bytes) -> int:
        """Hash ``data``; returns its length as files do."""
        self.hasher.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _polars_frame(_walk: _Walk, frame: Any) -> Iterable[bytes]:
    # Its own row hash takes categories by number, so different ones look equal.
    file = _HashedFile()
    frame.rechunk().write_ipc(file, compression="uncompressed")
    return (_class_tag(b"polars", type(frame)), str(frame.schema).encode(), file.hasher.digest())


def _polars_series(walk: _Walk, series: Any) -> Iterable[bytes]:
    return (b"polars series", *_polars_frame(walk, series.to_frame()))


def _image(walk: _Walk, image: Any) -> Iterable[bytes]:
    if getattr(image, "n_frames", 1) > 1:
        raise _NoIdentity
    yield _class_tag(b"image", type(image))
    yield _text(b"form", f"{image.mode} {image.size} {image.getpalette() if image.mode in {'P', 'PA'} else ''}")
    yield walk.token(image.info.get("transparency"))
    yield image.tobytes()


def _is_named_tuple(kind: type, bases: tuple[type, ...]) -> bool:
    return tuple in bases and hasattr(kind, "_fields") and kind.__dictoffset__ == 0


def _is_plain_dataclass(kind: type, bases: tuple[type, ...]) -> bool:
    """True when nothing is kept outside of Python attributes, as a base written in C would."""
    made_in_python = all(base is object or base.__flags__ & _HEAP_TYPE for base in bases)
    return dataclasses.is_dataclass(kind) and made_in_python


def _has_base(package: str, name: str) -> Callable[[type, tuple[type, ...]], bool]:
    return lambda _kind, bases: any(
        base.__qualname__ == name and base.__module__.partition(".")[0] == package for base in bases
    )


_RULES: dict[type, Rule] = {
    list: lambda walk, value: walk.sequence(b"list", value),
    tuple: lambda walk, value: walk.sequence(b"tuple", value),
    deque: lambda walk, value: walk.sequence(_text(b"deque", str(value.maxlen)), list(value)),
    set: lambda walk, value: walk.unordered(b"set", value),
    frozenset: lambda walk, value: walk.unordered(b"frozenset", value),
    dict: lambda walk, value: walk.mapping(b"dict", value.items()),
    OrderedDict: lambda walk, value: walk.mapping(b"ordered", value.items()),
    AnnotatedDict: lambda walk, value: walk.mapping(b"annotated", value.items()),
    array: lambda _walk, value: (_text(b"machine", value.typecode), value.tobytes()),
    range: _by_text(repr),
    slice: lambda walk, value: walk.sequence(b"slice", (value.start, value.stop, value.step)),
    **dict.fromkeys((PosixPath, WindowsPath, PurePosixPath, PureWindowsPath, Decimal, UUID, Fraction), _by_text(str)),
    date: _by_text(date.isoformat),
    datetime: _moment,
    time: _moment,
    timedelta: _by_text(repr),
    timezone: _by_text(repr),
    ZoneInfo: _zone,
    **dict.fromkeys((FunctionType, BuiltinFunctionType, type), _importable),
}
_NAMED_RULES: Mapping[tuple[str, str], Rule] = {
    ("numpy", "ndarray"): _array,
    ("torch", "Tensor"): _tensor,
    ("pandas", "DataFrame"): _pandas_frame,
    ("pandas", "Series"): _pandas_series,
    **dict.fromkeys(
        [("pandas", name) for name in ("Index", "RangeIndex", "MultiIndex", "DatetimeIndex", "CategoricalIndex")],
        _pandas_index,
    ),
    ("pandas", "Timestamp"): lambda walk, value: (*_moment(walk, value), value.unit.encode()),
    ("pandas", "Timedelta"): lambda _walk, value: (_text(b"delta", value.isoformat()), value.unit.encode()),
    **dict.fromkeys((("pandas", "NAType"), ("pandas", "NaTType")), _by_text(lambda _: "")),
    ("polars", "DataFrame"): _polars_frame,
    ("polars", "Series"): _polars_series,
}
_FAMILIES: tuple[tuple[Callable[[type, tuple[type, ...]], bool], Rule], ...] = (
    (lambda _kind, bases: Enum in bases, _member),
    (lambda _kind, bases: type in bases, _importable),
    (_has_base("numpy", "generic"), _scalar),
    (_has_base("PIL", "Image"), _image),
    (_has_base("pydantic", "BaseModel"), _model),
    (_is_named_tuple, _named_tuple),
    (_is_plain_dataclass, _dataclass),
)
