import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
Write = Callable[..., Path]

_UPS = re.compile(r"(?:\x1b\[1A\x1b\[2K)+")


def _final(text: str) -> str:
    """What is on the screen after the last redraw, without colours."""
    last = text[text.rfind("\x1b[1A\x1b[2K") :]
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", last).replace("\r\n", "\n")


@pytest.fixture
def terminal(terminal: Start, way: tuple[str, ...]) -> Start:
    """The program, once with a worker and once without."""
    return lambda verb, *arguments, **options: terminal(verb, *way, *arguments, **options)


def test_progress_is_shown_as_it_comes_and_the_end_stays(terminal: Start, workflow: Write):
    one = terminal(
        "run", workflow(s=("Steps", {"label": "Climb", "count": 5, "delay": 0.3}, []), v=("view", {}, ["s"]))
    )
    one.wait_for(" 40%")
    one.wait_for("step 2")
    assert one.wait() == 0
    assert "━" in one.text
    final = _final(one.text)
    assert re.search(r"✓ 1 Climb +\d\.\d+s +\n✓ 2 View +<?\dms +\n", final)
    assert "View: 5\n" in final
    assert re.search(r"2 nodes in \d\.\d+s\n$", final)
    assert one.text.rfind("\x1b[?25h") > one.text.rfind("\x1b[?25l")


def test_what_nodes_print_stays_above_the_picture(terminal: Start, workflow: Write):
    one = terminal("run", workflow(p=("prints", {}, []), s=("Steps", {}, [])))
    assert one.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", one.text)
    for line in ("prints | hello", "prints stderr | careful", "prints log | WARNING root: logged"):
        assert plain.count(line) == 1


@pytest.mark.parametrize(("width", "height"), [(100, 30), (60, 15), (20, 5)])
def test_the_picture_fits_the_screen(terminal: Start, workflow: Write, width: int, height: int):
    nodes = {f"n{i}": ("passes", {"x": i, "label": f"A node with a long name {i}"}, []) for i in range(60)}
    path = workflow(s=("Steps", {"count": 4}, []), **nodes)
    one = terminal("run", path, width=width, height=height)
    assert one.wait() == 0
    redrawn = [match.group().count("\x1b[1A") for match in _UPS.finditer(one.text)]
    assert 0 < max(redrawn) < height
    assert re.search(r"\+ \d+ more done", one.text)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", one.text).replace("\r", "\n").split("\n")
    assert max(map(len, lines)) <= width


def test_ten_thousand_nodes_cost_few_redraws(terminal: Start, workflow: Write):
    nodes = {f"n{i}": ("passes", {"x": i}, []) for i in range(10_000)}
    began = time.monotonic()
    one = terminal("run", workflow(**nodes))
    assert one.wait() == 0
    assert time.monotonic() - began < 20
    assert len(one.output) < 200_000
    assert "10,000 nodes in" in _final(one.text)


def test_no_color_is_honoured(terminal: Start, workflow: Write):
    one = terminal("run", workflow(bad=("fails", {}, []), a=("many", {}, []), v=("view", {}, ["a"])), NO_COLOR="1")
    assert one.wait() == 1
    assert not re.search(r"\x1b\[[0-9;]*(3[0-9]|9[0-7])m", one.text)
    assert "✗" in one.text


def test_a_dumb_terminal_gets_plain_lines(terminal: Start, workflow: Write):
    one = terminal("run", workflow(a=("double", {}, [])), TERM="dumb")
    assert one.wait() == 0
    assert "\x1b" not in one.text
    assert "[1/1] double: done in" in one.text


def test_tables_are_drawn_and_bounded(terminal: Start, workflow: Write):
    one = terminal("run", workflow(a=("many", {}, []), v=("view", {}, ["a"])))
    assert one.wait() == 0
    final = _final(one.text)
    assert re.search(r"name +price", final)
    assert "item 19" in final
    assert "item 20" not in final
    assert "and 80 more rows" in final
