"""Where the window was."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.desktop.window_state import Area, WindowState, load_state, save_state

SCREEN = Area(x=0, y=0, width=1920, height=1080)


def test_what_was_saved_is_what_is_loaded(tmp_path: Path):
    state = WindowState(width=900, height=700, x=-5, y=30, maximized=True)
    save_state(tmp_path / "window.json", state)
    assert load_state(tmp_path / "window.json") == state


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"width": 900}',
        json.dumps({"width": "900", "height": 700, "x": 1, "y": 1, "maximized": False}),
        json.dumps({"width": 900, "height": 7, "x": 1, "y": 1, "maximized": False}),
        json.dumps({"width": 900, "height": 700, "x": 1e9, "y": 1, "maximized": False}),
        json.dumps({"width": 900, "height": 700, "x": 1, "y": True, "maximized": False}),
        json.dumps({"width": 900, "height": 700, "x": 1, "y": 1, "maximized": "yes"}),
    ],
)
def test_a_file_that_makes_no_sense_is_as_none(tmp_path: Path, text: str):
    path = tmp_path / "window.json"
    path.write_text(text, encoding="utf-8")
    assert load_state(path) == WindowState()
    assert load_state(tmp_path / "none") == WindowState()


def test_a_folder_that_is_gone_loses_the_place_and_nothing_else(tmp_path: Path):
    save_state(tmp_path / "gone" / "window.json", WindowState())
    assert not (tmp_path / "gone").exists()


def test_a_window_on_a_screen_that_is_gone_is_put_elsewhere():
    state = WindowState(width=800, height=600, x=2000, y=100)
    assert state.fitted([SCREEN]) == WindowState(width=800, height=600)
    assert state.fitted([SCREEN, Area(x=1920, y=0, width=1920, height=1080)]) == state


@settings(deadline=None)
@given(x=st.integers(-4000, 4000), y=st.integers(-4000, 4000))
def test_a_window_can_always_be_grabbed(x: int, y: int):
    state = WindowState(width=800, height=600, x=x, y=y).fitted([SCREEN])
    assert state.x is None or (-700 <= state.x <= 1820 and state.y is not None and 0 <= state.y <= 980)
