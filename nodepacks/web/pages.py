"""Web pages: what a reader sees of them, and what they hold."""

import re
from html.parser import HTMLParser
from importlib import import_module
from typing import Any
from urllib.parse import urljoin

_UNSEEN = {"script", "style", "template", "noscript", "svg", "head"}
_LINES = {"br", "tr", "dt", "dd", "div", "section", "article", "header", "footer", "nav", "aside", "main"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl", "figure"}


class _Reader(HTMLParser):
    """Gathers text with line ends where a browser begins a new line."""

    def __init__(self, *, show_links: bool) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._show_links = show_links
        self._unseen = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
        elif tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag == "li":
            self.pieces.append("\n- ")
        else:
            self._break(_space(tag))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a" and self._links:
            link = self._links.pop()
            self.pieces.append(f" ({link})" if self._show_links and link else "")
        else:
            self._break(_space(tag))

    def handle_data(self, data: str) -> None:
        if not self._unseen and (data.strip() or not self._at_line_start):
            self.pieces.append(re.sub(r"\s+", " ", data))

    @property
    def _at_line_start(self) -> bool:
        return not self.pieces or self.pieces[-1].endswith("\n")

    def _break(self, space: str) -> None:
        # Where one line ends and the next begins, there is a single line end.
        if space and not (space == "\n" and self._at_line_start):
            self.pieces.append(space)


def _space(tag: str) -> str:
    return "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else ""


def text(html: str, *, show_links: bool) -> str:
    """The text, with single spaces and at most one empty line at a time."""
    reader = _Reader(show_links=show_links)
    reader.feed(html)
    reader.close()
    lines = (
        re.sub(r" *\t *", "\t", re.sub(r" {2,}", " ", line)).strip() for line in "".join(reader.pieces).split("\n")
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append((address.strip(), []))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found[-1][1].append(data)


def links(html: str, base_url: str) -> list[dict[str, Any]]:
    """One row for each link to somewhere, in order. Raises ValueError for a base that is no address."""
    reader = _Links()
    reader.feed(html)
    reader.close()
    wanted = ((address, words) for address, words in reader.found if not address.startswith(("#", "javascript:")))
    try:
        return [{"text": " ".join("".join(words).split()), "url": urljoin(base_url, to)} for to, words in wanted]
    except ValueError:
        raise ValueError(f"{base_url[:80]!r} is not a web address, or one of the links is none") from None


class _Tables(HTMLParser):
    """Cells by row and table. Tables inside tables count on their own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[list[str]]]] = []
        self._open: list[list[list[list[str]]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "table":
            self._open.append([])
            self.found.append(self._open[-1])
        elif self._open and tag == "tr":
            self._open[-1].append([])
        elif self._open and tag in ("td", "th"):
            if not self._open[-1]:
                self._open[-1].append([])
            self._open[-1][-1].append([])
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
        if tag in ("td", "th", "table"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and self._open and self._open[-1] and self._open[-1][-1]:
            self._open[-1][-1][-1].append(data)


def tables(html: str) -> list[list[dict[str, Any]]]:
    """The rows of each table that has at least one below its heading."""
    reader = _Tables()
    reader.feed(html)
    reader.close()
    cells = ([[" ".join("".join(cell).split()) for cell in row] for row in table if row] for table in reader.found)
    return [_rows(table[0], table[1:]) for table in cells if len(table) > 1]


def _rows(heading: list[str], body: list[list[str]]) -> list[dict[str, Any]]:
    width = max(map(len, [heading, *body]))
    given = [*heading, *[""] * (width - len(heading))]
    names: list[str] = []
    for number, name in enumerate(given, start=1):
        names.append(name if name and name not in names else f"column_{number}")
    return [dict(zip(names, [*row, *[""] * (width - len(row))], strict=True)) for row in body]


def selected(html: str, selector: str, take: str, attribute: str) -> list[str]:
    """What the selector finds. Raises ValueError for what is no selector, ImportError without BeautifulSoup."""
    try:
        soup = import_module("bs4").BeautifulSoup(html, "html.parser")
    except ImportError:
        raise ImportError('this node needs BeautifulSoup; add it with: pip install "psynapse[web]"') from None
    try:
        found = soup.select(selector)
    except (ValueError, NotImplementedError, import_module("soupsieve").SelectorSyntaxError):
        raise ValueError(f"{selector[:80]!r} is not a CSS selector; write one such as h2, .price or #menu a") from None
    if take == "attribute":
        return [str(element[attribute]) for element in found if element.has_attr(attribute)]
    return [str(element) if take == "html" else " ".join(element.get_text(" ").split()) for element in found]
