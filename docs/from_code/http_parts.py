"""The HTTP interface in words, from the description that the server gives of itself at ``/openapi.json``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from markdown_text import code, prose, table

from psynapse.server.describe import openapi_text

Document = Mapping[str, Any]
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_BODY: Final = "application/json"
_SAID_BY_ALL: Final = "Successful Response"
# The security layer answers them to any request; the page says it once.
_EVERYWHERE: Final = frozenset({"400", "401", "403", "421"})


def routes() -> str:
    """Every route under a heading for its tag: what it takes and what it answers."""
    tags: dict[str, list[str]] = {}
    for path, operations in _document()["paths"].items():
        for method in _METHODS:
            if operation := operations.get(method):
                tags.setdefault(_tag(operation), []).append(_route(method, path, operation))
    return "\n\n".join("\n\n".join([f"## {tag}", *parts]) for tag, parts in tags.items())


def shapes() -> str:
    """Every object that bodies and answers are made of."""
    schemas: Mapping[str, Document] = _document()["components"]["schemas"]
    return "\n\n".join(_shape(name, schema) for name, schema in sorted(schemas.items()))


@cache
def _document() -> Document:
    return json.loads(openapi_text())


def _tag(operation: Document) -> str:
    tag = str(next(iter(operation.get("tags", [])), "server"))
    return tag[:1].upper() + tag[1:]


def _route(method: str, path: str, operation: Document) -> str:
    parts = [
        f"### {code(f'{method.upper()} {path}')}",
        prose(str(operation.get("description") or operation.get("summary", ""))),
        table(["parameter", "in", "type", "what it is"], map(_parameter, operation.get("parameters", []))),
        _body(operation),
        table(["answer", "what it is"], _answers(operation)),
    ]
    return "\n\n".join(part for part in parts if part)


def _parameter(parameter: Document) -> list[str]:
    name = code(parameter["name"]) + (" (required)" if parameter.get("required") else "")
    return [name, parameter["in"], _type(parameter.get("schema", {})), prose(parameter.get("description", ""))]


def _body(operation: Document) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    return f"Body: {_contents(body)}" if body else ""


def _answers(operation: Document) -> Iterator[list[str]]:
    for status, answer in operation.get("responses", {}).items():
        if status not in _EVERYWHERE:
            what = [
                _contents(answer.get("content", {})),
                prose(answer.get("description", "").removeprefix(_SAID_BY_ALL)),
            ]
            yield [status, "; ".join(part for part in what if part)]


def _contents(content: Document) -> str:
    """What is sent: JSON is not worth saying."""
    return " or ".join(
        " ".join(part for part in (_type(media.get("schema", {})), "" if name == _BODY else code(name)) if part)
        for name, media in content.items()
    )


def _shape(name: str, schema: Document) -> str:
    required = set(schema.get("required", []))
    rows = [
        [code(field), _type(one), "" if field in required else "optional", prose(str(one.get("description", "")))]
        for field, one in schema.get("properties", {}).items()
    ]
    described = prose(str(schema.get("description", "")))
    return "\n\n".join(
        part
        for part in (f"### {name} {{#{name}}}", described, table(["field", "type", "", "what it is"], rows))
        if part
    )


def _type(schema: Document) -> str:
    """A JSON schema as one would say it, with links to the shapes."""
    if reference := schema.get("$ref"):
        name = str(reference).rpartition("/")[2]
        return f"[{name}](#{name})"
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return " or ".join(code(json.dumps(one)) for one in schema["enum"])
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(map(_type, alternatives))
    return _plain_type(schema)


def _plain_type(schema: Document) -> str:
    named = schema.get("type", "")
    types: Sequence[str] = [named] if isinstance(named, str) else named
    if types == ["array"]:
        return f"list of {_type(schema.get('items', {})) or 'anything'}"
    if types == ["object"] and isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"object of {_type(values) or 'anything'}"
    return " or ".join(types)
