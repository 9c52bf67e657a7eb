"""Images, figures, tensors and whatever else shows itself richly, as JSON."""

import base64
import io
from typing import Any

import altair as alt
import numpy as np
import plotly.graph_objects as go
import pytest
from matplotlib.figure import Figure
from PIL import Image
from strict_reader import wire


def decoded(url: str) -> Any:
    header, _, data = url.partition(",")
    assert header == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "F", "I;16", "HSV"])
def test_an_image_of_any_mode_is_a_png(mode: str):
    assert decoded(wire(Image.new(mode, (4, 3)))).size == (4, 3)


def test_a_matplotlib_figure_is_a_png():
    figure = Figure()
    figure.subplots().plot([1, 2])
    assert decoded(wire(figure)).size == (640, 480)


def test_a_plotly_figure_is_its_mime_bundle():
    content = wire(go.Figure(go.Scatter(y=np.array([1.0, np.nan]))))
    trace = content["$mime"]["application/vnd.plotly.v1+json"]["data"][0]
    assert content["$type"].startswith("plotly.")
    assert (trace["type"], trace["y"]) == ("scatter", [1.0, "NaN"])


def test_a_chart_of_altair_is_its_specification_with_its_data():
    rows = [{"month": "May", "sold": 3}]
    chart = alt.Chart(alt.Data(values=rows)).mark_bar().encode(x="month:N", y="sold:Q")
    content = wire(chart)
    spec = content["$mime"]["application/vnd.vegalite.v6+json"]
    assert content["$type"].startswith("altair.")
    assert (spec["mark"], spec["data"]) == ({"type": "bar"}, {"values": rows})
    assert "vega-lite" in spec["$schema"]
    both = wire(chart | chart)["$mime"]["application/vnd.vegalite.v6+json"]
    assert len(both["hconcat"]) == 2


class Tensor:
    """What torch's tensor offers, under torch's name: the real one is too large to install for a test."""

    def __init__(self, array: Any, dtype: str = "torch.float32") -> None:
        self.array, self.dtype = array, dtype

    def numel(self) -> int:
        return self.array.size

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def float(self) -> "Tensor":
        return Tensor(self.array)

    def numpy(self) -> Any:
        if "bfloat16" in self.dtype:
            raise TypeError
        return self.array


Tensor.__module__ = "torch"


@pytest.mark.parametrize("dtype", ["torch.float32", "torch.bfloat16"])
def test_a_tensor_is_nested_lists(dtype: str):
    assert wire(Tensor(np.ones((1, 2)), dtype)) == [[1.0, 1.0]]


class Rich:
    def __repr__(self) -> str:
        return "a rich one"

    def _repr_html_(self) -> str:
        return "<b>rich</b>"

    def _repr_png_(self) -> tuple[bytes, dict[str, object]]:
        return b"\x89PNG", {"width": 1}

    def _repr_markdown_(self) -> None:
        return None

    def _repr_latex_(self) -> str:
        raise RuntimeError

    def _repr_mimebundle_(self, include: object, exclude: object) -> dict[str, object]:
        return {"application/json": {"a": (1,)}, "text/plain": 5}


def test_other_objects_show_their_rich_representations():
    shown = wire(Rich())
    assert shown["$type"].endswith("Rich")
    assert shown["$repr"] == "a rich one"
    assert shown["$mime"] == {"text/html": "<b>rich</b>", "image/png": "iVBORw==", "application/json": {"a": [1]}}
