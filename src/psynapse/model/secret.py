"""References to secrets: a value ``{"$secret": NAME}`` stands for a variable of the run's environment.

The reference is what files, plans, events and cache keys hold; only the call of a node gets the value.
"""

from collections.abc import Iterator
from typing import Final, cast

from psynapse.model.ids import Json, JsonObject

SECRET: Final = "$secret"  # noqa: S105 -- the key of a reference
NAMES: Final = "secrets"
"""The field at the top of a workflow that lists secrets all of its nodes may read as environment variables."""


def secret_name(value: object) -> str | None:
    """The name that a reference has; None for any other value."""
    if type(value) is not dict or len(cast("dict[str, object]", value)) != 1:
        return None
    name = cast("dict[str, object]", value).get(SECRET)
    return name if isinstance(name, str) and name else None


def secrets_named_in(document: JsonObject) -> frozenset[str]:
    """Every secret that a workflow's JSON names, as a list at its top or as a value of a node."""
    return frozenset(_listed(document.get(NAMES))) | frozenset(_referred_to(document.get("nodes")))


def _listed(names: Json) -> Iterator[str]:
    if isinstance(names, list):
        yield from (name for name in names if isinstance(name, str))


def _referred_to(nodes: Json) -> Iterator[str]:
    for node in nodes if isinstance(nodes, list) else ():
        data = node.get("data") if isinstance(node, dict) else None
        # Nearly every value is no object, and this looks at all of them.
        if isinstance(data, dict) and dict in map(type, data.values()):
            yield from _references(data)
            # Here are values of parameters whose names an editor uses itself.
            apart = data.get("arguments")
            if isinstance(apart, dict):
                yield from _references(apart)


def _references(values: dict[str, Json]) -> Iterator[str]:
    for value in values.values():
        if type(value) is dict and (name := secret_name(cast("object", value))):
            yield name
