"""``http_get`` against real servers on the loopback interface."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("basic", shipped_root() / "basic", "shipped", ("ops.py",)), "ops.py")


class Site(BaseHTTPRequestHandler):
    """Answers by path; ``other`` is the address of a second server."""

    other: ClassVar[str] = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        pages: dict[str, Callable[[], None]] = {
            "/latin": lambda: self.answer("grüße".encode("latin-1"), Content_Type="text/plain; charset=latin-1"),
            "/odd": lambda: self.answer("ü".encode() + b"\xff", Content_Type="text/plain; charset=martian"),
            "/echo": lambda: self.answer(str(self.headers).encode()),
            "/path": lambda: self.answer(self.path.encode()),
            "/missing": lambda: self.answer(b"nothing here", 404),
            "/broken": lambda: self.answer(b"", 503),
            "/big": lambda: self.answer(b"x" * 200_000),
            "/empty": lambda: self.answer(b""),
            "/moved": lambda: self.answer(b"", 302, Location="/echo"),
            "/away": lambda: self.answer(b"", 302, Location=f"{Site.other}/echo"),
            "/to-file": lambda: self.answer(b"", 302, Location="file:///etc/hostname"),
            "/to-ftp": lambda: self.answer(b"", 302, Location="ftp://127.0.0.1/x"),
            "/loop": lambda: self.answer(b"", 302, Location="/loop"),
            "/short": lambda: self.answer(b"only this", length=1000),
            "/slow": self.slow,
            "/nonsense": lambda: self.raw(b"nonsense\r\n\r\n"),
            "/hang-up": lambda: self.raw(b""),
        }
        pages[self.path.partition("?")[0]]()

    def answer(self, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(length or len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def slow(self) -> None:
        """A byte now and then: never silent for long, and never done."""
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b".")
                time.sleep(0.05)
        except OSError:
            self.close_connection = True

    def raw(self, content: bytes) -> None:
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Keeps the tests' output clean."""


def serve() -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    servers = [serve(), serve()]
    first, Site.other = [f"http://127.0.0.1:{server.server_port}" for server in servers]
    yield first
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_a_page_is_text_status_and_headers(site: str):
    answer = ops.http_get(f"{site}/latin")
    assert dict(answer) | {"headers": None} == {"text": "grüße", "status": 200, "headers": None}
    assert answer["headers"]["content-type"] == "text/plain; charset=latin-1"
    assert ops.http_get(f"{site}/empty")["text"] == ""


def test_text_in_an_unknown_encoding_is_read_as_far_as_possible(site: str):
    assert ops.http_get(f"{site}/odd")["text"] == "ü�"


def test_headers_are_sent_and_spaces_and_umlauts_of_addresses_encoded(site: str):
    answer = ops.http_get(f" {site}/echo?q=ä b&c=%20#part", {"X-Test": 5})
    assert "X-Test: 5" in answer["text"]
    assert "User-Agent: psynapse" in answer["text"]
    assert ops.http_get(f"{site}/path?q=ä b&c=%20#part")["text"] == "/path?q=%C3%A4%20b&c=%20"


def test_redirects_are_followed_without_giving_secrets_to_another_server(site: str):
    secret = {"Authorization": "Bearer secret"}
    assert "secret" in ops.http_get(f"{site}/moved", secret)["text"]
    away = ops.http_get(f"{site}/away", secret)["text"]
    assert f"Host: {Site.other.removeprefix('http://')}" in away
    assert "secret" not in away


@pytest.mark.parametrize("path", ["/to-file", "/to-ftp", "/loop"])
def test_redirects_lead_to_web_pages_only(site: str, path: str):
    with pytest.raises(ConnectionError, match=path):
        ops.http_get(f"{site}{path}")


def test_an_answer_that_is_no_success_is_an_error_unless_accepted(site: str):
    with pytest.raises(ConnectionError, match=r"/missing: the server answered 404 Not Found: check the address$"):
        ops.http_get(f"{site}/missing?token=secret")
    with pytest.raises(ConnectionError, match="503 Service Unavailable: try again later"):
        ops.http_get(f"{site}/broken")
    accepted = ops.http_get(f"{site}/missing", accept_errors=True)
    assert (accepted["status"], accepted["text"]) == (404, "nothing here")


def test_a_large_answer_is_refused_at_its_limit(site: str):
    assert len(ops.http_get(f"{site}/big", max_bytes=200_000)["text"]) == 200_000
    with pytest.raises(ValueError, match="larger than 199,999 bytes; allow more with max_bytes"):
        ops.http_get(f"{site}/big", max_bytes=199_999)


def test_the_timeout_holds_for_the_whole_answer(site: str):
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no complete answer within 0\.3 seconds"):
        ops.http_get(f"{site}/slow", timeout=0.3)
    assert time.monotonic() - start < 2


def test_a_server_that_never_answers_times_out():
    patience = r"within 0\.1 seconds; try again or allow more time"
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError, match=patience):
        ops.http_get(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.1)


def test_a_refused_connection_says_so():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(ConnectionError, match=f":{port}/x: the server refused the connection"):
        ops.http_get(f"http://127.0.0.1:{port}/x?key=secret")


def test_a_name_without_a_server_says_so():
    with pytest.raises(ConnectionError, match="there is no server of that name; check the address"):
        ops.http_get("http://no-such-host.invalid/")


@pytest.mark.parametrize(
    ("path", "message"), [("/short", "broke off after 9 of 1,000"), ("/nonsense", "nonsense"), ("/hang-up", "closed")]
)
def test_a_broken_answer_is_an_error_and_never_half_a_text(site: str, path: str, message: str):
    with pytest.raises(ConnectionError, match=message):
        ops.http_get(f"{site}{path}")


def test_a_server_without_encryption_cannot_be_asked_over_https(site: str):
    with pytest.raises(ConnectionError, match="the secure connection failed"):
        ops.http_get(site.replace("http:", "https:"))


@pytest.mark.parametrize(
    "url", ["", "example.org", "file:///etc/hostname", "ftp://127.0.0.1/", "http://", "http://[", "http://a:99999/"]
)
def test_only_web_addresses_are_asked(url: str):
    with pytest.raises(ValueError, match="is not a web address"):
        ops.http_get(url)


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(ValueError, match="Authorization header") as caught:
        ops.http_get("http://ada:secret@127.0.0.1/")
    assert "secret" not in str(caught.value)
