"""Objects and tools: what a model is told of their shape, and what it makes of it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array", "dict": "object"}
_CLASSES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_SHOWN = 200


def schema(given: Mapping[Any, Any]) -> dict[str, Any]:
    """A JSON schema of an object, from one or from its short form. Raises ValueError."""
    if given.get("type") == "object" and isinstance(given.get("properties"), Mapping):
        return dict(given)
    return {
        "type": "object",
        "properties": {str(name): _property(name, kind) for name, kind in given.items()},
        "required": [str(name) for name in given],
        "additionalProperties": False,
    }


def _property(name: Any, kind: Any) -> dict[str, Any]:
    if isinstance(kind, Mapping):
        return dict(kind)
    match = re.fullmatch(r"(\w+)(?:\[(.+)\])?", str(kind).strip())
    word = match[1] if match else ""
    known = _TYPES.get(word, word if word in _TYPES.values() else "")
    if not match or not known:
        raise ValueError(f"{name!r} has the type {kind!r}; use one of {', '.join(_TYPES)}, or list[str]")
    return {"type": known, **({"items": _property(name, match[2])} if match[2] and known == "array" else {})}


def response_format(full: Mapping[str, Any]) -> dict[str, Any]:
    """How a server is told to answer with such an object."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(full)}}


def read(text: str, full: Mapping[str, Any]) -> dict[str, Any]:
    """The object in an answer. Raises ValueError when there is none, or it lacks something."""
    # Some models wrap it into a code block in spite of everything.
    fenced = re.search(r"```(?:json)?\s*(\{.*\})\s*```", text, re.DOTALL)
    try:
        value = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        raise ValueError(f"the model did not answer with JSON but with {text[:_SHOWN]!r}; try another model") from None
    if not isinstance(value, dict):
        shown = f"a {type(value).__name__}, not an object: {text[:_SHOWN]!r}"
        raise ValueError(f"the model answered with {shown}")  # noqa: TRY004 -- the answer's type, not an argument's
    if missing := [name for name in full.get("required", ()) if name not in value]:
        raise ValueError(f"the model's answer lacks {', '.join(map(str, missing))}: {text[:_SHOWN]!r}")
    for name, rules in full["properties"].items():
        _check(name, value.get(name), rules)
    return value


def _check(name: str, value: Any, rules: Any) -> None:
    kind = rules.get("type") if isinstance(rules, Mapping) else None
    wanted = _CLASSES.get(kind) if isinstance(kind, str) else None
    if wanted is None or value is None:
        return
    # To Python, true and false are whole numbers.
    fits = isinstance(value, wanted) and (bool in wanted or not isinstance(value, bool))
    if not fits:
        raise ValueError(f"the model gave {value!r:.100} for {name!r}, which should be of type {kind}")


def tool(name: str, description: str, parameters: Mapping[Any, Any]) -> dict[str, Any]:
    """What a model is told. Raises ValueError for a name that servers refuse."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise ValueError(f"{name!r} cannot be the name of a tool; use letters, digits, dashes and underscores")
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": schema(parameters)},
    }


def tool_calls(calls: Iterable[Any]) -> list[dict[str, Any]]:
    """One row for each. Raises ValueError for what is no call."""
    return [_call(call) for call in calls]


def _call(call: Any) -> dict[str, Any]:
    try:
        function = call["function"]
        arguments = function["arguments"]
        read_ones = json.loads(arguments or "{}") if isinstance(arguments, str) else arguments
        return {"id": call["id"], "name": function["name"], "arguments": read_ones}
    except (ValueError, RecursionError):
        raise ValueError(f"the model gave arguments that are not JSON: {arguments[:_SHOWN]!r}; ask again") from None
    except (KeyError, TypeError):
        raise ValueError(f"{str(call)[:_SHOWN]!r} is no tool call; connect the output tool_calls of a model") from None
