"""Take the gallery's pictures: every template, open in the editor after it has run.

``python3 dev.py pictures [NAME ...]`` starts a server and Chromium, runs the templates named, or all of them, and
writes ``examples/pictures/NAME.webp``. ``editor`` is the whole window, for ``docs/pictures``. Templates that ask a
language model ask a server on loopback that makes its answers up.
"""

import argparse
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "nodepacks_shipped")]

import httpx
from editor_page import Editor
from editor_server import Server, start_server
from model_server import KEY, ModelServer
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright
from sample_workflows import EXAMPLES, example

FOLDER: Final = EXAMPLES / "pictures"
LARGEST: Final = 60_000
"""Bytes of one picture; all of them travel in the wheel."""
WIDTH: Final = 1376
HEIGHT: Final = 900
"""Of the window; they leave a canvas of sixteen to ten."""
WHOLE_WIDTH: Final = 1440
EDITOR: Final = "editor"
SHOWN: Final = "picture-with-a-caption"
"""The template that the picture of the editor shows."""
NAMES: Final = sorted(path.stem for path in EXAMPLES.glob("*.json"))
_QUALITIES: Final = range(90, 30, -10)
_LONGEST_RUN: Final = 60_000


def take_all(names: Sequence[str], folder: Path) -> None:
    """Write a picture of each of the templates into ``folder``, and say how large each is."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        server, models = stack.enter_context(_server()), ModelServer()
        stack.callback(models.stop)
        browser = stack.enter_context(_browser())
        for name in names:
            shown = SHOWN if name == EDITOR else name
            server.put_workflow(shown, asking(models.url, example(shown)))
            picture = as_webp(take_editor(browser, server) if name == EDITOR else take(name, browser, server))
            (folder / f"{name}.webp").write_bytes(picture)
            sys.stdout.write(f"{name}: {len(picture):,} bytes\n")


def take(name: str, browser: Browser, server: Server) -> bytes:
    """A picture of the canvas after a workflow has run, as PNG."""
    with _after_run(name, browser, server, WIDTH) as editor:
        editor.press("Alt+Digit1")
        expect(editor.library).to_be_hidden()
        editor.press("Alt+Digit5")
        expect(editor.side).to_be_hidden()
        editor.page.get_by_role("button", name="Minimap").click()
        # The tools lie over the canvas; nobody can press them in a picture.
        editor.page.get_by_role("toolbar", name="View").evaluate("tools => { tools.style.visibility = 'hidden' }")
        _show_everything(editor)
        return editor.canvas.screenshot()


def take_editor(browser: Browser, server: Server) -> bytes:
    """A picture of the whole window with its panels, as PNG."""
    with _after_run(SHOWN, browser, server, WHOLE_WIDTH) as editor:
        _show_everything(editor)
        return editor.page.screenshot()


@contextmanager
def _after_run(name: str, browser: Browser, server: Server, width: int) -> Generator[Editor]:
    viewport: ViewportSize = {"width": width, "height": HEIGHT}
    with browser.new_context(viewport=viewport, color_scheme="light", reduced_motion="reduce") as context:
        editor = Editor(context.new_page(), server.url)
        editor.open(name)
        editor.press("Control+Enter")
        expect(editor.run_status).to_have_text("Succeeded", timeout=_LONGEST_RUN)
        yield editor


def _show_everything(editor: Editor) -> None:
    """Twice: nodes that were out of sight are measured once they are in it."""
    for _ in range(2):
        editor.press("Shift+!")
        editor.settle()
    expect(editor.canvas.get_by_text("Loading …")).to_have_count(0)


def asking(url: str, template: dict[str, Any]) -> dict[str, Any]:
    """The template, with the local server in place of the one on the internet."""
    return json.loads(json.dumps(template).replace("https://api.openai.com/v1", url))


def as_webp(png: bytes) -> bytes:
    """The picture in the best quality that is not too large. Raises ValueError when none is small enough."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in _QUALITIES:
        content = io.BytesIO()
        image.save(content, "WEBP", quality=quality, method=6)
        if content.tell() <= LARGEST:
            return content.getvalue()
    raise ValueError(f"larger than {LARGEST:,} bytes even in quality {_QUALITIES[-1]}")


@contextmanager
def _server() -> Generator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        nodepacks = Path(folder, "nodepacks")
        nodepacks.mkdir()
        server = start_server(Path(folder, "data"), nodepacks)
        try:
            httpx.put(f"{server.url}/secrets/OPENAI_API_KEY", json={"value": KEY}).raise_for_status()
            yield server
        finally:
            server.stop()


@contextmanager
def _browser() -> Generator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def main(arguments: Sequence[str]) -> int:
    """Take the pictures that a command line asks for, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 dev.py pictures", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", choices=[[], EDITOR, *NAMES], help="a template; without any, all"
    )
    parser.add_argument("--into", type=Path, default=FOLDER, help="the folder to write them into")
    asked = parser.parse_args(arguments)
    take_all(asked.names or NAMES, asked.into)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
