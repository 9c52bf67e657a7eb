"""What authors of nodepacks import."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import pytest

from psynapse.model.authoring import (
    EXECUTOR_NAMES,
    OPTIONS_ATTRIBUTE,
    AnnotatedDict,
    NodeOptions,
    ProgressReporter,
    StreamReporter,
    node,
)
from psynapse.model.context import context_source, current_context


class Recording:
    """A node's context that keeps what it is told, and the source that knows it."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def progress(self, fraction: float, message: str = "") -> None:
        self.told.append((fraction, message))

    def emit(self, chunk: str) -> None:
        self.told.append(chunk)

    def output(self, stream: str, text: str) -> None:
        self.told.append((stream, text))

    def current(self) -> "Recording":
        return self


@contextmanager
def running() -> Generator[Recording]:
    recording = Recording()
    token = context_source.set(recording)
    try:
        yield recording
    finally:
        context_source.reset(token)


def test_a_decorated_function_is_the_function_itself():
    def double(x: int) -> int:
        return 2 * x

    assert node(double) is double
    assert getattr(double, OPTIONS_ATTRIBUTE) == NodeOptions()


@pytest.mark.parametrize("executor", EXECUTOR_NAMES)
def test_a_decorated_class_carries_its_options(executor: Any):
    @node(executor=executor, cache=False)
    class Op:
        def __call__(self) -> int:
            return 1

    assert getattr(Op, OPTIONS_ATTRIBUTE) == NodeOptions(executor=executor, cache=False)


def test_an_executor_that_does_not_exist_is_refused_with_those_that_do():
    wrong: Any = "gpu"
    with pytest.raises(ValueError, match=r"inline, thread, aio, process.*'gpu'"):
        node(executor=wrong)


def test_an_annotated_dict_is_a_dict():
    made = AnnotatedDict[Literal["head"]](head=1)
    assert made == {"head": 1}
    assert isinstance(made, dict)


def test_reporters_outside_of_a_run_do_nothing():
    assert current_context() is None
    ProgressReporter().update(1, 2)
    StreamReporter().emit("text")


def test_reporters_report_to_the_node_that_runs_here():
    with running() as node_context:
        ProgressReporter().update(1, 4, "quarter")
        ProgressReporter().update_percent(0.5)
        StreamReporter().emit("text")
        StreamReporter().emit("")
    assert node_context.told == [(0.25, "quarter"), (0.5, ""), "text"]


@pytest.mark.parametrize("total", [0, -3])
def test_a_total_of_nothing_is_no_progress_yet(total: int):
    with running() as node_context:
        ProgressReporter().update(5, total)
    assert node_context.told == [(0.0, "")]


def test_a_callback_is_told_instead_of_the_node():
    told: list[object] = []
    progress, stream = ProgressReporter(), StreamReporter()
    progress.set_callback(lambda fraction, message: told.append((fraction, message)))
    stream.set_callback(told.append)
    with running() as node_context:
        progress.update(1, 2, "half")
        stream.emit("text")
        progress.set_callback(None)
        stream.set_callback(None)
        progress.update(2, 2)
        stream.emit("more")
    assert told == [(0.5, "half"), "text"]
    assert node_context.told == [(1.0, ""), "more"]
