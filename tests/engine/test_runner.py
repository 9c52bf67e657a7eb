"""Runs of real nodepacks: values and concurrency. Failures, control and output have files of their own."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from played_runs import Prepare, about, ends, kinds, play

from psynapse.catalog.registry import Registry
from psynapse.engine.executors import Executors
from psynapse.engine.ledger import Outcome
from psynapse.engine.program import compile_plan
from psynapse.engine.runner import Runner
from psynapse.model.events import (
    RunEvent,
    RunFinished,
    RunStarted,
    TaskCompleted,
    TaskProgress,
    TaskStarted,
    TaskStreamed,
)
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import make_plan


def test_the_worked_example_of_the_document_gives_48(lab_registry: Registry, executors: Executors, prepare: Prepare):
    values = [{"id": f"V{n}", "type": "variableNode", "data": {"variableType": "Number", "variableValue": value}}
              for n, value in ((1, 5), (2, 3), (3, 2), (4, 4))]  # fmt: skip
    calls = [{"id": f"F{n}", "type": "functionNode", "data": {"functionName": name}}
             for n, name in ((1, "add"), (2, "add"), (3, "multiply"))]  # fmt: skip
    rest = [{"id": "L1", "type": "listNode", "data": {"inputCount": 2}}, {"id": "View", "type": "viewNode"}]
    wires = ["V1 F1 a", "V2 F1 b", "V3 F2 a", "V4 F2 b", "F1 F3 a", "F2 F3 b", "F1 L1 input-0", "F2 L1 input-1",
             "F3 View input"]  # fmt: skip
    edges = [dict(zip(("source", "target", "targetHandle"), wire.split(), strict=True)) for wire in wires]
    workflow, _ = parse_workflow({"nodes": values + calls + rest, "edges": edges})
    plan = make_plan(workflow, lab_registry.catalog)
    outcome = Runner(compile_plan(plan, lab_registry, keep_all=True), executors).run()
    found = {task.node: outcome.values[number] for number, task in enumerate(plan.tasks)}
    assert found == {"V1": 5, "V2": 3, "V3": 2, "V4": 4, "F1": 8, "F2": 6, "L1": [8, 6], "F3": 48, "View": 48}


def test_a_run_tells_each_node_s_start_and_end_between_its_own(prepare: Prepare):
    _, values, events = play(prepare, {"a": ("add", {"a": 1}), "b": ("add", {"a": "@a", "b": "@a"}), "v": "@b"})
    assert values["v"] == 4
    assert [(event.node, type(event.body)) for event in events] == [
        (None, RunStarted),
        ("a", TaskStarted), ("a", TaskCompleted),
        ("b", TaskStarted), ("b", TaskCompleted),
        ("v", TaskStarted), ("v", TaskCompleted),
        (None, RunFinished),
    ]  # fmt: skip
    assert [body.output for body in about(events, "b") if isinstance(body, TaskCompleted)] == [4]
    assert sorted(event.at for event in events) == [event.at for event in events]


def test_an_empty_workflow_succeeds(prepare: Prepare):
    outcome, _, events = play(prepare, {})
    assert outcome.status == "succeeded"
    assert kinds(about(events, None)) == [RunStarted, RunFinished]


def test_independent_waits_overlap(prepare: Prepare):
    began = time.perf_counter()
    _, values, _ = play(prepare, {f"n{n}": ("nap", {"seconds": 0.25}) for n in range(8)})
    assert set(values.values()) == {0.25}
    assert time.perf_counter() - began < 1.0, "one after the other they take 2 s"


def test_more_waits_than_helpers_all_end(prepare: Prepare):
    _, values, _ = play(prepare, {f"n{n}": ("nap", {"seconds": 0.01}) for n in range(300)}, helpers=2)
    assert len(values) == 300


def test_coroutines_overlap_without_a_thread_each(prepare: Prepare):
    threads = threading.active_count()
    began = time.perf_counter()
    _, values, _ = play(prepare, {f"n{n}": ("doze", {"seconds": 0.25}) for n in range(200)})
    assert set(values.values()) == {0.25}
    assert time.perf_counter() - began < 2.0
    assert threading.active_count() < threads + 40


def test_inline_nodes_run_in_the_thread_that_called_run(prepare: Prepare):
    nodes = {f"wait{n}": ("nap", {"seconds": 0.05}) for n in range(4)}
    inline = {f"inline{n}": ("thread_inline", {"after": f"@wait{n}"}) for n in range(4)}
    _, values, _ = play(prepare, {**nodes, **inline, "alone": ("thread_inline", {})})
    assert {values[node] for node in [*inline, "alone"]} == {threading.get_ident()}


def test_without_helpers_everything_runs_in_the_calling_thread(prepare: Prepare):
    _, values, _ = play(prepare, {f"n{n}": ("thread_any", {}) for n in range(20)}, helpers=0)
    assert set(values.values()) == {threading.get_ident()}


def test_process_nodes_run_in_other_processes_and_their_values_come_back(prepare: Prepare):
    _, values, _ = play(prepare, {"p": ("process_id", {"x": 1}), "next": ("add", {"a": "@p", "b": 0})})
    assert values["p"] != os.getpid()
    assert values["next"] == values["p"]


def test_a_progress_class_reports_in_order_before_it_completes(prepare: Prepare):
    _, _, events = play(prepare, {"c": ("Count", {"steps": 4})})
    start, *middle, end = about(events, "c")
    assert kinds([start, end]) == [TaskStarted, TaskCompleted]
    assert middle == [TaskProgress(n / 4, f"step {n}") for n in range(1, 5)]


def test_a_stream_class_sends_every_piece_in_order_before_it_completes(prepare: Prepare):
    text = "streams keep their order" * 20
    _, _, events = play(prepare, {"s": ("Spell", {"text": text}), "t": ("Spell", {"text": text.upper()})})
    for node, expected in (("s", text), ("t", text.upper())):
        start, *middle, end = about(events, node)
        assert kinds([start, end]) == [TaskStarted, TaskCompleted]
        assert "".join(body.chunk for body in middle if isinstance(body, TaskStreamed)) == expected


def test_values_are_let_go_once_the_last_taker_has_had_them(prepare: Prepare):
    nodes = {
        "big": ("make_value", {"name": "big"}),
        "one": ("take_value", {"value": "@big", "other": "@big"}),
        "two": ("take_value", {"value": "@big", "other": "@one"}),
        "check": ("is_alive", {"name": "big", "after": "@two"}),
        "view": "@check",
    }
    _, values, _ = play(prepare, nodes, keep_all=False)
    assert values["view"] is False
    assert values["big"] is None


def test_a_value_is_let_go_before_a_node_that_is_called_by_keyword_runs(prepare: Prepare):
    nodes = {
        "big": ("make_value", {"name": "big"}),
        "one": ("take_value", {"value": "@big"}),
        "check": ("IsAlive", {"name": "big", "after": "@one"}),
        "view": "@check",
    }
    _, values, _ = play(prepare, nodes, keep_all=False)
    assert values["view"] is False


def test_the_traceback_of_a_failure_does_not_keep_other_nodes_values_alive(prepare: Prepare, lab: Mapping[str, Any]):
    nodes = {
        "bad": ("fail", {}),
        "big": ("make_value", {"name": "big"}),
        "one": ("take_value", {"value": "@big"}),
    }
    outcome, _, _ = play(prepare, nodes, keep_all=False, helpers=0)
    assert outcome.failures
    assert lab["_refs"]["big"]() is None


def test_with_keep_all_every_value_is_in_the_outcome(prepare: Prepare):
    nodes = {"big": ("make_value", {"name": "big"}), "one": ("take_value", {"value": "@big"}), "view": "@one"}
    _, values, _ = play(prepare, nodes, keep_all=True)
    assert type(values["big"]).__name__ == "_Value"
    assert values["view"] == "_Value"


@pytest.mark.parametrize("listen", [False, True])
def test_a_chain_of_100_000_nodes_runs(prepare: Prepare, listen: bool):
    nodes = {f"n{n}": ("add", {"a": f"@n{n - 1}" if n else 0, "b": 1}) for n in range(100_000)}
    outcome, _, events = play(prepare, nodes, listen=listen)
    assert outcome.status == "succeeded"
    assert outcome.values[-1] == 100_000
    assert len(events) == (200_002 if listen else 0)


def random_nodes(seed: int) -> dict[str, Any]:
    """Any DAG of pure functions, some of which fail, wait, or are coroutines; several edges may leave one node."""
    rng = random.Random(seed)
    nodes: dict[str, Any] = {}
    for number in range(rng.randint(1, 30)):
        ports = rng.sample(["a", "b", "c"], rng.randint(0, 3))
        wired = number > 0 and rng.random() < 0.8
        given = {port: f"@n{rng.randrange(number)}" if wired else rng.randrange(99) for port in ports}
        nodes[f"n{number}"] = ("mix", given)
        if number and rng.random() < 0.15:
            nodes[f"n{number}"] = ("picky", {"value": f"@n{rng.randrange(number)}"})
        elif number and rng.random() < 0.15:
            function = rng.choice(["nap", "doze", "fail"])
            first = {"message": "no"} if function == "fail" else {"seconds": 0.001}
            after = f"@n{rng.randrange(number)}"
            nodes[f"n{number}"] = (function, {**first, "after": after})
    return nodes


@given(seed=st.integers(0, 2**32), keep_all=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_concurrent_runs_give_the_values_of_a_run_one_after_the_other(prepare: Prepare, seed: int, keep_all: bool):
    nodes = random_nodes(seed)
    nodes["view"] = f"@n{len(nodes) - 1}"
    one_by_one, expected, calm = play(prepare, nodes, keep_all=keep_all, helpers=0)
    concurrent, values, events = play(prepare, nodes, keep_all=keep_all)
    assert values == expected
    assert concurrent.status == one_by_one.status
    assert concurrent.states == one_by_one.states
    assert ends(events) == ends(calm)
    assert all(len(found) == 1 for found in ends(events).values())


def test_a_listener_that_raises_does_not_stop_the_run(prepare: Prepare, lab: Mapping[str, Any]):
    def listener(events: Sequence[RunEvent]) -> None:
        raise RuntimeError("the viewer is broken")

    nodes = {f"n{n}": ("note", {"name": f"n{n}", "after": f"@n{n - 1}" if n else None}) for n in range(20)}
    runner, _, _ = prepare(nodes, listener=listener)
    with pytest.raises(RuntimeError, match="the viewer is broken"):
        runner.run()
    assert lab["_seen"] == list(nodes)


def test_a_slow_listener_does_not_slow_the_run_and_hears_everything(prepare: Prepare):
    heard: list[RunEvent] = []

    def listener(events: Sequence[RunEvent]) -> None:
        time.sleep(0.05)
        heard.extend(events)

    nodes = {f"n{n}": ("add", {"a": f"@n{n - 1}" if n else 0, "b": 1}) for n in range(2000)}
    runner, _, _ = prepare(nodes, listener=listener)
    assert runner.run().seconds < 1.0
    assert [event.seq for event in heard] == list(range(4002))


def test_two_runs_at_once_share_executors_and_nothing_else(prepare: Prepare):
    runs = [prepare({f"n{n}": ("doze", {"seconds": 0.02}) for n in range(5)}) for _ in range(4)]
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda runner=runner: outcomes.append(runner.run())) for runner, *_ in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [outcome.status for outcome in outcomes] == ["succeeded"] * 4
    for _, _, events in runs:
        assert Counter(type(event.body) for event in events)[TaskCompleted] == 5
