"""The nodes of the pack ``web``, against a real server on loopback, and on pages and feeds as they are found."""

import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

import psynapse
from psynapse.catalog.nodepacks import shipped_root
from psynapse.model.events import RunEvent, TaskProgress

pytest.importorskip("httpx")

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One &amp; only</title><link>https://example.org/1</link><pubDate>Mon, 18 Mar 2024 09:12:00 +0100</pubDate>
<author>Ada</author><description>&lt;p&gt;Text&lt;/p&gt;</description></item><item><title>Two</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><title>Post</title>
<link rel="self" href="https://example.org/self"/><link href="https://example.org/post"/>
<updated>2024-03-18T09:12:00Z</updated><author><name>Grace</name></author><summary>Short</summary></entry></feed>"""
PAGE = """<html><head><title>Shop</title><style>p {}</style></head><body><h1>Fruit</h1><p>Fresh   <b>and</b>
ripe. <a href="/more">More</a> <a href="#top">Up</a></p><script>var x = "<p>";</script><ul><li>Apple</li><li>Pear</ul>
<table><tr><th>Name<th>Price<tr><td>Apple<td class="price">1.20<td>new<tr><td>Pear</table>&euro;</body></html>"""


class Site(BaseHTTPRequestHandler):
    """Answers by path; ``seen`` keeps the requests."""

    seen: ClassVar[list[tuple[str, str, dict[str, str], bytes]]] = []
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        page = getattr(self, f"page_{self.path.partition('?')[0].strip('/').replace('-', '_')}", self.page_missing)
        try:
            page(body)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer

    def send(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def page_echo(self, body: bytes) -> None:
        self.send(json.dumps({"method": self.command, "path": self.path, "body": body.decode()}).encode())

    def page_latin(self, body: bytes) -> None:
        self.send("grüße".encode("latin-1"), Content_Type="text/plain; charset=latin-1")

    def page_odd(self, body: bytes) -> None:
        self.send(b"plain", Content_Type="text/plain; charset=martian")

    def page_busy(self, body: bytes) -> None:
        self.send(b"", 503, Retry_After="0") if len(self.seen) < 3 else self.send(b"[1]")

    def page_moved(self, body: bytes) -> None:
        self.send(b"", 302, Location="/echo")

    def page_circle(self, body: bytes) -> None:
        self.send(b"", 302, Location="/circle")

    def page_large(self, body: bytes) -> None:
        self.send(b"x" * 300_000)

    def page_slow(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b".")
            time.sleep(0.03)

    def page_short(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def page_feed(self, body: bytes) -> None:
        self.send(RSS.encode())

    def page_missing(self, body: bytes) -> None:
        self.send(b"nothing here", 404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Keeps the tests' output clean."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    Site.seen.clear()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def graph(name: str, /, **values: object) -> dict[str, Any]:
    return {"nodes": [{"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}], "edges": []}


def run(name: str, /, **values: object) -> Any:
    return psynapse.run(graph(name, **values), nodepacks=shipped_root(), targets=["it"])["it"]


def error_of(name: str, /, **values: object) -> str:
    result = psynapse.run(graph(name, **values), nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_request_reaches_the_server_as_it_was_meant(method: str, site: str):
    values = {"query": {"q": "two words", "n": [1, 2], "no": None}, "headers": {"X-A": 1}, "body": {"a": "ü"}}
    found = run("http_request", url=f"{site}/echo?a=1", method=method, **values)
    assert (found["status"], found["data"]["method"]) == (200, method)
    assert found["data"]["path"] == "/echo?a=1&q=two+words&n=1&n=2"
    assert json.loads(found["data"]["body"]) == {"a": "ü"}
    assert (Site.seen[0][2]["x-a"], Site.seen[0][2]["content-type"]) == ("1", "application/json")


def test_text_is_sent_as_it_is_and_a_head_has_no_text(site: str):
    assert run("http_request", url=f"{site}/echo", method="POST", body="plain")["data"]["body"] == "plain"
    head = run("http_request", url=f"{site}/echo", method="HEAD")
    assert (head["text"], head["data"], head["status"]) == ("", None, 200)


def test_answers_are_decoded_and_redirects_followed(site: str):
    assert run("http_request", url=f"{site}/latin")["text"] == "grüße"
    assert run("http_request", url=f"{site}/odd")["text"] == "plain"
    moved = run("http_request", url=f"{site}/moved")
    assert (moved["url"], moved["headers"]["content-length"]) == (f"{site}/echo", str(len(moved["text"])))
    assert "leads round in a circle" in error_of("http_request", url=f"{site}/circle")


def test_a_busy_server_is_asked_again_unless_that_could_do_harm(site: str):
    assert run("fetch_json", url=f"{site}/busy") == [1]
    assert len(Site.seen) == 3
    Site.seen.clear()
    assert "answered 503" in error_of("http_request", url=f"{site}/busy", method="POST")
    assert len(Site.seen) == 1


def test_errors_say_what_to_do_and_never_show_what_is_behind_the_question_mark(site: str):
    missing = error_of("http_request", url=f"{site}/none?token=secret")
    assert missing == f"{site}/none: the server answered 404 Not Found: check the address"
    accepted = run("http_request", url=f"{site}/none", accept_errors=True)
    assert (accepted["status"], accepted["text"]) == (404, "nothing here")
    assert "allow more with max_bytes" in error_of("http_request", url=f"{site}/large", max_bytes=1000)
    assert "no complete answer within 0.2 seconds" in error_of("http_request", url=f"{site}/slow", seconds=0.2)
    assert "broke off the connection" in error_of("http_request", url=f"{site}/short", retries=0)
    assert "did not answer in JSON but with 'grüße'" in error_of("fetch_json", url=f"{site}/latin")
    nobody = error_of("http_request", url="http://127.0.0.1:9/", retries=0)
    assert nobody == "http://127.0.0.1:9/ cannot be reached: is the server running, and the address right?"


@pytest.mark.parametrize("url", ["", "example.org", "file:///etc/hostname", "http://", "http://[", "http://a:99999/"])
def test_only_web_addresses_are_asked(url: str):
    for name in ("http_request", "fetch_json", "fetch_feed"):
        assert "is not a web address" in error_of(name, url=url)


def test_a_password_in_the_address_is_refused_and_not_repeated():
    error = error_of("http_request", url="http://ada:secret@127.0.0.1/")
    assert "Authorization header" in error
    assert "secret" not in error


def test_a_file_is_downloaded_with_progress(site: str, tmp_path: Path):
    events: list[RunEvent] = []
    flow = graph("DownloadFile", url=f"{site}/large", path=str(tmp_path))
    path: Any = psynapse.run(flow, nodepacks=shipped_root(), targets=["it"], on_event=events.extend)["it"]
    assert (path, path.stat().st_size) == (tmp_path / "large", 300_000)
    assert [event.body.fraction for event in events if isinstance(event.body, TaskProgress)][-1] == 1
    assert "switch replace on" in error_of("DownloadFile", url=f"{site}/large", path=str(tmp_path))
    assert "no file name" in error_of("DownloadFile", url=site, path=str(tmp_path))
    assert "there is no folder" in error_of("DownloadFile", url=site, path=str(tmp_path / "no" / "x"))


@pytest.mark.parametrize("page", ["short", "none", "slow"])
def test_a_download_that_fails_leaves_nothing_behind(page: str, site: str, tmp_path: Path):
    assert error_of("DownloadFile", url=f"{site}/{page}", path=str(tmp_path / "x"), seconds=0.3)
    assert list(tmp_path.iterdir()) == []


def test_a_page_becomes_what_a_reader_sees():
    text = run("html_to_text", html=PAGE)
    assert text == "Fruit\n\nFresh and ripe. More Up\n\n- Apple\n- Pear\n\nName\tPrice\nApple\t1.20\tnew\nPear\n\n€"
    assert "More (/more)" in run("html_to_text", html=PAGE, show_links=True)
    assert run("html_to_text", html="") == ""
    assert run("html_to_text", html="<p>a</p>" * 100_000).count("a") == 100_000


def test_links_and_tables_are_found():
    assert run("html_links", html=PAGE, base_url="https://example.org/shop/") == [
        {"text": "More", "url": "https://example.org/more"}
    ]
    assert run("html_tables", html=PAGE) == [
        [{"Name": "Apple", "Price": "1.20", "column_3": "new"}, {"Name": "Pear", "Price": "", "column_3": ""}]
    ]
    assert run("html_links", html="") == run("html_tables", html="<table><tr><td>1</table>") == []
    assert "is not a web address" in error_of("html_links", html='<a href="http://[">x</a>', base_url="http://a")


def test_parts_of_a_page_are_selected():
    pytest.importorskip("bs4")
    assert run("select_html", html=PAGE, selector="body > h1") == ["Fruit"]
    assert run("select_html", html=PAGE, selector="a", take="attribute") == ["/more", "#top"]
    assert run("select_html", html=PAGE, selector="b", take="html") == ["<b>and</b>"]
    assert run("select_html", html="", selector="p") == []
    assert "'p[' is not a CSS selector" in error_of("select_html", html=PAGE, selector="p[")


def test_feeds_of_both_kinds_are_read(site: str):
    feed = run("fetch_feed", url=f"{site}/feed")
    assert feed["title"] == "News"
    assert feed["entries"][0] == {
        "title": "One & only",
        "link": "https://example.org/1",
        "date": dt.datetime(2024, 3, 18, 8, 12, tzinfo=dt.UTC),
        "author": "Ada",
        "summary": "<p>Text</p>",
    }
    assert (feed["entries"][1]["date"], feed["entries"][1]["link"]) == (None, "")
    (entry,) = run("parse_feed", text=ATOM)["entries"]
    assert (entry["link"], entry["author"], entry["date"].year) == ("https://example.org/post", "Grace", 2024)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not a feed: it is not XML"),
        ("<html><body/></html>", "this is not a feed but a document of the kind 'html'"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>', "defines entities of its own"),
        ("<rss>", "it is not XML"),
    ],
)
def test_what_is_no_feed_says_why(text: str, message: str):
    assert message in error_of("parse_feed", text=text)


def test_addresses_are_built_and_taken_apart():
    built = run("build_url", base="https://example.org/a/?x=1", path="b c", query={"q": "ü&", "n": [1, 2], "no": None})
    assert built == "https://example.org/a/b%20c?x=1&q=%C3%BC%26&n=1&n=2"
    assert run("parse_url", url="https://example.org/a?x=1&y=2&y=3#end") == {
        "scheme": "https",
        "host": "example.org",
        "port": 443,
        "path": "/a",
        "query": {"x": "1", "y": ["2", "3"]},
        "fragment": "end",
    }
    assert "is not a web address" in error_of("build_url", base="example")
    assert "is not a web address" in error_of("parse_url", url="http://a:x/")
