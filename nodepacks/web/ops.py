"""The web: ask servers, read pages and feeds, and deal with addresses."""

from typing import Annotated, Any, Literal

import addresses
import feeds
import pages
import requesting
from pydantic import Field

import psynapse

_Object = Annotated[dict[Any, Any], Field(strict=False)]
_Rows = list[dict[str, Any]]
_Seconds = Annotated[float, Field(gt=0, le=3600, description="For the whole answer")]
_Retries = Annotated[int, Field(ge=0, le=10, description="Further tries when a server is busy or out of order")]
_Bytes = Annotated[int, Field(ge=1, le=1_000_000_000)]


@psynapse.node(cache=False)
async def http_request(
    url: str,
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = "GET",
    *,
    query: _Object | None = None,
    headers: _Object | None = None,
    body: Any = None,
    seconds: _Seconds = 30.0,
    retries: _Retries = 2,
    max_bytes: _Bytes = 20_000_000,
    accept_errors: bool = False,
) -> psynapse.AnnotatedDict[Literal["text", "data", "status", "headers", "url"]]:
    """Send a request to a web server and wait for its answer; any number of these wait at the same time.

    ``query`` goes behind the ``?``. A ``body`` that is text is sent as it is, anything else as JSON. ``data`` is the
    answer's JSON, or None when it is none. Answers such as 404 are errors unless ``accept_errors`` is on.
    """
    request = requesting.Request(method, addresses.checked(url), query, headers, body)
    limits = requesting.Limits(seconds, retries, max_bytes, accept_errors)
    return psynapse.AnnotatedDict(await requesting.answer(request, limits))


@psynapse.node(cache=False)
async def fetch_json(
    url: str,
    query: _Object | None = None,
    headers: _Object | None = None,
    *,
    seconds: _Seconds = 30.0,
    retries: _Retries = 2,
    max_bytes: _Bytes = 20_000_000,
) -> Any:
    """Get the JSON value that a service answers with. Raises ValueError when it answers with something else."""
    request = requesting.Request("GET", addresses.checked(url), query, headers, None)
    found = await requesting.answer(request, requesting.Limits(seconds, retries, max_bytes, accept_errors=False))
    return requesting.json_of(found)


@psynapse.node(cache=False)
async def fetch_feed(
    url: str, *, seconds: _Seconds = 30.0, retries: _Retries = 2, max_bytes: _Bytes = 20_000_000
) -> psynapse.AnnotatedDict[Literal["title", "entries"]]:
    """Get the news of a website from its RSS or Atom feed, as a table of title, link, date, author and summary."""
    request = requesting.Request("GET", addresses.checked(url), None, None, None)
    found = await requesting.answer(request, requesting.Limits(seconds, retries, max_bytes, accept_errors=False))
    return psynapse.AnnotatedDict(feeds.parsed(str(found["text"])))


def parse_feed(text: str) -> psynapse.AnnotatedDict[Literal["title", "entries"]]:
    """Read the text of an RSS or Atom feed, as a table of title, link, date, author and summary."""
    return psynapse.AnnotatedDict(feeds.parsed(text))


def html_to_text(html: str, show_links: bool = False) -> str:
    """What a reader sees of a web page, without its tags, scripts and styles; with the addresses of links if wanted."""
    return pages.text(html, show_links=show_links)


def html_links(html: str, base_url: str = "") -> _Rows:
    """The links of a web page, as a table of text and address; ``base_url`` is where the page is from."""
    return pages.links(html, base_url)


def html_tables(html: str) -> list[_Rows]:
    """The tables of a web page, each as a list of rows; the cells of a table's first row name the columns."""
    return pages.tables(html)


def select_html(
    html: str, selector: str = "p", take: Literal["text", "html", "attribute"] = "text", attribute: str = "href"
) -> list[str]:
    """The parts of a web page that a CSS selector finds: ``h2``, ``.price``, ``#menu a``. Needs BeautifulSoup."""
    return pages.selected(html, selector, take, attribute)


def build_url(base: str, path: str = "", query: _Object | None = None) -> str:
    """An address from its parts; what needs it is encoded: ``{"q": "two words"}`` becomes ``?q=two+words``."""
    return addresses.built(base, path, query or {})


def parse_url(url: str) -> psynapse.AnnotatedDict[Literal["scheme", "host", "port", "path", "query", "fragment"]]:
    """Take an address apart; ``query`` is an object of what is behind the ``?``."""
    return psynapse.AnnotatedDict(addresses.parts(url))
