"""Runs: what they show while they go on, how they are stopped, how they fail, and that they outlive the page."""

import re
from pathlib import Path

import pytest
from editor_page import TITLE, Editor
from editor_server import Server, wait_for
from playwright.sync_api import BrowserContext, Locator, expect
from sample_workflows import LIVE_OPS, LIVE_PROGRESS, LIVE_STREAM, Flow, add_two

ORANGE, CYAN, GREEN, RED = (15, 45), (170, 200), (90, 160), (345, 375)
"""Hues in degrees that people call by these names."""


@pytest.fixture(scope="module", autouse=True)
def live_pack(server: Server) -> None:
    server.write_pack("live", LIVE_OPS)
    server.write_pack("live", LIVE_PROGRESS, "progress_ops.py")
    server.write_pack("live", LIVE_STREAM, "stream_ops.py")
    wait_for(lambda: {"Steps", "Words", "boom"} <= {schema["name"] for schema in server.get("/get_schema")})


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A file that nodes wait for."""
    return tmp_path / "go on"


def hue(element: Locator, name: str = "border-left-color") -> float:
    """The hue of an element's colour in degrees, reds from 345 to 375."""
    script = """(element, name) => {
      const [r, g, b] = getComputedStyle(element).getPropertyValue(name).match(/[\\d.]+/g).map(Number);
      const most = Math.max(r, g, b), span = most - Math.min(r, g, b);
      if (span === 0) return -1;
      const raw = most === r ? (g - b) / span : most === g ? 2 + (b - r) / span : 4 + (r - g) / span;
      return ((raw * 60 + 360 + 15) % 360) - 15;
    }"""
    found = element.evaluate(script, name)
    return found + 360 if -15 <= found < 15 else found


def start(editor: Editor) -> None:
    editor.press("Control+Enter")
    expect(stop_button(editor)).to_be_visible()


def stop_button(editor: Editor) -> Locator:
    return editor.page.get_by_role("button", name="Stop", exact=True)


def is_within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def test_progress_is_seen_while_the_node_works(editor: Editor, server: Server, gate: Path):
    flow = Flow().function("s", "live/progress_ops.py:Steps", 40, 40, path=str(gate)).view("v", 360, 40)
    server.put_workflow("progress", flow.wire("s.result", "v.input").data())
    editor.open("progress")
    start(editor)
    bar = editor.card("Steps").get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    expect(editor.card("Steps")).to_contain_text("Step 2 of 5")
    expect(editor.node("s").get_by_text("40 %")).to_be_visible()
    assert is_within(hue(editor.card("Steps")), ORANGE)
    gate.touch()
    expect(editor.run_status).to_have_text("Succeeded")
    expect(editor.card("Steps")).to_contain_text("walked")
    expect(bar).to_be_hidden()
    assert is_within(hue(editor.card("Steps")), GREEN)


def test_streamed_text_is_seen_as_it_comes(editor: Editor, server: Server, gate: Path):
    flow = Flow().function("w", "live/stream_ops.py:Words", 40, 40, path=str(gate))
    server.put_workflow("streaming", flow.data())
    editor.open("streaming")
    start(editor)
    expect(editor.card("Words").get_by_label("Streamed text")).to_have_text("Once upon a time")
    expect(editor.node("w").get_by_text("Once upon a time")).to_be_visible()
    assert is_within(hue(editor.card("Words")), CYAN)
    gate.touch()
    expect(editor.run_status).to_have_text("Succeeded")
    expect(editor.card("Words")).to_contain_text("Once upon a time it ended.")


def test_stop_ends_a_run_in_its_middle(editor: Editor, server: Server):
    flow = Flow().function("e", "live/ops.py:endless", 40, 40).view("v", 360, 40).wire("e.result", "v.input")
    server.put_workflow("endless", flow.data())
    editor.open("endless")
    start(editor)
    expect(editor.card("endless").get_by_label("Running")).to_be_visible()
    stop_button(editor).click()
    expect(editor.run_status).to_have_text("Stopped")
    expect(editor.card("endless").get_by_label("Stopped")).to_be_visible()
    expect(editor.page.get_by_role("button", name="Execute", exact=True)).to_be_enabled()


def test_escape_twice_stops_a_run(editor: Editor, server: Server):
    server.put_workflow("endless too", Flow().function("e", "live/ops.py:endless", 40, 40).data())
    editor.open("endless too")
    editor.canvas.focus()
    start(editor)
    editor.press("Escape")
    editor.press("Escape")
    expect(editor.run_status).to_have_text("Stopped")


def failing(server: Server, name: str) -> None:
    flow = (
        Flow()
        .function("b", "live/ops.py:boom", 40, 40, x=7)
        .function("a", "basic/ops.py:add", 360, 40, b=1)
        .view("v", 700, 40)
        .number("n", 5, 40, 300)
        .view("w", 360, 300)
    )
    server.put_workflow(
        name, flow.wire("b.result", "a.a").wire("a.result", "v.input").wire("n.output", "w.input").data()
    )


def test_a_failure_shows_its_line_on_the_node_in_the_panel_and_among_the_problems(editor: Editor, server: Server):
    failing(server, "failing")
    editor.open("failing")
    editor.execute()
    expect(editor.run_status).to_have_text("Failed")
    expect(editor.node("b").get_by_text("no luck with 7")).to_be_visible()
    assert is_within(hue(editor.card("boom")), RED)
    editor.card("boom").get_by_text("Traceback", exact=True).click()
    expect(editor.card("boom")).to_contain_text('raise ValueError(f"no luck with {x:g}")')
    expect(editor.card("boom")).to_contain_text(re.compile(r"ops\.py.*line \d+"))
    editor.press("Shift+!")
    editor.node("b").get_by_role("button", name="Details").click()
    details = editor.page.get_by_role("dialog", name="Error")
    expect(details).to_contain_text('raise ValueError(f"no luck with {x:g}")')
    editor.press("Escape")
    expect(details).to_be_hidden()
    editor.page.get_by_role("button", name="Problems").click()
    editor.problems.get_by_role("button", name="ValueError: no luck with 7").click()
    expect(editor.node("b").locator("[data-selected]").first).to_have_attribute("data-selected", "true")
    expect(editor.node("b")).to_be_in_viewport()


def test_what_depends_on_a_failure_is_skipped_and_the_rest_runs(editor: Editor, server: Server):
    failing(server, "skipping")
    editor.open("skipping")
    editor.execute()
    for title in ("add", "View"):
        expect(editor.card(title).filter(has_text="Skipped because “boom” failed.")).to_be_visible()
    expect(editor.card("View").filter(has_text=re.compile(r"Output\s*5"))).to_be_visible()


def test_a_missing_value_is_a_problem_before_anything_runs(editor: Editor, server: Server):
    server.put_workflow("missing", Flow().function("a", "basic/ops.py:add", 40, 40, a=1).data())
    editor.open("missing")
    # Nobody has tried to run it: it is unfinished, not wrong.
    expect(editor.node("a").get_by_label("Still needs a value: b")).to_be_visible()
    editor.page.get_by_role("button", name="Problems: 0 errors").click()
    entry = editor.problems.get_by_role("button", name="the input b is neither set nor connected")
    expect(entry.get_by_label("Not set yet")).to_be_visible()
    editor.execute()
    expect(editor.page.get_by_role("button", name="Problems: 1 error")).to_be_visible()
    entry.click()
    expect(editor.node("a").locator("[data-selected]").first).to_have_attribute("data-selected", "true")
    editor.field("a", "b").fill("3")
    expect(editor.problems.get_by_text("neither set nor connected")).to_have_count(0)
    editor.execute()
    expect(editor.problems.get_by_text("No problems")).to_be_visible()


def test_run_to_here_runs_no_more_than_it_needs(editor: Editor, server: Server):
    flow = add_two().function("b", "live/ops.py:boom", 40, 400)
    server.put_workflow("to here", flow.data())
    editor.open("to here")
    editor.node("add_1").click(button="right", position=TITLE)
    editor.page.get_by_role("menuitem", name="Run to here").click()
    expect(editor.run_status).to_have_text("Succeeded")
    expect(editor.side.get_by_role("article")).to_have_count(1)


def test_a_second_run_takes_what_has_not_changed_from_the_first(editor: Editor, server: Server):
    flow = add_two().function("m", "basic/ops.py:multiply", 40, 400, a=2, b=2)
    server.put_workflow("cached", flow.data())
    editor.open("cached")
    editor.execute()
    editor.field("m", "a").fill("5")
    expect(editor.node("m").get_by_label("Out of date")).to_be_visible()
    editor.execute()
    expect(editor.card("add").get_by_text("cached", exact=True)).to_be_visible()
    expect(editor.card("multiply").get_by_text("cached", exact=True)).to_have_count(0)
    expect(editor.card("multiply")).to_contain_text("10")


def test_results_survive_a_reload(editor: Editor, server: Server):
    server.put_workflow("results", add_two(20, 22).data())
    editor.open("results")
    editor.execute()
    editor.reload()
    expect(editor.node("view_1").get_by_text("42", exact=True)).to_be_visible()
    expect(editor.card("View")).to_contain_text("42")


def test_a_run_is_found_again_after_a_reload_and_goes_on_live(editor: Editor, server: Server, gate: Path):
    flow = Flow().function("w", "live/stream_ops.py:Words", 40, 40, path=str(gate))
    server.put_workflow("found again", flow.data())
    editor.open("found again")
    start(editor)
    expect(editor.card("Words").get_by_label("Streamed text")).to_have_text("Once upon a time")
    editor.reload()
    expect(stop_button(editor)).to_be_visible()
    expect(editor.card("Words").get_by_label("Streamed text")).to_have_text("Once upon a time")
    gate.touch()
    expect(editor.run_status).to_have_text("Succeeded")
    expect(editor.card("Words")).to_contain_text("Once upon a time it ended.")


def test_a_run_goes_on_when_its_page_is_closed(editor: Editor, context: BrowserContext, server: Server, gate: Path):
    flow = Flow().function("p", "live/ops.py:wait_for_file", 40, 40, path=str(gate)).view("v", 360, 40)
    server.put_workflow("closed", flow.wire("p.result", "v.input").data())
    editor.open("closed")
    start(editor)
    run = server.get("/runs")["runs"][0]
    editor.page.close()
    gate.touch()
    wait_for(lambda: server.get(f"/runs/{run['id']}")["status"] == "succeeded")
    later = Editor(context.new_page(), server.url)
    later.open()
    later.go_to(f"#/runs/{run['id']}")
    expect(later.side.get_by_role("article").filter(has_text='"there"').first).to_be_visible()


def test_the_history_opens_an_earlier_run_with_its_values(editor: Editor, server: Server):
    server.put_workflow("history", add_two(1, 1).data())
    editor.open("history")
    editor.execute()
    editor.field("add_1", "a").fill("100")
    editor.execute()
    expect(editor.card("View")).to_contain_text("101")
    editor.page.get_by_role("button", name="Runs").click()
    runs = editor.page.get_by_role("region", name="Runs")
    expect(runs.get_by_role("button", name=re.compile("Succeeded")).nth(1)).to_be_visible()
    runs.get_by_role("button", name=re.compile("Succeeded")).nth(1).click()
    expect(editor.card("View").get_by_role("code")).to_have_text("2")
    expect(editor.node("view_1").get_by_text("2", exact=True)).to_be_visible()
    editor.side.get_by_role("button", name="Back to the latest").click()
    expect(editor.card("View")).to_contain_text("101")


def test_what_a_node_prints_is_kept_in_its_log(editor: Editor, server: Server):
    server.write_pack("talkative", "def talk() -> int:\n    print('a word on the way')\n    return 1\n")
    wait_for(lambda: "talk" in {schema["name"] for schema in server.get("/get_schema")})
    server.put_workflow("log", Flow().function("t", "talkative/ops.py:talk", 40, 40).data())
    editor.open("log")
    editor.execute()
    editor.card("talk").get_by_role("button", name="Log").click()
    expect(editor.card("talk")).to_contain_text("a word on the way")


def test_the_list_of_a_run_stands_at_its_end_until_the_user_leaves_it(editor: Editor, server: Server):
    flow = Flow()
    for i in range(40):
        flow.function(f"n{i}", "basic/ops.py:add", 40 + 260 * (i % 8), 40 + 190 * (i // 8), a=1000, b=i)
    server.put_workflow("short", flow.data())
    editor.open("short")
    editor.execute()
    first, last = (editor.side.get_by_role("button", name=re.compile(rf"^{n}\b")) for n in (1, 40))
    expect(last).to_be_in_viewport()
    editor.press("Alt+Digit5")
    expect(editor.side).to_be_hidden()
    # The run is over before the panel is there, as a run of a few milliseconds is before the first panel.
    editor.press("Alt+Digit5")
    expect(last).to_be_in_viewport()
    last.hover()
    editor.page.mouse.wheel(0, -10_000)
    expect(first).to_be_in_viewport()
    editor.side.get_by_role("button", name="Inputs").first.click()
    expect(editor.side.get_by_text("1000", exact=True).first).to_be_in_viewport()
    expect(last).not_to_be_in_viewport()
    editor.execute()
    expect(last).to_be_in_viewport()


@pytest.mark.parametrize("way", ["Execute without earlier results", "Execute in a fresh worker"])
def test_the_other_ways_to_run_take_nothing_from_earlier_runs(way: str, editor: Editor, server: Server):
    server.put_workflow(way, add_two().data())
    editor.open(way)
    editor.execute()
    finished = count_runs(server)
    editor.page.get_by_role("button", name="Other ways to run").click()
    editor.page.get_by_role("menuitem", name=way).click()
    wait_for(lambda: count_runs(server) == finished + 1)
    expect(editor.run_status).to_have_text("Succeeded")
    expect(editor.card("add").get_by_text("cached", exact=True)).to_have_count(0)


def count_runs(server: Server) -> int:
    return len(server.get("/runs")["runs"])
