from collections.abc import Sequence
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.events import (
    Body,
    RunEvent,
    RunFinished,
    TaskCompleted,
    TaskOutput,
    TaskProgress,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.ids import NodeId
from psynapse.server.coalesce import AT_ONCE, INTERVAL, QUIET, Coalescer

NODES = [NodeId("a"), NodeId("b")]
bodies = st.one_of(
    st.builds(TaskStreamed, st.text(min_size=1, max_size=8)),
    st.builds(TaskProgress, st.floats(0, 1)),
    st.builds(TaskOutput, st.just("stdout"), st.text(max_size=3)),
    st.just(TaskStarted()),
    st.just(TaskCompleted(1)),
)
steps = st.lists(st.tuples(st.sampled_from(NODES), bodies, st.floats(0, 0.1)), max_size=300)


def event(seq: int, body: Body, node: NodeId | None = NODES[0]) -> RunEvent:
    return RunEvent(seq, 0.0, node, body)


def text(events: Sequence[RunEvent], node: NodeId) -> str:
    return "".join(one.body.chunk for one in events if one.node == node and isinstance(one.body, TaskStreamed))


def play(chunks: Sequence[str], seconds: float) -> list[RunEvent]:
    """A node that streams ``chunks``, so many seconds apart, looked after as a server does it."""
    coalescer, sent, now = Coalescer(), list[RunEvent](), 0.0
    for seq, chunk in enumerate(chunks):
        sent += coalescer.feed([event(seq, TaskStreamed(chunk))], now)
        upcoming = now + seconds
        while now + coalescer.wait(now) < upcoming:
            now += coalescer.wait(now)
            sent += coalescer.overdue(now)
        now = upcoming
    return [*sent, *coalescer.feed([event(len(chunks), TaskCompleted(None))], now)]


def cost(events: Sequence[RunEvent]) -> int:
    """Characters of accumulated text, which is what streaming events are made of, with 300 for the rest of each."""
    chunks = [one.body.chunk for one in events if isinstance(one.body, TaskStreamed)]
    return sum(accumulate(map(len, chunks))) + 300 * len(chunks)


@given(steps)
def test_no_character_is_lost_and_everything_else_passes_in_order(told: list[tuple[NodeId, Body, float]]):
    coalescer, sent, now = Coalescer(), list[RunEvent](), 0.0
    events = [event(seq, body, node) for seq, (node, body, _) in enumerate(told)]
    for one, (_, _, pause) in zip(events, told, strict=True):
        sent += coalescer.feed([one], now)
        now += pause
        sent += coalescer.overdue(now)
    sent += coalescer.feed([event(len(events), RunFinished("succeeded"), None)], now)
    for node in NODES:
        assert text(sent, node) == text(events, node)
        of_node = [one for one in sent if one.node == node]
        assert [one.seq for one in of_node if not isinstance(one.body, TaskOutput)] == sorted(
            one.seq for one in of_node if not isinstance(one.body, TaskOutput)
        )
        last = [one for one in events if one.node == node and isinstance(one.body, TaskProgress)][-1:]
        assert [one for one in of_node if isinstance(one.body, TaskProgress)][-1:] == last
    others = [one for one in events if not isinstance(one.body, (TaskProgress, TaskStreamed))]
    assert [one for one in sent if one in others] == others
    assert isinstance(sent[-1].body, RunFinished)
    assert coalescer.wait(now) == float("inf")


def test_the_first_ones_of_each_node_go_out_one_by_one():
    coalescer = Coalescer()
    batch = [event(seq, TaskProgress(seq / 99)) for seq in range(99)]
    assert list(coalescer.feed(batch, 0.0)) == batch[:AT_ONCE]
    other = event(99, TaskProgress(0.5), NODES[1])
    assert list(coalescer.feed([other], 0.0)) == [other]


def test_later_progress_comes_about_thirty_times_a_second_with_the_newest_state():
    coalescer, sent = Coalescer(), list[RunEvent]()
    for seq in range(10_000):
        now = seq / 1_000
        sent += coalescer.feed([event(seq, TaskProgress(seq / 10_000))], now)
    late = sent[AT_ONCE:]
    assert 0.8 * 10 / INTERVAL < len(late) < 1.1 * 10 / INTERVAL
    assert coalescer.wait(10.0) <= INTERVAL
    assert [one.seq for one in coalescer.overdue(10.0 + INTERVAL)] == [9_999]


def test_4000_tokens_cost_less_than_3_mb_however_fast_they_come():
    tokens = [f"token{number % 10} " for number in range(4_000)]
    for seconds in (0.0, 0.001, 0.02, 0.1, 0.5, 0.9, 1.1, 5.0):
        sent = play(tokens, seconds)
        assert text(sent, NODES[0]) == "".join(tokens)
        assert cost(sent) < 3_000_000, seconds


def test_text_that_pauses_is_shown_soon_all_the_same():
    coalescer = Coalescer()
    long = [event(seq, TaskStreamed("word " * 20)) for seq in range(AT_ONCE)]
    assert list(coalescer.feed(long, 0.0)) == long
    rest = event(AT_ONCE, TaskStreamed("."))
    assert list(coalescer.feed([rest], 1.0)) == []
    assert coalescer.wait(1.0) == QUIET
    assert list(coalescer.overdue(1.0 + QUIET)) == [rest]


def test_what_a_node_prints_does_not_hurry_its_progress():
    coalescer = Coalescer()
    list(coalescer.feed([event(seq, TaskProgress(0.1)) for seq in range(AT_ONCE)], 0.0))
    printed = event(AT_ONCE + 1, TaskOutput("stdout", "x"))
    assert list(coalescer.feed([event(AT_ONCE, TaskProgress(0.2)), printed], 0.0)) == [printed]
