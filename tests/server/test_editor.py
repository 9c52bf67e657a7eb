"""The editor's files: who gets them, how long they may be kept, and that nothing else is given out."""

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from psynapse.server.editor_files import EditorFiles
from psynapse.server.errors import add_error_handlers
from psynapse.server.routes import editor
from psynapse.server.state import ServerState, attach
from psynapse.settings import read_settings

SCRIPT = "console.log(1);" * 200
HTML = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web" / "assets" / "deep").mkdir(parents=True)
    web = tmp_path / "web"
    (web / "index.html").write_text("<!doctype html><title>Editor</title>")
    (web / "icon.svg").write_text("<svg/>")
    (web / ".built-from").write_text("secret")
    (web / "assets" / "index-abc.js").write_text(SCRIPT)
    (web / "assets" / "worker-abc.mjs").write_text("1")
    (web / "assets" / "deep" / "font.woff2").write_bytes(b"\0font")
    (web / "assets" / "odd.xyz").write_bytes(b"?")
    (tmp_path / "outside.js").write_text("outside")
    (web / "assets" / "link.js").symlink_to(tmp_path / "outside.js")
    return web


def get(folder: Path, path: str, **headers: str) -> httpx.Response:
    app = FastAPI()
    attach(app, ServerState(read_settings(environ={}), editor=EditorFiles(folder)))
    add_error_handlers(app)
    app.include_router(editor.router)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            # Without a word of its own httpx accepts everything, compressed too.
            return await client.get(path, headers={"Accept-Encoding": "identity", **headers})

    return asyncio.run(ask())


def test_a_browser_gets_the_page_and_programs_a_word(folder: Path):
    assert get(folder, "/").json() == {"message": "Psynapse Backend API"}
    page = get(folder, "/", **HTML)
    assert page.text == "<!doctype html><title>Editor</title>"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["vary"] == "Accept"


def test_the_page_is_sent_again_only_when_it_has_changed(folder: Path):
    tag = get(folder, "/", **HTML).headers["etag"]
    known = {**HTML, "If-None-Match": tag}
    assert get(folder, "/", **known).status_code == 304
    (folder / "index.html").write_text("<!doctype html><title>Newer</title>")
    assert "Newer" in get(folder, "/", **known).text


def test_the_page_may_load_nothing_from_elsewhere_and_run_no_inline_script(folder: Path):
    policy = dict(
        rule.split(" ", 1) for rule in get(folder, "/", **HTML).headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["frame-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["worker-src"] == "'self' blob:"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("index-abc.js", "text/javascript; charset=utf-8"), ("worker-abc.mjs", "text/javascript; charset=utf-8"),
        ("deep/font.woff2", "font/woff2"), ("odd.xyz", "application/octet-stream"),
    ],
)  # fmt: skip
def test_assets_have_their_types_and_are_kept_for_good(folder: Path, name: str, media_type: str):
    answer = get(folder, f"/assets/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content == (folder / "assets" / name).read_bytes()
    assert "immutable" in answer.headers["cache-control"]


def test_what_is_worth_it_is_sent_compressed_to_who_understands(folder: Path):
    plain = get(folder, "/assets/index-abc.js")
    small = get(folder, "/assets/index-abc.js", **{"Accept-Encoding": "gzip, br"})
    assert plain.text == small.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"
    assert int(small.headers["content-length"]) == len(gzip.compress(SCRIPT.encode(), 6, mtime=0))
    assert "content-encoding" not in get(folder, "/assets/worker-abc.mjs", **{"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2f.built-from", "/assets/link.js",
        "/assets/..%2f..%2foutside.js", "/assets/%2fetc%2fpasswd", "/assets/", "/assets/deep", "/assets/gone.js",
        "/assets/a%00b",
        "/assets/" + "x" * 5_000, "/assets/..%5c.built-from", "/.built-from",
    ],
)  # fmt: skip
def test_nothing_but_assets_is_given_out(folder: Path, path: str):
    answer = get(folder, path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path):
    page = get(tmp_path / "nothing", "/", **HTML)
    assert page.status_code == 200
    assert "python3 dev.py build" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert get(tmp_path / "nothing", "/icon.svg").status_code == 404


def test_the_icon_is_a_picture(folder: Path):
    assert get(folder, "/icon.svg").headers["content-type"] == "image/svg+xml"
