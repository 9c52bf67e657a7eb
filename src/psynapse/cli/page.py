"""The editor's page in the user's browser."""

import os
import sys
import threading
import webbrowser


def open_page(address: str) -> bool:
    """Open the address in a browser, without waiting for it. Returns whether there is a screen to show one on.

    Without one, the system's idea of a browser may be a program that takes over the terminal.
    """
    if not _has_screen():
        return False
    threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
    return True


def _has_screen() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
