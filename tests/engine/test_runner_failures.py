"""Nodes that fail in a run: each fails alone, says why, and what depends on it is skipped."""

from collections.abc import Mapping
from typing import Any

import pytest
from played_runs import Prepare, about, ends, failure, kinds, play, skipped_because

from psynapse.model.events import (
    RunFinished,
    RunStarted,
)


def test_a_process_that_dies_fails_its_node_alone(prepare: Prepare):
    nodes = {"dead": ("die_in_process", {}), "after": ("take_value", {"value": "@dead"}), "p": ("process_id", {})}
    outcome, values, events = play(prepare, nodes)
    assert (outcome.status, values["dead"], isinstance(values["p"], int)) == ("failed", None, True)
    assert failure(events, "dead").code == "executor"
    assert ends(events)["after"] == ["TaskSkipped"]


def test_an_exception_in_a_process_keeps_its_type_and_its_line(prepare: Prepare):
    outcome, _, events = play(prepare, {"bad": ("fail_in_process", {"x": 7})})
    event = failure(events, "bad")
    assert event.error_type == "LookupError"
    assert event.error == "no 7"
    assert 'raise LookupError(f"no {x}")' in event.traceback
    assert isinstance(next(iter(outcome.failures.values())).error, LookupError)


def test_a_failing_node_says_where_and_what_depends_on_it_is_skipped(prepare: Prepare):
    nodes = {
        "bad": ("fail", {"message": "no luck"}),
        "next": ("take_value", {"value": "@bad"}),
        "far": ("take_value", {"value": "@next"}),
        "view": "@far",
        "fine": ("add", {"a": 1}),
    }
    outcome, values, events = play(prepare, nodes)
    assert outcome.status == "failed"
    assert values == {"bad": None, "next": None, "far": None, "view": None, "fine": 2}
    event = failure(events, "bad")
    assert (event.error, event.error_type, event.code) == ("no luck", "ValueError", "")
    assert event.traceback.splitlines()[1].endswith("in fail")
    assert "raise ValueError(message)" in event.traceback.splitlines()[2]
    for node in ("next", "far", "view"):
        assert skipped_because(events, node) == "bad"


@pytest.mark.parametrize(
    ("function", "error_type", "words"),
    [
        ("fail", "ValueError", "no luck"),
        ("leave", "SystemExit", "sys.exit(3)"),
        ("leave_later", "SystemExit", "sys.exit(4)"),
        ("raise_odd", "_Odd", "not even an Exception"),
        ("recurse", "RecursionError", "maximum recursion depth"),
        ("fail_mutely", "_Mute", "cannot be shown"),
        ("fail_deadly", "_Deadly", ""),
    ],
)
@pytest.mark.parametrize("helpers", [0, 4])
def test_whatever_a_node_raises_fails_that_node_alone(
    prepare: Prepare, function: str, error_type: str, words: str, helpers: int
):
    nodes = {
        "nap": ("nap", {"seconds": 0.05}),
        "bad": (function, {}),
        "after": ("take_value", {"value": "@bad"}),
        "fine": ("add", {"a": 1}),
    }
    outcome, values, events = play(prepare, nodes, helpers=helpers)
    assert outcome.status == "failed"
    assert ends(events) == {
        "nap": ["TaskCompleted"], "bad": ["TaskFailed"], "after": ["TaskSkipped"], "fine": ["TaskCompleted"],
    }  # fmt: skip
    assert values["fine"] == 2
    event = failure(events, "bad")
    assert event.error_type == error_type
    assert words in event.error


def test_a_node_that_presses_control_c_ends_the_run_as_cancelled(prepare: Prepare, lab: Mapping[str, Any]):
    nodes = {"keys": ("press_keys", {}), "later": ("note", {"name": "later", "after": "@keys"})}
    runner, _, events = prepare(nodes, helpers=0)
    assert runner.run().status == "cancelled"
    assert lab["_seen"] == []
    assert kinds(about(events, None)) == [RunStarted, RunFinished]


def test_a_coroutine_that_fails_says_where(prepare: Prepare):
    _, _, events = play(prepare, {"bad": ("fail_later", {"message": "later"})})
    event = failure(events, "bad")
    assert (event.error, event.error_type) == ("later", "ValueError")
    assert event.traceback.splitlines()[1].endswith("in fail_later")


@pytest.mark.parametrize(
    ("spec", "code", "port"),
    [
        (("no_such_function", {"a": 1}), "unknown-function", None),
        (("multiply", {"a": 1}), "missing-input", "b"),
        (("multiply", {"a": 1, "b": "many"}), "conversion", "b"),
        (("add", {"a": "@text"}), "conversion", "a"),
        (("add", {"a": "@parts.neck"}), "missing-key", None),
        (("add", {"a": "@ghost"}), "dangling-edge", "a"),
    ],
)
def test_a_node_that_cannot_be_called_fails_alone(prepare: Prepare, spec: Any, code: str, port: str | None):
    nodes = {
        "text": ("note", {"name": "many"}),
        "parts": ("split", {"a": 2}),
        "bad": spec,
        "after": ("take_value", {"value": "@bad"}),
        "fine": ("add", {"a": "@parts.head"}),
    }
    _, values, events = play(prepare, nodes)
    event = failure(events, "bad")
    assert (event.code, event.port) == (code, port)
    assert not event.traceback
    assert skipped_because(events, "after") == "bad"
    assert values["fine"] == 3


def test_a_missing_key_is_an_error_that_lists_the_keys_there_are(prepare: Prepare):
    _, _, events = play(prepare, {"parts": ("split", {}), "bad": ("add", {"a": "@parts.neck"})})
    event = failure(events, "bad")
    assert "'neck'" in event.error
    assert "'head', 'tail'" in event.hint


@pytest.mark.parametrize("function", ["picky", "picky_later"])
@pytest.mark.parametrize("word", ["grudge", "leave"])
@pytest.mark.parametrize("helpers", [0, 4])
def test_a_validator_that_raises_what_it_should_not_fails_its_node_alone(
    prepare: Prepare, function: str, word: str, helpers: int
):
    nodes = {"word": ("note", {"name": word}), "bad": (function, {"value": "@word"}), "fine": ("add", {"a": 1})}
    _, values, events = play(prepare, nodes, helpers=helpers)
    assert ends(events)["bad"] == ["TaskFailed"]
    assert values["fine"] == 2


@pytest.mark.parametrize("function", ["picky", "picky_later"])
@pytest.mark.parametrize("word", ["grudge", "leave"])
def test_a_validator_that_refuses_a_constant_badly_fails_its_node_alone(prepare: Prepare, function: str, word: str):
    _, values, events = play(prepare, {"bad": (function, {"value": word}), "fine": ("add", {"a": 1})})
    assert ends(events)["bad"] == ["TaskFailed"]
    assert values["fine"] == 2


@pytest.mark.parametrize("helpers", [0, 4])
def test_a_value_whose_repr_ends_programs_ends_none(prepare: Prepare, helpers: int):
    nodes = {"wait": ("nap", {"seconds": 0.05}), "shy": ("return_deadly", {}), "fine": ("add", {"a": 1})}
    _, values, events = play(prepare, nodes, helpers=helpers)
    assert set(ends(events)) == {"wait", "shy", "fine"}
    assert values["fine"] == 2
