"""Pages about the shipped nodes: one for each nodepack, from the docstrings and schemas that the editor has as well."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from markdown_text import code, first_line, prose, table, value
from template_pages import templates_using

from psynapse.catalog.nodepacks import shipped_root
from psynapse.catalog.registry import load_registry
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.schema import MISSING, NodeSchema, Param

_WIDGETS: Final = Path(__file__).with_name("widgets.mjs")
_STYLES: Final = {
    "function": "",
    "progress": "Shows its progress.",
    "stream": "Sends text while it runs.",
    "pipeline": "Is a pipeline.",
}
_BOUNDS: Final = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
    "maxLength": "at most {} characters",
    "maxItems": "at most {} items",
}


class UnfinishedCatalog(Exception):
    """A shipped nodepack could not be loaded, so that its nodes would be missing without a word."""


@cache
def shipped_catalog() -> Catalog:
    """Every shipped node. Raises UnfinishedCatalog where a library is missing that one of them needs."""
    catalog = load_registry([(shipped_root(), "shipped")]).catalog
    if catalog.failures:
        raise UnfinishedCatalog("; ".join(f"{one.nodepack}: {one.message}" for one in catalog.failures))
    return catalog


def node_pages() -> dict[str, str]:
    """The Markdown of every page by its place in the documentation."""
    packs = _by_pack(shipped_catalog().schemas)
    pages = {f"reference/nodes/{pack}.md": _pack_page(pack, schemas) for pack, schemas in packs.items()}
    return {"reference/nodes/index.md": _index(packs), **pages}


def _by_pack(schemas: Iterable[NodeSchema]) -> dict[str, list[NodeSchema]]:
    packs: dict[str, list[NodeSchema]] = {}
    for schema in sorted(schemas, key=lambda one: (one.nodepack, one.name.lower())):
        packs.setdefault(schema.nodepack, []).append(schema)
    return packs


def _index(packs: Mapping[str, Sequence[NodeSchema]]) -> str:
    count = sum(map(len, packs.values()))
    rows = [[f"[{pack}]({pack}.md)", str(len(schemas)), prose(_about(pack))] for pack, schemas in packs.items()]
    return f"# Nodes\n\n{count} nodes come with Psynapse.\n\n{table(['nodepack', 'nodes', 'what it is for'], rows)}"


def _about(pack: str) -> str:
    """What the nodepack's first file says about itself."""
    folder = shipped_root() / pack
    file = next(folder / name for name in ("ops.py", "progress_ops.py", "stream_ops.py") if (folder / name).exists())
    return first_line(ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "")


def _pack_page(pack: str, schemas: Sequence[NodeSchema]) -> str:
    rows = [[f"[{code(one.name)}](#{anchor(one)})", prose(first_line(one.docstring))] for one in schemas]
    parts = [f"# {pack}", prose(_about(pack)), table(["node", "what it does"], rows), *map(_section, schemas)]
    return "\n\n".join(parts) + "\n"


def anchor(schema: NodeSchema) -> str:
    """The node's place in its page."""
    return schema.name.lower()


def _section(schema: NodeSchema) -> str:
    used = templates_using(schema.ref)
    links = ", ".join(f"[{template.title}](../../templates/{template.name}.md)" for template in used)
    parts = [
        f"## {schema.name} {{#{anchor(schema)}}}",
        prose(schema.docstring),
        f"{code(schema.ref)} {_STYLES[schema.style]}".rstrip(),
        table(["input", "type", "default", "widget", "what it is"], map(_input, schema.params)),
        table(["output", "type"], ([code(one.name), code(str(one.type))] for one in schema.returns)),
        f"Shown in: {links}" if links else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _input(param: Param) -> list[str]:
    return [code(param.name), code(_type(param)), _default(param), _widgets()[_key(param)], _meaning(param)]


def _type(param: Param) -> str:
    """Choices stand in the last column, where there is room for them."""
    return "Literal" if param.type.literals else str(param.type)


def _default(param: Param) -> str:
    if param.required:
        return "required"
    return code(param.default_repr) if param.default is MISSING else value(param.default)


def _meaning(param: Param) -> str:
    description = param.json_schema.get("description")
    parts = [prose(description)] if isinstance(description, str) else []
    if param.literal_values:
        parts.append("one of " + ", ".join(map(value, param.literal_values)))
    return "; ".join([*parts, *_bounds(param.json_schema)])


def _bounds(schema: Mapping[str, Json]) -> Iterator[str]:
    """Of the schema, or of the first alternative that has some: ``float | None`` has them there."""
    alternatives = schema.get("anyOf")
    for one in (schema, *(alternatives if isinstance(alternatives, list) else [])):
        if isinstance(one, Mapping):
            yield from (words.format(one[name]) for name, words in _BOUNDS.items() if name in one)


@cache
def _widgets() -> Mapping[str, str]:
    """The widget of every parameter of every shipped node."""
    params = {_key(param): param for schema in shipped_catalog().schemas for param in schema.params}
    return dict(zip(params, widgets_of(list(params.values())), strict=True))


def widgets_of(params: Sequence[Param]) -> list[str]:
    """The widget that the editor gives to each parameter, from one run of the editor's own code."""
    asked = json.dumps([param.to_json() for param in params])
    command = [_node_program(), str(_WIDGETS)]
    ended = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", check=True)  # noqa: S603 -- our own file
    return json.loads(ended.stdout)


def _node_program() -> str:
    """The Node of this environment, which need not be active."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return shutil.which("node", path=path) or "node"


def _key(param: Param) -> str:
    return json.dumps(param.to_json(), sort_keys=True)
