"""RSS and Atom feeds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

_ENTRIES = ("item", "entry")
_DATES = ("pubDate", "published", "date", "updated")
_SUMMARIES = ("summary", "description", "content", "encoded")


def parsed(text: str) -> dict[str, Any]:
    """Title and entries. Raises ValueError for what is no feed."""
    root = _root(text)
    entries = [element for element in root.iter() if _name(element) in _ENTRIES]
    channel = next((element for element in root.iter() if _name(element) == "channel"), root)
    if not entries and _name(root) not in ("rss", "feed", "RDF"):
        raise ValueError(
            f"this is not a feed but a document of the kind {_name(root)!r}; look for a link to RSS or Atom"
        )
    return {"title": _first(channel, ("title",)), "entries": [_entry(element) for element in entries]}


def _root(text: str) -> Element:
    # Entities could blow a small text up to gigabytes; feeds have no use for them.
    if "<!ENTITY" in text.upper():
        raise ValueError("this feed defines entities of its own, which is not safe to read")
    try:
        return fromstring(text.strip().encode())  # noqa: S314 -- no entities, and Python reads nothing from elsewhere
    except (ParseError, RecursionError, ValueError) as error:
        raise ValueError(f"this is not a feed: it is not XML ({error})") from None


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, names: tuple[str, ...]) -> Iterator[Element]:
    yield from (child for name in names for child in element if _name(child) == name)


def _first(element: Element, names: tuple[str, ...]) -> str:
    texts = ("".join(child.itertext()).strip() for child in _children(element, names))
    return next((text for text in texts if text), "")


def _entry(element: Element) -> dict[str, Any]:
    author = next(_children(element, ("author", "creator")), None)
    return {
        "title": _first(element, ("title",)),
        "link": _link(element),
        "date": _date(_first(element, _DATES)),
        "author": "" if author is None else _first(author, ("name",)) or (author.text or "").strip(),
        "summary": _first(element, _SUMMARIES),
    }


def _link(element: Element) -> str:
    links = list(_children(element, ("link",)))
    page = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return "" if page is None else (page.get("href") or page.text or "").strip()


def _date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
