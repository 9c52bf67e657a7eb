"""The pages that the app shows while there is no editor to show."""

from collections.abc import Sequence
from html import escape
from typing import Final

_STYLE: Final = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: start; gap: 12px;
  padding: 32px; box-sizing: border-box; background: Canvas; color: CanvasText; }
h1 { font-size: 20px; font-weight: 600; margin: 0; }
p { margin: 0; max-width: 70ch; }
pre { font: 12px/1.45 ui-monospace, monospace; margin: 0; padding: 12px; border: 1px solid GrayText; border-radius: 6px;
  max-width: min(110ch, 88vw); max-height: 50vh; overflow: auto; white-space: pre-wrap; }
button { font: inherit; padding: 6px 16px; }
"""
_RETRY: Final = """
document.getElementById("retry").addEventListener("click", (event) => {
  event.target.disabled = true;
  window.scope.restartServer();
});
"""


def starting_page() -> str:
    """While the server starts for the first time."""
    return _page("<h1>Starting Psynapse …</h1><p role='status'>The editor appears as soon as its server answers.</p>")


def failure_page(reason: str, log: Sequence[str]) -> str:
    """When the server does not come up: why, what it said last, and a button to try again."""
    said = escape("\n".join(log)) or "The server said nothing."
    return _page(
        f"<h1>The server does not run</h1><p role='alert'>{escape(reason[:1].upper() + reason[1:])}.</p>"
        f"<button id='retry' autofocus>Try again</button><p>What it said last:</p><pre>{said}</pre>"
        f"<script>{_RETRY}</script>"
    )


def _page(body: str) -> str:
    head = "<meta charset='utf-8'><title>Psynapse</title>"
    return f"<!doctype html><html lang='en'><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>"
