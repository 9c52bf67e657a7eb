import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, Group

from psynapse.cli.board import Board, Printed
from psynapse.cli.picture import Picture
from psynapse.cli.streams import seconds_text, shown_text
from psynapse.model.events import (
    Body,
    RunEvent,
    RunFinished,
    TaskCancelled,
    TaskCompleted,
    TaskFailed,
    TaskOutput,
    TaskProgress,
    TaskSkipped,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan, Task

_A, _B = NodeId("a"), NodeId("b")


def _board(count: int = 2) -> Board:
    names = [NodeId(chr(ord("a") + number)) for number in range(count)]
    return Board(Plan(tuple(Task(node=name, kind="functionNode", name=f"Node {name}") for name in names)))


def _event(node: NodeId, body: Body, at: float = 1.0) -> RunEvent:
    return RunEvent(0, at, node, body)


def _printed(board: Board, *texts: str) -> list[str]:
    _, printed = board.take([_event(_A, TaskOutput("stderr", text)) for text in texts])
    return [line.text for line in printed]


def test_printed_lines_come_whole_and_the_rest_at_the_end():
    board = _board()
    board.take([_event(_A, TaskStarted())])
    assert _printed(board, "one\ntw", "o\nthr") == ["one", "two"]
    _, printed = board.take([_event(_A, TaskCompleted(1))])
    assert [line.text for line in printed] == ["thr"]


def test_a_progress_bar_of_text_is_the_nodes_message_and_not_a_line_each_time():
    board = _board()
    board.take([_event(_A, TaskStarted())])
    assert _printed(board, "\r 10%", "\r 20%", "\r 30%") == []
    assert board.running[_A].message == " 30%"
    assert _printed(board, "\r100%\n") == ["100%"]


def test_a_line_without_an_end_is_not_kept_for_ever():
    board = _board()
    lines = _printed(board, *["x" * 1000] * 10)
    assert lines
    assert max(map(len, lines)) <= 6000


def test_what_only_the_process_is_known_to_have_printed_belongs_to_no_node():
    board = _board()
    board.take([_event(_A, TaskStarted()), _event(_B, TaskStarted())])
    _, printed = board.take([RunEvent(2, 1.0, None, TaskOutput("stdout", "whole\nhalf"))])
    assert printed == [Printed(None, "stdout", "whole")]
    _, printed = board.take([RunEvent(3, 2.0, None, RunFinished("succeeded"))])
    assert printed == [Printed(None, "stdout", "half")]


def test_what_a_thread_reports_after_its_node_has_ended_does_not_start_it_again():
    board = _board()
    board.take([_event(_A, TaskStarted()), _event(_A, TaskCompleted(1)), _event(_A, TaskProgress(0.5))])
    assert not board.running
    assert _printed(board, "late\n") == ["late"]
    assert (board.settled, board.counts["done"]) == (1, 1)


_BODIES = st.sampled_from([
    TaskStarted(), TaskProgress(0.4, "some\x1b[2J words"), TaskStreamed("日本語 text\n and more " * 20),
    TaskOutput("stdout", "line\n"), TaskCompleted({"a": 1}, 0.2), TaskFailed("no\nway", "ValueError"),
    TaskSkipped(_B), TaskCancelled(),
])  # fmt: skip
_NODES = st.sampled_from([NodeId(chr(ord("a") + number)) for number in range(20)])


@given(st.lists(st.tuples(_NODES, _BODIES), max_size=60), st.integers(10, 120), st.integers(4, 40), st.booleans())
def test_the_picture_fits_whatever_happens(steps: list[tuple[NodeId, Body]], width: int, height: int, over: bool):
    board = _board(20)
    board.take([_event(node, body) for node, body in steps])
    out = io.StringIO()
    console = Console(file=out, width=width, height=height)
    console.print(Group(*Picture(ascii_only=False).lines(board, width, height, 2.0, over=over, notice="cancelling")))
    lines = out.getvalue().splitlines()
    assert len(lines) < height
    assert "\x1b" not in out.getvalue()
    assert all(Console(width=500).measure(shown_text(line)).maximum <= width for line in lines)


@given(st.floats(0, 1e6))
def test_durations_are_short(seconds: float):
    text = seconds_text(seconds)
    assert len(text) <= 11
    assert text.endswith("s")


def test_durations_read_well():
    shown = [seconds_text(seconds) for seconds in (0.0001, 0.0042, 0.9994, 0.9996, 1.5, 59.996, 123)]
    assert shown == ["<1ms", "4ms", "999ms", "1.00s", "1.50s", "1m 00s", "2m 03s"]
