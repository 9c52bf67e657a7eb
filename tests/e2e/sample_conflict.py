"""A workflow that is edited in two places at once."""

from collections.abc import Callable

from editor_page import Editor
from playwright.sync_api import Route, expect

REFUSED = r"409 \(Conflict\)"
"""Chromium logs every answer of 400 and above, also those that are part of the game."""


def bring_into_conflict(editor: Editor, elsewhere: Callable[[], None]) -> None:
    """Set ``a`` of ``add_1`` to 1000 while ``elsewhere`` saves another edit first; the editor has been told."""

    def come_second(route: Route) -> None:
        if route.request.method == "PUT" and not came:
            came.append(route.request.url)
            elsewhere()
        route.continue_()

    came: list[str] = []
    editor.page.route(lambda url: "/workflows/" in url, come_second)
    editor.field("add_1", "a").fill("1000")
    expect(editor.status_line.get_by_role("button", name="Changed elsewhere")).to_be_visible()
    editor.page.unroute_all(behavior="ignoreErrors")
