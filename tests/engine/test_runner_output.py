"""What nodes print and log becomes events of the right node, and never floods the run."""

import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from psynapse.engine.context import OUTPUT_BUDGET
from psynapse.engine.executors import Executors
from psynapse.engine.runner import Runner
from psynapse.model.events import RunEvent, TaskCompleted, TaskFailed, TaskOutput, TaskStarted

Prepare = Callable[..., tuple[Runner, dict[str, int], list[RunEvent]]]


def play(prepare: Prepare, nodes: dict[str, Any], **options: Any) -> list[RunEvent]:
    runner, _, events = prepare(nodes, **options)
    assert runner.run().status != "cancelled", "the run hung"
    assert [event.seq for event in events] == list(range(len(events)))
    return events


def printed(events: Sequence[RunEvent], node: str | None, stream: str | None = None) -> str:
    outputs = (event.body for event in events if event.node == node and isinstance(event.body, TaskOutput))
    return "".join(body.text for body in outputs if stream in {None, body.stream})


def test_stdout_stderr_log_threads_and_pools_belong_to_the_node(prepare: Prepare):
    events = play(prepare, {"a": ("say_everywhere", {"text": "hello"})})
    assert printed(events, "a", "stdout") == "hello out\nhello thread\nhello pool\nhello tail"
    assert printed(events, "a", "stderr") == "hello err\n"
    assert printed(events, "a", "log") == "WARNING lab: hello log\n"


@pytest.mark.timeout(30)
def test_objects_that_print_when_they_go_stop_nobody_who_prints_at_that_moment(prepare: Prepare):
    events = play(prepare, {"a": ("say_while_others_leave", {"times": 2_000})})
    assert printed(events, "a", "stdout").count("said") == 4_000
    assert printed(events, "a", "stdout").count("gone") == 2_000
    assert printed(events, "a", "stderr").count("gone") == 2_000


def test_output_comes_between_the_start_and_the_end_of_its_node(prepare: Prepare):
    nodes = {"a": ("say_everywhere", {"text": "hello"}), "b": ("grumble", {"text": "hello"}), "p": ("process_id", {})}
    events = play(prepare, nodes)
    for node in nodes:
        kinds = [type(event.body) for event in events if event.node == node]
        assert (kinds[0], kinds[-1]) == (TaskStarted, TaskCompleted)
        assert set(kinds[1:-1]) == {TaskOutput}


def test_concurrent_nodes_are_told_apart(prepare: Prepare):
    threads = {f"t{n}": ("say", {"text": f"t{n}", "times": 300}) for n in range(4)}
    everywhere = {f"e{n}": ("say_everywhere", {"text": f"e{n}"}) for n in range(4)}
    coroutines = {f"c{n}": ("grumble", {"text": f"c{n}"}) for n in range(4)}
    pools = {f"p{n}": ("say_in_shared_pool", {"text": f"p{n}"}) for n in range(4)}
    events = play(prepare, {**threads, **everywhere, **coroutines, **pools})
    for node in threads:
        assert printed(events, node) == f"{node}\n" * 300
    for node in everywhere:
        lines = printed(events, node, "stdout").splitlines()
        assert lines == [f"{node} {place}" for place in ("out", "thread", "pool", "tail")]
        assert printed(events, node, "log") == f"WARNING lab: {node} log\n"
    for node in coroutines:
        assert printed(events, node) == f"{node}\n{node} from a thread\n"
    for node in pools:
        assert printed(events, node) == f"{node}\n" * 5


def test_a_node_whose_end_brings_a_new_helper_thread_keeps_its_output_to_itself(prepare: Prepare):
    fresh = Executors()
    after = {f"b{n}": ("say_in_shared_pool", {"text": f"b{n}", "after": "@a"}) for n in range(4)}
    events = play(prepare, {"a": ("say", {"text": "a"}), **after}, executors=fresh)
    fresh.close()
    assert printed(events, "a") == "a\n"
    assert [printed(events, node) for node in after] == [f"{node}\n" * 5 for node in after]


def test_what_a_process_prints_belongs_to_its_node(prepare: Prepare):
    events = play(prepare, {f"p{n}": ("process_id", {"x": n}) for n in range(3)})
    assert [printed(events, f"p{n}") for n in range(3)] == [f"in process {n}\n" for n in range(3)]


def test_what_a_failing_node_printed_comes_before_its_failure(prepare: Prepare):
    events = play(prepare, {"a": ("say_and_fail", {"text": "last words"})})
    bodies = [event.body for event in events if event.node == "a"]
    assert bodies[1] == TaskOutput("stdout", "last words")
    assert isinstance(bodies[2], TaskFailed)


@pytest.mark.parametrize(
    ("function", "values"),
    [
        ("shout", {"size": 10_000_000}),
        ("say", {"text": "x" * 99, "times": 100_000}),
        ("say_from_threads", {"text": "x" * 99_999, "times": 25}),
    ],
)
def test_ten_million_characters_are_cut_with_one_notice(prepare: Prepare, function: str, values: dict[str, Any]):
    events = play(prepare, {"loud": (function, values), "calm": ("say", {"text": "calm", "after": "@loud"})})
    text = printed(events, "loud")
    assert text.count("the rest is left out") == 1
    assert "never seen" not in text
    assert text.rstrip().endswith("the rest is left out]")
    assert OUTPUT_BUDGET <= len(text) < OUTPUT_BUDGET + 200
    assert printed(events, "calm") == "calm\n", "the budget is each node's own"


def test_what_others_print_during_a_run_goes_where_it_always_went(prepare: Prepare, capsys: pytest.CaptureFixture[str]):
    def listener(events: Sequence[RunEvent]) -> None:
        print("listener")  # noqa: T201 -- printing is what is tested

    before = sys.stdout, sys.stderr, list(logging.root.handlers)
    runner, _, _ = prepare({"a": ("say", {"text": "node"})}, listener=listener)
    runner.run()
    out = capsys.readouterr().out
    assert "listener" in out
    assert "node" not in out
    assert (sys.stdout, sys.stderr, list(logging.root.handlers)) == before


def test_without_capture_nodes_print_as_in_a_script(prepare: Prepare, capsys: pytest.CaptureFixture[str]):
    events = play(prepare, {"a": ("say", {"text": "plain"})}, capture=False)
    assert capsys.readouterr().out == "plain\n"
    assert printed(events, "a") == ""


def test_the_next_node_of_a_thread_does_not_inherit_its_predecessor_s_output(prepare: Prepare):
    nodes = {f"n{n}": ("say", {"text": f"n{n}", "after": f"@n{n - 1}" if n else None}) for n in range(50)}
    events = play(prepare, nodes, helpers=0)
    assert all(printed(events, node) == f"{node}\n" for node in nodes)


def test_a_stream_that_is_not_text_is_refused_as_python_does(prepare: Prepare):
    events = play(prepare, {"a": ("write_bytes", {})})
    (body,) = [event.body for event in events if isinstance(event.body, TaskFailed)]
    assert body.error_type == "TypeError"
