"""Charts are drawn where their values show: in a node as large as there is room, in the panel and in a large window."""

import re

import pytest
from axe_findings import findings
from editor_page import Editor
from editor_server import Server, wait_for
from playwright.sync_api import Locator, expect
from sample_workflows import Flow

CHARTS = """
from typing import Any


def altair_chart() -> Any:
    import altair

    rows = [{"month": name, "sold": sold} for name, sold in [("May", 3), ("June", 5), ("July", 4)]]
    return altair.Chart(altair.Data(values=rows), title="Sales").mark_bar().encode(x="month:N", y="sold:Q")


def plotly_chart() -> Any:
    import plotly.graph_objects as go

    return go.Figure(go.Bar(x=["May", "June"], y=[3, 5]), layout={"title": {"text": "Sales"}})


def large_altair() -> Any:
    import altair

    rows = [{"x": number, "y": number / 2} for number in range(4000)]
    return altair.Chart(altair.Data(values=rows), title="Sales").mark_line().encode(x="x:Q", y="y:Q")


def large_chart() -> Any:
    import plotly.graph_objects as go

    return go.Figure(go.Scatter(y=list(range(30_000))), layout={"title": {"text": "Sales"}})


def matplotlib_chart() -> Any:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([3, 5, 4])
    return figure
"""
NAMES = ("altair_chart", "plotly_chart", "large_altair", "large_chart", "matplotlib_chart")
PLOT = re.compile("^Plot: ")


@pytest.fixture
def charts(server: Server, editor: Editor) -> Editor:
    """The editor with a workflow of charts, after it has run."""
    server.write_pack("charts", CHARTS)
    wait_for(lambda: "plotly_chart" in {schema["name"] for schema in server.get("/get_schema")})
    flow = Flow()
    for row, name in enumerate(NAMES):
        flow.function(name, f"charts/ops.py:{name}", 40, 40 + 240 * row)
        flow.view(f"{name}_view", 360, 40 + 240 * row).wire(f"{name}.result", f"{name}_view.input")
    server.put_workflow("charts", flow.data())
    editor.open("charts")
    editor.press("Control+Enter")
    expect(editor.run_status).to_have_text("Succeeded", timeout=60_000)
    editor.press("Shift+!")
    return editor


def expect_inside(part: Locator, whole: Locator) -> None:
    expect(part).to_be_visible()
    inner, outer = part.bounding_box(), whole.bounding_box()
    assert inner
    assert outer
    assert inner["x"] >= outer["x"] - 1
    assert inner["y"] >= outer["y"] - 1
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 1


@pytest.mark.parametrize("name", ["altair_chart", "plotly_chart"])
def test_a_chart_is_drawn_in_its_node_in_the_panel_and_large(charts: Editor, name: str):
    node = charts.node(f"{name}_view")
    drawing = node.get_by_role("figure", name=PLOT)
    expect(drawing).to_contain_text("Sales")
    expect_inside(drawing.locator("svg").first, node)
    panel = charts.side.get_by_role("figure", name=PLOT)
    expect(panel.first).to_contain_text("Sales")

    node.hover()
    node.get_by_role("button", name="Open large").click()
    large = charts.dialog.get_by_role("figure", name=PLOT)
    expect(large).to_contain_text("Sales")
    box = large.locator("svg").first.bounding_box()
    assert box
    assert box["width"] > 600
    assert list(findings(charts)) == []


@pytest.mark.parametrize("name", ["large_altair", "large_chart"])
def test_a_chart_of_many_points_is_drawn_when_it_is_opened(charts: Editor, name: str):
    node = charts.node(f"{name}_view")
    expect(node).to_contain_text("too many points to come whole")
    node.hover()
    node.get_by_role("button", name="Open large").click()
    expect(charts.dialog.get_by_role("figure", name=PLOT)).to_contain_text("Sales")


def test_a_figure_of_matplotlib_is_all_of_it_in_its_node(charts: Editor):
    node = charts.node("matplotlib_chart_view")
    expect_inside(node.locator("img"), node)


def test_charts_follow_the_theme(charts: Editor):
    texts = [
        charts.node("altair_chart_view").locator("svg text").first,
        charts.node("plotly_chart_view").locator(".xtick text").first,
    ]
    for theme, color in (("light", re.compile(r"rgb\((\d\d?), ")), ("dark", re.compile(r"rgb\([12]\d\d, "))):
        charts.use_theme("light" if theme == "light" else "dark")
        for text in texts:
            expect(text).to_have_css("fill", color)


FETCHED = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1))"
ALL_FETCHED = f"""() => {{
  const fetched = {FETCHED};
  const listed = JSON.parse(document.getElementById('code').textContent);
  return listed.every((name) => fetched.includes(name.split('/').at(-1)));
}}"""


def test_a_page_without_charts_does_not_fetch_what_draws_them(editor: Editor):
    editor.open()
    editor.page.wait_for_function(ALL_FETCHED)
    fetched: list[str] = editor.page.evaluate(FETCHED)
    assert any(name.startswith("FigureDisplay-") for name in fetched)
    assert [name for name in fetched if name.startswith("drawing_")] == []
