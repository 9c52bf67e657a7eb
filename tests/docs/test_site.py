"""The whole site, built as it is published: no link leads nowhere, and nothing comes from elsewhere."""

import importlib.util
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What a browser loads by itself; links that people follow may lead anywhere.
_LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
_LOADED = {"stylesheet", "icon", "preload", "preconnect", "modulepreload", "dns-prefetch"}


class Loads(HTMLParser):
    """Collects the addresses that a page makes a browser ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        named = values.get(_LOADING.get(tag, ""))
        if named and (tag != "link" or _LOADED & set((values.get("rel") or "").split())):
            self.found.append(named)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("mkdocs") is None and not os.environ.get("CI"):
        pytest.skip("needs the extra docs: pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_every_kind_of_page_is_there(site: Path):
    for page in (
        "index.html",
        "tutorial/first-workflow.html",
        "how-to/over-http.html",
        "templates/hello-text.html",
        "reference/nodes/images.html",
        "adr/0001-worker-isolation.html",
    ):
        assert (site / page).is_file(), page


def test_nothing_is_loaded_from_another_host(site: Path):
    for page in site.rglob("*.html"):
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert [one for one in loads.found if re.match(r"(https?:)?//", one)] == [], page
        assert loads.found
    for sheet in site.rglob("*.css"):
        assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")) == [], sheet


def test_every_picture_that_a_page_shows_is_there(site: Path):
    shown = 0
    # A server may show 404.html at any address, so that page's are those of a site at the root of its host.
    for page in set(site.rglob("*.html")) - {site / "404.html"}:
        for address in re.findall(r'<img[^>]* src="([^":]+)"', page.read_text(encoding="utf-8")):
            shown += 1
            assert (page.parent / address).resolve().is_file(), f"{page}: {address}"
    assert shown >= 19


def test_the_reference_is_filled_in(site: Path):
    assert "GET /health" in (site / "reference" / "http.html").read_text(encoding="utf-8")
    assert "psynapse nodes rollback" in (site / "reference" / "command-line.html").read_text(encoding="utf-8")
    python = (site / "reference" / "python.html").read_text(encoding="utf-8")
    assert all(name in python for name in ("ProgressReporter", "AnnotatedDict", "RunResult", "nodepacks"))
    assert not [page for page in site.rglob("*.html") if "from code:" in page.read_text(encoding="utf-8")]


def test_files_of_the_repository_that_pages_link_to_are_in_it(site: Path):
    copied = (site / "files" / "docker" / "nginx.conf.txt").read_text(encoding="utf-8")
    assert copied == (ROOT / "docker" / "nginx.conf").read_text(encoding="utf-8")


def test_the_code_that_makes_pages_is_not_part_of_the_site(site: Path):
    assert not list(site.rglob("*.py"))
