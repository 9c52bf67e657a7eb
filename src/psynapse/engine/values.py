"""Values on their way from one task to the next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from psynapse.errors import ConversionError, MissingKeyError

if TYPE_CHECKING:
    # The server selects from values as well, and has no use for what compiles plans.
    from psynapse.engine.recipes import Wire

_SHOWN_KEYS = 20


def select(value: object, key: str) -> object:
    """The value at ``key`` of a dict. Raises MissingKeyError that lists the keys there are."""
    if not isinstance(value, Mapping):
        message = f"the edge takes {key!r} from a value that is no dict but {type(value).__name__}"
        raise MissingKeyError(message, hint="connect the whole value, or a node that returns a dict")
    mapping = cast("Mapping[object, object]", value)
    try:
        return mapping[key]
    except KeyError:
        names = ", ".join(repr(name) for name in list(mapping)[:_SHOWN_KEYS]) or "none"
        hint = f"the keys it has: {names}"
        raise MissingKeyError(f"the edge takes {key!r}, which the value does not have", hint=hint) from None


def arrive(wire: "Wire", values: list[object]) -> object:
    """The value a wire brings, selected and converted; let go at its source when nobody else wants it."""
    _, source, key, convert, exact, last, port = wire
    value = values[source]
    if last:
        values[source] = None
    if key is not None:
        value = select(value, key)
    if convert is not None and type(value) is not exact:
        try:
            value = convert(value)
        except ConversionError as error:
            error.port = error.port or port
            raise
    return value
