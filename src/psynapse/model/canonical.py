"""The one text of a workflow: what its file holds, and what its revision is the digest of.

What runs comes first, how it looks after it; a change of one value changes one line. The editor writes the same JSON
(``frontend/src/graph/file.ts``): what both leave out, keep and put in is in ``frontend/fixtures/files``.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Final, cast

from psynapse.errors import WorkflowFileError
from psynapse.model.ids import Json, JsonObject
from psynapse.model.json_text import dumps
from psynapse.model.migrations import VERSION

_STALE_NODE_FIELDS: Final = frozenset(
    {"selected", "dragging", "positionAbsolute", "measured", "handles", "width", "height"}
)
_STALE_DATA: Final = frozenset({"edges", "executionStatus", "params", "returns", "docstring", "removedInputIndex"})
_STALE_VIEW_DATA: Final = _STALE_DATA | {"value"}
_NODE_FIELDS: Final = frozenset({"id", "type", "position", "data"}) | _STALE_NODE_FIELDS
_EDGE_FIELDS: Final = frozenset({"id", "source", "target", "sourceHandle", "targetHandle", "selected"})
_FILE_FIELDS: Final = frozenset({"version", "nodes", "edges", "layout", "notes"})
_LAYOUT_FIELDS: Final = ("x", "y", "width", "height", "collapsed", "color", "icon")
_NOTE_FIELDS: Final = ("id", "text", "x", "y", "width", "height", "color")
# Where nodes stand that have no place: in rows, as a heap could not be told apart.
_IN_A_ROW: Final = 5
_COLUMN: Final = 320
_ROW: Final = 220
_NOTE_SIZE: Final = (240, 160)
_EXACT: Final = 2.0**53
"""Floats from here on are whole numbers."""

Item = dict[str, Json]


def canonical_text(document: object) -> str:
    """A workflow's JSON as it is stored; of equal ones, and of its own answer, the same text.

    Raises WorkflowFileError for what is no workflow, and for one of a later version of the format.
    """
    return "".join(_lines(canonical(document)))


def revision_of(text: str) -> str:
    """The revision of a canonical text: its SHA-256 in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def canonical(document: object) -> Item:
    """What the canonical text says, as JSON. Raises as ``canonical_text`` does."""
    fields, nodes = _checked(document)
    layouts = _object(fields.get("layout"))
    named = [(item, _id(item), index) for index, item in enumerate(nodes) if isinstance(item, Mapping)]
    kept = _first_of_each((id_, item, index) for item, id_, index in named if id_)
    edges = _first_of_each((_edge_id(item), item, 0) for item in _objects(fields.get("edges")) if _has_ends(item))
    notes = _first_of_each(
        (cast("str", item["id"]), item, 0) for item in _objects(fields.get("notes")) if _is_named(item)
    )
    written: Item = {
        "version": VERSION,
        **_others(fields, _FILE_FIELDS),
        "nodes": [_node(item) for item, _ in kept.values()],
        "edges": [_edge(id_, item) for id_, (item, _) in edges.items()],
        "layout": {id_: _layout(item, index, layouts) for id_, (item, index) in kept.items()},
    }
    return {**written, "notes": [_note(item) for item, _ in notes.values()]} if notes else written


def _checked(document: object) -> tuple[JsonObject, list[Json]]:
    """The fields of a workflow that can be read here, and its nodes."""
    fields = cast("JsonObject", document) if isinstance(document, Mapping) else {}
    nodes, version = fields.get("nodes"), fields.get("version")
    if not isinstance(nodes, list):
        hint = 'a workflow is a JSON object with the lists "nodes" and "edges"'
        raise WorkflowFileError("this is no workflow", hint=hint)
    if isinstance(version, (int, float)) and version > VERSION:
        message = f"the workflow is of a later version of the format; this psynapse knows versions up to {VERSION}"
        raise WorkflowFileError(message, hint="update psynapse to open it")
    return fields, nodes


def _first_of_each(items: Iterable[tuple[str, JsonObject, int]]) -> dict[str, tuple[JsonObject, int]]:
    """By id, what comes first; the second of two with the same id could not be told from it."""
    found: dict[str, tuple[JsonObject, int]] = {}
    for id_, item, index in items:
        found.setdefault(id_, (item, index))
    return found


def _node(item: JsonObject) -> Item:
    data = _object(item.get("data"))
    kind = _text(item.get("type")) or ("functionNode" if "functionName" in data or "ref" in data else "")
    stale = _STALE_VIEW_DATA if kind == "viewNode" else _STALE_DATA
    return {"id": item["id"], "type": kind, **_others(item, _NODE_FIELDS), "data": _others(data, stale)}


def _edge(id_: str, item: JsonObject) -> Item:
    written: Item = {"id": id_, "source": item["source"], "target": item["target"]}
    for name in ("sourceHandle", "targetHandle"):
        if handle := _text(item.get(name)):
            written[name] = handle
    return {**written, **_others(item, _EDGE_FIELDS)}


def _edge_id(item: JsonObject) -> str:
    """Its own, or what tells its ends: there is only one between the same two handles."""
    source, target = (_text(item.get(name)) for name in ("sourceHandle", "targetHandle"))
    return _text(item.get("id")) or f"{item['source']}.{source}-{item['target']}.{target}"


def _layout(item: JsonObject, index: int, layouts: JsonObject) -> Item:
    kept = layouts.get(_id(item))
    place = kept if isinstance(kept, Mapping) else _object(item.get("position"))
    x, y = (_whole(place.get(name)) for name in ("x", "y"))
    fields: Item = {
        "x": index % _IN_A_ROW * _COLUMN if x is None else x,
        "y": index // _IN_A_ROW * _ROW if y is None else y,
        "width": _size(place.get("width")),
        "height": _size(place.get("height")),
        "collapsed": place.get("collapsed") if isinstance(place.get("collapsed"), bool) else None,
        "color": _text(place.get("color")) or None,
        "icon": _text(place.get("icon")) or None,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    return {**known, **_others(place, _LAYOUT_FIELDS)}


def _note(item: JsonObject) -> Item:
    fields: Item = {
        "id": item["id"],
        "text": _text(item.get("text")),
        "x": _whole(item.get("x")) or 0,
        "y": _whole(item.get("y")) or 0,
        "width": _size(item.get("width")) or _NOTE_SIZE[0],
        "height": _size(item.get("height")) or _NOTE_SIZE[1],
    }
    if color := _text(item.get("color")):
        fields["color"] = color
    return {**fields, **_others(item, _NOTE_FIELDS)}


def _id(item: JsonObject) -> str:
    return _text(item.get("id"))


def _is_named(item: JsonObject) -> bool:
    return isinstance(item.get("id"), str)


def _has_ends(item: JsonObject) -> bool:
    return bool(_text(item.get("source")) and _text(item.get("target")))


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _objects(value: Json) -> Iterator[JsonObject]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def _others(fields: JsonObject, names: Collection[str]) -> Item:
    """Fields beside those called ``names``, by name: whoever wrote them had them in another order."""
    return {name: fields[name] for name in sorted(fields) if name not in names}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


def _whole(value: Json) -> float | None:
    """A place in whole pixels: nobody sees the rest, which differs from one machine to the next."""
    number = _number(value)
    return number if number is None or abs(number) >= _EXACT else math.floor(number + 0.5)


def _size(value: Json) -> float | None:
    size = _whole(value)
    return max(size, 1) if size is not None and cast("float", value) > 0 else None


# Writing


def _lines(document: Item) -> Iterator[str]:
    yield "{\n"
    last = len(document) - 1
    for place, (name, value) in enumerate(document.items()):
        yield f"  {_json(name)}: {_section(name, value)}{',' if place < last else ''}\n"
    yield "}\n"


def _section(name: str, value: Json) -> str:
    if name == "nodes":
        return _block([_node_text(cast("Item", node)) for node in cast("list[Json]", value)], "  ", "[]")
    if name in {"edges", "notes"}:
        return _block([_json(item) for item in cast("list[Json]", value)], "  ", "[]")
    if name == "layout":
        return _block([f"{_json(id_)}: {_json(place)}" for id_, place in cast("Item", value).items()], "  ", "{}")
    return _json(value)


def _node_text(node: Item) -> str:
    data = [f"{_json(name)}: {_json(value)}" for name, value in cast("Item", node["data"]).items()]
    fields = [f"{_json(name)}: {_json(value)}" for name, value in node.items() if name != "data"]
    return _block([*fields, f'"data": {_block(data, "      ", "{}")}'], "    ", "{}")


def _block(lines: list[str], indent: str, brackets: str) -> str:
    if not lines:
        return brackets
    inner = ",\n".join(f"{indent}  {line}" for line in lines)
    return f"{brackets[0]}\n{inner}\n{indent}{brackets[1]}"


def _json(value: Json) -> str:
    return dumps(value).decode()
