"""The window: the editor's page in it, and what becomes of it while the server comes and goes."""

import json
import queue
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from psynapse.desktop import qt
from psynapse.desktop.bridge import Bridge
from psynapse.desktop.deep_links import PendingLinks, parse_link
from psynapse.desktop.errors import BadDeepLink
from psynapse.desktop.menu import Actions, make_menu
from psynapse.desktop.origins import OWN_ORIGIN, is_web_address, origin_of
from psynapse.desktop.page_calls import PageCalls, guarded_script, only_door
from psynapse.desktop.pages import failure_page, starting_page
from psynapse.desktop.qt_log import LogView
from psynapse.desktop.supervisor import ServerStatus, Supervisor
from psynapse.desktop.toolkit import Toolkit, Window
from psynapse.desktop.window_state import SMALLEST, Area, WindowState, load_state, save_state
from psynapse.logs import logger

TITLE: Final = "Psynapse"
_LAST_LINES: Final = 200
_SCRIPT: Final = Path(__file__).with_name("scope.js")


class EditorWindow:
    """The app's window. ``folder`` is where it remembers things; ``enter`` makes an origin a page's first address."""

    def __init__(
        self, toolkit: Toolkit, supervisor: Supervisor, links: PendingLinks, folder: Path, enter: Callable[[str], str]
    ) -> None:
        self._toolkit = toolkit
        self._supervisor = supervisor
        self._links = links
        self._folder = folder
        self._enter = enter
        self._showing: Literal["start", "editor", "failure"] = "start"
        self._script = _SCRIPT.read_text(encoding="utf-8")
        # Scripts wait for the window and the window may be gone: nobody else's thread is spent on them.
        self._errands: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._bridge = Bridge(supervisor, links, self._choose_folder)
        self._calls = PageCalls(self._bridge)
        self.window = self._make()
        self._log_view = LogView(self.window, supervisor.log)

    def run(self, icon: Path | None = None) -> None:
        """Show the window until it is closed. Only in the main thread."""
        # Closing waits for the window to be there, which the main thread must not.
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=self.window.destroy, daemon=True).start())
        threading.Thread(target=self._run_errands, name="window errands", daemon=True).start()
        self._supervisor.on_change = self._hear_server
        self._toolkit.start(
            func=self._begin,
            menu=make_menu(self._actions()),
            gui="qt" if sys.platform.startswith("linux") else None,
            private_mode=False,
            storage_path=str(self._folder / "web"),
            icon=str(icon) if icon else None,
        )
        self._closing.set()

    def open_links(self, links: Sequence[str]) -> None:
        """Take links from a later start of the app, and come to the front. From any thread."""
        for link in links:
            try:
                self._links.add(parse_link(link))
            except BadDeepLink as error:
                logger.warning("a link was refused: %s", error.message)
        self._errands.put(self._come_forward)

    # Its parts

    def _make(self) -> Window:
        state = load_state(self._state_file)
        window = self._toolkit.create_window(
            TITLE,
            html=starting_page(),
            js_api=only_door(self._calls.receive),
            width=state.width,
            height=state.height,
            x=state.x,
            y=state.y,
            maximized=state.maximized,
            min_size=SMALLEST,
            text_select=True,
            zoomable=True,
        )
        window.events.before_show += self._adapt
        window.events.loaded += self._on_loaded
        window.events.closing += self._on_closing
        self._calls.attach(window)
        return window

    def _adapt(self) -> None:
        if qt.is_qt(self.window):
            qt.adapt(self.window, self._is_ours, self._open_elsewhere)

    def _actions(self) -> Actions:
        return Actions(
            reload=lambda: self._errands.put(lambda: self._show(self._supervisor.status)),
            fullscreen=self.window.toggle_fullscreen,
            show_log=self._show_log,
            restart_server=self._supervisor.restart,
            quit=self.window.destroy,
        )

    # The server comes and goes

    def _begin(self) -> None:
        """The window is there: from now on it can be told things."""
        state = load_state(self._state_file)
        screens = [Area(x=one.x, y=one.y, width=one.width, height=one.height) for one in self._toolkit.screens]
        if state.fitted(screens) != state:
            self.window.move(screens[0].x, screens[0].y)
        self._hear_server(self._supervisor.status)

    def _hear_server(self, status: ServerStatus) -> None:
        self._errands.put(lambda: self._follow(status))

    def _follow(self, status: ServerStatus) -> None:
        match status.state:
            case "healthy" if self._showing != "editor" or not self._page_is_ours():
                self._show(status)
            case "failed" if self._showing != "editor":
                self._show(status)
            case "failed":
                # What is open in the editor may not be saved: it stays.
                self._tell_page("scope:server", status.to_json())
                self._offer_restart(status)
            case _:
                self._tell_page("scope:server", status.to_json())

    def _show(self, status: ServerStatus) -> None:
        """Show what fits the state of the server, anew."""
        if status.state == "failed":
            self._showing = "failure"
            page = failure_page(status.message, self._supervisor.log.tail(_LAST_LINES))
            self.window.load_html(page, OWN_ORIGIN)
        elif status.state == "healthy":
            self._showing = "editor"
            self.window.load_url(self._enter(status.origin))

    def _offer_restart(self, status: ServerStatus) -> None:
        question = f"{status.message[:1].upper()}{status.message[1:]}. Start it again?"
        if self.window.create_confirmation_dialog("The server does not run", question):
            self._supervisor.restart()

    # The page

    def _on_loaded(self) -> None:
        self._errands.put(self._greet_page)

    def _greet_page(self) -> None:
        page = self.window.get_current_url() or ""
        if self._bridge.allows(page):
            self._links.take_back()
            self.window.run_js(guarded_script(page, self._script))

    def _page_is_ours(self) -> bool:
        """False also for the page that a browser shows when nobody answered."""
        return self.window.run_js("location.origin") == self._supervisor.status.origin

    def _tell_page(self, event: str, detail: object = None) -> None:
        said = f"window.dispatchEvent(new CustomEvent({json.dumps(event)}, {{detail: {json.dumps(detail)}}}))"
        self.window.run_js(guarded_script(self._supervisor.status.origin, said))

    def _come_forward(self) -> None:
        self.window.show()
        self._tell_page("scope:links")

    def _choose_folder(self, title: str, start: str) -> str | None:
        self.window.localization["linux.openFolder"] = title
        chosen = self.window.create_file_dialog(self._toolkit.FileDialog.FOLDER, directory=start)
        return str(chosen[0]) if chosen else None

    def _is_ours(self, address: str) -> bool:
        return origin_of(address) == self._supervisor.status.origin

    def _open_elsewhere(self, address: str) -> None:
        if is_web_address(address):
            self._errands.put(lambda: webbrowser.open(address))

    def _show_log(self) -> None:
        if qt.is_qt(self.window):
            self._log_view.show()
        else:
            webbrowser.open(self._supervisor.log.path.as_uri())

    # Its end

    def _on_closing(self) -> None:
        """In the window's own thread, while it is still there."""
        self._closing.set()
        save_state(self._state_file, self._state())

    def _state(self) -> WindowState:
        if qt.is_qt(self.window):
            return qt.place_of(self.window)
        window = self.window
        return WindowState(width=window.width, height=window.height, x=window.x, y=window.y)

    @property
    def _state_file(self) -> Path:
        return self._folder / "window.json"

    def _run_errands(self) -> None:
        while not self._closing.is_set():
            try:
                self._errands.get()()
            except self._toolkit.errors.WebViewException as error:
                logger.warning("the window did not do what it was told: %s", error)
