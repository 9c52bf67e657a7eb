"""The editor as a person meets it: by what is written on things, not by how the page is made."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Position, expect

_ENDED = re.compile("Succeeded|Failed|Stopped|Lost")
TITLE: Position = {"x": 80, "y": 14}
"""A place in a node's header where a click selects it."""
Theme = Literal["light", "dark"]
_BACKGROUNDS: dict[Theme, re.Pattern[str]] = {"light": re.compile(r"rgb\(2\d\d,"), "dark": re.compile(r"rgb\(\d\d?,")}
_STEPS = 8
"""Of a drag: the page sees the mouse on its way, as it does with a hand."""


@dataclass(frozen=True, slots=True)
class Editor:
    """One browser tab with the editor in it."""

    page: Page
    url: str

    # Opening

    def open(self, workflow: str | None = None) -> None:
        """Open the editor, at a saved workflow or as it comes, and wait until it can be used."""
        self.page.goto(self.url)
        expect(self.canvas).to_be_visible()
        expect(self.status_line.get_by_text("Connected")).to_be_visible()
        expect(self.library.get_by_role("button", name="add", exact=True)).to_be_visible()
        if workflow:
            self.go_to(f"#/w/{quote(workflow)}")
            expect(self.tab(workflow)).to_have_attribute("aria-selected", "true")
            self.settle()

    def settle(self) -> None:
        """Wait until the view has fitted itself to the workflow."""
        expect(self.nodes.first).to_be_visible()
        handle = self.nodes.first.element_handle()
        handle.wait_for_element_state("stable")

    def go_to(self, address: str) -> None:
        """Follow a link within the editor."""
        self.page.evaluate("address => { location.hash = address }", address)

    def reload(self) -> None:
        self.page.reload()
        expect(self.status_line.get_by_text("Connected")).to_be_visible()

    def use_theme(self, theme: Theme) -> None:
        """As a system that is set to it, and wait until the page has followed."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.expect_background(theme)

    def expect_background(self, theme: Theme) -> None:
        expect(self.page.locator("body")).to_have_css("background-color", _BACKGROUNDS[theme])

    # The parts of the page

    @property
    def canvas(self) -> Locator:
        return self.page.get_by_role("application", name="Workflow canvas")

    @property
    def library(self) -> Locator:
        return self.page.get_by_role("region", name="Library")

    @property
    def side(self) -> Locator:
        """The panel at the right: status and inspector."""
        return self.page.get_by_role("complementary", name="Status and inspector")

    @property
    def problems(self) -> Locator:
        return self.page.get_by_role("region", name="Problems")

    @property
    def status_line(self) -> Locator:
        return self.page.get_by_role("contentinfo")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def nodes(self) -> Locator:
        return self.page.locator(".react-flow__node")

    @property
    def edges(self) -> Locator:
        return self.page.locator(".react-flow__edge")

    def node(self, id_: str) -> Locator:
        """The node with this id; new ones are called after their function or kind: ``add_1``, ``variable_2``."""
        return self.page.locator(f'.react-flow__node[data-id="{id_}"]')

    def field(self, node: str, name: str) -> Locator:
        """The field of a parameter in its node."""
        return self.node(node).get_by_label(name, exact=True)

    def port(self, node: str, name: str, side: str) -> Locator:
        kind = "source" if side == "output" else "target"
        return self.node(node).locator(f'.react-flow__handle.{kind}[data-handleid="{name}"]')

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=re.compile(rf"^{re.escape(name)}\s*,"))

    # Building

    def drag_from_library(self, item: str, x: float, y: float) -> None:
        """Drag an item of the library to a point of the canvas, counted from its top left corner."""
        row = self.library.get_by_role("button", name=item, exact=True).first
        row.drag_to(self.canvas, target_position={"x": x, "y": y})

    def wire(self, source: str, output: str, target: str, input_: str) -> None:
        """Drag from an output to an input."""
        self.drag(self.port(source, output, "output"), self.port(target, input_, "input"))

    def drag(self, start: Locator, end: Locator) -> None:
        start.hover()
        x, y = self.middle(end)
        self.drag_to(start, x, y)

    def drag_to(self, start: Locator, x: float, y: float) -> None:
        """Drag to a point of the page."""
        # Waits until nothing moves any more; the view may still be fitting itself to a workflow.
        start.hover()
        self.page.mouse.down()
        self.page.mouse.move(x, y, steps=_STEPS)
        self.page.mouse.up()

    def middle(self, element: Locator) -> tuple[float, float]:
        box = element.bounding_box()
        assert box is not None, "it is not on the page"
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def canvas_point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the canvas as one of the page."""
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def command(self, title: str) -> None:
        """Do something by its name, with the command palette."""
        self.press("Control+k")
        expect(self.page.get_by_placeholder("Type what you want to do")).to_be_focused()
        self.page.keyboard.type(title)
        self.dialog.get_by_role("option", name=title).first.click()

    # Running

    def execute(self) -> None:
        """Run the workflow and wait for its end, whatever that is."""
        self.press("Control+Enter")
        expect(self.page.get_by_role("button", name="Stop", exact=True)).to_be_hidden()
        expect(self.run_status).to_have_text(_ENDED)

    @property
    def run_status(self) -> Locator:
        return self.side.locator("[data-status] strong").first

    def card(self, title: str) -> Locator:
        """What the status panel says about a node."""
        return self.side.get_by_role("article").filter(has=self.page.get_by_role("button", name=title))
