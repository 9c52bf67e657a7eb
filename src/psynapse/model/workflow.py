"""The saved graph of nodes and edges, and its JSON: React Flow's shape, unknown fields kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, JsonObject, NodeId
from psynapse.model.migrations import migrate

VERSION = 1
_NODE_FIELDS = frozenset({"id", "type", "data"})
_EDGE_FIELDS = frozenset({"id", "source", "target", "sourceHandle", "targetHandle"})
_WORKFLOW_FIELDS = frozenset({"version", "nodes", "edges"})


def _no_fields() -> JsonObject:
    return {}


@dataclass(frozen=True, slots=True)
class Node:
    """One box of a workflow. ``extra`` is every other field of its JSON: position, size and what we do not know."""

    id: NodeId
    kind: str
    data: JsonObject = field(default_factory=_no_fields)
    extra: JsonObject = field(default_factory=_no_fields)

    @property
    def label(self) -> str:
        """The title the user gave it, or nothing."""
        label = self.data.get("label")
        return label if isinstance(label, str) else ""


@dataclass(frozen=True, slots=True)
class Edge:
    """From an output handle to an input handle. A handle left out means the node's only one."""

    source: NodeId
    target: NodeId
    source_handle: str | None = None
    target_handle: str | None = None
    id: str | None = None
    extra: JsonObject = field(default_factory=_no_fields)


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph as saved: not yet checked, in the order of the file, which decides the order of execution."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    extra: JsonObject = field(default_factory=_no_fields)


def parse_workflow(document: object) -> tuple[Workflow, tuple[Diagnostic, ...]]:
    """Read a workflow from parsed JSON of any version.

    Never raises: what is not a node or edge is left out and reported with a JSON pointer.
    """
    if not isinstance(document, Mapping):
        finding = Diagnostic(code="malformed-node", message=f"a workflow is an object, not {_kind_of(document)}")
        return Workflow(), (finding,)
    fields = migrate(cast("JsonObject", document))
    found: list[Diagnostic] = []
    nodes = tuple(_parse_nodes(fields, found))
    edges = tuple(_parse_edges(fields, found))
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


def _items(fields: JsonObject, name: str, code: str, found: list[Diagnostic]) -> list[Json]:
    raw = fields.get(name)
    if isinstance(raw, list):
        return raw
    hint = 'a workflow has the lists "nodes" and "edges"'
    # A pointer leads to something that exists: where the list is missing, to the whole document.
    pointer = f"/{name}" if name in fields else ""
    found.append(_malformed(code, f'"{name}" is {_kind_of(raw)}, not a list', pointer, hint))
    return []


def _parse_nodes(fields: JsonObject, found: list[Diagnostic]) -> Iterator[Node]:
    for index, item in enumerate(_items(fields, "nodes", "malformed-node", found)):
        problem = _node_problem(item)
        if problem:
            found.append(_malformed("malformed-node", f"node number {index + 1} {problem}", f"/nodes/{index}"))
        else:
            yield _node(cast("JsonObject", item))


def _node_problem(item: Json) -> str:
    if not isinstance(item, dict):
        return f"is {_kind_of(item)}, not an object"
    if not isinstance(item.get("id"), str) or not item["id"]:
        return f"has no usable id: it is {_kind_of(item.get('id'))}, not a non-empty string"
    if not isinstance(item.get("data") or {}, dict):
        return f"has data that is {_kind_of(item['data'])}, not an object"
    if not isinstance(item.get("type") or "", str):
        return f"has a type that is {_kind_of(item['type'])}, not a string"
    return ""


def _node(item: JsonObject) -> Node:
    data = cast("JsonObject", item.get("data") or {})
    kind = cast("str", item.get("type") or "") or ("functionNode" if "functionName" in data or "ref" in data else "")
    extra = {name: value for name, value in item.items() if name not in _NODE_FIELDS}
    return Node(NodeId(cast("str", item["id"])), kind, data, extra)


def _parse_edges(fields: JsonObject, found: list[Diagnostic]) -> Iterator[Edge]:
    for index, item in enumerate(_items(fields, "edges", "malformed-edge", found)):
        problem = _edge_problem(item)
        if problem:
            found.append(_malformed("malformed-edge", f"edge number {index + 1} {problem}", f"/edges/{index}"))
        else:
            yield _edge(cast("JsonObject", item))


def _edge_problem(item: Json) -> str:
    if not isinstance(item, dict):
        return f"is {_kind_of(item)}, not an object"
    for end in ("source", "target"):
        if not isinstance(item.get(end), str) or not item[end]:
            return f"has no usable {end}: it is {_kind_of(item.get(end))}, not a node's id"
    for handle in ("sourceHandle", "targetHandle"):
        if not isinstance(item.get(handle) or "", str):
            return f"has a {handle} that is {_kind_of(item[handle])}, not a string"
    return ""


def _edge(item: JsonObject) -> Edge:
    fields = cast("Mapping[str, str | None]", item)
    return Edge(
        NodeId(cast("str", fields["source"])),
        NodeId(cast("str", fields["target"])),
        fields.get("sourceHandle") or None,
        fields.get("targetHandle") or None,
        fields.get("id"),
        {name: value for name, value in item.items() if name not in _EDGE_FIELDS},
    )


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


def _kind_of(value: object) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a string",
        bool: "a boolean",
        type(None): "missing",
    }
    return names.get(type(value), "a number" if isinstance(value, (int, float)) else type(value).__name__)
