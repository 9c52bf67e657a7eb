"""Pages about the templates: the picture, what each teaches, and the nodes it is made of."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from markdown_text import code, prose, table

from psynapse.model.ids import Json
from psynapse.services.templates import Template, Templates, examples_folder

PICTURES: Final = "templates/pictures"
_SAID_ABOUT_MODELS: Final = (
    "It needs a key in the secret `OPENAI_API_KEY`, or another server in `base_url`. For the picture a server on the "
    "same machine made the answers up."
)


def template_pages() -> dict[str, str]:
    """The Markdown of every page by its place in the documentation."""
    pages = {f"templates/{template.name}.md": _page(template) for template in all_templates()}
    return {"templates/index.md": _index(), **pages}


def pictures() -> dict[str, bytes]:
    """The pictures by their place in the documentation."""
    return {f"{PICTURES}/{path.name}": path.read_bytes() for path in (examples_folder() / "pictures").glob("*.webp")}


@cache
def all_templates() -> Sequence[Template]:
    """The templates in the order of the gallery."""
    return Templates(examples_folder()).list()


def templates_using(ref: str) -> list[Template]:
    """The templates with such a node in them."""
    return [template for template in all_templates() if ref in refs_of(template)]


def refs_of(template: Template) -> set[str]:
    """The functions that a template calls."""
    return {ref for data in _node_data(template) if isinstance(ref := data.get("ref"), str)}


def _node_data(template: Template) -> Iterator[dict[str, Json]]:
    nodes = template.workflow["nodes"]
    assert isinstance(nodes, list)
    for node in nodes:
        if isinstance(node, dict) and isinstance(data := node.get("data"), dict):
            yield data


def _index() -> str:
    intro = (
        "Workflows to begin with. In the editor: *Start from a template*. On the command line: "
        f"{code('psynapse run examples/NAME.json')}, in a checkout."
    )
    rows = [[f"[{one.title}]({one.name}.md)", prose(one.description)] for one in all_templates()]
    return "\n\n".join(["# Templates", intro, table(["template", "what it does"], rows)])


def _page(template: Template) -> str:
    rows = [[_linked(ref)] for ref in sorted(refs_of(template))]
    parts = [
        f"# {template.title}",
        prose(template.description),
        f"![The template in the editor, after it has run](pictures/{template.name}.webp)",
        _lesson(template),
        _SAID_ABOUT_MODELS if any(ref.startswith("llms/") for ref in refs_of(template)) else "",
        f"```text\npsynapse run examples/{template.name}.json\n```",
        table(["nodes in it"], rows),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lesson(template: Template) -> str:
    return f"**What it teaches:** {prose(template.teaches)}" if template.teaches else ""


def _linked(ref: str) -> str:
    pack, name = ref.partition("/")[0], ref.rpartition(":")[2]
    return f"[{code(name)}](../reference/nodes/{pack}.md#{name.lower()}) of {pack}"
