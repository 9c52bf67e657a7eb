"""From older workflow files to the current version, one step a version.

Version 0 is what earlier editors saved: React Flow's raw state. It carries screen state, a copy of all edges in every
node, results inside view nodes and schemas frozen at the time of dropping; none of it is part of a workflow.
"""

from collections.abc import Callable
from typing import Any

from psynapse.model.ids import Json, JsonObject

_SCREEN_STATE = frozenset({"selected", "positionAbsolute", "dragging", "width", "height", "measured", "resizing"})
_STALE_DATA = frozenset({"edges", "executionStatus", "params", "returns", "docstring", "removedInputIndex"})
_STALE_VIEW_DATA = _STALE_DATA | {"value"}
_STALE = _SCREEN_STATE | _STALE_VIEW_DATA
_NO_NAMES: frozenset[str] = frozenset()


def version_of(document: JsonObject) -> int | None:
    """The version of a workflow's fields; 0 when it says none, and None when what it says is no version."""
    version = document.get("version", 0)
    return version if isinstance(version, int) and not isinstance(version, bool) and version >= 0 else None


def migrate(document: JsonObject) -> JsonObject:
    """Bring a workflow's fields to the current version. Future versions pass unchanged; no version counts as 0."""
    for step in _STEPS[version_of(document) or 0 :]:
        document = step(document)
    return document


def _from_0(document: JsonObject) -> JsonObject:
    cleaned: dict[str, Json] = dict(document)
    nodes, edges = document.get("nodes"), document.get("edges")
    if isinstance(nodes, list) and not _are_clean(nodes, "data"):
        cleaned["nodes"] = [_clean_node(item) if isinstance(item, dict) else item for item in nodes]
    if isinstance(edges, list) and not _are_clean(edges):
        cleaned["edges"] = [
            _without(item, _SCREEN_STATE) if isinstance(item, dict) and not _SCREEN_STATE.isdisjoint(item) else item
            for item in edges
        ]
    return cleaned


def _are_clean(items: list[Any], inner: str = "") -> bool:
    """Whether nothing stale is in any of them, nor in what they have as ``inner``. There may be many, seldom any is."""
    try:
        names = _NO_NAMES.union(*items)
        return _STALE.isdisjoint(names.union(*[item[inner] for item in items]) if inner else names)
    except (LookupError, TypeError):
        # Not all are objects; others find out which.
        return False


def _clean_node(node: JsonObject) -> JsonObject:
    data = node.get("data")
    # Most have nothing that is stale, and there may be many.
    if _SCREEN_STATE.isdisjoint(node) and not (isinstance(data, dict) and not _STALE_VIEW_DATA.isdisjoint(data)):
        return node
    kept = _without(node, _SCREEN_STATE)
    if isinstance(data, dict):
        cleaned = _without(data, _STALE_VIEW_DATA if node.get("type") == "viewNode" else _STALE_DATA)
        if cleaned is not data:
            return {**kept, "data": cleaned}
    return kept


def _without(fields: JsonObject, stale: frozenset[str]) -> JsonObject:
    """Most have nothing that is stale, and are not copied."""
    if stale.isdisjoint(fields):
        return fields
    return {name: value for name, value in fields.items() if name not in stale}


_STEPS: tuple[Callable[[JsonObject], JsonObject], ...] = (_from_0,)
VERSION = len(_STEPS)
"""The version that is written, and the newest that is understood."""
