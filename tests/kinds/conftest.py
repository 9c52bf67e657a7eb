"""How the tests of node kinds call a node: as the engine does."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from psynapse.kinds.base import Evaluation
from psynapse.kinds.function import FunctionKind
from psynapse.model.ids import Ref
from psynapse.model.operation import Address, Operation, Validator
from psynapse.model.schema import NodeSchema, Param, Passing
from psynapse.model.types import ANY, parse_type

KIND = FunctionKind()
PASSING: dict[Any, Passing] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "keyword",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "spread",
    inspect.Parameter.VAR_KEYWORD: "spread_mapping",
}


def make_operation(callee: Callable[..., object], validators: Mapping[str, Validator] | None = None) -> Operation:
    """An operation of a function or class whose hints are strings."""
    is_class = inspect.isclass(callee)
    called = callee.__call__ if is_class else callee
    params = [param for param in inspect.signature(called).parameters.values() if param.name != "self" or not is_class]
    schema = NodeSchema(
        ref=Ref("pack/ops.py:f"),
        name="f",
        nodepack="pack",
        filepath="ops.py",
        params=tuple(
            Param(
                name=param.name,
                type=parse_type(param.annotation) if isinstance(param.annotation, str) else ANY,
                required=param.default is param.empty and PASSING[param.kind] not in {"spread", "spread_mapping"},
                passing=PASSING[param.kind],
            )
            for param in params
        ),
    )
    return Operation(schema, callee, Address("pack", "ops.py", "ops", "f"), is_class, validators or {})


def arrive(evaluation: Evaluation, arriving: Mapping[str, object]) -> tuple[tuple[object, ...], dict[str, object]]:
    """Put arriving values in, as the engine does."""
    args, kwargs = list(evaluation.args), dict(evaluation.kwargs)
    for port, value in arriving.items():
        convert = evaluation.conversions.get(port)
        put = convert(value) if convert and type(value) is not evaluation.exact.get(port) else value
        if port in evaluation.positions:
            args[evaluation.positions[port]] = put
        else:
            kwargs[port] = put
    return tuple(args), kwargs


def call(operation: Operation, constants: Mapping[str, Any], arriving: Mapping[str, object]) -> object:
    evaluation = KIND.evaluate(constants, tuple(arriving), operation)
    args, kwargs = arrive(evaluation, arriving)
    return evaluation.function(*args, **kwargs)


def call_bare(operation: Operation, constants: Mapping[str, Any], arriving: Mapping[str, object]) -> object:
    """Call as a process does that has the callee only."""
    evaluation = KIND.evaluate(constants, tuple(arriving), operation)
    assert evaluation.bare_arguments
    args, kwargs = evaluation.bare_arguments(*arrive(evaluation, arriving))
    callee: Any = operation.callee() if operation.is_class else operation.callee
    return callee(*args, **kwargs)


Call = Callable[[Operation, Mapping[str, Any], Mapping[str, object]], object]


@pytest.fixture(scope="session", name="make_operation")
def _make_operation() -> Callable[..., Operation]:
    return make_operation


@pytest.fixture(scope="session", name="arrive")
def _arrive() -> Callable[..., tuple[tuple[object, ...], dict[str, object]]]:
    return arrive


@pytest.fixture(scope="session", name="call")
def _call() -> Call:
    return call


@pytest.fixture(scope="session", name="call_bare")
def _call_bare() -> Call:
    return call_bare
