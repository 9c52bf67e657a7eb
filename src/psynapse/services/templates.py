"""Workflows to begin with: the examples that come with psynapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, cast

from psynapse.errors import PsynapseError
from psynapse.model.canonical import canonical
from psynapse.model.ids import Json
from psynapse.services.workflow_files import read_document

_LAST: Final = 1_000


class UnknownTemplate(PsynapseError):
    """There is no template of that name."""

    code = "unknown-template"


@dataclass(frozen=True, slots=True)
class Template:
    """A workflow to begin with, and what a gallery shows of it."""

    name: str
    title: str
    description: str
    nodes: int
    tags: Sequence[str]
    order: float
    workflow: dict[str, Json]


def examples_folder() -> Path:
    """The folder of the examples: in the wheel, or in the checkout for an editable installation."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "examples"
    return inside if inside.is_dir() else package.parents[1] / "examples"


class Templates:
    """The workflows in ``folder``, read once. Reading them raises WorkflowFileError: they are part of psynapse."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list(self) -> Sequence[Template]:
        """All of them, in the order of a gallery."""
        return sorted(self._all.values(), key=lambda one: (one.order, one.title))

    def get(self, name: str) -> Template:
        """One of them. Raises UnknownTemplate."""
        template = self._all.get(name)
        if template is None:
            raise UnknownTemplate(f"there is no template {name[:80]!r}", hint="GET /templates lists those there are")
        return template

    @cached_property
    def _all(self) -> dict[str, Template]:
        return {path.stem: _template(path) for path in sorted(self._folder.glob("*.json"))}


def _template(path: Path) -> Template:
    workflow = canonical(read_document(path))
    title, description = (workflow.get(name) for name in ("title", "description"))
    order, tags = workflow.get("order"), workflow.get("tags")
    return Template(
        path.stem,
        title if isinstance(title, str) else path.stem.replace("-", " ").capitalize(),
        description if isinstance(description, str) else "",
        len(cast("list[Json]", workflow["nodes"])),
        [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        order if isinstance(order, (int, float)) else _LAST,
        {name: value for name, value in workflow.items() if name not in {"order", "tags"}},
    )
