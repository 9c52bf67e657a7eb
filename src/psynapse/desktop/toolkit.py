"""The library that shows windows: what of it is used, and what to say where it is not there."""

import contextlib
import importlib
import os
import subprocess
import sys
from typing import Any, Final, Protocol, cast

from psynapse.desktop.errors import ToolkitMissing

_QT: Final = ("PySide6.QtWebEngineWidgets", "PySide6.QtWebChannel", "qtpy")
_SHOW_NOTHING: Final = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
_SCREEN_ANSWERS_WITHIN: Final = 30


class Window(Protocol):
    """A window of pywebview."""

    events: Any
    native: Any
    localization: dict[str, str]
    width: int
    height: int
    x: int
    y: int

    def load_url(self, url: str) -> None:
        """Show an address."""

    def load_html(self, html: str, base_uri: str) -> None:
        """Show a text as if it came from an address."""

    def run_js(self, script: str) -> Any:
        """Run a script in the page. Waits for it."""

    def get_current_url(self) -> str | None:
        """The address of the page."""

    def create_file_dialog(self, dialog_type: int, directory: str) -> Any:
        """Ask for a file or folder. Waits for it."""

    def create_confirmation_dialog(self, title: str, message: str) -> bool:
        """Ask whether to go on. Waits for it."""
        ...

    def set_title(self, title: str) -> None:
        """What the window's frame says."""

    def show(self) -> None:
        """Make it visible."""

    def move(self, x: int, y: int) -> None:
        """Put it elsewhere."""

    def toggle_fullscreen(self) -> None:
        """Use the whole screen, or no longer."""

    def destroy(self) -> None:
        """Close it."""


class Toolkit(Protocol):
    """The module ``webview``."""

    FileDialog: Any
    errors: Any
    settings: dict[str, Any]
    screens: Any

    def create_window(self, title: str, **options: Any) -> Window:
        """A window, which is shown by ``start``, or at once when that runs."""
        ...

    def start(self, **options: Any) -> None:
        """Show the windows until all are closed. Only in the main thread."""


def load_toolkit() -> Toolkit:
    """The library. Raises ToolkitMissing when it, what it needs, or a screen is not there."""
    if sys.platform.startswith("linux"):
        _prepare_linux()
    webview = _imported("webview")
    # Pages of ours and of others are told apart by the window, links that want a window of their own are for browsers.
    webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = True
    webview.settings["ALLOW_FILE_URLS"] = False
    webview.settings["ALLOW_DOWNLOADS"] = not sys.platform.startswith("linux")
    return cast("Toolkit", webview)


def _prepare_linux() -> None:
    if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise ToolkitMissing("there is no screen to show a window on", hint="psynapse serve needs none")
    if os.geteuid() == 0:
        # Chromium refuses to run as root with its sandbox.
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    os.environ["QT_API"] = "pyside6"
    for name in _QT:
        _imported(name)
    _try_screen()


def _try_screen() -> None:
    """Qt ends the process when it finds no screen, or not all libraries to draw on it: let it end another one."""
    reason = "the screen does not answer"
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 -- our own program text
            [sys.executable, "-c", _SHOW_NOTHING],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SCREEN_ANSWERS_WITHIN,
            check=False,
        )
        if not done.returncode:
            return
        reason = next((line for line in done.stderr.splitlines() if line.strip()), f"exit code {done.returncode}")
    hint = "check DISPLAY and the system's packages that docs/desktop.md lists; psynapse serve needs no screen"
    raise ToolkitMissing(f"no window can be shown: {reason}", hint=hint)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        hint = "pip install 'psynapse[desktop]', or run psynapse without a command: it opens the browser"
        raise ToolkitMissing(f"the window needs {error.name or name}", hint=hint) from None
    except ImportError as error:
        hint = "install the system's package that has it; docs/desktop.md lists them"
        raise ToolkitMissing(f"the window cannot be shown: {error}", hint=hint) from error
