"""How a function or callable class is called as a node."""

import functools
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from psynapse.errors import ConversionError
from psynapse.kinds.base import Evaluation
from psynapse.kinds.function import FunctionKind
from psynapse.model.authoring import ProgressReporter, StreamReporter
from psynapse.model.context import context_source
from psynapse.model.operation import Operation

KIND = FunctionKind()
Call = Callable[[Operation, Mapping[str, Any], Mapping[str, object]], object]
Arrive = Callable[[Evaluation, Mapping[str, object]], tuple[tuple[object, ...], dict[str, object]]]
MakeOperation = Callable[..., Operation]


def test_a_function_may_change_the_nested_list_it_is_given(make_operation: MakeOperation):
    def grow(items: "list[list[int]]") -> int:
        items[0].append(1)
        return len(items[0])

    evaluation = KIND.evaluate({"items": [[]]}, (), make_operation(grow))
    assert [evaluation.function(**evaluation.kwargs) for _ in range(3)] == [1, 1, 1]


def test_the_first_parameters_go_by_position_up_to_a_gap(make_operation: MakeOperation, call: Call):
    def f(a: object, b: object, c: object = 3, d: object = 4) -> object:
        return (a, b, c, d)

    operation = make_operation(f)
    evaluation = KIND.evaluate({"a": 1, "d": 9}, ("b",), operation)
    assert (evaluation.args, evaluation.positions, evaluation.kwargs) == ((1, None), {"b": 1}, {"d": 9})
    assert call(operation, {"a": 1, "d": 9}, {"b": 2}) == (1, 2, 3, 9)


def test_a_callable_that_is_no_function_is_called_by_name(make_operation: MakeOperation):
    def power(base: "int", exponent: "int") -> int:
        return base**exponent

    evaluation = KIND.evaluate({"base": "3"}, (), make_operation(functools.partial(power, exponent=2)))
    assert not evaluation.args
    assert evaluation.function(**evaluation.kwargs) == 9


def test_only_scalars_without_a_validator_are_exact(make_operation: MakeOperation):
    def f(a: "int", b: "int", c: "int | None", d: "list[object]") -> object:
        return (a, b, c, d)

    operation = make_operation(f, {"b": lambda value: value})
    assert KIND.evaluate({}, ("a", "b", "c", "d"), operation).exact == {"a": int}


def at_most_ten(value: object) -> object:
    if isinstance(value, int) and value > 10:
        raise ValueError("must be at most 10")
    return value


@pytest.mark.parametrize(("value", "expected"), [("7", 7), (3.0, 3)])
def test_a_validator_gets_the_converted_value(
    value: object, expected: object, make_operation: MakeOperation, call: Call
):
    def f(a: "int") -> object:
        return a

    operation = make_operation(f, {"a": at_most_ten})
    assert call(operation, {"a": value}, {}) == expected
    assert call(operation, {}, {"a": value}) == expected


def test_what_a_validator_refuses_is_a_conversion_error_with_its_words(make_operation: MakeOperation, call: Call):
    def f(a: "int", b: "Path") -> object:  # type: ignore[name-defined] # noqa: F821
        return (a, b)

    operation = make_operation(f, {"a": at_most_ten, "b": at_most_ten})
    with pytest.raises(ConversionError, match="must be at most 10") as caught:
        KIND.evaluate({"a": "11", "b": 1}, (), operation)
    assert caught.value.port == "a"
    with pytest.raises(ConversionError, match="must be at most 10"):
        call(operation, {"a": 1}, {"b": 11})


def test_a_constant_that_does_not_fit_names_its_port(make_operation: MakeOperation):
    def f(a: "int") -> object:
        return a

    with pytest.raises(ConversionError, match="'x' cannot become int") as caught:
        KIND.evaluate({"a": "x"}, (), make_operation(f))
    assert caught.value.port == "a"


def test_json_text_that_is_no_container_and_deep_text_are_left_to_the_function(
    make_operation: MakeOperation, call: Call
):
    def f(a: "list[object]", b: "list[object] | str" = "") -> object:
        return (a, b)

    deep = "[" * 100_000
    assert call(make_operation(f), {"a": deep, "b": "[1]"}, {}) == (deep, "[1]")


def total(start: "int", *items: "list[object]", scale: "int" = 1, **more: "dict[str, object]") -> object:
    return (start, items, scale, more)


@pytest.mark.parametrize("given_items", [(1, 2), {1: None, 2: None}.keys(), np.array([1, 2]), iter([1, 2]), {1, 2}])
def test_any_collection_may_be_spread(given_items: object, make_operation: MakeOperation, call: Call):
    assert call(make_operation(total), {"start": 0}, {"items": given_items}) == (0, (1, 2), 1, {})


@pytest.mark.parametrize("wrong", ["abc", b"abc", {"a": 1}, 5, None])
def test_what_is_no_list_is_refused_for_spreading_not_taken_apart(
    wrong: object, make_operation: MakeOperation, call: Call
):
    with pytest.raises(ConversionError, match="not a list") as caught:
        call(make_operation(total), {"start": 0}, {"items": wrong})
    assert caught.value.port == "items"


@pytest.mark.parametrize("wrong", [[("a", 1)], {1: 2}, 5, None, "x"])
def test_what_is_no_object_is_refused_for_named_values(wrong: object, make_operation: MakeOperation, call: Call):
    with pytest.raises(ConversionError, match="not an object") as caught:
        call(make_operation(total), {"start": 0}, {"more": wrong})
    assert caught.value.port == "more"


def test_named_values_do_not_silently_replace_an_input(make_operation: MakeOperation, call: Call):
    with pytest.raises(ConversionError, match="more sets scale") as caught:
        call(make_operation(total), {"start": 0, "scale": 2}, {"more": {"scale": 3}})
    assert caught.value.port == "more"


def test_a_gap_before_spread_values_is_filled_with_the_real_default(
    make_operation: MakeOperation, call: Call, call_bare: Call
):
    marker = object()

    def f(a: object, b: object = marker, *rest: "list[object]") -> object:
        return (a, b, rest)

    for way in (call, call_bare):
        assert way(make_operation(f), {"a": 1, "rest": [2]}, {}) == (1, marker, (2,))


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


class OwnReporter:
    """A reporter as an existing pack brings it."""

    def set_callback(self, callback: Callable[..., None]) -> None:
        self.emit = callback


class Reporting:
    def __init__(self) -> None:
        self._progress_reporter = ProgressReporter()
        self._stream_reporter = OwnReporter()
        self.calls = 0

    def __call__(self, steps: "int") -> int:
        self.calls += 1
        self._progress_reporter.update(1, steps)
        self._stream_reporter.emit("text")
        return self.calls


class OddReporters:
    _progress_reporter = None
    _stream_reporter = StreamReporter

    def __call__(self) -> str:
        return "ran"


def test_each_call_of_a_class_node_has_a_fresh_instance_with_its_reporters_attached(make_operation: MakeOperation):
    evaluation = KIND.evaluate({"steps": 4}, (), make_operation(Reporting))
    with running() as first:
        assert evaluation.function(**evaluation.kwargs) == 1
    with running() as second:
        assert evaluation.function(**evaluation.kwargs) == 1
    assert first.told == second.told == [(0.25, ""), "text"]


def test_a_class_node_runs_without_reporters_and_outside_of_a_run(make_operation: MakeOperation, call: Call):
    class Plain:
        def __call__(self, a: "int") -> int:
            return a

    assert call(make_operation(Plain), {"a": "3"}, {}) == 3
    with running():
        assert call(make_operation(Plain), {}, {"a": "3"}) == 3


def test_a_generator_gives_a_list_from_a_function_and_from_a_class(make_operation: MakeOperation, call: Call):
    def count(n: "int") -> Iterator[int]:
        yield from range(n)

    class Count:
        def __call__(self, n: "int") -> Iterator[int]:
            yield from range(n)

    for callee in (count, Count):
        assert call(make_operation(callee), {"n": "3"}, {}) == [0, 1, 2]
        assert call(make_operation(callee), {}, {"n": 2}) == [0, 1]
