"""What the page in the window may ask of the app. docs/desktop.md describes it for those who write pages.

Every call says which page it comes from; another page than ours gets nothing. What comes from a page is not trusted.
"""

import inspect
import threading
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, cast

from psynapse.desktop.deep_links import PendingLinks
from psynapse.desktop.errors import BridgeRefused
from psynapse.desktop.origins import OWN_ORIGIN, is_web_address, origin_of
from psynapse.desktop.supervisor import Supervisor
from psynapse.model.ids import Json

VERSION: Final = 1
_LONGEST_TITLE: Final = 200
_LONGEST_PATH: Final = 4_096
_MOST_LINES: Final = 1_000


class FolderDialog(Protocol):
    """Whatever can ask for a folder."""

    def __call__(self, title: str, start: str) -> str | None:
        """The folder that was chosen, or None. Waits for it."""
        ...


class Bridge:
    """The methods a page can call by name."""

    def __init__(self, supervisor: Supervisor, links: PendingLinks, dialog: FolderDialog) -> None:
        self._supervisor = supervisor
        self._links = links
        self._dialog = dialog
        self._dialog_open = threading.Lock()
        self._methods: Final[Mapping[str, Callable[..., Json]]] = {
            "ready": self._ready,
            "browseDirectory": self._browse_directory,
            "openExternal": self._open_external,
            "serverStatus": self._server_status,
            "serverLog": self._server_log,
            "restartServer": self._restart_server,
        }

    def call(self, page: str, method: object, arguments: object) -> Json:
        """What the method answers to the page at that address. Raises BridgeRefused."""
        if not self.allows(page):
            raise BridgeRefused("this page may not use the app", hint="only the editor's own page can")
        wanted = self._methods.get(method) if isinstance(method, str) else None
        if wanted is None:
            raise BridgeRefused("the app has no such method", hint=f"it has {', '.join(self._methods)}")
        given = cast("list[object]", arguments) if isinstance(arguments, list) else []
        try:
            inspect.signature(wanted).bind(*given)
        except TypeError as error:
            raise BridgeRefused(f"{method}: {error}", hint="docs/desktop.md has the arguments") from None
        return wanted(*given)

    def allows(self, page: str) -> bool:
        """Whether the page at that address is ours: the editor's, or one that the app itself has made."""
        origin = origin_of(page)
        return origin != "" and origin in {self._supervisor.status.origin, OWN_ORIGIN}

    def _ready(self) -> Json:
        """The page can take links now; those that wait."""
        links = [link.to_json() for link in self._links.take()]
        return {"version": VERSION, "links": links, "server": self._server_status()}

    def _browse_directory(self, title: object = "", start: object = "") -> Json:
        """The absolute path of a folder that the user picks, or None."""
        title = _text("title", title, _LONGEST_TITLE) or "Choose a folder"
        start = _text("start", start, _LONGEST_PATH)
        if not self._dialog_open.acquire(blocking=False):
            raise BridgeRefused("a dialog is open already", hint="wait until it is closed")
        try:
            return self._dialog(title, start if start and Path(start).is_dir() else str(Path.home()))
        finally:
            self._dialog_open.release()

    def _open_external(self, url: object) -> Json:
        """Show a web page in the user's browser; whether there is one."""
        if not isinstance(url, str) or not is_web_address(url):
            raise BridgeRefused("this is no address for a browser", hint="only http and https addresses are opened")
        return webbrowser.open(url)

    def _server_status(self) -> Json:
        """How the server is."""
        return self._supervisor.status.to_json()

    def _server_log(self, lines: object = 200) -> Json:
        """What the server has said last, line by line."""
        if not isinstance(lines, int) or isinstance(lines, bool) or not 0 < lines <= _MOST_LINES:
            raise BridgeRefused(f"lines is no number from 1 to {_MOST_LINES:,}", hint="leave it out for 200")
        return list(self._supervisor.log.tail(lines))

    def _restart_server(self) -> Json:
        """End the server, however it is, and start it again."""
        self._supervisor.restart()
        return self._server_status()


def _text(name: str, value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        message = f"{name} is no printable text of at most {longest:,} characters"
        raise BridgeRefused(message, hint="leave it out if there is nothing to say")
    return value
