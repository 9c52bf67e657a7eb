"""From older workflow files to the current version, one step a version.

Version 0 is what earlier editors saved: React Flow's raw state. It carries screen state, a copy of all edges in every
node, results inside view nodes and schemas frozen at the time of dropping; none of it is part of a workflow.
"""

from collections.abc import Callable, Mapping

from psynapse.model.ids import Json, JsonObject

_SCREEN_STATE = frozenset({"selected", "positionAbsolute", "dragging", "width", "height", "measured", "resizing"})
_STALE_DATA = frozenset({"edges", "executionStatus", "params", "returns", "docstring", "removedInputIndex"})


def migrate(document: JsonObject) -> JsonObject:
    """Bring a workflow's fields to the current version. Unknown and future versions pass unchanged."""
    version = document.get("version", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        version = 0
    for step in _STEPS[version:]:
        document = step(document)
    return document


def _from_0(document: JsonObject) -> JsonObject:
    cleaned: dict[str, Json] = dict(document)
    for name, clean in (("nodes", _clean_node), ("edges", _clean_edge)):
        items = document.get(name)
        if isinstance(items, list):
            cleaned[name] = [clean(item) if isinstance(item, dict) else item for item in items]
    return cleaned


def _clean_edge(edge: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in edge.items() if name not in _SCREEN_STATE}


def _clean_node(node: Mapping[str, Json]) -> dict[str, Json]:
    kept = {name: value for name, value in node.items() if name not in _SCREEN_STATE}
    data = node.get("data")
    if isinstance(data, dict):
        kept["data"] = _clean_data(node, data)
    return kept


def _clean_data(node: Mapping[str, Json], data: Mapping[str, Json]) -> dict[str, Json]:
    stale = _STALE_DATA | ({"value"} if node.get("type") == "viewNode" else frozenset())
    return {name: value for name, value in data.items() if name not in stale}


_STEPS: tuple[Callable[[JsonObject], JsonObject], ...] = (_from_0,)
