"""The window's menu."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Act = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What the menu can do; each is called in a thread of its own."""

    reload: Act
    fullscreen: Act
    show_log: Act
    restart_server: Act
    quit: Act


def make_menu(actions: Actions) -> list[Any]:
    """The menu, as pywebview takes it."""
    kinds = importlib.import_module("webview.menu")

    def menu(title: str, *items: tuple[str, Act] | None) -> Any:
        made = [kinds.MenuAction(*item) if item else kinds.MenuSeparator() for item in items]
        return kinds.Menu(title, made)

    return [
        menu("File", ("Quit", actions.quit)),
        menu("View", ("Reload", actions.reload), ("Full screen", actions.fullscreen)),
        menu("Server", ("Restart", actions.restart_server), None, ("Log", actions.show_log)),
    ]
