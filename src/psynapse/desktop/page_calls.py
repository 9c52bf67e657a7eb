"""How calls of a page reach the bridge through pywebview, and how the answers get back.

pywebview's own way makes functions from text, which the editor's content policy forbids, and lets a page follow any
attribute of the object it is given. Here it is given one that has a single name, behind which there is nothing.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from psynapse.desktop.bridge import Bridge
from psynapse.desktop.errors import BridgeRefused
from psynapse.desktop.toolkit import Window
from psynapse.model.ids import Json

CALL_NAME: Final = "scope"
_LONGEST_ID: Final = 40


class PageCalls:
    """Answers what the page in the window asks."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._window: Window | None = None

    def attach(self, window: Window) -> None:
        """The window whose page asks."""
        self._window = window

    def receive(self, *values: object) -> None:
        """One call, as pywebview hands it over: an id, the method, its arguments. In a thread of its own."""
        window = self._window
        match values:
            case [str(call), method, arguments] if window and call.isdecimal() and len(call) <= _LONGEST_ID:
                page = window.get_current_url() or ""
                window.run_js(answer_script(page, call, self._answer(page, method, arguments)))
            case _:
                # Nobody waits for an answer to this.
                pass
        # Ends this thread: pywebview would go on to answer by ``eval``.
        raise SystemExit

    def _answer(self, page: str, method: object, arguments: object) -> dict[str, Json]:
        try:
            return {"value": self._bridge.call(page, method, arguments)}
        except BridgeRefused as error:
            return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def answer_script(page: str, call: str, answer: dict[str, Json]) -> str:
    """The script that tells the page at that address; another one, shown meanwhile, is told nothing."""
    return guarded_script(page, f"window.__scopeAnswer?.({json.dumps(call)}, {json.dumps(answer)})")


def guarded_script(page: str, script: str) -> str:
    """A script that does nothing unless it runs in a page of that origin."""
    return f"if (new URL({json.dumps(page or 'about:blank')}).origin === location.origin) {{ {script} }}"


def only_door(receive: Callable[..., None]) -> Any:
    """The object for pywebview: a page reaches ``receive`` by one name and nothing else, also not through it."""

    class Door:
        def __call__(self, *values: object) -> None:
            receive(*values)

        def __getattribute__(self, name: str) -> Any:
            raise AttributeError(name)

    door = Door()

    class Wall:
        # Nothing is listed: for what is, pywebview makes functions from text.
        def __dir__(self) -> list[str]:
            return []

        def __getattribute__(self, name: str) -> Any:
            if name == CALL_NAME:
                return door
            raise AttributeError(name)

    return Wall()
