import io
import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from psynapse.cli.values import Told, plain_value, value_json, write_values
from psynapse.engine.encoding import to_json
from psynapse.engine.previews import preview
from psynapse.model.ids import Json


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def _shown(value: object) -> str:
    screen = _Screen()
    write_values([("Name", value)], screen)
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue())


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=8))
def test_a_piped_value_is_its_text_or_its_json(value: object):
    text = plain_value(value)
    assert text == value or json.loads(text) == value or not str(value).isprintable()


def test_images_are_a_line_about_them():
    image = Image.new("RGB", (30, 20))
    assert plain_value(image) == "RGB image 30 x 20"
    assert plain_value("data:image/png;base64,AAAA").startswith("PNG image of")
    assert "RGB image 30 x 20" in _shown(image)


def test_long_text_and_json_are_cut_on_a_terminal_and_whole_in_a_pipe():
    text = "\n".join(map(str, range(1000)))
    assert "and 800 more lines" in _shown(text)
    assert plain_value(text) == text
    data = {f"key {number}": {"number": number} for number in range(100)}
    assert "more lines" in _shown(data)
    assert json.loads(plain_value(data)) == data


def test_frames_are_tables_and_arrays_are_described():
    frame = pd.DataFrame({"name": ["x", "y"], "number": [1, 2]})
    lines = [line.split() for line in _shown(frame).splitlines()]
    assert ["name", "number"] in lines
    assert ["1", "y", "2"] in lines
    assert "float64 array 300 x 300" in _shown(np.zeros((300, 300)))


@given(
    st.recursive(
        st.integers() | st.text(alphabet="abc", max_size=30),
        lambda inner: (
            st.lists(inner, max_size=5) | st.dictionaries(st.text(alphabet="xyz", max_size=5), inner, max_size=4)
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, (list, dict)))
)
def test_what_a_terminal_shows_of_json_is_the_same_json(value: object):
    shown = _shown({"wrapped": value, "more": [value]}).partition(":")[2]
    if "more lines" not in shown:
        assert json.loads(shown) == {"wrapped": value, "more": [value]}


def _told(value: object) -> Told:
    """What a worker tells of a value."""
    return Told(preview(value), to_json(value))


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        "text\nof two lines",
        {"a": [1, 2]},
        [{"a": 1, "b": "x"}] * 30,
        list(range(100_000)),
        np.zeros((300, 300)),
        pd.DataFrame({"name": ["x", "y"], "number": [1, 2]}),
        Image.effect_noise((700, 500), 90),
        b"bytes",
    ],
    ids=["number", "text", "object", "table", "long list", "array", "frame", "large image", "bytes"],
)
def test_a_value_in_a_worker_looks_as_one_in_this_process(value: object):
    told = _told(value)
    assert _shown(told) == _shown(value)
    assert plain_value(told) == plain_value(value)
    assert value_json(told) == to_json(value)


def test_a_small_image_in_a_worker_is_a_line_about_it():
    assert plain_value(_told(Image.new("RGB", (30, 20)))) == "PNG image 30 x 20"


@pytest.mark.parametrize(
    ("shown", "summary"),
    [
        ({"$preview": "figure", "summary": "figure with 2 plots", "head": None}, "figure with 2 plots"),
        ({"$type": "Figure", "$repr": "Figure of 1 traces", "$mime": {"application/vnd.plotly.v1+json": {}}}, "Figure"),
    ],
)
def test_figures_in_a_worker_are_a_line_about_them(shown: Json, summary: str):
    assert plain_value(Told(shown, shown)).startswith(summary)
