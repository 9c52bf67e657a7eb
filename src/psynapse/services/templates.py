"""Workflows to begin with: the examples that come with psynapse."""

import hashlib
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
_OF_GALLERY: Final = frozenset({"order", "tags", "level", "teaches"})
"""Fields of the file that a workflow made from it does not have."""


class UnknownTemplate(PsynapseError):
    """There is no template of that name, or no picture of it."""

    code = "unknown-template"


@dataclass(frozen=True, slots=True)
class Template:
    """A workflow to begin with, and what a gallery shows of it.

    ``level`` says for whom it is, ``teaches`` what can be learnt from it. ``picture`` tells the state of its picture
    from any other; empty where it has none.
    """

    name: str
    title: str
    description: str
    nodes: int
    tags: Sequence[str]
    order: float
    level: str
    teaches: str
    picture: str
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

    def picture(self, name: str) -> bytes:
        """What a template looks like, as WebP. Raises UnknownTemplate."""
        try:
            return _picture_of(self._folder, self.get(name).name).read_bytes()
        except OSError:
            raise UnknownTemplate(f"the template {name[:80]!r} has no picture") from None

    @cached_property
    def _all(self) -> dict[str, Template]:
        return {path.stem: _template(path) for path in sorted(self._folder.glob("*.json"))}


def _picture_of(folder: Path, name: str) -> Path:
    return folder / "pictures" / f"{name}.webp"


def _template(path: Path) -> Template:
    workflow = canonical(read_document(path))
    order, tags = workflow.get("order"), workflow.get("tags")
    return Template(
        name=path.stem,
        title=_words(workflow, "title") or path.stem.replace("-", " ").capitalize(),
        description=_words(workflow, "description"),
        nodes=len(cast("list[Json]", workflow["nodes"])),
        tags=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        order=order if isinstance(order, (int, float)) else _LAST,
        level=_words(workflow, "level"),
        teaches=_words(workflow, "teaches"),
        picture=_digest(_picture_of(path.parent, path.stem)),
        workflow={name: value for name, value in workflow.items() if name not in _OF_GALLERY},
    )


def _words(workflow: dict[str, Json], name: str) -> str:
    found = workflow.get(name)
    return found if isinstance(found, str) else ""


def _digest(picture: Path) -> str:
    try:
        return hashlib.sha256(picture.read_bytes()).hexdigest()[:16]
    except OSError:
        return ""
