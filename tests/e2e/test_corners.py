"""What is over the corners of the canvas: the controls, the minimap, and short messages that cover neither."""

from collections.abc import Callable

import pytest
from editor_page import Editor, Theme
from editor_server import Server
from playwright.sync_api import BrowserContext, Locator, expect
from sample_workflows import add_two

DROP = """name => {
  const data = new DataTransfer();
  data.items.add(new File(["{}"], name, { type: "application/json" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
COVERED = """([toasts, corners]) => {
  const boxes = selector => [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect());
  const covers = a => b => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes(toasts).filter(toast => boxes(corners).some(covers(toast))).length;
}"""
TOASTS = "[data-sonner-toast]"
CORNERS = ".react-flow__panel.bottom"


@pytest.fixture
def sized(new_context: Callable[..., BrowserContext], server: Server) -> Callable[[int, int], Editor]:
    """The editor in a window of that size with a workflow that has run, so that both side panels are open."""

    def make(width: int, height: int) -> Editor:
        server.put_workflow("corners", add_two().data())
        editor = Editor(new_context(width, height).new_page(), server.url)
        editor.open("corners")
        editor.execute()
        return editor

    return make


def minimap(editor: Editor) -> Locator:
    return editor.canvas.locator(f"{CORNERS}.right")


def test_the_minimap_is_on_only_where_there_is_room_for_it(sized: Callable[[int, int], Editor]):
    editor = sized(1024, 700)
    button = editor.page.get_by_role("button", name="Minimap")
    expect(minimap(editor)).to_have_count(0)
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_disabled()
    button.hover()
    expect(editor.page.get_by_text("Minimap: there is no room for it.")).to_be_visible()
    # It does nothing, so what was chosen is the same afterwards.
    button.focus()
    editor.press("Enter")
    editor.side.get_by_role("button", name="Close").click()
    expect(minimap(editor)).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_enabled()
    button.click()
    expect(minimap(editor)).to_have_count(0)
    expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(("width", "height", "theme"), [(1440, 900, "light"), (1024, 700, "dark")])
def test_messages_cover_neither_the_controls_nor_the_minimap(
    width: int, height: int, theme: Theme, sized: Callable[[int, int], Editor]
):
    editor = sized(width, height)
    editor.use_theme(theme)
    for number in range(3):
        editor.page.evaluate(DROP, f"odd {number}.json")
    toasts = editor.page.locator(TOASTS)
    expect(toasts).to_have_count(3)
    expect_none_covered(editor)
    editor.page.get_by_role("button", name="Problems:").click()
    expect(editor.problems).to_be_visible()
    expect_none_covered(editor)
    editor.side.get_by_role("button", name="Close").click()
    expect(minimap(editor)).to_be_visible()
    expect_none_covered(editor)


def expect_none_covered(editor: Editor) -> None:
    """Neither while they lie on each other, nor while the pointer has them all shown."""
    editor.page.mouse.move(1, 1)
    front = editor.page.locator(f"{TOASTS}[data-front=true]")
    expect(front).to_have_attribute("data-expanded", "false")
    assert editor.page.evaluate(COVERED, [TOASTS, CORNERS]) == 0
    front.hover()
    expect(front).to_have_attribute("data-expanded", "true")
    assert editor.page.evaluate(COVERED, [TOASTS, CORNERS]) == 0
