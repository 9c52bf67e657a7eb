"""Previews are bounded in size and in time, and say what they stand for."""

import base64
import dataclasses
import enum
import io
import json
import time
from collections import deque
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import polars as pl
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from psynapse.engine import previews
from psynapse.engine.encoding import to_json
from psynapse.engine.previews import preview
from psynapse.engine.simplify import data_url
from psynapse.model.json_text import dumps

SLACK = 300
Scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.binary()
Keys = st.text() | st.integers() | st.none() | st.tuples(st.integers())
Values = st.recursive(
    Scalars | st.text(min_size=200) | st.binary(min_size=200),
    lambda inner: (
        st.lists(inner) | st.dictionaries(Keys, inner) | st.tuples(inner, inner) | st.frozensets(st.integers())
    ),
    max_leaves=40,
)


def big(value: object, **options: Any) -> Any:
    """The preview object, read back from its JSON."""
    shown = json.loads(dumps(preview(value, **options)))
    assert set(shown) == {"$preview", "summary", "size", "truncated", "head", "href"}
    assert shown["truncated"] is True
    assert len(dumps(shown)) <= max(options.get("limit", 65_536), SLACK) + len(options.get("href", ""))
    return shown


@given(Values, st.integers(0, 3000), st.text(max_size=20))
def test_a_preview_never_exceeds_its_limit(value: object, limit: int, href: str):
    assert len(dumps(preview(value, limit=limit, href=href))) <= limit + SLACK + len(dumps(href))


@given(Values)
def test_what_fits_is_shown_whole(value: object):
    whole = to_json(value)
    size = len(dumps(whole))
    assert preview(value, limit=size) == whole
    if size > SLACK:
        assert preview(value, limit=size - 1) != whole


@pytest.mark.parametrize("value", [1, True, None, 1.5, float("nan"), "text", "", 2**70])
def test_scalars_are_themselves(value: object):
    assert preview(value) == to_json(value)


def test_a_long_text_shows_its_beginning():
    shown = big("é" * 100_000, href="/runs/1")
    assert (shown["$preview"], shown["summary"], shown["href"]) == ("text", "text of 100,000 characters", "/runs/1")
    assert shown["size"] == 200_000
    assert 8000 < len(shown["head"]) <= 8192
    assert big("\x00" * 100_000)["head"].strip("\x00") == ""


def test_a_long_list_shows_its_first_items():
    shown = big([0.5] * 1_000_000)
    assert (shown["$preview"], shown["summary"]) == ("list", "list of 1,000,000 items")
    assert set(shown["head"]) == {0.5}
    assert len(shown["head"]) > 1000
    assert 2_000_000 < shown["size"] < 8_000_000


@pytest.mark.parametrize("kind", [tuple, set, frozenset, deque])
def test_other_sequences_are_lists_too(kind: Any):
    shown = big(kind(range(100_000)))
    assert shown["summary"] == f"{kind.__name__} of 100,000 items"
    assert shown["head"][:3] == [0, 1, 2]


def test_big_items_are_previews_themselves():
    shown = big(["x" * 1_000_000, 7, np.zeros((2000, 2000))])
    text, number, array = shown["head"]
    assert (text["$preview"], number, array["$preview"]) == ("text", 7, "array")
    assert shown["size"] > 33_000_000


@dataclasses.dataclass
class Record:
    name: str
    values: list[float]


class Model(pydantic.BaseModel):
    name: str = "n"
    values: list[float] = pydantic.Field(default_factory=lambda: [0.5] * 50_000)


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        (Record("n", [0.5] * 50_000), "Record of 2 fields"),
        (Model(), "Model of 2 fields"),
        ({"name": "n", "values": [0.5] * 50_000}, "dict of 2 keys"),
        ({"name": "n"} | {f"k{i}": i for i in range(50_000)}, "dict of 50,001 keys"),
    ],
    ids=["dataclass", "pydantic", "dict", "wide dict"],
)
def test_objects_show_their_first_fields(value: object, summary: str):
    shown = big(value)
    assert (shown["$preview"], shown["summary"]) == ("object", summary)
    assert shown["head"]["name"] == "n"
    assert shown["size"] > 65_536


def frames() -> list[Any]:
    columns = {"a": list(range(50_000)), "b": ["x"] * 50_000}
    return [pd.DataFrame(columns), pl.DataFrame(columns)]


@pytest.mark.parametrize("frame", frames(), ids=["pandas", "polars"])
def test_a_table_shows_its_first_rows(frame: Any):
    shown = big(frame)
    assert (shown["$preview"], shown["summary"]) == ("table", "DataFrame 50,000 x 2")
    assert shown["head"]["columns"] == ["a", "b"]
    assert shown["head"]["data"][:2] == [[0, "x"], [1, "x"]]
    assert len(shown["head"]["data"]) == 50
    assert shown["size"] > 100_000


@pytest.mark.parametrize("series", [pd.Series(range(50_000)), pl.Series(range(50_000))], ids=["pandas", "polars"])
def test_a_series_is_a_table(series: Any):
    shown = big(series)
    assert (shown["$preview"], shown["summary"].lower()) == ("table", "series of 50,000 int64")
    assert shown["head"]["data"][:2] == [0, 1]


def test_wide_and_fat_tables_show_a_corner():
    wide = big(pd.DataFrame(np.zeros((3, 20_000))))
    assert (len(wide["head"]["columns"]), len(wide["head"]["data"])) == (50, 3)
    fat = big(pd.DataFrame({"text": ["x" * 1_000_000] * 3, "n": 1}))
    assert fat["head"]["columns"] == ["text", "n"]
    assert fat["head"]["data"] == [[{"$truncated": True}, 1]]


def test_a_pandas_index_shows_its_first_labels():
    assert big(pd.Index(range(0, 10**6, 2)))["head"][:3] == [0, 2, 4]


def test_an_array_shows_its_statistics_and_a_corner():
    array = np.arange(120_000, dtype="float64").reshape(300, 400)
    array[0, 0] = np.nan
    shown = big(array)
    head = shown["head"]
    assert (shown["$preview"], shown["summary"], shown["size"]) == ("array", "float64 array 300 x 400", 960_000)
    assert (head["shape"], head["dtype"], head["sampled"]) == ([300, 400], "float64", True)
    assert 0 <= head["min"] < head["mean"] < head["max"] <= 119_999
    assert abs(head["mean"] - 60_000) < 2000
    assert head["corner"][0][:2] == ["NaN", 1.0]
    assert len(head["corner"]) == 16


@pytest.mark.parametrize(
    "array",
    [
        np.full((9, 9, 9, 9, 9), "abc"),
        np.array([object()] * 40_000),
        np.array(["x" * 5000] * 100),
        np.full(40_000, np.nan),
        np.zeros(40_000, dtype=[("a", "i4"), ("b", "f8")]),
        np.ones((2,) * 20, dtype=bool),
        np.full((50_000, 1), 1 + 2j),
        np.asfortranarray(np.ones((300, 300), dtype="float16")),
        np.arange(50_000).astype("datetime64[s]"),
        np.ma.masked_array(np.arange(50_000), mask=True),
    ],
    ids=lambda array: f"{array.dtype} {array.ndim}d",
)
def test_arrays_of_any_type_have_a_corner(array: Any):
    shown = big(array)
    assert shown["$preview"] == "array"
    assert shown["head"]["corner"]


def picture(width: int, height: int, mode: str = "RGB") -> Any:
    noise = np.random.default_rng(1).integers(0, 255, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height)).convert(mode)


def opened(url: str) -> Any:
    header, _, data = url.partition(",")
    assert header in {"data:image/png;base64", "data:image/jpeg;base64"}
    image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
    image.load()
    return image


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK", "1", "F"])
def test_a_big_image_shows_a_smaller_one(mode: str):
    shown = big(picture(1600, 1200, mode))
    assert (shown["$preview"], shown["summary"]) == ("image", f"{mode} image 1600 x 1200")
    small = opened(shown["head"])
    assert 32 <= small.width <= 640
    assert abs(small.width * 3 - small.height * 4) <= 4


def test_transparency_survives():
    image = picture(1600, 1200, "RGBA")
    image.putalpha(100)
    assert opened(big(image)["head"]).mode == "RGBA"


def test_an_extremely_long_image_keeps_a_pixel():
    assert opened(big(picture(300_000, 2))["head"]).height == 1


def encoded(kind: str) -> str:
    stream = io.BytesIO()
    picture(1600, 1200).save(stream, kind)
    return data_url(f"image/{kind.lower()}", stream.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_data_url_of_an_image_shows_a_smaller_one(kind: str):
    shown = big(encoded(kind))
    assert (shown["$preview"], shown["summary"]) == ("image", f"{kind} image 1600 x 1200")
    assert max(opened(shown["head"]).size) <= 640


@pytest.mark.parametrize(
    ("url", "summary"),
    [
        ("data:image/png;base64," + "A" * 100_000, "PNG image of 75,016 bytes"),
        ("data:image/svg+xml;utf8," + "<" * 100_000, "SVG+XML image of 75,018 bytes"),
        ("data:image/" + "x" * 100_000, "unreadable image of 75,008 bytes"),
    ],
)
def test_an_image_that_cannot_be_read_has_a_summary_only(url: str, summary: str):
    shown = big(url)
    assert (shown["$preview"], shown["summary"], shown["head"]) == ("image", summary, None)


def test_without_pillow_an_encoded_image_has_a_summary_only(monkeypatch: pytest.MonkeyPatch):
    url = encoded("PNG")

    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(previews, "import_module", missing)
    assert big(url)["head"] is None


def test_bytes_show_their_beginning():
    shown = big(bytes(range(256)) * 1000)
    assert (shown["$preview"], shown["summary"], shown["size"]) == ("bytes", "256,000 bytes", 256_000)
    assert base64.b64decode(shown["head"].partition(",")[2])[:3] == b"\x00\x01\x02"


def test_a_dense_matplotlib_figure_shows_a_smaller_drawing():
    figure = Figure((12, 9))
    figure.subplots().imshow(np.random.default_rng(0).random((300, 300)))
    shown = big(figure)
    assert (shown["$preview"], shown["summary"]) == ("figure", "figure with 1 plot")
    assert opened(shown["head"]).width >= 320


def test_a_big_plotly_figure_shows_its_parts():
    shown = big(go.Figure(go.Scatter(y=np.zeros(100_000), name="line")))
    assert (shown["$preview"], shown["summary"]) == ("figure", "figure of 1 trace")
    assert shown["size"] > 500_000
    assert shown["head"]["data"]["$preview"] == "list"


def test_a_big_chart_of_altair_is_shown_without_its_data():
    rows = [{"x": number, "y": number / 2} for number in range(20_000)]
    chart = alt.Chart(alt.Data(values=rows), title="Halves").mark_line().encode(x="x:Q", y="y:Q")
    shown = big(chart)
    assert (shown["$preview"], shown["summary"]) == ("figure", "Chart of Altair")
    assert shown["size"] > 300_000
    assert (shown["head"]["title"], shown["head"]["mark"]) == ("Halves", {"type": "line"})
    assert "data" not in shown["head"]
    assert len(dumps(shown)) <= 65_536


class Report:
    def __repr__(self) -> str:
        return "r" * 9000

    def _repr_html_(self) -> str:
        return "<p>" * 100_000

    def _repr_markdown_(self) -> str:
        return "# short"


def test_other_objects_show_the_representations_that_fit():
    shown = big(Report())
    assert (shown["$preview"], shown["summary"]) == ("other", "Report")
    assert shown["head"]["$repr"].startswith("rrr")
    assert shown["head"]["$mime"] == {"text/markdown": "# short"}
    assert shown["size"] > 300_000


class Size(enum.Enum):
    BIG = tuple(range(50_000))


def test_an_enum_member_is_described_by_its_value():
    assert big(Size.BIG)["summary"] == "tuple of 50,000 items"


class Hostile:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError


def test_hostile_objects_and_cycles_have_previews():
    loop: list[Any] = [Hostile()] * 10_000
    loop.append(loop)
    assert big(loop)["head"][0]["$type"].endswith("Hostile")
    assert big({"self": loop, "text": "x" * 10**6})["$preview"] == "object"
    assert isinstance(preview(Hostile(), limit=10), dict)


def test_deep_and_shared_values_are_bounded():
    text = "x" * 70_000
    deep: Any = [text]
    for _ in range(100_000):
        deep = [deep, text]
    assert big(deep)["$preview"] == "list"
    shared: Any = ["x"]
    for _ in range(200):
        shared = [shared, shared]
    assert big(shared)["summary"] == "list of 2 items"


def test_generators_are_not_consumed():
    numbers = iter(range(3))
    assert isinstance(preview([numbers] * 5000), dict)
    assert list(numbers) == [0, 1, 2]


BIG: dict[str, Any] = {
    "list": lambda: [0.5] * 10_000_000,
    "text": lambda: "é" * 25_000_000,
    "array": lambda: np.zeros((3000, 4000)),
    "pandas": lambda: pd.DataFrame(np.zeros((5_000_000, 12))),
    "polars": lambda: pl.DataFrame({f"c{i}": np.zeros(5_000_000) for i in range(12)}),
    "image": lambda: Image.new("RGB", (8000, 6000)),
}


@pytest.mark.parametrize("name", BIG)
def test_the_time_does_not_depend_on_the_size(name: str):
    value = BIG[name]()
    big(value)
    begin = time.perf_counter()
    big(value)
    assert time.perf_counter() - begin < 0.25  # 20 ms or less on an idle machine
