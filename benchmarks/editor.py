"""The editor in a real browser, and the size of what the browser loads first."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psynapse
from benchmarks.browsing import (
    Frames,
    browser_at,
    free_place,
    header_of_a_node,
    moved,
    opened,
    timer,
    to_life_size,
    when_drawn,
    while_true,
)
from benchmarks.engine import Failed, Psynapse
from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, Unit
from benchmarks.serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

SIZES = (1_000, 5_000)
USABLE = (1.0, 1.5)
"""Seconds within which workflows of these sizes can be used."""
EVENT_NODES, EVENT_SECONDS = 1_000, 0.002
"""A chain that sends 1,000 events a second: each of its nodes begins and ends."""
_PACED = """
import time

def keep_pace(began: float, number: int, seconds: float) -> float:
    began = began or time.monotonic()
    time.sleep(max(0.0, began + number * seconds - time.monotonic()))
    return began
"""
"""Nodes that end when they are due, so that a busy machine sends events as often as an idle one."""
FIRST_LOAD = 0.3
_WEB = Path(psynapse.__file__).parent / "web"
_COLUMN, _ROW = 320, 224


def editor(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """The rows of the goals that are about the editor. Without a browser only what needs none."""
    del psynapse
    yield from _first_load()
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None or find_spec("playwright") is None:
        print("editor: needs Chromium (CHROMIUM names its program) and Playwright for Python", file=sys.stderr)
        return
    _warn_when_busy()
    is_full = scale.nodes[0] >= SIZES[0]
    sizes = SIZES if is_full else (30, 60)
    seconds = 2.5 if is_full else 0.5
    with served(paced=_PACED) as server, browser_at(program) as browser:
        for size in sizes:
            _store(server, f"grid {size}", _grid(size))
        for size, most in zip(sizes, USABLE, strict=True):
            yield _usable(server, browser, size, most, scale.few_rounds)
        yield from _moving(server, browser, sizes[-1], seconds, scale.few_rounds)
        yield _events(server, browser, EVENT_NODES if is_full else 200, scale.few_rounds)


def _warn_when_busy() -> None:
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > cores:
        print(
            f"editor: {load:.1f} processes share {cores} cores: the frames are those of a busy machine", file=sys.stderr
        )


def _first_load() -> Iterator[Row]:
    """What the page names is loaded before anything shows; what scripts import later is not."""
    index = _WEB / "index.html"
    if not index.exists():
        print("editor: it is not built; python frontend/build.py builds it", file=sys.stderr)
        return
    names: list[str] = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', index.read_text(encoding="utf-8"))
    first = sum(_packed(_WEB / name) for name in names) + _packed(index)
    everything = sum(_packed(path) for path in (_WEB / "assets").iterdir())
    yield _row(f"first load of the editor, gzipped ({len(names)} files)", "MB", first / 1e6, FIRST_LOAD, "0.3 MB")
    yield _row("all of the editor, gzipped", "MB", everything / 1e6)


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _usable(server: Served, browser: Browser, size: int, most: float, rounds: int) -> Row:
    """From the first byte of the page to the workflow drawn, in a browser that had it open before."""
    with opened(server, browser, size) as page:
        taken: list[float] = []
        for _ in range(rounds):
            page.reload()
            taken.append(when_drawn(page))
    return _row(f"{size:,} nodes: page loaded → workflow drawn", "s", median(taken), most)


def _moving(server: Served, browser: Browser, size: int, seconds: float, rounds: int) -> Iterator[Row]:
    with opened(server, browser, size) as page:
        pan = _typical(rounds, lambda: moved(page, free_place(page), lambda: timer(seconds)))
        yield _fps(f"{size:,} nodes, pan with the whole workflow in view", pan, 45)
        to_life_size(page)
        pan = _typical(rounds, lambda: moved(page, free_place(page), lambda: timer(seconds)))
        yield _fps(f"{size:,} nodes, pan at zoom 1", pan, 55)
        drag = _typical(rounds, lambda: moved(page, header_of_a_node(page), lambda: timer(seconds)))
        yield _fps(f"{size:,} nodes, drag one at zoom 1", drag, 55)


def _typical(rounds: int, move: Callable[[], Frames]) -> Frames:
    """The middle one of several."""
    return sorted((move() for _ in range(rounds)), key=lambda frames: frames.mean)[rounds // 2]


def _events(server: Served, browser: Browser, size: int, rounds: int) -> Row:
    """Pans as long as a run sends its events."""
    name = f"chain {size}"
    _store(server, name, _chain(size))
    with opened(server, browser, size, name) as page:
        to_life_size(page)
        # The run before shows the status panel; then nothing but the events is new.
        _run(page)
        page.get_by_role("button", name="Stop", exact=True).wait_for(state="hidden", timeout=60_000)
        frames = _typical(rounds, lambda: _during_a_run(page))
    seconds = _last_run_seconds(server)
    rate = 2 * size / seconds
    return _fps(f"{size:,} nodes, pan at zoom 1 while a run sends {rate:,.0f} events a second", frames, 55)


def _during_a_run(page: Page) -> Frames:
    place = free_place(page)
    _run(page, again=True)
    runs = page.get_by_role("button", name="Stop", exact=True)
    return moved(page, place, lambda: while_true(runs.is_visible))


def _run(page: Page, *, again: bool = False) -> None:
    """Start a run; with ``again``, one that takes no results of earlier ones."""
    if again:
        page.get_by_role("button", name="Other ways to run").click()
        page.get_by_role("menuitem", name="Execute without earlier results").click()
    else:
        page.get_by_role("button", name="Execute", exact=True).click()
    page.get_by_role("button", name="Stop", exact=True).wait_for()


def _last_run_seconds(server: Served) -> float:
    with server.client() as client:
        run: dict[str, Any] = client.get("/runs").raise_for_status().json()["runs"][0]
    if run["status"] != "succeeded":
        raise Failed(f"the run {run['status']}")
    return float(run["seconds"])


def _grid(size: int) -> dict[str, Any]:
    """Sums of what is at the left and above: two edges a node."""
    columns = max(5, round((size * 1.25) ** 0.5))
    nodes = [_node(number, columns, "add", {"x": 1, "y": 1}) for number in range(size)]
    beside = [(number - 1, number, "x") for number in range(size) if number % columns]
    above = [(number - columns, number, "y") for number in range(columns, size)]
    return {"nodes": nodes, "edges": [_edge(*ends) for ends in beside + above]}


def _chain(size: int) -> dict[str, Any]:
    columns = max(5, round((size * 1.25) ** 0.5))
    values = {"began": 0, "seconds": EVENT_SECONDS}
    nodes = [_node(number, columns, "keep_pace", {**values, "number": number}, "paced") for number in range(size)]
    return {"nodes": nodes, "edges": [_edge(number - 1, number, "began") for number in range(1, size)]}


def _node(number: int, columns: int, function: str, values: dict[str, float], pack: str = "bench") -> dict[str, Any]:
    place = {"x": number % columns * _COLUMN, "y": number // columns * _ROW}
    data = {"functionName": function, "ref": f"{pack}/ops.py:{function}", **values}
    return {"id": f"n{number}", "type": "functionNode", "position": place, "data": data}


def _edge(source: int, target: int, handle: str) -> dict[str, str]:
    return {"source": f"n{source}", "sourceHandle": "result", "target": f"n{target}", "targetHandle": handle}


def _store(server: Served, name: str, workflow: dict[str, Any]) -> None:
    with server.client() as client:
        client.put(f"/workflows/{quote(name)}", json=workflow, headers={"If-Match": "*"})
        answer = client.put(f"/workflows/{quote(name)}", json=workflow, headers={"If-None-Match": "*"})
    if answer.status_code not in {200, 409}:
        raise Failed(answer.text)


def _fps(what: str, frames: Frames, least: int) -> Row:
    """Frames a second as the time of one, so that less is better as in all other rows."""
    most = 1e3 / least
    return _row(f"{what} ({frames.words}): a frame", "ms", frames.mean, most, f"{most:.1f} ms ({least} fps)")


def _row(what: str, unit: Unit, figure: float, most: float | None = None, words: str = "") -> Row:
    figures: dict[str, float | None] = {PLAIN: None, PSYNAPSE: figure, HAMILTON: None, DASK: None}
    goal = None if most is None else Goal(f"≤ {words or f'{most:g} {unit}'}", most, of="figure")
    return Row(what, unit, figures, None, goal)
