"""What the window needs of Qt itself, which pywebview uses on Linux. Everything here runs in Qt's own thread."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from psynapse.desktop.toolkit import Window
from psynapse.desktop.window_state import WindowState


def is_qt(window: Window) -> bool:
    """Whether the window is one of Qt's."""
    return hasattr(window.native, "show_trigger")


def adapt(window: Window, may_show: Callable[[str], bool], elsewhere: Callable[[str], None]) -> None:
    """Make the window keep to pages that it ``may_show``; other addresses that a page leads to go ``elsewhere``."""
    native = window.native
    page = native.webview.page()

    def decide(request: Any) -> None:
        # What the app itself loads is typed; a page's own wishes never are.
        typed = request.navigationType() == request.NavigationType.TypedNavigation
        address = request.url().toString()
        if request.isMainFrame() and not typed and not may_show(address):
            request.reject()
            elsewhere(address)

    page.navigationRequested.connect(decide)
    page.titleChanged.connect(native.setWindowTitle)
    native.show_trigger.connect(native.raise_)
    native.show_trigger.connect(native.activateWindow)
    page.profile().downloadRequested.connect(lambda download: _save(native, download))
    for name in ("JavascriptCanAccessClipboard", "JavascriptCanPaste"):
        settings = page.settings()
        settings.setAttribute(getattr(settings.WebAttribute, name), True)


def place_of(window: Window) -> WindowState:
    """Where the window is, and how large when it is not maximized."""
    native = window.native
    inner, primary = native.normalGeometry(), native.screen
    # A window is placed by its frame and measured without it.
    offset = native.geometry().topLeft() - native.frameGeometry().topLeft()
    return WindowState(
        width=inner.width(),
        height=inner.height(),
        x=inner.x() - offset.x() - primary.x(),
        y=inner.y() - offset.y() - primary.y(),
        maximized=native.isMaximized(),
    )


def _save(native: Any, download: Any) -> None:
    """Ask where a download is to go. pywebview's own way is one that Qt 6 does not have."""
    dialog = importlib.import_module("qtpy.QtWidgets").QFileDialog
    folder = Path.home() / "Downloads"
    suggested = (folder if folder.is_dir() else Path.home()) / Path(download.suggestedFileName()).name
    chosen = cast("str", dialog.getSaveFileName(native, "Save", str(suggested))[0])
    if not chosen:
        download.cancel()
        return
    download.setDownloadDirectory(str(Path(chosen).parent))
    download.setDownloadFileName(Path(chosen).name)
    download.accept()
