"""The real server and a real browser: a server for each file of tests, a fresh browser profile for each test."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from editor_page import Editor
from editor_server import Server, start_server
from page_watch import PageWatch

PATIENCE = 10_000
# Chromium looks for updates and for the network's own pages otherwise, on machines that have no network.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once Playwright has begun, nothing else in the process can start an event loop."""
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.is_relative_to(here))


def find_chromium() -> str:
    """The browser's program; without one the tests are left out, but never where they are asked for."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None and os.environ.get("CI"):
        pytest.fail("there is no Chromium: apt-get install chromium")
    if program is None:
        pytest.skip("needs Chromium; CHROMIUM names its program")
    return program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    nodepacks = folder / "nodepacks"
    nodepacks.mkdir()
    server = start_server(folder / "data", nodepacks)
    yield server
    server.stop()


@pytest.fixture
def watch(server: Server) -> Iterator[PageWatch]:
    """Fails the test when any of its pages, until they are closed, does what none may do."""
    watch = PageWatch(server.url)
    yield watch
    watch.check()


@pytest.fixture
def new_context(browser: Browser, watch: PageWatch) -> Iterator[Callable[..., BrowserContext]]:
    """Makes fresh browser profiles, each as another person's browser would be."""
    made: list[BrowserContext] = []

    def make(width: int = 1440, height: int = 900, **options: Any) -> BrowserContext:
        context = browser.new_context(
            **options,
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
            # Nothing moves on its own, so what is clicked is where it was.
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


@pytest.fixture
def editor(context: BrowserContext, server: Server) -> Editor:
    """The editor in a browser tab, not opened yet."""
    return Editor(context.new_page(), server.url)
