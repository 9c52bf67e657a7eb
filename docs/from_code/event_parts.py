"""The events of a run in words, from the classes that they are made of."""

from dataclasses import fields
from typing import Any, Literal, get_args, get_origin

from markdown_text import code, prose, table, value

from psynapse.model.event_json import EVENT_TYPES


def events() -> str:
    """A row for every kind of event: its name in JSON, its fields and what it says."""
    rows = ([code(name), _fields(body), prose(" ".join((body.__doc__ or "").split()))] for body, name in _kinds())
    return table(["type", "fields", "what it says"], rows)


def _kinds() -> list[tuple[type[Any], str]]:
    return list(EVENT_TYPES.items())


def _fields(body: type[Any]) -> str:
    return ", ".join(f"{code(one.name)} ({_type(one.type)})" for one in fields(body))


def _type(hint: object) -> str:
    """As it is in JSON."""
    if get_origin(hint) is Literal:
        return " or ".join(map(value, get_args(hint)))
    if get_origin(hint) is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    names = {str: "text", float: "number", int: "number", bool: "true or false"}
    plain = getattr(hint, "__supertype__", hint)
    if type(None) in get_args(hint):
        return f"{_type(get_args(hint)[0])} or null"
    return names.get(plain, "JSON") if isinstance(plain, type) else "JSON"
