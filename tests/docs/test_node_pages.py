"""Every shipped node is documented, from what the editor knows about it as well."""

from functools import cache
from pathlib import Path

import pytest
from node_pages import anchor, node_pages, shipped_catalog, widgets_of

from psynapse.catalog.registry import load_registry


@cache
def pages() -> dict[str, str]:
    return node_pages()


def page(pack: str) -> str:
    return pages()[f"reference/nodes/{pack}.md"]


def section(pack: str, node: str) -> str:
    return page(pack).split(f"## {node} {{#")[1].split("\n## ")[0]


def test_every_node_has_a_section_with_its_summary_and_all_inputs_and_outputs():
    for schema in shipped_catalog().schemas:
        about = section(schema.nodepack, schema.name)
        assert f"`{schema.ref}`" in about
        assert all(f"| `{param.name}` |" in about for param in schema.params), schema.ref
        assert all(f"| `{one.name}` |" in about for one in schema.returns), schema.ref


def test_places_in_a_page_are_different():
    for pack in {schema.nodepack for schema in shipped_catalog().schemas}:
        anchors = [anchor(schema) for schema in shipped_catalog().schemas if schema.nodepack == pack]
        assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize(
    ("pack", "node", "row"),
    [
        ("images", "draw_text", '| `text` | `str` | `"Hello"` | text |  |'),
        ("images", "draw_text", "| `image` | <code>Image &#124; str</code> | required | image |  |"),
        ("images", "gradient_image", "| `width` | `int` | `640` |"),
        ("llms", "StreamModel", '| `api_key` | `str` | `""` | secret | Name a secret here |'),
        (
            "llms",
            "StreamModel",
            "| `temperature` | <code>float &#124; None</code> | `null` | optional | at least 0; at most 2 |",
        ),
        ("demo", "caesar_cipher", '| `direction` | `Literal` | `"encode"` | choice | one of `"encode"`, `"decode"` |'),
    ],
)
def test_an_input_has_its_type_default_widget_and_meaning(pack: str, node: str, row: str):
    assert row in section(pack, node)


def test_the_style_of_a_node_is_said():
    assert "Sends text while it runs." in section("llms", "StreamModel")
    assert "Shows its progress." in section("demo", "CountSlowly")


def test_templates_that_show_a_node_are_linked():
    assert "[A picture with a caption](../../templates/picture-with-a-caption.md)" in section("images", "draw_text")


def test_the_index_names_every_nodepack():
    index = pages()["reference/nodes/index.md"]
    assert all(f"[{pack}]({pack}.md)" in index for pack in {one.nodepack for one in shipped_catalog().schemas})


def test_hints_get_the_widgets_that_the_page_about_them_promises(tmp_path: Path):
    hints = {
        "str": "text",
        "float": "number",
        "Annotated[int, Field(ge=1, le=20)]": "slider",
        "bool": "switch",
        'Literal["a", "b"]': "choice",
        "int | None": "optional",
        "date": "moment",
        "Path": "path",
        "list[int]": "list",
        "dict[str, int]": "dict",
        "Shape": "object",
        'Annotated[str, Field(json_schema_extra={"format": "image"})]': "image",
        'Annotated[str, Field(json_schema_extra={"format": "password"})]': "secret",
        "Any": "any",
    }
    parameters = ", ".join(f"p{number}: {hint}" for number, hint in enumerate(hints))
    source = f"""
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field


class Shape(TypedDict):
    width: int


def all_hints({parameters}) -> int:
    return 1
"""
    (tmp_path / "hints").mkdir()
    (tmp_path / "hints" / "ops.py").write_text(source, encoding="utf-8")
    (schema,) = load_registry([(tmp_path, "user")]).catalog.schemas
    assert widgets_of(schema.params) == list(hints.values())
