"""A real browser with the editor in it: real mouse events, and the frames that are drawn meanwhile.

Frames are counted with requestAnimationFrame. Chromium draws without a graphics card here, as it does on machines that
test: on a desktop everything is faster.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.engine import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser, Page

    from benchmarks.serving import Served

_EVERY = 0.008
"""Seconds between two moves of a usual mouse."""
_CIRCLE = ((260, 0), (260, 160), (0, 160), (0, 0))
"""Where the mouse goes, again and again; steps of a few pixels, as a hand makes them."""

# What the page knows best itself: when the workflow is drawn, and when frames are.
_WHEN_DRAWN = """(() => {
  const drawn = () => document.querySelector(".react-flow__node, [class*='_overview_'] canvas");
  const look = () => {
    if (!drawn()) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      document.documentElement.dataset.drawn = performance.now();
    }));
  };
  requestAnimationFrame(look);
})()"""
_COUNT_FRAMES = """() => {
  const frames = (window.benchFrames = []);
  const next = (now) => { if (window.benchFrames === frames) { frames.push(now); requestAnimationFrame(next); } };
  requestAnimationFrame(next);
}"""
_FRAMES = "() => { const frames = window.benchFrames; window.benchFrames = null; return frames; }"
_FREE_PLACE = """([width, height]) => {
  const { left, top } = document.querySelector(".react-flow__pane").getBoundingClientRect();
  for (let y = top + 40; y < innerHeight - height - 40; y += 8)
    for (let x = left + 40; x < innerWidth - width - 40; x += 8)
      if (document.elementFromPoint(x, y)?.matches(".react-flow__pane")) return [x, y];
  return null;
}"""
_FREE_HEADER = """([width, height]) => {
  const pane = document.querySelector(".react-flow__pane").getBoundingClientRect();
  for (const node of document.querySelectorAll(".react-flow__node")) {
    const { left, top } = node.getBoundingClientRect();
    const [x, y] = [left + 90, top + 14];
    const isFarFromSides = x > pane.left + 80 && x + width < pane.right - 80;
    const isFree = isFarFromSides && y > pane.top + 80 && y + height < pane.bottom - 80;
    if (isFree && node.contains(document.elementFromPoint(x, y))) return [x, y];
  }
  return null;
}"""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames drawn while something was done."""

    times: list[float]
    """In milliseconds."""

    @property
    def mean(self) -> float:
        """Milliseconds from one frame to the next, on average."""
        return (self.times[-1] - self.times[0]) / (len(self.times) - 1)

    @property
    def words(self) -> str:
        gaps = [after - before for before, after in zip(self.times, self.times[1:], strict=False)]
        return f"{1e3 / self.mean:.0f} fps, 95 % of frames within {quantiles(gaps, n=20)[-1]:.0f} ms"


@contextmanager
def browser_at(program: str) -> Generator[Browser]:
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@contextmanager
def opened(server: Served, browser: Browser, size: int, name: str = "") -> Generator[Page]:
    """A fresh browser with a workflow open, all of it in view."""
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    page = context.new_page()
    page.add_init_script(_WHEN_DRAWN)
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("button", name="add", exact=True).first.wait_for()
    address = f"#/w/{quote(name or f'grid {size}')}"
    page.evaluate("address => { location.hash = address }", address)
    page.get_by_text(f"{size} nodes", exact=False).first.wait_for(timeout=60_000)
    when_drawn(page)
    yield page
    context.close()


def when_drawn(page: Page) -> float:
    """Seconds after the page was asked for. Told by an attribute: the page allows no code to be evaluated in it."""
    page.locator("html[data-drawn]").wait_for(state="attached", timeout=60_000)
    return float(page.locator("html").get_attribute("data-drawn") or 0) / 1e3


def to_life_size(page: Page) -> None:
    page.get_by_role("button", name=re.compile("set to 100 %")).click()
    page.locator(".react-flow__node").first.wait_for()
    # The way there is animated.
    page.locator(".react-flow__node").first.element_handle().wait_for_element_state("stable")


def free_place(page: Page) -> tuple[float, float]:
    """A point where the mouse has hold of the canvas and of no node, with room to move."""
    place = page.evaluate(_FREE_PLACE, [max(x for x, _ in _CIRCLE), max(y for _, y in _CIRCLE)])
    if place is None:
        raise Failed("no free place on the canvas")
    return place[0], place[1]


def header_of_a_node(page: Page) -> tuple[float, float]:
    """One with room to move around it: at the edge of the canvas, the view would move along."""
    place = page.evaluate(_FREE_HEADER, [max(x for x, _ in _CIRCLE), max(y for _, y in _CIRCLE)])
    if place is None:
        raise Failed("no node is in the middle of the canvas")
    return place[0], place[1]


def moved(page: Page, place: tuple[float, float], clock: Callable[[], Iterator[None]]) -> Frames:
    """The frames while the mouse drags in circles from a place, for as long as the clock goes on."""
    page.mouse.move(*place)
    page.mouse.down()
    page.evaluate(_COUNT_FRAMES)
    due = time.perf_counter()
    for (x, y), _ in zip(_path(place), clock(), strict=False):
        page.mouse.move(x, y)
        due += _EVERY
        time.sleep(max(0.0, due - time.perf_counter()))
    times: list[float] = page.evaluate(_FRAMES)
    # Where it began, so that the next one finds the view as this one did.
    page.mouse.move(*place)
    page.mouse.up()
    if len(times) < 3:
        raise Failed(f"only {len(times)} frames were drawn")
    return Frames(times)


def _path(place: tuple[float, float]) -> Iterator[tuple[float, float]]:
    x, y = 0.0, 0.0
    while True:
        for to_x, to_y in _CIRCLE:
            steps = int(max(abs(to_x - x), abs(to_y - y)) // 4)
            for step in range(1, steps + 1):
                yield place[0] + x + (to_x - x) * step / steps, place[1] + y + (to_y - y) * step / steps
            x, y = to_x, to_y


def timer(seconds: float) -> Iterator[None]:
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        yield None


def while_true(condition: Callable[[], bool]) -> Iterator[None]:
    """Asks only now and then: asking costs the page as much as a move."""
    while condition():
        for _ in range(50):
            yield None
