"""A window with what the server has said, which follows it. Qt's own: pywebview makes further windows in any thread."""

import importlib
from typing import Any, Final

from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.toolkit import Window

_LINES: Final = 1_000
_BETWEEN_LOOKS_MS: Final = 500
_SIZE: Final = (900, 640)


class LogView:
    """One window at most; asking for it again brings it to the front."""

    def __init__(self, window: Window, log: ServerLog) -> None:
        self._window = window
        self._log = log
        self._shown: tuple[str, ...] = ()
        self._text: Any = None
        self._timer: Any = None

    def show(self) -> None:
        """Open it. From any thread; does not wait."""
        importlib.import_module("qtpy.QtCore").QTimer.singleShot(0, self._window.native, self._show)

    def _show(self) -> None:
        if self._text is None:
            self._text = self._make()
            self._timer = importlib.import_module("qtpy.QtCore").QTimer(self._text)
            self._timer.timeout.connect(self._follow)
        self._follow()
        self._timer.start(_BETWEEN_LOOKS_MS)
        self._text.showNormal()
        self._text.raise_()
        self._text.activateWindow()

    def _make(self) -> Any:
        gui = importlib.import_module("qtpy.QtGui")
        text = importlib.import_module("qtpy.QtWidgets").QPlainTextEdit()
        text.setObjectName("log")
        text.setWindowTitle(f"Psynapse: {self._log.path}")
        text.setReadOnly(True)
        text.setLineWrapMode(text.LineWrapMode.NoWrap)
        text.setFont(gui.QFontDatabase.systemFont(gui.QFontDatabase.SystemFont.FixedFont))
        text.resize(*_SIZE)
        return text

    def _follow(self) -> None:
        if not self._text.isVisible() and self._shown:
            self._timer.stop()
        lines = self._log.tail(_LINES)
        if lines == self._shown:
            return
        self._shown = lines
        bar = self._text.verticalScrollBar()
        # Somebody who reads further up is not moved.
        place = bar.value() if bar.value() < bar.maximum() else None
        self._text.setPlainText("\n".join(lines))
        bar.setValue(bar.maximum() if place is None else place)
