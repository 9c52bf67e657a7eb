"""The saved graph of nodes and edges, and its JSON: React Flow's shape, unknown fields kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar, cast

from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, JsonObject, NodeId
from psynapse.model.migrations import VERSION, migrate, version_of

_NODE_FIELDS = frozenset({"id", "type", "data"})
_CONNECTION = frozenset({"source", "target", "sourceHandle", "targetHandle"})
_EDGE_FIELDS = _CONNECTION | {"id"}
_WORKFLOW_FIELDS = frozenset({"version", "nodes", "edges"})
_LARGEST_VERSION = 1_000_000


_NO_FIELDS: Final[JsonObject] = {}


Part = TypeVar("Part", "Node", "Edge")


class Node(NamedTuple):
    """One box of a workflow. ``extra`` is every other field of its JSON: position, size and what we do not know."""

    id: NodeId
    kind: str
    data: JsonObject = _NO_FIELDS
    extra: JsonObject = _NO_FIELDS

    @property
    def label(self) -> str:
        """The title the user gave it, or nothing."""
        label = self.data.get("label")
        return label if isinstance(label, str) else ""


class Edge(NamedTuple):
    """From an output handle to an input handle. A handle left out means the node's only one."""

    source: NodeId
    target: NodeId
    source_handle: str | None = None
    target_handle: str | None = None
    id: str | None = None
    extra: JsonObject = _NO_FIELDS


# Files have thousands of both. What NamedTuple has for keywords and defaults takes two thirds of making one, and to say
# that a text is a node's id takes as long as to look whether it is a text.
_node_of: Callable[[tuple[str, str, JsonObject, JsonObject]], Node] = partial(tuple.__new__, Node)
_edge_of: Callable[[tuple[str, str, str | None, str | None, str | None, JsonObject]], Edge] = partial(
    tuple.__new__, Edge
)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph as saved: not yet checked, in the order of the file, which decides the order of execution."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    extra: JsonObject = field(default_factory=dict[str, Json])


def parse_workflow(document: object) -> tuple[Workflow, tuple[Diagnostic, ...]]:
    """Read a workflow from parsed JSON of any version.

    Never raises: what is not a node or edge is left out and reported with a JSON pointer, and so is a version that is
    newer than what is understood here, or none at all.
    """
    if not isinstance(document, Mapping):
        finding = _malformed("malformed-node", f"a workflow is an object, not {kind_of(document)}", "")
        return Workflow(), (finding,)
    fields = cast("JsonObject", document)
    found = list(_check_version(fields))
    fields = migrate(fields)
    nodes = _parsed(_node, "node", fields, found)
    edges = _parsed(_edge, "edge", fields, found)
    extra = {name: value for name, value in fields.items() if name not in _WORKFLOW_FIELDS}
    return Workflow(nodes, edges, extra), tuple(found)


def dump_workflow(workflow: Workflow) -> dict[str, Json]:
    """The workflow as JSON of the current version, in a stable order of keys."""
    return {
        "version": VERSION,
        **workflow.extra,
        "nodes": [_dump_node(node) for node in workflow.nodes],
        "edges": [_dump_edge(edge) for edge in workflow.edges],
    }


def _check_version(fields: JsonObject) -> Iterator[Diagnostic]:
    version = version_of(fields)
    if version is None:
        message = f'"version" is {kind_of(fields["version"])}, not a whole number from 0 on'
        hint = f"leave it out for what an earlier editor saved, or write {VERSION}"
        yield _malformed("malformed-version", message, "/version", hint)
    elif version > VERSION:
        needed = f"version {version}" if version < _LARGEST_VERSION else "a far later version"
        message = f"the workflow is of {needed} of the format; this psynapse understands versions up to {VERSION}"
        yield _malformed("future-version", message, "/version", f"open it with a psynapse that understands {needed}")


def _items(fields: JsonObject, name: str, code: str, found: list[Diagnostic]) -> list[Json]:
    raw = fields.get(name)
    if isinstance(raw, list):
        return raw
    hint = 'a workflow has the lists "nodes" and "edges"'
    # A pointer leads to something that exists: where the list is missing, to the whole document.
    pointer = f"/{name}" if name in fields else ""
    found.append(_malformed(code, f'"{name}" is {_kind_at(fields, name)}, not a list', pointer, hint))
    return []


def _parsed(
    parse: Callable[[Json], Part | str], what: str, fields: JsonObject, found: list[Diagnostic]
) -> tuple[Part, ...]:
    code = f"malformed-{what}"
    parts = [*map(parse, _items(fields, f"{what}s", code, found))]
    if str not in map(type, parts):
        return tuple(cast("list[Part]", parts))
    problems = [(index, part) for index, part in enumerate(parts) if isinstance(part, str)]
    found += [_malformed(code, f"{what} number {index + 1} {one}", f"/{what}s/{index}") for index, one in problems]
    return tuple([part for part in parts if not isinstance(part, str)])


def _node(item: Any) -> Node | str:
    """A node, or what is wrong with it. Nearly all are as expected, and of thousands no more is asked."""
    try:
        id_, kind, data = item["id"], item["type"], item["data"]
    except (LookupError, TypeError):
        return _odd_node(item)
    if type(id_) is type(kind) is str and type(data) is dict and id_ and kind:
        extra = _NO_FIELDS if len(item) == len(_NODE_FIELDS) else _unknown(item, _NODE_FIELDS)
        return _node_of((id_, kind, data, extra))
    return _odd_node(item)


def _odd_node(item: Json) -> Node | str:
    """A node that says less than most, or what is wrong with it."""
    if not isinstance(item, dict):
        return f"is {kind_of(item)}, not an object"
    id_, kind, data = item.get("id"), item.get("type") or "", item.get("data") or {}
    if not isinstance(id_, str) or not id_:
        return f"has no usable id: it is {_kind_at(item, 'id')}, not a non-empty string"
    if not isinstance(data, dict):
        return f"has data that is {kind_of(data)}, not an object"
    if not isinstance(kind, str):
        return f"has a type that is {kind_of(kind)}, not a string"
    if not kind and ("functionName" in data or "ref" in data):
        kind = "functionNode"
    extra = _unknown(item, _NODE_FIELDS)
    return _node_of((id_, kind, data, extra))


def _edge(item: Any) -> Edge | str:
    """An edge, or what is wrong with it."""
    try:
        source, target, out, into = item["source"], item["target"], item["sourceHandle"], item["targetHandle"]
    except (LookupError, TypeError):
        return _odd_edge(item)
    if type(source) is type(target) is type(out) is type(into) is str and source and target and out and into:
        if len(item) == len(_CONNECTION):
            return _edge_of((source, target, out, into, None, _NO_FIELDS))
        return _edge_of((source, target, out, into, item.get("id"), _unknown(item, _EDGE_FIELDS)))
    return _odd_edge(item)


def _odd_edge(item: Json) -> Edge | str:
    """An edge that says less than most, or what is wrong with it."""
    if not isinstance(item, dict):
        return f"is {kind_of(item)}, not an object"
    id_: Any = item.get("id")
    source, target = item.get("source"), item.get("target")
    if not isinstance(source, str) or not source:
        return f"has no usable source: it is {_kind_at(item, 'source')}, not a node's id"
    if not isinstance(target, str) or not target:
        return f"has no usable target: it is {_kind_at(item, 'target')}, not a node's id"
    out, into = item.get("sourceHandle") or None, item.get("targetHandle") or None
    if out is not None and not isinstance(out, str):
        return f"has a sourceHandle that is {kind_of(out)}, not a string"
    if into is not None and not isinstance(into, str):
        return f"has a targetHandle that is {kind_of(into)}, not a string"
    extra = _unknown(item, _EDGE_FIELDS)
    return _edge_of((source, target, out, into, id_, extra))


def _unknown(item: JsonObject, known: frozenset[str]) -> JsonObject:
    if known.issuperset(item):
        return _NO_FIELDS
    return {name: value for name, value in item.items() if name not in known}


def _dump_node(node: Node) -> dict[str, Json]:
    return {"id": node.id, "type": node.kind, **node.extra, "data": node.data}


def _dump_edge(edge: Edge) -> dict[str, Json]:
    fields: dict[str, Json] = {} if edge.id is None else {"id": edge.id}
    fields |= {"source": edge.source, "target": edge.target}
    if edge.source_handle is not None:
        fields["sourceHandle"] = edge.source_handle
    if edge.target_handle is not None:
        fields["targetHandle"] = edge.target_handle
    return {**fields, **edge.extra}


def _malformed(code: str, message: str, pointer: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code=code, message=message, pointer=pointer, hint=hint)


def _kind_at(fields: JsonObject, name: str) -> str:
    return kind_of(fields[name]) if name in fields else "missing"


_KINDS: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}


def kind_of(value: object) -> str:
    """What JSON calls a value, with its article."""
    return _KINDS.get(type(value), "a number" if isinstance(value, (int, float)) else type(value).__name__)
