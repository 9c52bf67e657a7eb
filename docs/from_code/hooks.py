"""What MkDocs calls while it builds the site: pages made from code join those that were written.

``<!-- from code: NAME -->`` in a page stands for the text that ``PARTS`` has under that name.
"""

import re
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, cast

# MkDocs imports this file by its path and forgets the folder again.
sys.path.append(str(Path(__file__).parent))

from command_parts import commands
from error_parts import errors, findings
from event_parts import events
from http_parts import routes, shapes
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from node_pages import node_pages
from setting_parts import settings
from template_pages import PICTURES, all_templates, pictures, template_pages

PARTS: Final = {
    "commands": commands,
    "errors": errors,
    "events": events,
    "findings": findings,
    "routes": routes,
    "settings": settings,
    "shapes": shapes,
}
ROOT: Final = Path(__file__).resolve().parents[2]
_ICON: Final = ROOT / "frontend" / "public" / "icon.svg"
_MARK: Final = re.compile(r"<!-- from code: ([\w-]+) -->")
_OUTSIDE: Final = re.compile(r"\]\(((?:\.\./)+)((?:docker|nodepacks|examples)/[^)#]+|LICENSE|CHANGELOG\.md)\)")
_FILES: Final = "files"
"""Where the site has files of the repository that pages link to."""


class UnknownPart(Exception):
    """A page asks for a part that no code makes."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made from code, and write out the folders that the navigation names."""
    for place, content in generated_files().items():
        files.append(File.generated(config, place, content=content))
    pages = [file.src_uri for file in files.documentation_pages()]
    config.nav = with_folders(config.nav, pages)
    return files


def generated_files() -> dict[str, str | bytes]:
    """Pages about nodes and templates, pictures, and the files of the repository that pages link to."""
    linked = {_copy_of(target): (ROOT / target).read_bytes() for target in linked_files(ROOT / "docs")}
    icon = {"pictures/icon.svg": _ICON.read_bytes()}
    return {**node_pages(), **template_pages(), **pictures(), **linked, **icon}


def with_folders(nav: Any, pages: Sequence[str]) -> Any:
    """The navigation with every folder in it replaced by its pages: the index first, templates in order."""
    match nav:
        case str() if nav.endswith("/"):
            return sorted((page for page in pages if page.startswith(nav)), key=_place_in_folder)
        case list():
            return [with_folders(one, pages) for one in cast("list[Any]", nav)]
        case dict():
            return {title: with_folders(one, pages) for title, one in cast("dict[str, Any]", nav).items()}
        case _:
            return nav


def _place_in_folder(page: str) -> tuple[bool, int, str]:
    order = [f"templates/{template.name}.md" for template in all_templates()]
    return (not page.endswith("/index.md"), order.index(page) if page in order else 0, page)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in the parts made from code, and lead links out of ``docs`` to copies in the site."""
    del config, files
    return with_site_links(with_parts(markdown), page.file.src_uri)


def with_parts(markdown: str) -> str:
    """The page with every mark replaced. Raises UnknownPart."""
    return _MARK.sub(lambda found: _part(found[1]), markdown)


def _part(name: str) -> str:
    if name not in PARTS:
        raise UnknownPart(f"there is no part {name!r}; there are: {', '.join(PARTS)}")
    return PARTS[name]()


def with_site_links(markdown: str, place: str) -> str:
    """The page with links to files of the repository leading to the site's copies of them."""
    up = "../" * place.count("/")
    return _OUTSIDE.sub(lambda found: f"]({up}{_copy_of(found[2])})", markdown)


def _copy_of(target: str) -> str:
    """Where the site has a file of the repository; browsers show text, whatever it is called, only as such."""
    name = PurePosixPath(target)
    return f"{PICTURES}/{name.name}" if name.suffix == ".webp" else f"{_FILES}/{target}.txt"


def linked_files(docs: Path) -> set[str]:
    """The files of the repository outside of ``docs`` that pages link to."""
    return {target for page in docs.rglob("*.md") for _, target in _OUTSIDE.findall(page.read_text(encoding="utf-8"))}
