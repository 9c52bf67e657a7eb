"""The real window with the real server behind it, as scenarios see it: its page, and a picture of that."""

import importlib
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from psynapse.desktop.app import make_supervisor
from psynapse.desktop.deep_links import PendingLinks
from psynapse.desktop.toolkit import load_toolkit
from psynapse.desktop.window import EditorWindow
from psynapse.server.security import token_address
from psynapse.settings import read_settings

TOKEN = "a-token-of-the-test"
# A script returns at once; what a promise becomes stays in the page, where the next question finds it.
ASK = """window.outcome = "";
(async () => {{ {code} }})().then(
  (value) => {{ window.outcome = JSON.stringify({{ value: value === undefined ? null : value }}); }},
  (error) => {{ window.outcome = JSON.stringify({{ error: error.name, code: error.code || "" }}); }});
0"""

# The install form, once it is shown: what it is filled with, and what it says about that.
FORM = """(() => {
  const field = [...document.querySelectorAll("input")].find((one) => /^Install a/.test(one.labels[0]?.textContent));
  const hint = field && document.getElementById(field.getAttribute("aria-describedby"))?.textContent;
  return field ? JSON.stringify([field.value, hint]) : "";
})()"""
Found = TypeVar("Found")


def until(look: Callable[[], Found], seconds: float = 60) -> Found:
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(traceback.format_stack()[-2])
        time.sleep(0.05)
    return found


def qt(module: str) -> Any:
    """A module of Qt, which checkers of types need not have."""
    return importlib.import_module(f"PySide6.{module}")


class Probe:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.supervisor = make_supervisor(read_settings(data_dir=folder), TOKEN)
        self.links = PendingLinks()
        self.toolkit = load_toolkit()
        self.editor = EditorWindow(
            self.toolkit, self.supervisor, self.links, folder / "desktop", lambda origin: token_address(origin, TOKEN)
        )
        self.window = self.editor.window
        self.found: dict[str, object] = {}

    def js(self, script: str) -> Any:
        return self.window.run_js(script)

    def ask(self, code: str) -> dict[str, Any]:
        self.js(ASK.format(code=code))
        return json.loads(until(lambda: self.js("window.outcome")))

    def await_editor(self) -> None:
        until(lambda: self.supervisor.status.state == "healthy")
        until(lambda: self.js("!!window.scope && !!document.querySelector('.react-flow')"))

    def await_form(self, package: str) -> list[str]:
        """The install form with that package in it: its content, and what it says about where that is from."""

        def look() -> list[str]:
            form = json.loads(self.js(FORM) or "[]")
            return form if form[:1] == [package] else []

        return until(look)

    def grab(self, name: str) -> None:
        """A picture of what the page has painted, taken in the window's own thread."""
        done = threading.Event()
        native = self.window.native

        def take() -> None:
            native.grab().save(str(self.folder / name))
            done.set()

        qt("QtCore").QTimer.singleShot(0, native, take)
        done.wait(10)

    def play(self, scenario: Callable[["Probe"], None]) -> None:
        def act() -> None:
            try:
                scenario(self)
            except Exception:  # noqa: BLE001 -- whatever it is, the test is to see it
                self.found["failure"] = traceback.format_exc()
            self.window.destroy()

        self.supervisor.start()
        threading.Thread(target=act, daemon=True).start()
        self.editor.run()
        self.supervisor.close()
        sys.stdout.write(json.dumps(self.found))
        sys.stdout.flush()
        os._exit(0)
